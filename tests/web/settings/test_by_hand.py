"""Badges, points and tasks by hand: forms that say what is wrong, a second person, a budget, nobody else's people."""

import re

import pytest

from leaderboard.persistence.db import db
from tests.databases import count_statements
from tests.web.settings.firm import Firm, fields

PAGE = "/settings/by-hand"


def who(firm: Firm, name: str) -> str:
    return f"rep:{firm.who.people[name]}"


@pytest.mark.parametrize(("name", "status"), [("ada", 200), ("rui", 200), ("ben", 404), ("head", 404)])
def test_who_finds_the_page(firm: Firm, name: str, status: int) -> None:
    assert firm.browser(name).get(PAGE).status_code == status


def test_a_manager_is_offered_only_those_he_manages(firm: Firm) -> None:
    page = firm.browser("rui").get(PAGE).text
    assert who(firm, "ben") in page
    assert f'"team:{firm.who.south}"' in page
    for other in (who(firm, "ana"), who(firm, "rui"), f'"team:{firm.who.north}"'):
        assert other not in page
    assert "100 of 100 left" in page
    assert "2 of 2 left" in page
    browser = firm.browser("rui")
    sent = fields(browser.get(PAGE).text, f"{PAGE}/points")
    for other in ("ana", "rui"):
        form = sent | {"who": who(firm, other), "points": "5", "reason": "x"}
        assert browser.post(f"{PAGE}/points", data=form).status_code == 404


def test_a_badge_given_is_read_with_its_reason_and_can_be_undone(firm: Firm) -> None:
    browser = firm.browser("rui")
    form = fields(browser.get(PAGE).text, f"{PAGE}/badge")
    form |= {"who": who(firm, "ben"), "badge": "thanks", "reason": "The fair"}
    for _ in range(2):
        assert browser.post(f"{PAGE}/badge", data=form).status_code == 303
    assert firm.decisions() == [("badge", "The fair")]
    page = browser.get(PAGE).text
    assert "Thank you (+20 points)" in page
    assert "80 of 100 left" in page
    assert "The fair" in firm.browser("ben").get("/me").text
    undo = f"{PAGE}/decisions/1/undo"
    assert browser.post(undo, data=fields(page, undo) | {"reason": "Twice"}).status_code == 303
    assert "Undone: Rui Faria" in browser.get(PAGE).text


@pytest.mark.parametrize(
    ("change", "words"),
    [({"points": "many"}, "Please write a whole number"), ({"points": "0"}, "Please write a whole number"),
     ({"points": "9" * 30}, "Please write a whole number"), ({"who": ""}, "Please choose somebody"),
     ({"who": "dog:1"}, "Please choose somebody"), ({"reason": ""}, "Please say why")],
)  # fmt: skip
def test_what_is_wrong_stands_beside_the_field_and_the_rest_is_kept(
    firm: Firm, change: dict[str, str], words: str
) -> None:
    browser = firm.browser("rui")
    form = fields(browser.get(PAGE).text, f"{PAGE}/points")
    form |= {"who": who(firm, "ben"), "points": "7", "reason": "A kept <reason>"} | change
    answer = browser.post(f"{PAGE}/points", data=form)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'aria-invalid="true"' in answer.text
    if "reason" not in change:
        assert "A kept &lt;reason&gt;" in answer.text
    if "points" not in change:
        assert 'value="7"' in answer.text
    assert firm.decisions() == []


def test_above_the_limit_somebody_else_confirms(firm: Firm) -> None:
    rui, ada = firm.browser("rui"), firm.browser("ada")
    form = fields(rui.get(PAGE).text, f"{PAGE}/points")
    form |= {"who": who(firm, "ben"), "points": "−31", "reason": "A lead twice"}
    assert rui.post(f"{PAGE}/points", data=form).status_code == 303
    assert firm.decisions() == []
    page = rui.get(PAGE).text
    assert "Proposed. It is booked once a second person confirms it." in page
    assert "waits for somebody else" in page
    confirm = f"{PAGE}/proposals/1/confirm"
    mine = fields(page, f"{PAGE}/badge") | {"token": "tampered"}
    answer = rui.post(confirm, data=mine)
    assert answer.status_code == 422
    assert "Somebody else has to say yes or no to this. Nothing of yours was kept." in answer.text
    assert "1 waits for your yes or no" in ada.get("/settings").text
    refuse = f"{PAGE}/proposals/1/refuse"
    assert ada.post(refuse, data=fields(ada.get(PAGE).text, refuse) | {"reason": ""}).status_code == 422
    assert ada.post(confirm, data=fields(ada.get(PAGE).text, confirm)).status_code == 303
    assert firm.decisions() == [("points", "A lead twice")]
    assert "Rui Faria and ada@example.com" in ada.get(PAGE).text
    assert "Adjusted by hand" in firm.browser("ben").get("/me").text


def test_a_rep_ticks_a_task_off_and_a_manager_confirms_it(firm: Firm) -> None:
    ben, rui = firm.browser("ben"), firm.browser("rui")
    page = ben.get("/me").text
    assert "until 31 Aug 2026 · +15 points, €" in page.replace("\N{NO-BREAK SPACE}", " ")
    way = "/me/tasks/training"
    for _ in range(2):
        answer = ben.post(way, data=fields(page, way))
        assert (answer.status_code, answer.location) == (303, "/me")
    page = ben.get("/me").text
    assert "waits for your manager" in page
    assert way not in page
    refuse = f"{PAGE}/proposals/1/refuse"
    form = fields(rui.get(PAGE).text, refuse) | {"reason": "No certificate"}
    assert rui.post(refuse, data=form).status_code == 303
    page = ben.get("/me").text
    assert "not confirmed: No certificate" in page
    again = fields(page, way)
    ben.post(way, data=again)
    confirm = f"{PAGE}/proposals/2/confirm"
    assert rui.post(confirm, data=fields(rui.get(PAGE).text, confirm)).status_code == 303
    page = ben.get("/me").text
    assert re.search(r'chip-met">done<', page)
    assert ben.post("/me/tasks/nonsense", data=again | {"token": "another"}).status_code == 303
    assert "can no longer be ticked off" in ben.get("/me").text
    assert way not in rui.get(f"/reps/{firm.who.people['ben']}").text, "only the rep ticks off"


def test_proposals_of_others_are_not_found(firm: Firm) -> None:
    ada, rui = firm.browser("ada"), firm.browser("rui")
    form = fields(ada.get(PAGE).text, f"{PAGE}/points")
    ada.post(f"{PAGE}/points", data=form | {"who": who(firm, "ana"), "points": "99", "reason": "x"})
    assert "Ana Souza" not in rui.get(PAGE).text
    mine = fields(rui.get(PAGE).text, f"{PAGE}/badge") | {"token": "t", "reason": "x"}
    for number in (1, 4711, 2**70):
        for word in ("confirm", "refuse"):
            assert rui.post(f"{PAGE}/proposals/{number}/{word}", data=mine).status_code == 404
    assert rui.post(f"{PAGE}/proposals/1/burn", data=mine).status_code == 404


def test_the_page_takes_a_small_constant_number_of_statements(firm: Firm) -> None:
    browser = firm.browser("ada")
    browser.get(PAGE)
    with firm.app.app_context(), count_statements(db.engine) as statements:
        assert browser.get(PAGE).status_code == 200
    assert len(statements) <= 12, (len(statements), statements)
