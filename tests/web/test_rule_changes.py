"""The diff in words names every field of the format, and shows readably what it does not know yet."""

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings

from leaderboard.domain.rulebook import Rulebook
from leaderboard.files.rulebook import canonical, read_rulebook
from leaderboard.files.rulebook.changes import Change, changes
from leaderboard.web.presenters.rule_changes import present_changes, sentences_of
from leaderboard.web.presenters.rule_labels import LABELS, SECTIONS, field_label, section_label
from leaderboard.web.presenters.rule_values import value_words
from leaderboard.web.presenters.rules import present_rules
from tests.files.documents import RULEBOOK
from tests.files.rulebook_fields import fields_of_rulebooks
from tests.files.rulebooks import rulebooks
from tests.files.test_rulebook_extension import EXTENDED

WHOLE_THINGS = ("service_levels", "calendars", "badges", "recognition", "contests", "tasks", "consequences")


def told(before: str, after: str) -> tuple[str, ...]:
    return sentences_of(present_changes(read_rulebook(before, "a"), read_rulebook(after, "b")))


def test_every_field_of_the_format_has_a_name() -> None:
    wanted = {field for field in fields_of_rulebooks() if field not in {f"{one}.*" for one in WHOLE_THINGS}}
    assert sorted(wanted - set(LABELS)) == []
    assert {field.partition(".")[0] for field in wanted} <= set(SECTIONS)


@pytest.mark.parametrize(
    ("document", "old", "new", "sentence"),
    [
        (RULEBOOK, "A: 30m, B: 1h", "A: 20m, B: 1h",
         "First contact within one business hour — Time limit: 30 working minutes → 20 working minutes, for grade A"),
        (RULEBOOK, "otherwise: 4h", "otherwise: 2h",
         "First contact within one business hour — Time limit: 4 working hours → 2 working hours, for other grades"),
        (RULEBOOK, "    exceed_within: 15m\n", "",
         "First contact within one business hour — Time limit to exceed it: 15 working minutes → nothing"),
        (RULEBOOK, "exceed: 97.5%", "exceed: 98%",
         "First contact within one business hour — Exceeded from: 97.5% → 98%"),
        (RULEBOOK, 'tuesday: ["09:00-24:00"]', 'tuesday: ["10:00-24:00"]',
         "desk — Open: 09:00–24:00 → 10:00–24:00, on Tuesday"),
        (RULEBOOK, "closed: [2026-12-24]", "closed: [2026-12-24, 2026-12-31]",
         "desk — Closed dates: 24 Dec 2026 → 24 Dec 2026 and 31 Dec 2026"),
        (RULEBOOK, "subdivision: SP", "subdivision: RJ", "desk — Holidays: Brazil, SP → Brazil, RJ"),
        (RULEBOOK, "fiscal_year_start: 4", "fiscal_year_start: 1", "First month of the fiscal year: April → January"),
        (RULEBOOK, "SAL: \"a lead sales took\"", "SAL: theirs", "Definition SAL: a lead sales took → theirs"),
        (RULEBOOK, "{marketing: Demand generation", "{marketing: Growth",
         "Who stands for it (Marketing): Demand generation → Growth"),
        (RULEBOOK, "count: 3, distinct: channel, apart: 2h", "count: 2",
         ("First contact within one business hour — The clock stops: contact attempted, 3 times, with another “channel”"
          " each time, at least 2 hours apart → contact attempted, 2 times")),
        (EXTENDED, "grace_days: 30", "grace_days: 60", "slow — Days of grace: 30 → 60"),
        (EXTENDED, "{do: notify_rep}", "[{do: notify_rep}, {do: deduct, points: 5}]",
         "slow — Step 1: a message about it → a message about it; 5 points off"),
        (EXTENDED, "review_on: 2026-12-01", "review_on: 2026-11-01", "To be reviewed on: 1 Dec 2026 → 1 Nov 2026"),
        (EXTENDED, "icon: bolt", "icon: flame", "Spark — Icon: bolt → flame"),
        (EXTENDED, "prize: {points: 100, money: 250.50}", "prize: {points: 100, money: 300}",
         "Spring race — Prize in money: €\N{NO-BREAK SPACE}250.50 → €\N{NO-BREAK SPACE}300"),
        (EXTENDED, "prorate: desk", "", "Deals — Scaled by working days of: desk → nothing"),
        (EXTENDED, "alone: 80", "alone: 20", "Points at once without a second person: 80 → 20"),
        (EXTENDED, "expires_after: 6", "# forever", "slow — Months that a missed one counts: 6 → no limit"),
        (EXTENDED, "badges: 5, ", "", "Badges a manager may give a month: 5 → no limit"),
        (EXTENDED, "points: 200, ", "", "Points a manager may give a month: 200 → no limit"),
        (EXTENDED, "    teams: [north]\n", "", "Security training — Teams: north → all teams"),
        (RULEBOOK, "A: 30m, B: 1h, otherwise: 4h", "B: 1h, A: 30m",
         "First contact within one business hour — Time limit: 4 working hours → no limit, for other grades"),
    ],
)  # fmt: skip
def test_a_change_is_one_sentence(document: str, old: str, new: str, sentence: str) -> None:
    assert old in document
    assert told(document, document.replace(old, new, 1)) == (sentence,)


@pytest.mark.parametrize(
    ("document", "old", "new", "brazil", "portugal"),
    [
        (EXTENDED, "by_hand: {points: 200, badges: 5,", "by_hand: {points: 200,",
         "Medalhas que um gestor pode dar por mês: 5 → sem limite",
         "Medalhas que um gestor pode dar por mês: 5 → sem limite"),
        (EXTENDED, "    teams: [north]\n", "",
         "Security training — Equipes: north → todas as equipes",
         "Security training — Equipas: north → todas as equipas"),
        (RULEBOOK, "A: 30m, B: 1h", "A: 20m, B: 1h",
         "First contact within one business hour — Prazo: 30 minutos úteis → 20 minutos úteis, na classe A",
         "First contact within one business hour — Prazo: 30 minutos úteis → 20 minutos úteis, na classe A"),
        (RULEBOOK, "    exceed_within: 15m\n", "",
         "First contact within one business hour — Prazo para superar: 15 minutos úteis → nada",
         "First contact within one business hour — Prazo para superar: 15 minutos úteis → nada"),
    ],
)  # fmt: skip
def test_a_change_reads_well_in_portuguese(
    app: Flask, document: str, old: str, new: str, brazil: str, portugal: str
) -> None:
    assert old in document
    for language, sentence in (("pt_BR", brazil), ("pt_PT", portugal)):
        with app.test_request_context(headers={"Cookie": f"language={language}"}):
            assert told(document, document.replace(old, new, 1)) == (sentence,)


def test_what_comes_and_goes_is_told_whole() -> None:
    ladder = "consequences:\n  slow:\n    service_level: polite\n    steps: [{do: notify_rep}]\n    grace_days: 30\n"
    without = EXTENDED.replace(ladder + "    expires_after: 6\n", "").replace(", consequences: [slow]", "")
    added, removed = told(without, EXTENDED), told(EXTENDED, without)
    assert added[0].startswith("slow: added: Each missed month on “Polite” leads one step up.")
    assert removed[0].startswith("slow: removed: Each missed month")
    assert any(
        line.startswith("Suspension: removed: 1 Apr 2026 to 1 Apr 2026: “slow” stand still.")
        for line in removed
    )


def test_another_measure_is_told_before_what_follows_from_it() -> None:
    after = EXTENDED.replace(
        "measure: recorded, target: 90%",
        "measure: response, start: lead.assigned, stop: lead.accepted, within: 1h, target: 90%",
    )
    first, *rest = told(EXTENDED, after)
    assert first == "Polite — Measure: another system’s verdict → a clock for each lead"
    assert "Polite — The clock starts: nothing → assigned" in rest


def test_a_field_that_is_not_known_yet_is_readable() -> None:
    rulebook = read_rulebook(EXTENDED, "a")
    change = Change("tasks.*.half_life_days", ("profile",), None, 7.5)
    assert field_label(change.field) == "Half life days"
    assert section_label("new_things") == "New things"
    assert value_words(change.after, change, rulebook) == "7.5"
    assert value_words(change.before, change, rulebook) == "nothing"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=rulebooks(), after=rulebooks())
def test_any_two_rulebooks_are_told_apart(before: Rulebook, after: Rulebook) -> None:
    assert changes(before, before) == ()
    assert changes(before, after) or canonical(before) == canonical(after)
    sentences = sentences_of(present_changes(before, after))
    assert all(sentences)
    assert len(sentences) == len(changes(before, after))
    present_rules(after)
