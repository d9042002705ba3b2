"""Logging in and out, and what a session is worth."""

from collections.abc import Callable

import pytest
import time_machine
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from flask_login import encode_cookie
from sqlalchemy import select

from leaderboard.domain.instants import HOUR, MINUTE
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import AuditEntry, LoginSession, User
from leaderboard.services import clock, login_changes, login_sessions, passwords, users
from leaderboard.web.redirects import own_path
from tests.cast import ADMIN, MANAGER, PASSWORD, REP, STRANGER, Cast, csrf, log_in, log_out
from tests.databases import count_statements

INSIDE = "/account/password"


def cookie(browser: FlaskClient) -> str:
    found = browser.get_cookie("session")
    assert found is not None
    return found.value


def is_in(browser: FlaskClient) -> bool:
    return browser.get(INSIDE).status_code == 200


def test_who_has_a_password_comes_in_and_a_stranger_does_not(cast: Cast) -> None:
    assert is_in(cast.logged_in(REP))
    for email, password in ((STRANGER, PASSWORD), (REP, "wrong horse battery"), ("no address", PASSWORD)):
        browser = cast.browser()
        answer = log_in(browser, email, password)
        assert answer.status_code == 400
        assert "do not go together" in answer.text
        assert not is_in(browser)


def test_an_address_is_the_same_in_capitals_and_with_spaces(cast: Cast) -> None:
    assert log_in(cast.browser(), " ANA@Example.com ").status_code == 302


def test_a_disabled_login_and_one_without_a_password_are_refused_like_a_wrong_password(cast: Cast) -> None:
    with cast.app.app_context():
        login_changes.disable(users.existing(REP).id, actor="test", now=clock.now())
        users.create("new@example.com", "rep", rep=None, password=None, actor="test", now=clock.now())
    for email in (REP, "new@example.com"):
        assert "do not go together" in log_in(cast.browser(), email).text


def test_logging_in_gives_another_session_than_the_one_that_was_there_before(cast: Cast) -> None:
    browser = cast.browser()
    csrf(browser)
    planted = cookie(browser)
    assert log_in(browser, REP).status_code == 302
    attacker = cast.browser()
    attacker.set_cookie("session", planted)
    assert not is_in(attacker)
    old_form = csrf(attacker)
    answer = browser.post("/logout", data={"csrf_token": old_form})
    assert answer.status_code == 400
    assert is_in(browser)


def test_a_cookie_from_before_logging_out_opens_nothing_afterwards(cast: Cast) -> None:
    browser = cast.logged_in(REP)
    kept = cookie(browser)
    assert log_out(browser).location == "/login"
    thief = cast.browser()
    thief.set_cookie("session", kept)
    assert not is_in(thief)


def test_logging_out_on_one_device_leaves_the_other_in(cast: Cast) -> None:
    phone, desk = cast.logged_in(REP), cast.logged_in(REP)
    log_out(phone)
    assert is_in(desk)


def test_a_session_ends_after_eight_hours_without_use_and_lives_on_with_it(cast: Cast) -> None:
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False) as now:
        idle, busy = cast.logged_in(REP), cast.logged_in(REP)
        now.shift(6 * 3600)
        assert is_in(busy)
        now.shift(6 * 3600)
        assert is_in(busy)
        assert not is_in(idle)


def test_a_session_ends_after_seven_days_whatever_is_done_with_it(cast: Cast) -> None:
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False) as now:
        browser = cast.logged_in(REP)
        for _ in range(27):
            now.shift(6 * 3600)
            assert is_in(browser)
        now.shift(6 * 3600)
        assert not is_in(browser)


def test_a_page_that_asks_again_by_itself_keeps_no_session_alive(cast: Cast) -> None:
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False) as now:
        browser = cast.logged_in(REP)
        now.shift(7 * 3600)
        assert browser.get(INSIDE, headers={"HX-Request": "true"}).status_code == 200
        now.shift(2 * 3600)
        assert browser.get(INSIDE, headers={"HX-Request": "true"}).status_code == 401


@pytest.mark.parametrize("change", ["disable", "role"])
def test_disabling_and_another_role_end_all_sessions(cast: Cast, change: str) -> None:
    browser = cast.logged_in(MANAGER)
    with cast.app.app_context():
        if change == "disable":
            login_changes.disable(users.existing(MANAGER).id, actor="test", now=clock.now())
        else:
            login_changes.change_role(users.existing(MANAGER).id, "rep", actor="test", now=clock.now())
    assert not is_in(browser)


def test_changing_the_password_ends_the_other_sessions_and_keeps_this_one(cast: Cast) -> None:
    here, elsewhere = cast.logged_in(REP), cast.logged_in(REP)
    new = "a bird in the hand"
    form = {"current": PASSWORD, "password": new, "again": new, "csrf_token": csrf(here, INSIDE)}
    assert here.post(INSIDE, data=form).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)
    assert "do not go together" in log_in(cast.browser(), REP).text
    assert log_in(cast.browser(), REP, new).status_code == 302


def test_changing_the_password_needs_the_old_one_and_a_good_new_one(cast: Cast) -> None:
    browser = cast.logged_in(REP)
    good = {"current": PASSWORD, "password": "a bird in the hand", "again": "a bird in the hand"}
    for change, fault in (
        ({"current": "not my password"}, "not your password"),
        ({"password": "short", "again": "short"}, "at least 12"),
        ({"again": "another bird in the hand"}, "not the same"),
        ({"password": "aaaaaaaaaaaaaaa", "again": "aaaaaaaaaaaaaaa"}, "too easy"),
        ({"password": REP, "again": REP}, "too easy"),
        ({"password": "x y z " * 100, "again": "x y z " * 100}, "at most 500"),
    ):
        form = good | change | {"csrf_token": csrf(browser, INSIDE)}
        answer = browser.post(INSIDE, data=form)
        assert answer.status_code == 400
        assert fault in answer.text
    assert log_in(cast.browser(), REP).status_code == 302


def test_cookies_are_for_the_browser_alone(cast: Cast) -> None:
    answer = log_in(cast.browser(), REP)
    kept = answer.headers["Set-Cookie"]
    assert kept.startswith("session=")
    assert "HttpOnly" in kept
    assert "SameSite=Lax" in kept
    assert "Secure" not in kept


def test_cookies_are_secure_and_bound_to_the_host_where_people_come_by_https(
    make_app: Callable[..., Flask],
) -> None:
    browser = make_app(base_url="https://board.example.com").test_client()
    answer = browser.get("/setup", base_url="https://board.example.com")
    kept = answer.headers["Set-Cookie"]
    assert kept.startswith("__Host-session=")
    assert "Secure" in kept
    assert "Domain" not in kept
    assert "Path=/" in kept


def test_the_database_holds_neither_the_password_nor_what_the_cookie_holds(cast: Cast) -> None:
    browser = cast.logged_in(REP)
    with browser.session_transaction() as held:
        token = held["login"]
    with cast.app.app_context():
        session = current_session()
        assert session.scalars(select(LoginSession.token_hash)).all() != [token]
        kept = session.scalars(select(User.password_hash)).all()
        assert all(one is not None and one.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for one in kept)


def test_a_hash_of_other_parameters_is_made_anew_at_the_next_login(cast: Cast) -> None:
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    with cast.app.app_context():
        users.existing(REP).password_hash = weak
        current_session().commit()
    assert log_in(cast.browser(), REP).status_code == 302
    with cast.app.app_context():
        assert not passwords.is_outdated(users.existing(REP).password_hash or "")
    assert log_in(cast.browser(), REP).status_code == 302


ELSEWHERE = (
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/\n/evil.example",
    "http:evil.example",
    "///evil.example",
    "evil.example",
    "/" + "a" * 3000,
    "",
)


def test_a_path_of_ours_begins_with_one_slash_and_holds_nothing_that_browsers_drop() -> None:
    assert [own_path(text) for text in ELSEWHERE] == [None] * len(ELSEWHERE)
    assert own_path("/reps/4?before=2#x") == "/reps/4?before=2#x"


@pytest.mark.parametrize("elsewhere", ELSEWHERE[:4])
def test_after_logging_in_nobody_is_sent_elsewhere(cast: Cast, elsewhere: str) -> None:
    assert log_in(cast.browser(), REP, next_page=elsewhere).location == "/"


def test_who_wanted_a_page_gets_it_after_logging_in(cast: Cast) -> None:
    browser = cast.browser()
    asked = browser.get("/account/password?x=1&y=2")
    assert asked.location == "/login?next=/account/password?x%3D1%26y%3D2"
    assert log_in(browser, REP, next_page="/account/password?x=1&y=2").location == "/account/password?x=1&y=2"


def test_a_part_asked_for_by_a_page_that_was_left_open_gets_401_and_no_login_page(cast: Cast) -> None:
    answer = cast.browser().get(INSIDE, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "<html" not in answer.text


def test_a_form_without_its_token_is_refused_with_a_page_that_says_so(cast: Cast) -> None:
    browser = cast.logged_in(REP)
    for url, form in (
        ("/logout", {}),
        ("/login", {"email": REP, "password": PASSWORD}),
        ("/preferences", {"theme": "dark"}),
        (INSIDE, {"current": PASSWORD, "password": "a bird in the hand", "again": "a bird in the hand"}),
        ("/logout", {"csrf_token": csrf(cast.browser())}),
    ):
        answer = browser.post(url, data=form)
        assert answer.status_code == 400
        assert "This form is too old" in answer.text
    assert is_in(browser)


def test_a_remember_cookie_as_flask_login_would_make_it_opens_nothing(cast: Cast) -> None:
    browser = cast.browser()
    with cast.app.test_request_context():
        browser.set_cookie("remember_token", encode_cookie("1"))
    assert not is_in(browser)
    assert log_in(browser, REP).status_code == 302
    assert is_in(browser)


def test_a_session_that_the_old_way_names_a_user_opens_nothing(cast: Cast) -> None:
    browser = cast.browser()
    with browser.session_transaction() as held:
        held["_user_id"] = "1"
        held["_fresh"] = True
        held["login"] = 1
    assert not is_in(browser)


def test_language_and_theme_are_kept_with_the_login(cast: Cast) -> None:
    browser = cast.logged_in(REP)
    for choice in ({"language": "pt_BR"}, {"theme": "dark"}):
        form = choice | {"next": INSIDE, "csrf_token": csrf(browser, INSIDE)}
        assert browser.post("/preferences", data=form).location == INSIDE
    elsewhere = cast.logged_in(REP)
    page = elsewhere.get(INSIDE).text
    assert '<html lang="pt-BR" data-theme="dark"' in page
    form = {"theme": "system", "csrf_token": csrf(browser, INSIDE)}
    assert browser.post("/preferences", data=form).location == "/"
    assert "data-theme" not in elsewhere.get(INSIDE).text


def test_what_happened_to_logins_is_noted_without_names(cast: Cast) -> None:
    with cast.app.app_context():
        login_changes.change_role(users.existing(MANAGER).id, "rep", actor="test", now=clock.now())
        notes = current_session().scalars(select(AuditEntry)).all()
        assert [note.action for note in notes] == ["user.role"]
        told = " ".join(f"{n.actor} {n.subject} {n.before} {n.after}" for n in notes)
        assert "example.com" not in told


def test_logging_in_and_a_request_take_few_statements(cast: Cast) -> None:
    browser = cast.browser()
    token = csrf(browser)
    with cast.app.app_context():
        engine = db.engine
    with count_statements(engine) as seen:
        browser.post("/login", data={"email": REP, "password": PASSWORD, "csrf_token": token})
    assert len(seen) <= 13, seen
    with count_statements(engine) as seen:
        browser.get("/account/password")
    assert len([one for one in seen if "sessions" in one]) == 1, seen


def test_old_sessions_are_swept_away(cast: Cast) -> None:
    cast.logged_in(REP)
    with cast.app.app_context():
        login_sessions.forget_ended(clock.now() + 8 * HOUR - MINUTE)
        assert current_session().scalar(select(LoginSession.user_id)) is not None
        login_sessions.forget_ended(clock.now() + 8 * HOUR)
        assert current_session().scalar(select(LoginSession.user_id)) is None


def test_the_only_administrator_stays_one(cast: Cast) -> None:
    with cast.app.app_context():
        for change in (
            lambda: login_changes.disable(users.existing(ADMIN).id, actor="test", now=1),
            lambda: login_changes.change_role(users.existing(ADMIN).id, "rep", actor="test", now=1),
        ):
            with pytest.raises(users.UserProblem, match="only administrator"):
                change()
