"""The queue of measures and the ladders on a person's own page: who sees them, what is said, and nothing in public."""

import re

import pytest

from leaderboard.persistence.db import db
from tests.databases import count_statements
from tests.web.settings.firm import Firm, fields

QUEUE = "/settings/consequences"


def way(firm: Firm, word: str, place: int = 0) -> str:
    return f"{QUEUE}/2026-07/slow/rep/{firm.who.people['ben']}/{place}/{word}"


@pytest.mark.parametrize(
    ("name", "status"), [("ada", 200), ("rui", 200), ("ben", 404), ("ana", 404), ("head", 404)]
)
def test_who_finds_the_queue(firm: Firm, name: str, status: int) -> None:
    assert firm.browser(name).get(QUEUE).status_code == status


def test_a_case_has_the_facts_beside_it(firm: Firm) -> None:
    page = firm.browser("rui").get(QUEUE).text
    for words in ("1 case waits for your word", "Ben Costa", "Slow to call, step 1 of 2", "July 2026", "0 of 1 in time",
                  "agreed is 50%", "L3: 60 minutes were over", "40 points off", "A coaching conversation"):  # fmt: skip
        assert words in page, words
    assert "1 case waits" in firm.browser("ada").get("/settings").text


def test_approved_in_a_browser_once_and_undone(firm: Firm) -> None:
    browser = firm.browser("rui")
    sent = fields(browser.get(QUEUE).text, way(firm, "approve"))
    for _ in range(2):
        answer = browser.post(way(firm, "approve"), data=sent)
        assert (answer.status_code, answer.location) == (303, QUEUE)
    assert firm.decisions() == [("approved", None)]
    page = browser.get(QUEUE).text
    assert "Approved: 40 points off" in page
    undo = f"{QUEUE}/decisions/1/undo"
    answer = browser.post(undo, data=fields(page, undo) | {"reason": "<b>Wrong</b> month"})
    assert answer.status_code == 303
    page = browser.get(QUEUE).text
    assert "&lt;b&gt;Wrong&lt;/b&gt; month" in page
    assert "<b>Wrong" not in page


def test_who_comes_second_is_told_so_and_shown_what_they_wrote(firm: Firm) -> None:
    browser = firm.browser("rui")
    page = browser.get(QUEUE).text
    waive = way(firm, "waive", 1)
    first = fields(browser.get(QUEUE).text, waive) | {"reason": "Holiday"}
    assert browser.post(waive, data=first).status_code == 303
    answer = browser.post(waive, data=fields(page, waive) | {"reason": "Was ill"})
    assert answer.status_code == 422
    alert = answer.text.partition('role="alert"')[2].partition("</div></div>")[0]
    assert "This was decided meanwhile." in alert
    assert "Was ill" in alert
    undo = f"{QUEUE}/decisions/1/undo"
    page = browser.get(QUEUE).text
    for status, words in ((303, ""), (422, "This was undone already. Nothing of yours was kept.")):
        answer = browser.post(undo, data=fields(page, undo) | {"reason": "No", "token": f"t{status}"})
        assert answer.status_code == status
        assert words in answer.text


def test_without_a_reason_nothing_is_waived_and_the_form_says_so(firm: Firm) -> None:
    browser = firm.browser("rui")
    sent = fields(browser.get(QUEUE).text, way(firm, "waive", 1))
    answer = browser.post(way(firm, "waive", 1), data=sent | {"reason": "  "})
    assert answer.status_code == 422
    assert "Please say why" in answer.text
    long = "long " * 300
    answer = browser.post(way(firm, "waive", 1), data=sent | {"reason": long})
    assert long.strip() in answer.text, "what was typed is kept"
    assert firm.decisions() == []
    assert browser.post(way(firm, "waive", 1), data=sent | {"reason": "Ill"}).status_code == 303
    assert firm.decisions() == [("waived", "Ill")]


def test_what_is_nobody_s_business_of_theirs_is_not_found(firm: Firm) -> None:
    rui, ana = firm.browser("rui"), firm.who.people["ana"]
    sent = fields(rui.get(QUEUE).text, way(firm, "approve"))
    for path in (f"{QUEUE}/2026-07/slow/rep/{ana}/0/approve", f"{QUEUE}/2026-07/slow/rep/{2**70}/0/approve",
                 f"{QUEUE}/2026-99/slow/rep/{firm.who.people['ben']}/0/approve", f"{QUEUE}/decisions/99/undo",
                 way(firm, "approve", 9), way(firm, "burn"), f"{QUEUE}/2026-07/slow/dog/1/0/approve"):  # fmt: skip
        assert rui.post(path, data=sent | {"reason": "x"}).status_code == 404, path
    for name in ("ben", "head"):
        assert firm.browser(name).post(way(firm, "approve"), data=sent).status_code in (400, 404)
    assert rui.post(way(firm, "approve"), data={"token": "x"}).status_code == 400, "no CSRF token"
    assert firm.decisions() == []


def test_a_person_reads_the_ladder_before_and_after(firm: Firm) -> None:
    before = firm.browser("ana").get("/me").text
    wanted = (
        "Where I stand on each ladder",
        "At the foot: nothing counts",
        "40 points off, if a manager approves",
    )
    for words in wanted:
        assert words in before, words
    after = firm.browser("ben").get("/me").text
    for words in ("On step 1 of 2", "July 2026 counts until the end of December 2026", "waits for a manager"):
        assert words in after, words
    states = re.findall(r'class="chip[^"]*">([^<]+)</span>', after[after.index("On step 1 of 2") :])
    assert "told" in states, "what was only to be said applies to nobody any more"
    assert "applies" not in states
    browser = firm.browser("rui")
    sent = fields(browser.get(QUEUE).text, way(firm, "waive"))
    browser.post(way(firm, "waive"), data=sent | {"reason": "The phones were down"})
    assert "Rui Faria, 2 August, 10:00: The phones were down" in firm.browser("ben").get("/me").text
    seen = browser.get(f"/reps/{firm.who.people['ben']}").text
    assert "Where they stand on each ladder" in seen


def test_nothing_of_it_is_public(firm: Firm) -> None:
    """Neither on the board, whoever looks, nor on another's page, nor in the API."""
    token = firm.cast.token("read")
    answers = [
        firm.browser(name).get(path) for name in ("ana", "ada") for path in ("/", "/leaderboard/reps/2026-07")
    ]
    answers += [firm.browser("ana").get("/me/2026-07"), firm.browser("ana").get("/me")]
    answers.append(
        firm.cast.browser().get("/api/v1/standings/2026-07", headers={"Authorization": f"Bearer {token}"})
    )
    for answer in answers:
        assert answer.status_code == 200
        for word in ("On step", "waits for a manager", "L3:"):
            assert word not in answer.text
    for answer in (*answers[:4], answers[-1]):
        assert "Slow to call" not in answer.text
        assert "ladder" not in answer.text.lower()


@pytest.mark.parametrize(("path", "most"), [(QUEUE, 16), ("/me", 26), ("/settings", 21)])
def test_pages_take_a_small_constant_number_of_statements(firm: Firm, path: str, most: int) -> None:
    browser = firm.browser("rui" if path != "/me" else "ben")
    browser.get(path)
    with firm.app.app_context(), count_statements(db.engine) as statements:
        assert browser.get(path).status_code == 200
    assert len(statements) <= most, (len(statements), statements)
