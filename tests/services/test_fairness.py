"""The fairness of rules, over what is stored: it stores nothing, and is asked for like a simulation."""

import json

import pytest
from sqlalchemy.orm import Session

from jobs import simulations
from leaderboard.domain.periods import Month
from leaderboard.files.problems import FileProblems
from leaderboard.persistence.db import db
from leaderboard.persistence.models import SimulationRun
from leaderboard.queries import simulations as stored
from leaderboard.services import clock
from leaderboard.services.answers import NoRulebook
from leaderboard.services.closing import close_period
from leaderboard.services.directory import Directory
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.fairness import (
    check_question,
    ended_months,
    examine,
    parse_span,
    span_name,
)
from leaderboard.services.fairness_document import Document, document_of
from leaderboard.services.rulebook_apply import RulebookRefused
from leaderboard.services.rules import current_rules
from leaderboard.services.simulation_names import with_names
from leaderboard.services.simulation_runs import FAIRNESS, Asked, ask_for_simulation, run
from tests.databases import count_statements
from tests.services.acme import RULEBOOK, SetClock, july
from tests.services.test_simulation import rows_of_everything

SPAN = "2026-07/2026-08"
MORE = RULEBOOK.replace(
    b"badges:",
    b"  volume:\n    {name: Won, party: sales, measure: volume, events: opportunity.won, target: 1,"
    b" points: {month: {met: 5}}}\nbadges:",
)


@pytest.fixture
def summer(acme: Session, at: SetClock) -> Session:
    """Ana met July, Ben did not; it is September."""
    july(acme)
    bring_up_to_date(at("2026-09-10T00:00:00Z"))
    return acme


def found(document: bytes = RULEBOOK, span: str = SPAN) -> Document:
    return document_of(examine(document, "draft.yaml", span))


def ask(text: bytes = RULEBOOK, span: str = SPAN) -> int:
    return ask_for_simulation(Asked(text.decode(), "draft.yaml", span, "user:1", kind=FAIRNESS))


def test_what_is_found_of_what_is_stored(summer: Session) -> None:
    document = found()
    assert (document["from"], document["until"], document["months"]) == ("2026-07", "2026-08", 2)
    assert document["leads"] == {"few_until": 1, "middle_until": 2}
    level = document["service_levels"][0]
    assert (level["id"], level["by"], level["measure"], level["unrated"]) == (
        "first-contact", "month", "response", 0,
    )  # fmt: skip
    chances = level["chances"]
    assert (chances["cases"], chances["hits"], chances["lost"]) == (2, 1, 1)
    assert {one["name"]: (one["hits"], one["cases"], one["stand"]) for one in chances["groups"]["team"]} == {
        "North": (1, 1, None), "South": (0, 1, None),
    }  # fmt: skip
    assert chances["groups"]["tenure"][0]["expected"] == "1.0000"
    assert document["winning"] | {"chances": None} == {
        "period": "month", "places": 3, "named": False, "chances": None,
    }  # fmt: skip


def test_what_leaving_a_service_level_out_changes(summer: Session) -> None:
    left = found(MORE)["left_out"]
    assert [one["service_level"] for one in left] == ["first-contact", "volume"]
    # Ana: twice 2, 10 for July, 7 for a streak, and 3 for the first place in August; Ben: −1 and −20.
    assert left[0]["points"] == {"as_is": 3, "without": 0}
    assert (left[0]["wins"], left[0]["tau"]) == ({"as_is": 2, "lost": 2}, "0.0000")
    assert (left[1]["moved"], left[1]["tau"]) == (0, "1.0000")
    moves = [one for one in found(MORE)["moves"] if one["service_level"] == "first-contact"]
    assert [(one["id"], one["as_is"]["rank"], one["without"]["rank"]) for one in moves] == [
        ("ana", 1, 1), ("ben", 2, 1),
    ]  # fmt: skip


def test_it_stores_nothing(summer: Session) -> None:
    before = rows_of_everything(summer)
    with count_statements(db.engine) as seen:
        found()
    assert {statement.split()[0] for statement in seen} == {"SELECT"}
    assert rows_of_everything(summer) == before


def test_closed_months_are_looked_at_as_if_they_were_open(summer: Session, at: SetClock) -> None:
    before = found()
    close_period("2026-07", "test")
    assert {**found(), "as_of": ""} == {**before, "as_of": ""}


def test_it_tells_of_its_progress(summer: Session) -> None:
    told: list[tuple[int, int]] = []
    examine(RULEBOOK, "draft.yaml", SPAN, lambda done, of: told.append((done, of)))
    assert told == sorted(told)
    assert told[-1] == (5, 5)
    assert told[0] == (1, 5)


def test_the_months_there_are(acme: Session, at: SetClock) -> None:
    now = at("2026-09-10T00:00:00Z")
    rules = current_rules(acme)
    assert rules is not None
    calendar = rules.book.calendar
    assert ended_months(acme, calendar, now, 12) == ()
    july(acme)
    bring_up_to_date(now)
    assert ended_months(acme, calendar, now, 12) == (Month(2026, 7), Month(2026, 8))
    assert ended_months(acme, calendar, now, 1) == (Month(2026, 8),)
    assert ended_months(acme, calendar, at("2026-07-30T00:00:00Z"), 12) == ()
    assert span_name(ended_months(acme, calendar, now, 12)) == SPAN


@pytest.mark.parametrize("name", ["", "2026-07", "2026-08/2026-07", "2025-07/2026-07", "2026-Q1/2026-Q2"])
def test_what_is_no_span_of_months(name: str) -> None:
    with pytest.raises(ValueError, match="is not"):
        parse_span(name)


def test_what_cannot_be_looked_at_says_why(summer: Session) -> None:
    now = clock.now()
    with pytest.raises(FileProblems):
        check_question("rulebook: 1\n", "x", SPAN, now)
    with pytest.raises(RulebookRefused):
        check_question(RULEBOOK.replace(b"UTC", b"Asia/Tokyo"), "x", SPAN, now)
    with pytest.raises(ValueError, match="has not ended"):
        check_question(RULEBOOK, "x", "2026-08/2026-09", now)


def test_without_rules_there_is_nothing_to_compare_with(session: Session) -> None:
    with pytest.raises(NoRulebook):
        check_question(RULEBOOK, "x", SPAN, clock.now())


def test_asked_for_it_is_run_by_the_job_of_simulations_and_kept_without_names(summer: Session) -> None:
    asked = ask()
    assert [one.id for one in stored.newest(summer, FAIRNESS)] == [asked]
    assert stored.newest(summer) == ()
    summer.rollback()
    before = rows_of_everything(summer)
    simulations.simulate(asked)
    after = rows_of_everything(summer)
    assert {name for name in before if before[name] != after[name]} == {"simulations"}
    kept = stored.result(summer, asked)
    assert kept is not None
    assert "Ana" not in json.dumps(kept)
    rules = current_rules(summer)
    assert rules is not None
    assert with_names(kept, Directory(summer), rules.roster) == found()


def test_a_simulation_and_a_look_are_not_taken_for_each_other(summer: Session) -> None:
    look = ask()
    tried = ask_for_simulation(Asked(RULEBOOK.decode(), "draft.yaml", "2026-07", "user:1"))
    assert stored.find(summer, look) is None
    assert stored.find(summer, tried, FAIRNESS) is None
    assert [stored.find(summer, look, FAIRNESS) is None, stored.find(summer, tried) is None] == [False, False]


def test_what_failed_says_why(summer: Session) -> None:
    asked = ask()
    row = summer.get_one(SimulationRun, asked)
    row.period = "2031-01/2031-02"
    summer.commit()
    assert run(asked)
    look = stored.find(summer, asked, FAIRNESS)
    assert look is not None
    assert look.error_code == "refused"


def test_the_text_of_a_version(summer: Session) -> None:
    rules = current_rules(summer)
    assert rules is not None
    first = rules.book.versions[0].effective_from
    assert stored.version_text(summer, first) == RULEBOOK.decode()
    assert stored.version_text(summer, first.replace(day=2)) is None
