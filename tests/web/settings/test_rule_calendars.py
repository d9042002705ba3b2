"""Calendars of a draft, edited by a form: the week, holidays, closed dates, their key, and what is refused."""

import pytest
from flask import Flask

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.files.rulebook.splicing import data_of
from leaderboard.persistence.db import db
from leaderboard.services import clock
from tests.databases import count_statements
from tests.web.settings.draft_room import ADA, ANA, RIGHTS, RUI, DraftRoom, build_room, fields

DOCUMENT = """\
rulebook: 1
effective_from: 2030-01-01
organization: {name: Acme, timezone: America/Sao_Paulo, currency: BRL}
calendars:
  # the office in the city
  desk:
    hours:
      monday: ["09:00-12:00", "13:00-18:00"]  # lunch at noon
      tuesday: ["09:00-12:00", "13:00-18:00"]
      wednesday: ["09:00-12:00", "13:00-18:00"]
      thursday: ["09:00-12:00", "13:00-18:00"]
      friday: ["09:00-12:00", "13:00-18:00"]
      saturday: ["09:00-13:00"]
    holidays: {country: BR, subdivision: SP}
    closed: [2030-12-24]   # as every year
  spare:
    hours: {monday: ["00:00-24:00"]}
service_levels:
  first-contact:
    name: "<b>First</b> contact"
    party: sales
    measure: response
    start: lead.assigned
    stop: lead.contacted
    calendar: desk  # working time
    within: 1h
    target: 90%
  revenue: {name: Revenue, party: sales, measure: volume, events: opportunity.won, target: 5, prorate: desk}
"""


@pytest.fixture
def room(app: Flask, monkeypatch: pytest.MonkeyPatch) -> DraftRoom:
    now = parse_rfc3339("2030-01-02T12:00:00Z")
    monkeypatch.setattr(clock, "now", lambda: now)
    return build_room(app, DOCUMENT)


def desk(room: DraftRoom) -> str:
    return f"{room.root}/calendars/desk/edit"


def test_the_list_draws_every_week_and_names_who_uses_it(room: DraftRoom) -> None:
    page = room.browser().get(f"{room.root}/calendars").text
    for words in (
        "Open 44 h a week",
        "Closed on the holidays of",
        "Named by &lt;b&gt;First&lt;/b&gt; contact, Revenue",
        "No service level names it.",
        'aria-label="Monday: 09:00–12:00, 13:00–18:00"',
        'aria-label="Sunday: closed"',
        '<rect class="open" x="540" width="180" height="10"/>',
    ):
        assert words in page.replace("\N{NO-BREAK SPACE}", " "), words


def test_saving_the_form_as_it_stands_changes_nothing(room: DraftRoom) -> None:
    for name in ("desk", "spare"):
        room.send(f"{room.root}/calendars/{name}/edit")
    assert room.document() == DOCUMENT


def test_only_the_lines_of_a_day_that_changed_are_written_anew(room: DraftRoom) -> None:
    answer = room.send(desk(room), {"hours.tuesday": "8h-12, 13.30–17:00 e 18-24"})
    assert answer.status_code == 302
    changed = room.document()
    tuesday = data_of(changed)["calendars"]["desk"]["hours"]["tuesday"]
    assert tuesday == ["08:00-12:00", "13:30-17:00", "18:00-24:00"]
    line = '      tuesday: ["09:00-12:00", "13:00-18:00"]\n'
    before, after = DOCUMENT.split(line)
    assert changed.startswith(before)
    assert changed.endswith(after)


def test_a_day_left_empty_is_closed_and_a_calendar_may_be_new(room: DraftRoom) -> None:
    new = f"{room.root}/calendars/new"
    assert room.send(new, {"id": "nights", "hours.friday": ""}).status_code == 302
    hours = data_of(room.document())["calendars"]["nights"]["hours"]
    assert list(hours) == ["monday", "tuesday", "wednesday", "thursday"]


@pytest.mark.parametrize(
    ("changes", "where", "words"),
    [
        ({"hours.monday": "noon till late"}, "hours.monday", "Please write opening hours such as"),
        ({"hours.monday": "09:00-12:00, 11:00-13:00"}, "hours.monday", "Overlaps"),
        ({"hours.monday": "22:00-06:00"}, "hours.monday", "no window runs past midnight"),
        ({"hours.monday": "<b>9</b>-25"}, "hours.monday", "Please write opening hours such as"),
        ({"zone": "Mars/Olympus"}, "zone", "Expected an IANA time zone"),
        ({"country": "XX"}, "country", "has no country"),
        ({"subdivision": "ZZ"}, "subdivision", "has no subdivision"),
        ({"closed.1": "2030-02-31"}, "closed.1", "Expected a date"),
        ({"id": ""}, "id", "Please fill this in."),
        ({"id": "Büro 1"}, "id", "Is not an id"),
        ({"id": "spare"}, "id", "Another calendar has this key already."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_is_kept(
    room: DraftRoom, changes: dict[str, str], where: str, words: str
) -> None:
    answer = room.send(desk(room), changes)
    assert answer.status_code == 400
    fault = answer.text.split(f'id="{where}-fault"')[1].partition("</p>")[0]
    assert words in fault
    kept = fields(answer.text)
    assert all(kept[name] == value.lower() if name == "id" else value for name, value in changes.items())
    assert room.document() == DOCUMENT


def test_a_calendar_that_is_hardly_ever_open_is_refused_beside_its_week(room: DraftRoom) -> None:
    answer = room.send(
        desk(room), {f"hours.{day}": "" for day in data_of(DOCUMENT)["calendars"]["desk"]["hours"]}
    )
    assert answer.status_code == 400
    fault = answer.text.split('id="hours-fault"')[1].partition("</p>")[0]
    assert "less open time than “&lt;b&gt;First&lt;/b&gt; contact” gives for one lead" in fault
    assert room.document() == DOCUMENT


def test_mondays_hours_are_copied_without_a_script_and_nothing_is_stored(room: DraftRoom) -> None:
    page = desk(room)
    form = fields(room.browser().get(page).text)
    form["hours.monday"] = "10-11"
    for act, last in (("copy.5", "saturday"), ("copy.7", "")):
        answer = room.browser().post(page, data={**form.to_dict(), "act": act})
        days = [day for day in data_of(DOCUMENT)["calendars"]["desk"]["hours"] if day != last]
        kept = fields(answer.text)
        assert {kept[f"hours.{day}"] for day in days} == {"10-11"}
    assert room.document() == DOCUMENT


def test_closed_dates_are_added_and_taken_away_with_their_weekday(room: DraftRoom) -> None:
    page = desk(room)
    form = fields(room.browser().get(page).text)
    assert "Tuesday</span>" in room.browser().get(page).text
    longer = room.browser().post(page, data={**form.to_dict(), "act": "closed.add"})
    assert 'name="closed.2" value=""' in longer.text
    dates = {"closed.2": "2030-12-31", "closed.3": ""}
    assert "# as every year" in room.send(page, dates).text.split('class="lost"')[1]
    assert room.send(page, {**dates, "lose_comments": "yes"}).status_code == 302
    assert data_of(room.document())["calendars"]["desk"]["closed"] == ["2030-12-24", "2030-12-31"]
    shorter = room.browser().post(page, data={**form.to_dict(), "act": "closed.cut.1"})
    assert "closed.1" not in fields(shorter.text)


def test_what_it_comes_to_is_told_beside_the_form_with_the_holidays_by_name(room: DraftRoom) -> None:
    form = fields(room.browser().get(desk(room)).text)
    told = (
        room.browser().post(f"{room.root}/calendars/words", data=form).text.replace("\N{NO-BREAK SPACE}", " ")
    )
    for words in (
        "Open 44 h a week",
        # Saturday closes at 13:00; fifty minutes of the hour are left for Monday.
        "“&lt;b&gt;First&lt;/b&gt; contact”, within 1 h: what starts on Saturday 12:50 would be due on Monday 09:50.",
        "Closed in 2030",
        "Closed in 2031",
        "Tuesday, 24 December",
        "closed date",
        "Tuesday, 9 July",
        "Constitutionalist Revolution",
        "closed anyway",
    ):
        assert words in told, words


@pytest.mark.parametrize(
    ("language", "name"),
    [("pt-BR", "Tiradentes"), ("pt-PT", "Tiradentes"), ("en", "Tiradentes&#39; Day")],
)
def test_holidays_are_named_in_the_readers_language(room: DraftRoom, language: str, name: str) -> None:
    browser = room.browser()
    form = fields(browser.get(desk(room)).text)
    browser.set_cookie("language", language.replace("-", "_"))
    told = browser.post(f"{room.root}/calendars/words", data=form).text
    assert f'<span class="note">{name}' in told


def test_the_regions_follow_the_country(room: DraftRoom) -> None:
    form = fields(room.browser().get(desk(room)).text)
    form["country"] = "PT"
    told = room.browser().post(f"{room.root}/calendars/parts", data=form).text
    assert "Aveiro (01)" in told
    assert "São Paulo" not in told
    form["country"] = "AO"
    assert "<select" not in room.browser().post(f"{room.root}/calendars/parts", data=form).text


def test_what_names_a_calendar_follows_when_it_is_renamed(room: DraftRoom) -> None:
    assert room.send(desk(room), {"id": "office"}).status_code == 302
    data = data_of(room.document())
    assert list(data["calendars"]) == ["office", "spare"]
    assert data["service_levels"]["first-contact"]["calendar"] == "office"
    assert data["service_levels"]["revenue"]["prorate"] == "office"
    for remark in ("# the office in the city", "# lunch at noon", "# working time", "# as every year"):
        assert remark in room.document()


def test_a_calendar_that_is_still_named_is_not_removed_but_shows_by_whom(room: DraftRoom) -> None:
    browser, path = room.browser(), f"{room.root}/calendars/desk/remove"
    page = browser.get(path).text
    assert "&lt;b&gt;First&lt;/b&gt; contact" in page
    assert "Revenue" in page
    form = {"csrf_token": fields(browser.get(desk(room)).text)["csrf_token"], "revision": "1"}
    assert browser.post(path, data=form).status_code == 409
    assert room.document() == DOCUMENT
    assert browser.post(f"{room.root}/calendars/spare/remove", data=form).status_code == 302
    assert list(data_of(room.document())["calendars"]) == ["desk"]


def test_nobody_overwrites_what_somebody_else_saved_meanwhile(room: DraftRoom) -> None:
    browser = room.browser()
    form = fields(browser.get(desk(room)).text)
    form["hours.sunday"] = "10-12"
    louder = DOCUMENT.replace('monday: ["00:00-24:00"]', 'monday: ["10:00-24:00"]')
    room.theirs(louder)
    answer = browser.post(desk(room), data=form)
    assert answer.status_code == 409
    assert "They did not touch this:" in answer.text
    assert room.document() == louder
    assert room.browser().post(desk(room), data=fields(answer.text)).status_code == 302
    assert data_of(room.document())["calendars"]["desk"]["hours"]["sunday"] == ["10:00-12:00"]


def test_of_one_calendar_each_keeps_what_only_they_changed(room: DraftRoom) -> None:
    browser = room.browser()
    form = fields(browser.get(desk(room)).text)
    room.theirs(DOCUMENT.replace("  desk:\n", "  desk:\n    timezone: Asia/Tokyo\n", 1))
    form["hours.sunday"] = "10-12"
    answer = browser.post(desk(room), data=form)
    assert answer.status_code == 409
    assert "They changed this too, but nothing that you changed" in answer.text
    assert room.browser().post(desk(room), data=fields(answer.text)).status_code == 302
    stored = data_of(room.document())["calendars"]["desk"]
    assert (stored["timezone"], stored["hours"]["sunday"]) == ("Asia/Tokyo", ["10:00-12:00"])


def test_calendars_are_for_those_who_may_edit_rules_and_other_drafts_give_404(room: DraftRoom) -> None:
    paths = ("calendars", "calendars/new", "calendars/desk/edit", "calendars/desk/remove")
    for email, status in ((ADA, 200), (RIGHTS, 200), (RUI, 404), (ANA, 404)):
        browser = room.cast.logged_in(email)
        assert {browser.get(f"{room.root}/{path}").status_code for path in paths} == {status}, email
    browser = room.browser()
    for path in ("calendars/nobody/edit", "calendars/nobody/remove"):
        assert browser.get(f"{room.root}/{path}").status_code == 404
    assert browser.get("/settings/rules/drafts/999/calendars/desk/edit").status_code == 404


def test_hostile_forms_are_no_error_of_ours(room: DraftRoom) -> None:
    browser = room.browser()
    form = fields(browser.get(desk(room)).text).to_dict()
    for changes in (
        {"hours.monday": "9" * 100_000},
        {"hours.monday": "\x00\u202e09:00-10:00"},
        {"country": "'; DROP TABLE"},
        {"zone": "../../etc/passwd"},
        {"id": "a: {b: c}"},
        {"closed.1": "9999-99-99", "closed.2": "x" * 5000},
        {"act": "closed.cut.-1"},
        {"act": "copy.99"},
    ):
        assert browser.post(desk(room), data={**form, **changes}).status_code in (200, 400), changes
    for revision in ("", "x", "-1", "9" * 30):
        assert browser.post(desk(room), data={**form, "revision": revision}).status_code == 400
    assert room.document() == DOCUMENT


def test_the_form_costs_few_statements(room: DraftRoom) -> None:
    browser = room.browser()
    browser.get(desk(room))
    with room.cast.app.app_context(), count_statements(db.engine) as counted:
        browser.get(desk(room))
    assert len(counted) <= 20, counted
