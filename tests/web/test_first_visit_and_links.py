"""The first visit, and the links by which everybody else chooses a password."""

import stat
import threading
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from leaderboard.persistence.db import db
from leaderboard.services import clock, login_changes, one_time_links, setup, setup_code, users
from tests.cast import REP, Cast, csrf, log_in

NEW = "a bird in the hand"


@pytest.fixture
def code(app: Flask, tmp_path: Path) -> str:
    with app.app_context():
        made = setup.ensure_setup_code(tmp_path)
    assert made is not None
    return made


def first_visit(
    browser: FlaskClient, code: str, email: str = "ada@example.com", password: str = NEW
) -> TestResponse:
    form = {"code": code, "name": "Ada Lima", "email": email, "password": password, "again": password}
    return browser.post("/setup", data=form | {"csrf_token": csrf(browser, "/setup")})


def test_an_empty_instance_leads_to_the_first_visit_and_a_used_one_away_from_it(
    app: Flask, client: FlaskClient, code: str
) -> None:
    for page in ("/", "/login", "/data-health"):
        assert client.get(page).location == "/setup"
    assert first_visit(client, code).location == "/"
    assert client.get("/account/password").status_code == 200
    assert "Ada Lima" in client.get("/settings").text
    for browser in (client, app.test_client()):
        assert browser.get("/setup").location == "/login"
        assert first_visit_is_shut(browser, code)
    assert log_in(app.test_client(), "ada@example.com", NEW).status_code == 302


def first_visit_is_shut(browser: FlaskClient, code: str) -> bool:
    token = (
        csrf(browser, "/account/password")
        if browser.get("/account/password").status_code == 200
        else csrf(browser)
    )
    form = {"code": code, "email": "eve@example.com", "password": NEW, "again": NEW, "csrf_token": token}
    answer = browser.post("/setup", data=form)
    return answer.location == "/login"


def test_the_code_is_needed_and_may_be_typed_as_one_likes(client: FlaskClient, code: str) -> None:
    for wrong in ("AAAA-BBBB-CCCC-DDDD", "0", code[:-1]):
        answer = first_visit(client, wrong)
        assert answer.status_code == 400
        assert "not the code" in answer.text
    assert first_visit(client, f" {code.lower().replace('-', ' ')} ").location == "/"


def test_a_bad_address_or_password_makes_nobody(client: FlaskClient, code: str) -> None:
    assert "not an email address" in first_visit(client, code, email="ada").text
    assert "at least 12" in first_visit(client, code, password="short").text
    assert client.get("/").location == "/setup"


def test_guessing_the_code_gets_slow(client: FlaskClient, code: str) -> None:
    answers = [first_visit(client, "wrong") for _ in range(7)]
    assert [one.status_code for one in answers][:5] == [400] * 5
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


def test_each_start_makes_a_new_code_until_somebody_has_a_login(
    app: Flask, tmp_path: Path, code: str
) -> None:
    kept = tmp_path / "setup_code"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert code.replace("-", "") not in kept.read_text()
    with app.app_context():
        newer = setup.ensure_setup_code(tmp_path)
        assert newer is not None
        assert newer != code
        assert not setup_code.is_right(tmp_path, code)
        users.create("ada@example.com", "admin", rep=None, password=NEW, actor="test", now=1)
        assert setup.ensure_setup_code(tmp_path) is None
        assert not kept.exists()
        assert not setup_code.is_right(tmp_path, newer)


def test_of_two_first_visits_at_once_one_makes_the_administrator(
    app: Flask, tmp_path: Path, code: str
) -> None:
    outcomes: list[str] = []

    def visit(name: str) -> None:
        with app.app_context():
            try:
                setup.create_administrator(tmp_path, code, f"{name}@example.com", NEW, name, clock.now())
                outcomes.append("made")
            except (setup.AlreadySetUp, setup.WrongCode):
                outcomes.append("late")
            db.session.remove()

    threads = [threading.Thread(target=visit, args=(f"10.0.0.{number}",)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["late", "late", "made"]


def a_link(cast: Cast, email: str = REP) -> str:
    with cast.app.app_context():
        return one_time_links.make(email, actor="test", now=clock.now())


def choose(browser: FlaskClient, link: str, password: str = NEW) -> TestResponse:
    assert browser.get("/password", query_string={"link": link}).location == "/password"
    page = browser.get("/password")
    if page.status_code != 200:
        return page
    form = {"password": password, "again": password, "csrf_token": csrf(browser, "/password")}
    return browser.post("/password", data=form)


def test_a_link_lets_one_choose_a_password_and_come_in_once(cast: Cast) -> None:
    elsewhere, link = cast.logged_in(REP), a_link(cast)
    browser = cast.browser()
    assert choose(browser, link).location == "/"
    assert browser.get("/account/password").status_code == 200
    assert elsewhere.get("/account/password").status_code == 302
    assert log_in(cast.browser(), REP, NEW).status_code == 302
    again = choose(cast.browser(), link)
    assert again.location == "/login"


def test_a_link_does_not_stay_in_the_address(cast: Cast) -> None:
    browser, link = cast.browser(), a_link(cast)
    browser.get("/password", query_string={"link": link})
    page = browser.get("/password").text
    assert REP in page
    assert link not in page


def test_a_link_that_is_old_replaced_foreign_or_of_a_disabled_login_opens_nothing(cast: Cast) -> None:
    first = a_link(cast)
    replaced = choose(cast.browser(), first) if a_link(cast) else None
    assert replaced is not None
    assert replaced.location == "/login"
    for link in ("", "x", "x" * 5000, "\x00", "' OR 1=1 --"):
        assert choose(cast.browser(), link).location == "/login"
    good = a_link(cast)
    with cast.app.app_context():
        login_changes.disable(users.existing(REP).id, actor="test", now=clock.now())
    assert choose(cast.browser(), good).location == "/login"
    with time_machine.travel("2026-01-01T00:00:00Z", tick=False) as now:
        with cast.app.app_context():
            login_changes.enable(users.existing(REP).id, actor="test", now=clock.now())
        old = a_link(cast)
        now.shift(3 * 24 * 3600)
        spent = cast.browser()
        assert choose(spent, old).location == "/login"
        assert "used already or is too old" in spent.get("/login").text


def test_a_weak_password_leaves_the_link_good(cast: Cast) -> None:
    browser, link = cast.browser(), a_link(cast)
    assert "at least 12" in choose(browser, link, "short").text
    assert choose(browser, link).location == "/"


def test_old_links_are_swept_away(cast: Cast) -> None:
    link = a_link(cast)
    with cast.app.app_context():
        one_time_links.forget_old(clock.now())
        assert one_time_links.email_of(link, clock.now()) == REP
        one_time_links.forget_old(clock.now() + one_time_links.GOOD_FOR)
        assert one_time_links.email_of(link, clock.now()) is None
