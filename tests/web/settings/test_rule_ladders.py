"""Ladders and suspensions of a draft, edited by forms: what is saved, what is refused and kept, and who may."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from leaderboard.files.rulebook.splicing import data_of
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Draft
from leaderboard.services import clock, drafts, login_changes
from leaderboard.services.draft_checks import check
from leaderboard.services.login_changes import Access
from tests.cast import Cast, csrf
from tests.databases import count_statements
from tests.web.house import build_house
from tests.web.settings.draft_room import fields

ADA, RUI, RIGHTS, ANA, BIA = (
    "ada@example.com",
    "rui@example.com",
    "lia@example.com",
    "ana@example.com",
    "bia@example.com",
)
"""An administrator, a manager, a manager with the right to edit rulebooks, two reps."""

DOCUMENT = """\
rulebook: 1
effective_from: 2030-01-01
organization: {name: Acme, timezone: UTC, currency: EUR}
service_levels:
  quiet: {name: Quiet, party: sales, measure: recorded, target: 0.9}
  loose: {name: Loose, party: sales, measure: recorded}
consequences:
  # agreed in March
  slow:
    name: "<b>Slow</b>"
    service_level: quiet
    steps:   # three of them
      - {do: notify_rep}
      - [{do: notify_manager}, {do: deduct, points: 100}]
      - {do: coaching, approval: manager}
    clears_after: 2  # in a row
  other: {service_level: quiet, steps: [{do: no_bonus}]}
suspensions:
  - {from: 2030-03-10, until: 2030-03-12, reason: The <i>phones</i> were down}
  - {from: 2030-04-01, until: 2030-04-01, reason: Audit, consequences: [slow]}   # as every year
"""


@dataclass(frozen=True)
class Room:
    """A draft, and the people."""

    cast: Cast
    draft: int

    @property
    def root(self) -> str:
        return f"/settings/rules/drafts/{self.draft}"

    @property
    def slow(self) -> str:
        return f"{self.root}/ladders/slow/edit"

    def document(self) -> str:
        with self.cast.app.app_context():
            return current_session().scalars(select(Draft.document).where(Draft.id == self.draft)).one()

    def theirs(self, document: str) -> None:
        with self.cast.app.app_context():
            drafts.save(self.draft, 1, document, "louder", "test", clock.now())


@pytest.fixture
def room(app: Flask) -> Room:
    house = build_house(app)
    with app.app_context():
        login_changes.invite(RIGHTS, Access("manager", may_edit_rules=True), actor="test", now=house.now)
        return Room(house.cast, drafts.create(DOCUMENT, "A draft", "test", clock.now()))


def send(browser: FlaskClient, page: str, changes: dict[str, object]) -> TestResponse:
    form = fields(browser.get(page).text)
    for name, value in changes.items():
        form.setlist(name, value if isinstance(value, list) else [str(value)])
    return browser.post(page, data=form)


def fill(form: MultiDict[str, str], changes: dict[str, str]) -> None:
    """Other values in place of those that are there."""
    for name, value in changes.items():
        form[name] = value


def steps(page: str) -> list[str]:
    """The words of each step, as they stand below it."""
    return re.findall(r'<p class="step-words" id="words-\d+"[^>]*>(.*?)</p>', page)


def test_the_list_tells_every_ladder_in_the_words_of_the_person_concerned(room: Room) -> None:
    page = room.cast.logged_in(RIGHTS).get(f"{room.root}/ladders").text
    for words in (
        "&lt;b&gt;Slow&lt;/b&gt;",
        "A message to the manager; 100 points off",
        "A coaching conversation, if a manager approves it",
        "Each month in which “Quiet” is missed leads one step up",
        "no ladder moves. The &lt;i&gt;phones&lt;/i&gt; were down",
    ):
        assert words in page, words


def test_saving_the_forms_as_they_stand_changes_nothing(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    for path in ("/ladders/slow/edit", "/ladders/other/edit", "/suspensions"):
        assert send(browser, room.root + path, {}).status_code == 302
        assert room.document() == DOCUMENT


def test_buttons_build_it_step_by_step_and_store_nothing(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    answer = send(browser, room.slow, {"act": "up.3", "name": "Typed"})
    assert answer.status_code == 200
    assert 'value="Typed"' in answer.text
    assert [one[:11] for one in steps(answer.text)] == ["A message a", "A coaching ", "A message t"]
    for act, count in (("add", 4), ("cut.1", 3), ("add.1", 3), ("cut.1.2", 3), ("up.1", 3), ("cut.9", 3)):
        form = fields(answer.text)
        form["act"] = act
        answer = browser.post(room.slow, data=form)
        assert answer.status_code == 200, act
        assert len(steps(answer.text)) == count, act
    assert room.document() == DOCUMENT
    form = fields(answer.text)
    form["step.3.1.do"], form["step.3.1.points"], form["step.3.1.approval"] = "deduct", "50", "yes"
    form["lose_comments"] = "yes"
    assert browser.post(room.slow, data=form).status_code == 302
    ladder = data_of(room.document())["consequences"]["slow"]
    assert ladder["name"] == "Typed"
    assert ladder["steps"] == [
        {"do": "coaching", "approval": "manager"},
        [{"do": "notify_manager"}, {"do": "deduct", "points": "100"}],
        {"do": "deduct", "points": "50", "approval": "manager"},
    ]
    assert "# agreed in March" in room.document()
    assert "clears_after: 2  # in a row" in room.document()


def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(room: Room) -> None:
    changes = {
        "step.2.2.points": "<many>",
        "step.3.1.do": "deduct",
        "clears_after": "soon",
        "service_level": "loose",
    }
    answer = send(room.cast.logged_in(RIGHTS), room.slow, changes)
    assert answer.status_code == 400
    for name in ("step.2.2.points", "step.3.1.points", "clears_after", "service_level"):
        assert f'id="{name}-fault"' in answer.text, name
    assert 'value="&lt;many&gt;"' in answer.text
    assert "<many>" not in answer.text
    assert 'value="soon"' in answer.text
    assert room.document() == DOCUMENT


def test_remarks_are_lost_only_when_one_was_told(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    assert send(browser, room.slow, {"clears_after": "3"}).status_code == 302
    assert room.document() == DOCUMENT.replace("clears_after: 2", "clears_after: 3")
    answer = send(browser, room.slow, {"step.1.1.do": "coaching"})
    assert answer.status_code == 409
    assert "# three of them" in answer.text


def test_who_saved_meanwhile_is_not_overwritten_unseen(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    form = fields(browser.get(room.slow).text)
    others = fields(browser.get(f"{room.root}/suspensions").text)
    theirs = DOCUMENT.replace("name: Quiet", "name: Loud").replace("reason: Audit", "reason: Books")
    room.theirs(theirs)
    form["name"] = "Mine"
    again = MultiDict([*form.items(multi=True), ("act", "add")])
    moved = fields(browser.post(room.slow, data=again).text)
    assert moved["revision"] == "1", "a press of a button does not hide what came between"
    answer = browser.post(room.slow, data=form)
    assert answer.status_code == 409
    for words in ("test saved meanwhile", "louder", 'value="Mine"', "They did not touch this:"):
        assert words in answer.text, words
    others["row.1.reason"] = "Power"
    second = browser.post(f"{room.root}/suspensions", data=others)
    assert second.status_code == 409
    assert "They changed the suspensions too" in second.text
    assert room.document() == theirs
    assert browser.post(room.slow, data=fields(answer.text)).status_code == 302
    assert room.document() == theirs.replace('name: "<b>Slow</b>"', "name: Mine")


def test_of_one_ladder_each_keeps_what_only_they_changed(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    form = fields(browser.get(room.slow).text)
    room.theirs(DOCUMENT.replace('name: "<b>Slow</b>"', "name: Theirs"))
    form["grace_days"] = "45"
    answer = browser.post(room.slow, data=form)
    assert answer.status_code == 409
    assert "They changed this too, but nothing that you changed" in answer.text
    assert browser.post(room.slow, data=fields(answer.text)).status_code == 302
    stored = data_of(room.document())["consequences"]["slow"]
    assert (stored["name"], stored["grace_days"]) == ("Theirs", "45")


def test_one_is_added_and_copied_under_a_key_of_its_own(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    address = f"{room.root}/ladders/new"
    form = fields(browser.get(address).text)
    for wrong in ("slow", "", "Bad Key!"):
        form["id"] = wrong
        answer = browser.post(address, data=form)
        assert answer.status_code == 400
        assert 'id="id-fault"' in answer.text
    fill(form, {"id": "new", "grace_days": "30", "expires_after": "6"})
    assert browser.post(address, data=form).status_code == 302
    assert browser.get(f"{room.root}/ladders/new/edit").status_code == 200
    copy = fields(browser.get(f"{address}?copy=slow").text)
    assert (copy["id"], copy["name"]) == ("slow-2", "Copy of <b>Slow</b>")
    assert browser.post(address, data=copy).status_code == 302
    ladders = data_of(room.document())["consequences"]
    assert ladders["slow-2"]["steps"] == ladders["slow"]["steps"]
    assert (ladders["new"]["grace_days"], ladders["new"]["expires_after"]) == ("30", "6")
    with room.cast.app.app_context():
        assert check(current_session(), room.document()).is_good


def test_one_that_a_suspension_names_stays(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    page = f"{room.root}/ladders/slow/remove"
    assert "Audit" in browser.get(page).text
    form = {"csrf_token": csrf(browser, f"{room.root}/ladders/other/remove"), "revision": "1"}
    assert browser.post(page, data=form).status_code == 409
    assert room.document() == DOCUMENT
    assert browser.post(f"{room.root}/ladders/other/remove", data=form).status_code == 302
    assert list(data_of(room.document())["consequences"]) == ["slow"]


def test_suspensions_are_added_taken_away_and_judged_in_their_rows(room: Room) -> None:
    browser, page = room.cast.logged_in(RIGHTS), f"{room.root}/suspensions"
    form = fields(browser.get(page).text)
    form["act"] = "cut.1"
    form = fields(browser.post(page, data=form).text)
    assert form["row.1.reason"] == "Audit"
    form["act"] = "add"
    form = fields(browser.post(page, data=form).text)
    fill(form, {"row.2.from": "2030-05-09", "row.2.until": "2030-05-01", "row.2.which": "some"})
    wrong = browser.post(page, data=form)
    assert wrong.status_code == 400
    for name in ("row.2.until", "row.2.reason", "row.2.consequences"):
        assert f'id="{name}-fault"' in wrong.text, name
    assert room.document() == DOCUMENT
    fill(form, {"row.2.until": "2030-05-10", "row.2.reason": "Storm", "row.2.ladder": "other"})
    lost = browser.post(page, data=form)
    assert lost.status_code == 409
    assert "# as every year" in lost.text
    form["lose_comments"] = "yes"
    assert browser.post(page, data=form).status_code == 302
    assert data_of(room.document())["suspensions"] == [
        {"from": "2030-04-01", "until": "2030-04-01", "reason": "Audit", "consequences": ["slow"]},
        {"from": "2030-05-09", "until": "2030-05-10", "reason": "Storm", "consequences": ["other"]},
    ]
    for _ in range(2):
        form = fields(browser.get(page).text)
        form["act"] = "cut.1"
        form = fields(browser.post(page, data=form).text)
        assert browser.post(page, data=form).status_code == 302
    assert "suspensions" not in data_of(room.document())


def test_the_words_come_as_one_types(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    form = fields(browser.get(room.slow).text)
    form["step.1.1.do"] = "pause_assignment"
    answer = browser.post(f"{room.root}/ladders/words", data=form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.count("No new leads for now") == 2
    assert "<html" not in answer.text
    rows = fields(browser.get(f"{room.root}/suspensions").text)
    rows["row.2.reason"] = "Books"
    told = browser.post(f"{room.root}/suspensions/words", data=rows, headers={"HX-Request": "true"})
    assert "stand still. Books" in told.text
    assert room.document() == DOCUMENT


def test_a_text_that_cannot_be_read_is_only_to_be_mended_as_text(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    room.theirs("a: [")
    assert "only be mended as text" in browser.get(f"{room.root}/ladders").text
    for path in ("/ladders/new", "/ladders/slow/edit", "/suspensions"):
        assert browser.get(room.root + path).status_code == 302


def test_only_who_may_edit_rules_finds_any_of_it(room: Room) -> None:
    paths = ("/ladders", "/ladders/new", "/ladders/slow/edit", "/ladders/slow/remove", "/suspensions")
    for email in (RUI, ANA, BIA):
        browser = room.cast.logged_in(email)
        token = csrf(browser, "/account/password")
        for path in (*paths, "/ladders/words", "/suspensions/words"):
            assert browser.get(room.root + path).status_code in (404, 405), (email, path)
            assert browser.post(room.root + path, data={"csrf_token": token}).status_code in (404, 405)
    assert room.cast.browser().get(f"{room.root}/ladders").status_code == 302
    for email in (RIGHTS, ADA):
        browser = room.cast.logged_in(email)
        for path in paths:
            assert browser.get(room.root + path).status_code == 200, (email, path)
        assert browser.get(f"{room.root}/ladders/none/edit").status_code == 404
        assert browser.get("/settings/rules/drafts/4711/ladders").status_code == 404


def test_pages_ask_the_database_a_bounded_number_of_times(room: Room) -> None:
    browser = room.cast.logged_in(RIGHTS)
    for path in ("/ladders", "/ladders/slow/edit", "/suspensions"):
        browser.get(room.root + path)
        with room.cast.app.app_context(), count_statements(db.engine) as counted:
            browser.get(room.root + path)
        assert len(counted) <= 20, path
