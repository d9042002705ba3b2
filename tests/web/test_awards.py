"""The shelf of badges, certificates, and the question how one is taken along: one's own, and another's not found."""

import pytest
from sqlalchemy import select

from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Award, Credential, User
from leaderboard.services import deciding
from leaderboard.services.closing import close_due
from leaderboard.settings import Settings
from tests.databases import count_statements
from tests.signing_keys import keys_in
from tests.web.settings.firm import Firm, fields

SHELF = "/me/badges"


@pytest.fixture
def shelf(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """Ben was thanked; Ana's team won the quarter, and is the champion."""
    settings: Settings = firm.app.extensions["settings"]
    keys_in(settings.keys_folder)
    with firm.app.app_context():
        deciding.give_badge(firm.who.rui, firm.who.people["ben"], "thanks", "Good work", token="thanks")
        close_due(firm.at("2026-10-05T10:00:00Z"))
    return firm


def number(firm: Firm, badge: str) -> int:
    with firm.app.app_context():
        found = select(Award.id).where(Award.badge == badge, Award.withdrawn_at.is_(None))
        return current_session().scalars(found).one()


def test_a_rep_finds_their_badges_and_their_team_s(shelf: Firm) -> None:
    ben = shelf.browser("ben").get(SHELF).text
    assert "Thank you" in ben
    assert "Champions" not in ben
    ana = shelf.browser("ana").get(SHELF).text
    assert "Champions" in ana
    assert "with the team North" in ana
    assert "Thank you" not in ana
    assert 'href="/me/badges"' in shelf.browser("ben").get("/me").text


@pytest.mark.parametrize(
    ("who", "badge", "status"),
    [
        ("ben", "thanks", 200),
        ("rui", "thanks", 200),
        ("ada", "thanks", 200),
        ("head", "thanks", 200),
        ("ana", "thanks", 404),
        ("ana", "champions", 200),
        ("ada", "champions", 200),
        ("head", "champions", 200),
        ("ben", "champions", 404),
        ("rui", "champions", 404),
    ],
)
def test_who_may_print_a_certificate(shelf: Firm, who: str, badge: str, status: int) -> None:
    answer = shelf.browser(who).get(f"/awards/{number(shelf, badge)}/certificate")
    assert answer.status_code == status
    if status == 200:
        assert ("Ben Costa" if badge == "thanks" else "North") in answer.text


@pytest.mark.parametrize("wrong", [0, 4711, 2**63, 10**30])
def test_an_award_that_is_none_is_not_found(shelf: Firm, wrong: int) -> None:
    browser = shelf.browser("ada")
    for path in ("certificate", "take-along"):
        assert browser.get(f"/awards/{wrong}/{path}").status_code == 404


@pytest.mark.parametrize(
    ("who", "whose", "status"),
    [("rui", "ben", 200), ("ada", "ana", 200), ("rui", "ana", 404), ("ben", "ana", 404), ("ben", "ben", 302)],
)
def test_whose_shelf_one_may_look_at(shelf: Firm, who: str, whose: str, status: int) -> None:
    answer = shelf.browser(who).get(f"/reps/{shelf.who.people[whose]}/badges")
    assert answer.status_code == status
    if status == 200:
        assert "take-along" not in answer.text


def test_a_login_that_stands_for_no_rep_has_no_shelf(shelf: Firm) -> None:
    assert shelf.browser("ada").get(SHELF).status_code == 404


def test_a_certificate_speaks_the_language_of_whom_it_is_for(shelf: Firm) -> None:
    with shelf.app.app_context():
        ben = current_session().scalars(select(User).where(User.email == "ben@example.com")).one()
        ben.locale = "pt_BR"
        current_session().commit()
    page = shelf.browser("rui").get(f"/awards/{number(shelf, 'thanks')}/certificate").text
    assert "conquistou a medalha" in page
    assert "02 de ago. de 2026" in page or "2 de ago. de 2026" in page
    assert "has earned" in shelf.browser("ada").get(f"/awards/{number(shelf, 'champions')}/certificate").text


def test_only_the_owner_is_asked_how_to_take_it_along(shelf: Firm) -> None:
    path = f"/awards/{number(shelf, 'thanks')}/take-along"
    for who in ("rui", "ada", "ana", "head"):
        browser = shelf.browser(who)
        assert browser.get(path).status_code == 404
        form = fields(shelf.browser("ben").get(path).text, path)
        form["csrf_token"] = fields(browser.get("/account/password").text, "/preferences")["csrf_token"]
        assert browser.post(path, data=form | {"naming": "full"}).status_code == 404


def test_without_a_choice_the_form_comes_back_with_what_was_chosen(shelf: Firm) -> None:
    browser, path = shelf.browser("ben"), f"/awards/{number(shelf, 'thanks')}/take-along"
    page = browser.get(path).text
    for words in ("Ben Costa", "Ben C.", "Without a name", "ben@example.com", "What will be public"):
        assert words in page, words
    answer = browser.post(path, data=fields(page, path) | {"naming": "King of sales"})
    assert answer.status_code == 422
    assert "Please choose one." in answer.text
    assert 'name="with_email" value="y" aria' in answer.text
    assert browser.post(path, data={"naming": "full"}).status_code == 400


def test_what_was_taken_along_stands_on_the_certificate_and_on_the_shelf(shelf: Firm) -> None:
    browser, path = shelf.browser("ben"), f"/awards/{number(shelf, 'thanks')}/take-along"
    form = fields(browser.get(path).text, path) | {"naming": "short"}
    for _ in range(2):
        assert browser.post(path, data=form).status_code == 303
    page = browser.get(SHELF).text
    assert "Public since" in page
    assert path not in page
    with shelf.app.app_context():
        address = current_session().scalars(select(Credential.address)).one()
    certificate = browser.get(f"/awards/{number(shelf, 'thanks')}/certificate").text
    assert f"/credentials/{address}" in certificate
    assert "Public since" not in shelf.browser("rui").get(f"/reps/{shelf.who.people['ben']}/badges").text


def test_another_s_credential_is_not_there_to_withdraw(shelf: Firm) -> None:
    browser, path = shelf.browser("ben"), f"/awards/{number(shelf, 'thanks')}/take-along"
    browser.post(path, data=fields(browser.get(path).text, path) | {"naming": "full"})
    ana = shelf.browser("ana")
    form = {"csrf_token": fields(ana.get(SHELF).text, "/preferences")["csrf_token"], "token": "x"}
    for wrong in (1, 4711, 10**30):
        assert ana.post(f"/me/badges/{wrong}/withdraw", data=form).status_code == 404


def test_pages_beyond_the_last_and_nonsense_are_the_empty_and_the_first_one(shelf: Firm) -> None:
    browser = shelf.browser("ben")
    assert "Thank you" in browser.get(f"{SHELF}?page=x").text
    assert "Thank you" not in browser.get(f"{SHELF}?page=99999").text
    assert browser.get(f"{SHELF}?page={10**40}").status_code == 200


def test_the_shelf_takes_few_statements(shelf: Firm) -> None:
    browser = shelf.browser("ben")
    browser.get(SHELF)
    with shelf.app.app_context(), count_statements(db.engine) as seen:
        assert browser.get(SHELF).status_code == 200
    assert len(seen) <= 5, seen
