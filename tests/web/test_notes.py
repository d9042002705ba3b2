"""My notes: what is said, to whom, what is new; and that nobody else finds any of it."""

import re

import pytest
from sqlalchemy import func, select

from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import NotesSeen
from leaderboard.services import deciding, login_changes, proposals, users
from leaderboard.services.announcing import announce
from leaderboard.services.clock import now as instant_now
from leaderboard.services.evaluation import bring_up_to_date
from tests.databases import count_statements
from tests.services.acme import send
from tests.web.settings.firm import Firm

PAGE = "/notes"


@pytest.fixture
def told(firm: Firm) -> Firm:
    with firm.app.app_context():
        announce()
    return firm


def text_of(firm: Firm, name: str, path: str = PAGE) -> str:
    answer = firm.browser(name).get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_missed_month_says_what_happened_by_which_rule_what_it_means_and_what_leads_back(
    told: Firm,
) -> None:
    page = text_of(told, "ben")
    for words in (
        "1 new note for you",
        "“First contact within one hour” was missed in July 2026",
        "0 of 1 in time ; agreed is 50%",
        "By the ladder “Slow to call” of the rules in force from 1 Jan 2026 this is step 1 of 2",
        "40 points off waits for a manager",
        "July 2026 counts until the end of December 2026",
        "2 months in a row that are met lead back to the foot",
        "does not apply unless it is approved",
        "Talk to Rui Faria, who can waive it",
        "Only you read this page",
    ):
        assert words in page, words


def test_a_manager_and_an_administrator_read_what_waits_for_them_and_the_head_nothing(told: Firm) -> None:
    for name in ("rui", "ada"):
        page = text_of(told, name)
        assert "Ben Costa: “First contact within one hour” was missed in July 2026" in page
        assert "Decide on it" in page
        assert "Talk to" not in page
    assert "Nothing to tell yet" in text_of(told, "head")


def test_the_mark_in_the_bar_goes_once_the_page_was_looked_at_and_each_login_has_its_own(told: Firm) -> None:
    ben = told.browser("ben")
    for path in ("/", "/me", "/rules"):
        assert "1 new note for you" in ben.get(path).text
    first = ben.get(PAGE).text
    assert first.count("is-new") == 1
    again = ben.get(PAGE).text
    assert "is-new" not in again
    assert "was missed in July 2026" in again
    assert "new note" not in ben.get("/me").text
    assert "1 new note for you" in told.browser("rui").get("/").text
    with told.app.app_context():
        assert current_session().scalar(select(func.count()).select_from(NotesSeen)) == 1


def test_what_is_decided_is_read_at_once_with_its_reason(told: Firm) -> None:
    with told.app.app_context():
        who = told.who
        deciding.approve(who.rui, who.slow(), token="1")
        deciding.waive(who.rui, who.slow(1), "Ill <b>that</b> week", token="2")
        deciding.undo(who.ada, 1, "It was the phones", token="3")
        deciding.give_badge(who.rui, who.people["ben"], "thanks", "The fair", token="4")
        deciding.adjust(who.ada, who.slow().subject, who.people["ben"], -3, "Counted twice", token="5")
    page = text_of(told, "ben")
    for words in (
        "6 new notes for you", "Approved: 40 points off", "Waived: a coaching conversation",
        "Ill &lt;b&gt;that&lt;/b&gt; week", "No longer approved: 40 points off", "It was the phones",
        "A badge for you: Thank you", "It brings +20 points", "The fair", "-3 points",
        "Counted twice", "ada@example.com",
    ):  # fmt: skip
        assert words in page.replace("−", "-"), words
    assert "Counted twice" not in text_of(told, "rui"), "what an administrator gave is the rep's own"


def test_a_task_that_was_ticked_off_goes_to_the_manager_and_the_answer_comes_back(told: Firm) -> None:
    with told.app.app_context():
        proposals.tick_off(told.who.ben, "training", token="1")
    assert "Ben Costa ticked off “Training” It counts once you confirm it." in _without_dates(
        text_of(told, "rui")
    )
    with told.app.app_context():
        proposals.refuse(told.who.rui, 1, "Not on the list", token="2")
    page = text_of(told, "ben")
    for words in ("Not confirmed: Training", "Not on the list", "You can tick it off again"):
        assert words in page, words
    assert "It was refused since." in text_of(told, "rui")


def _without_dates(page: str) -> str:
    return re.sub(r"(new )?\d+ August, \d\d:\d\d ", "", page)


@pytest.mark.parametrize("name", ["ana", "head"])
def test_a_colleague_and_a_head_who_decides_on_nobody_read_nothing_of_it(told: Firm, name: str) -> None:
    for path in (PAGE, f"{PAGE}?before=999999"):
        page = text_of(told, name, path)
        for words in ("Ben", "Slow to call", "missed in"):
            assert words not in page, (path, words)


def test_nothing_of_it_is_on_the_board_in_the_api_or_for_a_stranger(told: Firm) -> None:
    token = told.cast.token("read")
    answers = [told.browser("ana").get(path) for path in ("/", "/leaderboard/teams/2026-07", "/me")]
    answers.append(
        told.cast.browser().get("/api/v1/standings/2026-07", headers={"Authorization": f"Bearer {token}"})
    )
    for answer in answers:
        assert answer.status_code == 200
        assert "was missed in" not in answer.text
    stranger = told.cast.browser().get(PAGE)
    assert stranger.status_code == 302
    assert "/login" in stranger.location


def test_who_no_longer_manages_reads_no_more_of_what_the_rules_said_about_the_team(told: Firm) -> None:
    with told.app.app_context():
        login_changes.change_role(
            users.existing("rui@example.com").id, "rep", actor="test", now=instant_now()
        )
    page = text_of(told, "rui")
    assert "Ben Costa" not in page
    assert "new note" not in told.browser("rui").get("/").text


def test_older_notes_are_a_page_further_and_a_strange_number_is_not_found(told: Firm) -> None:
    with told.app.app_context():
        for number in range(22):
            deciding.adjust(
                told.who.ada,
                told.who.slow().subject,
                told.who.people["ben"],
                1,
                f"No {number}.",
                token=f"{number}",
            )
    ben = told.browser("ben")
    first = ben.get(PAGE).text
    assert first.count('class="card note-card') == 20
    older = re.search(r'href="(/notes\?before=\d+)"', first)
    assert older
    second = ben.get(older[1]).text
    assert second.count('class="card note-card') == 3
    assert "July 2026" in second
    assert "The newest" in second
    for before in (0, -1, 2**70):
        assert ben.get(f"{PAGE}?before={before}").status_code == 404


def test_what_fell_since_is_read_as_fallen(told: Firm) -> None:

    with told.app.app_context():
        send(current_session(), ("9", "lead.contacted", "2026-07-03T10:20:00Z", "L3"))

        bring_up_to_date(instant_now())
        announce()
    page = text_of(told, "ben")
    assert "A step of “Slow to call” in July 2026 stands no more" in page
    assert "40 points off" not in page


@pytest.mark.parametrize(("name", "most"), [("ben", 21), ("rui", 21), ("ada", 21)])
def test_the_page_takes_a_small_constant_number_of_statements(told: Firm, name: str, most: int) -> None:
    with told.app.app_context():
        proposals.tick_off(told.who.ben, "training", token="1")
        deciding.give_badge(told.who.rui, told.who.people["ben"], "thanks", "The fair", token="2")
    browser = told.browser(name)
    browser.get(PAGE)
    with told.app.app_context(), count_statements(db.engine) as statements:
        assert browser.get(PAGE).status_code == 200
    assert len(statements) <= most, (len(statements), statements)
