"""A service level's form as it is read: the sentence of a copy, points in money, numbers as the reader writes them."""

import pytest
from flask import Flask

from leaderboard.files.rulebook.splicing import data_of
from leaderboard.services import clock, drafts
from tests.web.settings.draft_room import DraftRoom, build_room, fields

DOCUMENT = """\
rulebook: 1
effective_from: 2030-01-01
organization: {name: Acme, timezone: UTC, currency: EUR}
service_levels:
  first-contact:
    name: First contact
    party: sales
    measure: response
    start: lead.assigned
    stop: lead.contacted
    within: 30m
    target: 90%
    points: {each: {met: 2, missed: -1}}
"""


@pytest.fixture
def room(app: Flask) -> DraftRoom:
    return build_room(app, DOCUMENT)


def test_a_copy_says_at_once_what_people_will_read(room: DraftRoom) -> None:
    page = room.browser().get(f"{room.root}/service-levels/new?copy=first-contact").text
    assert "A sales rep meets this when a lead is contacted within 30 minutes of being assigned." in page
    assert "as soon as" not in page


def test_a_form_that_nobody_filled_in_yet_is_not_called_wrong(room: DraftRoom) -> None:
    browser, levels = room.browser(), f"{room.root}/service-levels"
    form = fields(browser.get(f"{levels}/new?measure=response").text)
    fresh = browser.post(f"{levels}/sentence", data=form, headers={"HX-Request": "true"}).text
    assert "as soon as the form says enough" in fresh
    assert "as soon as this is mended" not in fresh
    form.setlist("within.amount", ["soon", "", ""])
    wrong = browser.post(f"{levels}/sentence", data=form, headers={"HX-Request": "true"}).text
    assert "as soon as this is mended" in wrong
    assert "Is required" not in wrong


def test_points_stand_beside_their_money_where_a_point_is_worth_any(room: DraftRoom) -> None:
    browser = room.browser()
    assert "€" not in browser.get(f"{room.root}/service-levels").text
    with room.cast.app.app_context():
        valued = DOCUMENT.replace("currency: EUR", "currency: EUR, point_value: 0.50")
        drafts.save(room.draft, 1, valued, "", "test", clock.now())
    for page in (f"{room.root}/service-levels", f"{room.root}/service-levels/first-contact"):
        text = browser.get(page).text
        assert "+2<small>€\N{NO-BREAK SPACE}1</small>" in text, page
        assert "−1<small>−€\N{NO-BREAK SPACE}0.50</small>" in text, page
    agreement = browser.get(f"/settings/rules/drafts/{room.draft}/agreement").text
    assert "met <b>+2</b> (€\N{NO-BREAK SPACE}1)" in agreement


def test_shares_stand_in_the_form_and_are_typed_as_the_reader_writes_them(room: DraftRoom) -> None:
    browser = room.browser()
    browser.set_cookie("language", "pt_BR")
    page = f"{room.root}/service-levels/first-contact"
    answer = room.send(page, {"target": "97,5", "minimum": "1.000"})
    assert answer.status_code == 302, answer.text
    level = data_of(room.document())["service_levels"]["first-contact"]
    assert (level["target"], level["minimum"]) == ("97.5%", "1000")
    assert fields(browser.get(page).text)["target"] == "97,5"
