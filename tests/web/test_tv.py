"""/tv: a code, the screen behind it, and what it may read: its own feed, and nothing else."""

import json
import re

import pytest
from flask import Flask
from sqlalchemy import select

from leaderboard.domain.instants import MINUTE
from leaderboard.domain.line_ups import STANDARD, LineUp, Slide, SlideKind
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Moment, ScreenSign, WallState
from leaderboard.services import clock, moments, screen_orders, screen_pairing, screens
from leaderboard.services.display_choices import Appearance, choose
from leaderboard.services.screen_orders import OrderKind
from leaderboard.services.screens import Look
from leaderboard.web.qr_codes import qr_code
from tests.databases import count_statements
from tests.web.house import House, build_house
from tests.web.listening import CODE, LOOK, code_on, let_in


@pytest.fixture
def house(app: Flask) -> House:
    return build_house(app)


def test_a_screen_shows_a_code_until_it_is_let_in(house: House) -> None:
    browser = house.cast.browser()
    code = code_on(browser)
    assert code_on(browser) == code, "the same after a reload"
    assert browser.get("/tv/state").json == {"state": "waiting"}
    with house.cast.app.app_context():
        screen_pairing.let_in(code, LOOK, actor="test", now=clock.now())
    assert browser.get("/tv/state").json == {"state": "on"}
    page = browser.get("/tv").text
    assert 'data-page="screen"' in page
    assert code not in page
    assert house.cast.browser().get("/tv/state").json == {"state": "new"}


def test_its_cookie_is_for_tv_alone_and_for_no_script(house: House) -> None:
    browser, _ = let_in(house)
    kept = browser.get("/tv").headers["Set-Cookie"]
    for word in ("Path=/tv", "HttpOnly", "SameSite=Strict", "Max-Age=34560000"):
        assert word in kept
    assert browser.get("/").status_code == 302, "no login"
    assert browser.get("/settings/screens").status_code == 302
    assert browser.get("/api/v1/standings/2026-11").status_code == 401


def test_nobody_else_reads_its_feed_and_it_reads_none_once_it_is_shut_out(house: House) -> None:
    browser, screen_id = let_in(house)
    assert browser.get("/tv/frame").status_code == 200
    for other in (house.cast.browser(), house.cast.logged_in("ada@example.com")):
        for path in ("/tv/frame", "/tv/stream"):
            assert other.get(path).status_code == 401
        assert other.post("/tv/sign", json={}, headers={"X-Screen": "1"}).status_code == 401
    with house.cast.app.app_context():
        screens.revoke(screen_id, actor="test", now=clock.now())
    for path in ("/tv/frame", "/tv/stream"):
        assert browser.get(path).status_code == 401
    assert browser.get("/tv/state").json == {"state": "new"}
    assert CODE.search(browser.get("/tv").text)


def test_a_frame_is_sent_once(house: House) -> None:
    browser, _ = let_in(house)
    first = browser.get("/tv/frame")
    told = first.json
    assert told is not None
    assert [one[2] for one in told["order"]] == ["teams", "note"]
    assert "Cake at four" in told["slides"]["1-note-1"]
    again = browser.get(f"/tv/frame?last={told['last']}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_a_screen_speaks_its_own_language(house: House) -> None:
    browser, _ = let_in(house, Look("Entrada", "pt_BR", STANDARD))
    told = browser.get("/tv/frame", headers={"Accept-Language": "en"}).json
    assert told is not None
    assert any("equipes" in title for _, _, _, title in told["order"])


def test_a_sign_of_life_comes_from_a_script_of_this_site_only(house: House) -> None:
    browser, screen_id = let_in(house)
    told = {"slide": "0-teams-1\n", "width": 1920, "height": "tall", "muted": False, "more": [1]}
    assert browser.post("/tv/sign", json=told).status_code == 400, "no header"
    header = {"X-Screen": "1", "User-Agent": "Mozilla/5.0 (Linux) Chrome/79.0"}
    assert browser.post("/tv/sign", data="{", headers=header).status_code == 400
    assert browser.post("/tv/sign", json=told, headers=header).status_code == 204
    with house.cast.app.app_context():
        sign = current_session().get_one(ScreenSign, screen_id)
        assert (sign.slide, sign.width, sign.height, sign.is_muted) == ("0-teams-1", 1920, 0, False)


def test_a_screen_before_the_first_rulebook_says_so(app: Flask) -> None:
    browser = app.test_client()
    code = code_on(browser)
    with app.app_context():
        screen_pairing.let_in(code, LOOK, actor="test", now=clock.now())
    told = browser.get("/tv/frame").json
    assert told is not None
    assert [one[0] for one in told["order"]] == ["soon"]


def test_an_alias_is_on_the_glass_as_soon_as_it_is_chosen(house: House) -> None:
    look = Look("Floor", "en", LineUp((Slide(SlideKind.TODAY, 20),)))
    browser, _ = let_in(house, look)
    assert "Bia Castro" in browser.get("/tv/frame").text
    with house.cast.app.app_context():
        from leaderboard.services import login_sessions, users

        session = current_session()
        token = login_sessions.begin(session, users.existing("bia@example.com").id, clock.now())
        session.commit()
        who = login_sessions.find(token, clock.now())
        assert who is not None
        choose(who, Appearance(alias="Silver Fox"), clock.now())
    text = browser.get("/tv/frame").text
    assert "Bia Castro" not in text
    assert "Silver Fox" in text


def test_what_is_worth_a_celebration_is_noted_once(house: House) -> None:
    let_in(house)
    app = house.cast.app
    with app.app_context():
        moments.note_moments()
        session = current_session()
        assert session.scalars(select(Moment.kind)).all() == [], "nobody has overtaken anybody yet"
        state = session.get_one(WallState, 1)
        leader = json.loads(state.leaders)["reps"]
        state.leaders = json.dumps({"reps": leader | {"key": house.bia}})
        session.commit()
        for _ in range(2):
            moments.note_moments()
        found = session.scalars(select(Moment)).all()
        assert [(one.kind, one.person_id) for one in found] == [("lead", house.ana)]


def test_whoever_asks_for_codes_without_end_is_told_to_wait(house: House) -> None:
    house.cast.app.extensions["tv_rates"] = type(house.cast.app.extensions["tv_rates"])(2)
    for _ in range(2):
        assert house.cast.browser().get("/tv").status_code == 200
    answer = house.cast.browser().get("/tv")
    assert answer.status_code == 429
    assert "Too many screens" in answer.text


def test_a_frame_takes_a_small_constant_number_of_statements(house: House) -> None:
    browser, _ = let_in(house, Look("All", "en", STANDARD))
    browser.get("/tv/frame")
    with house.cast.app.app_context():
        engine = db.engine
    with count_statements(engine) as statements:
        assert browser.get("/tv/frame").status_code == 200
    assert len(statements) <= 26, (len(statements), statements)


def test_a_qr_code_is_dark_where_it_must_be() -> None:
    code = qr_code("https://board.example.com/settings/screens/pair?code=ABCDEF")
    assert code.path.startswith("M4 4h7v1h-7z"), "the finder pattern's first row, with four fields around all"
    ends = [
        (int(x) + int(length), int(y) + 1) for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)", code.path)
    ]
    assert code.size - 4 == max(x for x, _ in ends) == max(y for _, y in ends)


def test_a_message_is_over_after_its_time(house: House) -> None:
    browser, screen_id = let_in(house)
    with house.cast.app.app_context():
        now = clock.now()
        screen_orders.give(OrderKind.MESSAGE, {"text": "x"}, 2, screen_id=screen_id, actor="test", now=now)
        assert screen_orders.standing_orders(screen_id, now + 2 * MINUTE - 1)
        assert not screen_orders.standing_orders(screen_id, now + 2 * MINUTE)
    told = browser.get("/tv/frame").json
    assert told is not None
    assert [one["call"] for one in told["calls"]] == ["message"]
    assert 0 < told["calls"][0]["left"] <= 120_000
