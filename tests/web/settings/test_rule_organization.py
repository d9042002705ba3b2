"""Organization, agreement and limits by hand of a draft, in one form: what is saved, settled, and refused."""

import pytest
from flask import Flask

from leaderboard.files.rulebook.splicing import data_of
from leaderboard.persistence.db import db
from tests.databases import count_statements
from tests.web.settings.draft_room import ADA, ANA, RIGHTS, RUI, DraftRoom, build_room, fields

DOCUMENT = """\
rulebook: 1
effective_from: 2030-01-01
organization:
  name: Acme   # as in the register
  timezone: UTC
  currency: BRL
agreement:
  title: Our agreement
  definitions: {MQL: "<b>asked</b>", XYZ: Something else}
  handover: [pages seen, e-mails opened]
service_levels:
  quiet: {name: Quiet, party: sales, measure: recorded, target: 0.9, points: {month: {met: 100}}}
"""


@pytest.fixture
def room(app: Flask) -> DraftRoom:
    return build_room(app, DOCUMENT)


def page(room: DraftRoom) -> str:
    return f"{room.root}/organization"


def test_saving_the_form_as_it_stands_changes_nothing(room: DraftRoom) -> None:
    assert room.send(page(room)).status_code == 302
    assert room.document() == DOCUMENT


def test_each_field_is_written_to_its_key_and_the_rest_stays(room: DraftRoom) -> None:
    browser = room.browser()
    form = fields(browser.get(page(room)).text)
    for name, value in {
        "name": "Acme Brasil", "currency": "eur", "locale": "pt_BR", "point_value": "0,50", "after_days": "5",
        "title": "", "party.sales": "Inbound: all", "review_on": "2030-06-01", "limit.badges": "5",
        "limit.points": "200", "limit.alone": "80", "handover": "pages seen\r\n\r\nwhat they asked: for\r\n",
    }.items():  # fmt: skip
        form.setlist(name, [value])
    form.setlist("term", ["MQL", "SAL", "SQL", "ICP", "XYZ", "Lead"])
    form.setlist("meaning", ["<b>asked</b>", "taken on", "", "", "", "Somebody who asked"])
    assert browser.post(page(room), data=form).status_code == 302
    data = data_of(room.document())
    assert data["organization"] == {
        "name": "Acme Brasil", "timezone": "UTC", "currency": "EUR", "locale": "pt_BR", "point_value": "0.5",
        "closing": {"after_days": "5"},
    }  # fmt: skip
    assert data["agreement"] == {
        "definitions": {"MQL": "<b>asked</b>", "SAL": "taken on", "Lead": "Somebody who asked"},
        "handover": ["pages seen", "what they asked: for"],
        "parties": {"sales": "Inbound: all"},
        "review_on": "2030-06-01",
    }
    assert data["by_hand"] == {"badges": "5", "points": "200", "alone": "80"}


def test_what_points_are_worth_is_told_as_it_is_typed(room: DraftRoom) -> None:
    browser = room.browser()
    form = fields(browser.get(page(room)).text)
    told = browser.post(f"{page(room)}/words", data=form).text
    assert "Points are shown without money." in told
    form["point_value"] = "0.50"
    told = browser.post(f"{page(room)}/words", data=form).text.replace("\N{NO-BREAK SPACE}", " ")
    assert "120 points are R$ 60" in told
    assert "A month of “Quiet” met: 100 points, R$ 50" in told


def test_what_all_versions_share_is_said_beside_it_and_cannot_be_chosen(room: DraftRoom) -> None:
    text = room.browser().get(page(room)).text
    assert text.count("All versions have the same, for months are cut by it") == 2
    assert '<input type="hidden" name="timezone" value="UTC">' in text
    assert '<input type="hidden" name="fiscal_year_start" value="1">' in text


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"name": ""}, "name", "Please fill this in."),
        ({"currency": "reais"}, "currency", "three capital letters"),
        ({"timezone": "Europe/Lisbon"}, "timezone", "all versions have the same"),
        ({"timezone": "Mars/Olympus"}, "timezone", "Expected an IANA time zone"),
        ({"fiscal_year_start": "4"}, "fiscal_year_start", "all versions have the same"),
        ({"fiscal_year_start": "13"}, "fiscal_year_start", "Must be at most 12"),
        ({"locale": "klingon!"}, "locale", "Expected a locale"),
        ({"point_value": "half"}, "point_value", "Expected a number"),
        ({"point_value": "-1"}, "point_value", "Must be at least 0"),
        ({"after_days": "soon"}, "after_days", "Expected a whole number"),
        ({"review_on": "next year"}, "review_on", "Expected a date"),
        ({"limit.badges": "-1"}, "limit.badges", "Must be at least 0"),
        ({"limit.points": "many"}, "limit.points", "Expected a whole number"),
        ({"limit.alone": "1.5"}, "limit.alone", "Expected a whole number"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_is_kept(
    room: DraftRoom, changes: dict[str, str], where: str, words: str
) -> None:
    answer = room.send(page(room), changes)
    assert answer.status_code == 400
    assert words in answer.text.split(f'id="{where}-fault"')[1].partition("</p>")[0]
    kept = fields(answer.text)
    assert all(
        kept[name] == (value.upper() if name == "currency" else value) for name, value in changes.items()
    )
    assert room.document() == DOCUMENT


def test_a_meaning_without_its_word_is_asked_for_and_kept(room: DraftRoom) -> None:
    browser, page = room.browser(), f"{room.root}/organization"
    form = fields(browser.get(page).text)
    meanings = form.getlist("meaning")
    form.setlist("meaning", [*meanings[:-1], "A visit <at> the fair"])
    before = room.document()
    answer = browser.post(page, data=form)
    assert answer.status_code == 400
    assert 'aria-describedby="term.other-fault"' in answer.text
    assert "Please fill this in." in answer.text
    assert "A visit &lt;at&gt; the fair</textarea>" in answer.text
    assert room.document() == before


def test_what_somebody_else_changed_and_one_left_alone_is_taken_over(room: DraftRoom) -> None:
    browser = room.browser()
    form = fields(browser.get(page(room)).text)
    form["name"] = "Mine"
    theirs = DOCUMENT.replace("Our agreement", "Their agreement").replace("pages seen", "calls")
    room.theirs(theirs)
    answer = browser.post(page(room), data=form)
    assert answer.status_code == 409
    assert "They changed this too, but nothing that you changed" in answer.text
    assert room.document() == theirs
    again = fields(answer.text)
    assert (again["name"], again["title"], again["handover"]) == (
        "Mine",
        "Their agreement",
        "calls\ne-mails opened",
    )
    assert browser.post(page(room), data=again).status_code == 302
    assert data_of(room.document())["agreement"]["title"] == "Their agreement"


def test_what_both_changed_is_told_as_such(room: DraftRoom) -> None:
    browser = room.browser()
    form = fields(browser.get(page(room)).text)
    form["title"] = "My agreement"
    room.theirs(DOCUMENT.replace("Our agreement", "Their agreement"))
    answer = browser.post(page(room), data=form)
    assert answer.status_code == 409
    assert "what you changed stands as you typed it" in answer.text
    assert "nothing that you changed" not in answer.text
    assert fields(answer.text)["title"] == "My agreement"


def test_the_form_is_for_those_who_may_edit_rules(room: DraftRoom) -> None:
    for email, status in ((ADA, 200), (RIGHTS, 200), (RUI, 404), (ANA, 404)):
        assert room.cast.logged_in(email).get(page(room)).status_code == status, email
    assert room.browser().get("/settings/rules/drafts/999/organization").status_code == 404


def test_hostile_forms_are_no_error_of_ours(room: DraftRoom) -> None:
    browser = room.browser()
    form = fields(browser.get(page(room)).text)
    for name, value in (
        ("name", "\x00"),
        ("name", "x" * 100_000),
        ("point_value", "1e999999"),
        ("point_value", "9" * 5000),
        ("party.sales", "a: {b: [c"),
        ("handover", "- !!python/object:os.system\n&a *a"),
        ("review_on", "0000-00-00"),
    ):
        changed = form.copy()
        changed.setlist(name, [value])
        status = browser.post(page(room), data=changed).status_code
        assert status in (302, 400), name
        if status == 302:  # taken as the text it is
            assert name in ("party.sales", "handover")
            form["revision"] = str(int(form["revision"]) + 1)
    changed = form.copy()
    changed.setlist("term", ["a: b", "MQL"] * 200)
    changed.setlist("meaning", ["{x", "y"] * 200)
    assert browser.post(page(room), data=changed).status_code in (302, 400)
    data_of(room.document())


def test_the_form_costs_few_statements(room: DraftRoom) -> None:
    browser = room.browser()
    browser.get(page(room))
    with room.cast.app.app_context(), count_statements(db.engine) as counted:
        browser.get(page(room))
    assert len(counted) <= 20, counted
