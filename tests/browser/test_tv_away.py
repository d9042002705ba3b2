"""What becomes of a screen when something is away: the stream, the server, the release that it was loaded from."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response, expect
from werkzeug.serving import make_server

from leaderboard.app import create_app
from leaderboard.services import clock, screens
from leaderboard.web.tv import door, frames
from leaderboard.web.tv import stream as streams
from tests.browser.hall import Hall, celebrate, come_in, open_screen, open_wall

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tv")]


def heard_of(page: Page, path: str) -> list[int]:
    """Statuses of the answers to come."""
    found: list[int] = []

    def note(answer: Response) -> None:
        if path in answer.url:
            found.append(answer.status)

    page.on("response", note)
    return found


def go_on_until(page: Page, is_so: object, seconds: int = 120) -> None:
    """Lets the page's clock run until something is so; answers come in between."""
    assert callable(is_so)
    for _ in range(seconds):
        page.clock.run_for(1_000)
        page.wait_for_timeout(30)
        if is_so():
            return
    raise AssertionError(f"not within {seconds} s")


def test_where_no_stream_gets_through_a_screen_asks_and_is_told_only_what_is_new(
    chromium: Browser, visit: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The page's clock runs ahead of the server's.
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.2)
    page = open_wall(chromium, visit.site)
    page.route("**/tv/stream*", lambda route: route.abort())
    answers = heard_of(page, "/tv/frame")
    come_in(visit.site, page)
    go_on_until(page, lambda: answers.count(304) > 2)
    assert answers[0] == 200
    expect(page.locator(".tv-slide.is-shown h1")).to_be_visible()
    expect(page.locator("#away")).to_be_hidden()
    celebrate(visit, "lead")
    go_on_until(page, page.locator("#moment").is_visible)
    expect(page.locator("#moment")).to_contain_text("Takes the lead")
    page.clock.run_for(8_000)
    expect(page.locator("#moment")).to_be_hidden()
    hub = visit.site.app.extensions["hub"]
    page.unroute("**/tv/stream*")
    go_on_until(page, lambda: hub.listeners > 0)
    asked = -1
    while asked < len(answers) < 60:
        asked = len(answers)
        page.clock.run_for(10_000)
        page.wait_for_timeout(1_000)
    assert len(answers) == asked, "who is told by the stream asks no more"
    expect(page.locator("#moment")).to_be_hidden()


def test_a_screen_that_finds_no_place_asks_at_once_and_says_nothing_of_a_lost_connection(
    chromium: Browser, visit: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(visit.site.app.extensions, "tv_streams", 0)
    page = open_wall(chromium, visit.site)
    come_in(visit.site, page)
    expect(page.locator(".tv-slide.is-shown h1")).to_be_visible()
    expect(page.locator("#away")).to_be_hidden()


def test_a_new_release_is_loaded_by_itself(
    chromium: Browser, visit: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_screen(chromium, visit.site)
    before = page.locator("body").get_attribute("data-assets")
    for module in (frames, door):
        monkeypatch.setattr(module, "assets", lambda: "another")
    celebrate(visit, "lead")
    page.wait_for_timeout(1_000)
    with page.expect_event("load"):
        page.clock.run_for(8_000)
    expect(page.locator("body")).to_have_attribute("data-assets", "another")
    assert before != "another"
    page.clock.run_for(4_000)
    expect(page.locator(".tv-slide.is-shown h1")).to_be_visible()


@contextmanager
def serving(app: Flask, port: int = 0) -> Iterator[int]:
    """A server of its own; at the end its streams are ended, and its port is free."""
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.port
    app.extensions["hub"].is_ending = lambda: True
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_that_is_started_anew_is_found_and_meanwhile_the_last_frame_stays(
    chromium: Browser, visit: Hall
) -> None:
    site, settings = visit.site, visit.site.app.extensions["settings"]
    with serving(create_app(settings)) as port:
        page = site.come(chromium, viewport={"width": 1280, "height": 720}, locale="en-GB")
        page.clock.install()
        page.goto(f"http://127.0.0.1:{port}/tv")
        come_in(site, page)
    away, clock_on_wall = page.locator("#away"), page.locator("#clock").inner_text()
    go_on_until(page, away.is_visible)
    expect(page.locator(".tv-slide.is-shown h1")).to_be_visible()
    expect(away).to_contain_text(f"No connection since {clock_on_wall}.")
    expect(page.locator("#ticker")).to_be_hidden()
    expect(page.locator("#clock")).to_be_hidden()
    box = away.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 720
    page.clock.run_for(180_000)
    expect(away).to_contain_text(f"since {clock_on_wall}.")
    with serving(create_app(settings), port):
        go_on_until(page, lambda: not away.is_visible())
        expect(page.locator("#ticker")).to_be_visible()
        expect(page.locator(".tv-slide.is-shown h1")).to_be_visible()
        celebrate(visit, "target")
        go_on_until(page, page.locator("#moment").is_visible)
        page.close()


def test_at_night_a_screen_is_dimmed_and_by_day_it_is_not(chromium: Browser, visit: Hall) -> None:
    page = open_screen(chromium, visit.site)
    nights = (((14 * 60, 15 * 60), "0.35"), ((0, 6 * 60), "1"), ((13 * 60, 2 * 60), "0.35"), (None, "1"))
    for night, light in nights:
        give_night(visit, night)
        expect(page.locator("#stage")).to_have_css("opacity", light)


def give_night(visit: Hall, night: tuple[int, int] | None) -> None:
    """It is half past two in the afternoon there."""
    with visit.site.app.app_context():
        number = max(visit.site.app.extensions["hub"].look().revisions)
        screen = screens.existing(number)
        assert screen is not None
        look = replace(screen.look, night=night)
        screens.change(number, look, screen.revision, actor="test", now=clock.now())
