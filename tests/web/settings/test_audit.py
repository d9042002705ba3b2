"""The audit log on screen: in words, filtered, paged, taken away; each person's own share of it."""

import csv
import io
import json
import re

import pytest
from flask import Flask

from leaderboard.domain.decisions import DecisionKind
from leaderboard.domain.instants import DAY, Instant, parse_rfc3339
from leaderboard.domain.line_ups import STANDARD
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import AuditEntry, Person
from leaderboard.queries.audit import KINDS
from leaderboard.services import api_tokens, audit_log, clock, login_changes, screens
from leaderboard.services.login_changes import Access
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.screens import Look
from leaderboard.settings import ROOT
from leaderboard.web.languages import LANGUAGES
from leaderboard.web.presenters.audit_words import ACTIONS, FIELDS
from tests.cast import ADMIN, cast_of
from tests.databases import count_statements
from tests.web.house import RULEBOOK
from tests.web.settings.conftest import ADA, ANA, BIA, RIGHTS, RUI, People

AUDIT = "/settings/audit"
MAY = parse_rfc3339("2026-05-10T12:00:00Z")


def text_of(html: str) -> str:
    main = html.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def note(
    people: People, at: Instant, action: str, subject: str, actor: str = "command", **after: object
) -> None:
    with people.cast.app.app_context():
        session = current_session()
        audit_log.note(session, at, actor, action, subject, after=after)
        session.commit()


def entries_of(page: str) -> list[str]:
    return [
        text_of(f"<main>{one}</main>")
        for one in re.findall(r'<li class="audit-entry".*?</li>', page, re.DOTALL)
    ]


def ask(people: People, query: str = "", email: str = ADA) -> list[str]:
    return entries_of(people.browser(email).get(f"{AUDIT}{query}").text)


def test_what_was_done_is_told_in_words_with_before_and_after(people: People) -> None:
    with people.cast.app.app_context():
        login_changes.change(
            people.ids[ANA],
            Access("manager", people.persons[BIA], signs_for="sales"),
            actor=audit_log.actor_of(people.ids[ADA]),
            now=MAY,
        )
    told = " | ".join(ask(people, "?until=2026-05-31&since=2026-05-01"))
    assert "Changed the role of =Bia Castro by ada@example.com Role Rep then Manager" in told
    assert "Stands for Ana Souza then =Bia Castro" in told
    assert "Signs the agreement for nobody then sales" in told
    assert "{" not in told


def test_screens_are_called_by_their_names(people: People) -> None:
    with people.cast.app.app_context():
        session = current_session()
        entrance = screens.make(session, Look("Entrance", "en", STANDARD), "hash", actor="user:1", now=MAY)
        session.commit()
    note(people, MAY, "screen.message", f"screen:{entrance}", text="Cake at four")
    note(people, MAY, "screen.reveal", "screens", period="2026-Q1")
    told = " | ".join(ask(people, "?kind=screens&until=2026-05-31&since=2026-05-01"))
    assert "Put a message on Entrance" in told
    assert "Began the reveal on all screens" in told
    assert "screen:" not in told


NAMED = (
    RULEBOOK.replace("2020-01-01", "2030-01-01")
    + """
badges: {spark: {name: Spark}}
recognition: {podium: {name: The podium, period: quarter, scope: rep, places: 3, bonus: 250}}
consequences:
  slow: {service_level: first-contact, steps: [{do: notify_rep}]}
  slow-disposition: {name: Slow decisions, service_level: first-contact, steps: [{do: notify_rep}]}
contests:
  race: {name: Spring race, from: 2030-02-01, until: 2030-03-01, service_level: first-contact, prize: {money: 9}}
tasks: {training: {name: Training, until: 2030-05-01, prize: {points: 5}}}
"""
)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("State proposed then approved", "Party sales", "Won by The podium · 3rd quarter 2026",
                "Month October 2026", "Amount 250.5")),
        ("pt_BR", ("Situação proposto depois aprovado", "Parte vendas", "Ganho por The podium · 3º trimestre de 2026",
                   "Mês outubro de 2026", "Valor 250,5")),
        ("pt_PT", ("Situação proposto depois aprovado", "Parte vendas", "Ganho por The podium · 3.º trimestre de 2026",
                   "Mês outubro de 2026", "Valor 250,5")),
    ],
)  # fmt: skip
def test_values_are_told_in_the_readers_words(people: People, language: str, told: tuple[str, ...]) -> None:
    with people.cast.app.app_context():
        apply_rulebook(NAMED.encode(), "rulebook.yaml", clock.now(), "test")
        session = current_session()
        audit_log.note(
            session, MAY, "command", "payout.approved", "person:1", before={"state": "proposed"},
            after={"state": "approved", "source": "recognition/podium/2026-Q3", "amount": "250.5"},
        )  # fmt: skip
        session.commit()
    for ladder in ("slow", "slow-disposition", "gone"):
        note(people, MAY, "decision.approved", "person:1", consequence=ladder, month="2026-10", place=0)
    note(people, MAY, "draft.signed", "draft:1", party="sales")
    note(
        people, MAY, "payout.paid", "person:1", state="paid", source="contest/race/2030-03-01", badge="spark"
    )
    note(people, MAY, "decision.task", "person:1", task="training", number=3)
    browser = people.browser(ADA)
    browser.set_cookie("language", language)
    page = " | ".join(entries_of(browser.get(f"{AUDIT}?until=2026-05-31&since=2026-05-01").text))
    for words in (*told, "Slow decisions", "First contact", "Spring race", "Spark", "Training", " gone"):
        assert words in page
    for word in ("slow-disposition", "podium/", "contest/", "2026-10", "2026-Q3", "spark", "training"):
        assert word not in page
    assert "Slow decisions" in browser.get(f"{AUDIT}?format=csv").text


def test_what_is_no_known_value_is_shown_as_it_was_noted(people: People) -> None:
    note(
        people,
        MAY,
        "payout.paid",
        "person:1",
        state="odd",
        source="a/b",
        amount="much",
        month="2026-13",
        naming=3,
    )
    (told,) = ask(people, "?until=2026-05-31&since=2026-05-01")
    assert told.endswith("Month 2026-13 Amount much Won by a/b State odd Named 3")


def test_the_look_of_a_screen_is_told_in_words(people: People) -> None:
    look = {"language": "pt_BR", "theme": "dark", "night": [1320, 425], "slides": ["reps", "note"]}
    note(people, MAY, "screen.changed", "screen:1", **look)
    (told,) = ask(people, "?until=2026-05-31&since=2026-05-01")
    for words in (
        "Português (Brasil)",
        "Looks Night",
        "22:00, 07:05",
        "First reps of the month, An announcement",
    ):
        assert words in told


def test_until_before_from_is_said_beside_the_field(people: People) -> None:
    note(people, MAY, "roster.replaced", "roster")
    page = people.browser(ADA).get(f"{AUDIT}?since=2026-05-10&until=2026-05-09")
    fault = re.search(r'<span class="fault" id="sieve-until-fault">(.*?)</span></span>', page.text, re.DOTALL)
    assert fault is not None
    assert "This is before the day from which you ask." in fault[1]
    assert re.search(r'type="date" name="until" value="2026-05-09"', page.text), "to be picked anew"
    assert any("12:00" in one for one in entries_of(page.text)), "asked for from that day on"
    for language, words in (
        ("pt_BR", "Este dia é anterior ao dia inicial."),
        ("pt_PT", "Este dia é anterior ao dia inicial."),
    ):
        browser = people.browser(ADA)
        browser.set_cookie("language", language)
        assert words in browser.get(f"{AUDIT}?since=2026-05-10&until=2026-05-09").text


def test_entries_stand_newest_first_and_by_days(people: People) -> None:
    note(people, MAY, "roster.replaced", "roster")
    note(people, MAY - DAY, "demo.begun", "demo")
    page = people.browser(ADA).get(f"{AUDIT}?until=2026-05-31").text
    assert re.findall(r'card-title" id="day-\d+">([^<]+)<', page) == [
        "Sunday, 10 May 2026",
        "Saturday, 9 May 2026",
    ]
    assert "Put another roster in use" in entries_of(page)[0]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=programs", ["Made the API token CRM"]),
        ("?kind=roster", ["Put another roster in use"]),
        ("?who=command", ["Took the draft number 7 up again", "weird new thing: place:1"]),
        ("?since=2026-05-10&until=2026-05-10", ["Took the draft number 7 up again"]),
        ("?since=2026-05-11&until=2026-05-11", []),
        ("?kind=nonsense&since=2026-05-09&until=2026-05-09", ["weird new thing: place:1"]),
    ],
)
def test_one_finds_by_kind_person_and_time(people: People, query: str, found: list[str]) -> None:
    with people.cast.app.app_context():
        api_tokens.create("CRM", ["read"], [], actor="test", now=MAY + 40 * DAY)
    note(people, MAY, "draft.taken_up", "draft:7")
    note(people, MAY - DAY, "weird.new_thing", "place:1")
    told = ask(people, query)
    assert len(told) == len(found)
    for one, wanted in zip(told, found, strict=True):
        assert wanted in one


def test_a_person_is_found_as_who_did_it_and_as_whom_it_was_done_to(people: People) -> None:
    rui = f"user:{people.ids[RUI]}"
    note(people, MAY, "user.link", f"user:{people.ids[ANA]}", actor=rui)
    told = ask(people, f"?who={rui}")
    assert len(told) == 2
    assert "Made a link to a new password for Ana Souza by Rui Faria" in told[1]
    assert "Made a login for Rui Faria" in told[0]
    assert f'href="{AUDIT}?who={rui}"' in people.browser(ADA).get(f"/settings/people/{people.ids[RUI]}").text


def test_what_is_no_date_is_said_beside_the_field_and_kept(people: People) -> None:
    for given in ("2026-13-01", "yesterday", "9999-12-31", "0001-01-01"):
        page = people.browser(ADA).get(f"{AUDIT}?since={given}&until={given}")
        assert page.status_code == 200
        assert page.text.count("This is not a date") == 2
        assert f'value="{given}"' in page.text


def test_long_logs_are_paged_and_none_is_lost_or_told_twice(people: People) -> None:
    for number in range(120):
        note(people, MAY - number // 3, "demo.loaded", "demo", number=number)
    browser, address, seen = people.browser(ADA), f"{AUDIT}?kind=product", []
    while address:
        page = browser.get(address).text
        seen += re.findall(r'id="entry-(\d+)"', page)
        older = re.search(r'href="([^"]*before=[^"]*)"', page)
        address = older[1].replace("&amp;", "&") if older else ""
    assert len(seen) == len(set(seen)) == 120
    assert len(entries_of(browser.get(f"{AUDIT}?before=99999999999999999999").text)) > 0
    assert browser.get(f"{AUDIT}?before=x").status_code == 200
    assert "Nothing found" in browser.get(f"{AUDIT}?before=4711").text


def test_a_manager_with_the_right_sees_what_is_about_rules_and_nothing_else(people: People) -> None:
    note(people, MAY, "draft.saved", "draft:1", why="stricter")
    for query in ("", "?kind=people", f"?who=user:{people.ids[ANA]}", "?format=csv"):
        page = people.browser(RIGHTS).get(f"{AUDIT}{query}").text
        assert "Ana Souza" not in page
        assert "Made a login" not in page
        assert "Put another roster" not in page
    told = ask(people, email=RIGHTS)
    assert any("Applied the rulebook of 1 Jan 2020" in one for one in told)
    assert any("Saved the draft number 1" in one and "stricter" in one for one in told)


def test_the_table_to_take_away_makes_no_spreadsheet_do_anything(people: People) -> None:
    note(people, MAY, "draft.renamed", "draft:1", actor="=cmd", name="=HYPERLINK(1)")
    with people.cast.app.app_context():
        session = current_session()
        session.add(
            AuditEntry(at=MAY, actor="a", action="b.c", subject=None, before="no json {", after="[1, 2]")
        )
        session.commit()
    answer = people.browser(ADA).get(f"{AUDIT}?format=csv&until=2026-05-31")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert rows[0][:6] == ["Number", "When (UTC)", "Who", "What", "Before", "After"]
    assert [row[2] for row in rows[1:]] == ["a", "'=cmd"]
    assert rows[1][4:6] == ["Version: no json {", "Version: 1, 2"]
    assert rows[2][5] == "Name: =HYPERLINK(1)"
    assert rows[2][1] == "2026-05-10T12:00:00Z"


def test_of_who_was_erased_the_number_stays(people: People) -> None:
    note(people, MAY, "decision.points", f"person:{people.persons[ANA]}", points=5)
    with people.cast.app.app_context():
        session = current_session()
        ana = session.get(Person, people.persons[ANA])
        assert ana is not None
        ana.rep_id, ana.name, ana.email, ana.erased_at = None, None, None, MAY
        session.commit()
    told = ask(people, "?kind=decisions")
    assert told == [f"12:00 Adjusted the points of number {people.persons[ANA]} by Command line Points 5"]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_action_and_value_has_words_in_every_language(people: People, language: str) -> None:
    for action in ACTIONS:
        note(people, MAY, action, "draft:1", **dict.fromkeys(FIELDS, "x"))
    browser = people.browser(ADA)
    browser.set_cookie("language", language)
    for query in ("", "?format=csv"):
        page = browser.get(f"{AUDIT}{query}").text
        assert "%(" not in page
        assert "signs_for" not in page


def test_whatever_the_services_note_has_words() -> None:
    kinds = "|".join(word for words in KINDS.values() for word in words)
    action = re.compile(rf'"((?:{kinds})\.[a-z_]+)"')
    texts = [path.read_text() for path in (ROOT / "leaderboard" / "services").rglob("*.py")]
    noted = {
        found for text in texts for found in action.findall(text) if not found.endswith((".yaml", ".example"))
    }
    noted |= {f"decision.{kind.value}" for kind in DecisionKind}
    assert noted - set(ACTIONS) == set()
    assert len(noted) > 20


def test_the_overview_tells_of_the_newest(people: People) -> None:
    page = text_of(people.browser(ADA).get("/settings").text)
    assert re.search(r"\d+ entries in the last 7 days\.", page)
    assert "Made a link to a new password for lia@example.com." in page


def test_a_page_takes_a_constant_number_of_statements(people: People) -> None:
    browser, counts = people.browser(ADA), []
    for number in range(2):
        for one in range(30):
            note(
                people,
                MAY,
                "user.link",
                f"user:{people.ids[ANA]}",
                actor=f"user:{people.ids[ADA]}",
                number=one,
            )
        browser.get(AUDIT)
        with people.cast.app.app_context(), count_statements(db.engine) as statements:
            assert browser.get(AUDIT).status_code == 200, number
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 10, counts


def test_before_there_are_rules_it_reads_in_utc(app: Flask) -> None:
    browser = cast_of(app).logged_in(ADMIN)
    assert "As soon as somebody changes something" in browser.get(AUDIT).text
    assert browser.get(f"{AUDIT}?since=2026-01-01").status_code == 200


def test_what_is_noted_is_json_that_names_nobody(people: People) -> None:
    with people.cast.app.app_context():
        for entry in current_session().query(AuditEntry):
            for side in (entry.before, entry.after):
                assert side is None or "example.com" not in side
                assert side is None or json.loads(side) is not None
