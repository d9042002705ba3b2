"""A screen that has run for a day holds no more than after its first hours: slides, moments, cut lines, polls."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from leaderboard.domain.line_ups import STANDARD
from leaderboard.persistence.db import current_session
from leaderboard.services import clock, screens
from leaderboard.services.screens import Look
from leaderboard.services.secret_tokens import hash_of
from tests.browser import glass
from tests.browser.hall import Hall

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tv")]

HOURS = int(os.environ.get("TV_HOURS", "5"))
"""Polls come in the fourth and each sixth hour after it."""
_DAY = Path(__file__).with_name("tv_day.js").read_text("utf-8")
_TOKEN = "held-for-a-day"
_SETTLED_MS = 1_500
"""Animations go by the browser's own clock: those of the last slide end within this."""


@dataclass(frozen=True)
class Held:
    """What the page holds once what nobody needs is thrown away."""

    heap_mb: float
    nodes: int
    listeners: int


def held(page: Page, chrome: CDPSession) -> Held:
    page.wait_for_timeout(_SETTLED_MS)
    for _ in range(3):
        chrome.send("HeapProfiler.collectGarbage")
    counted = chrome.send("Memory.getDOMCounters")
    heap = chrome.send("Runtime.getHeapUsage")["usedSize"]
    return Held(round(heap / 2**20, 2), counted["nodes"], counted["jsEventListeners"])


def open_by_own_clock(chromium: Browser, visit: Hall) -> Page:
    app, page = visit.site.app, visit.site.come(chromium, viewport={"width": 1280, "height": 720})
    with app.app_context():
        screens.make(current_session(), Look("Day", "en", STANDARD), hash_of(_TOKEN), "test", clock.now())
        current_session().commit()
    client = app.test_client()
    client.set_cookie("tv", _TOKEN, path="/tv")
    frame = client.get("/tv/frame").json
    assert frame is not None
    assert len(frame["slides"]) > 4
    page.context.add_cookies([{"name": "tv", "value": _TOKEN, "url": f"{visit.site.url}/tv"}])
    page.add_init_script(_DAY)
    page.goto(f"{visit.site.url}/tv")
    moment = next(glass.overlays(app, glass.WALLS[0])).html
    page.evaluate("given => { window.given = given; }", {"frame": frame, "moment": moment})
    return page


def test_after_many_hours_a_screen_holds_no_more_than_after_the_first(
    chromium: Browser, visit: Hall, capsys: pytest.CaptureFixture[str]
) -> None:
    page = open_by_own_clock(chromium, visit)
    chrome = page.context.new_cdp_session(page)
    seen: list[Held] = []
    for hours in (1, *[HOURS // 4] * 3, HOURS - 1 - HOURS // 4 * 3):
        page.evaluate("hours => window.hours(hours)", hours)
        seen.append(held(page, chrome))
    early, late = seen[0], seen[-1]
    day = page.evaluate("window.day")
    with capsys.disabled():
        print(f"\nafter the first hour, and each quarter of {HOURS}: {seen}; {day}")
    expect(page.locator(".tv-slide.is-shown h1")).to_be_visible()
    expect(page.locator("#away")).to_be_hidden()
    assert day["opened"] >= HOURS
    assert day["opened"] - day["closed"] <= 1, "no stream is left open behind another"
    for what, an_hour in (("frames", 50), ("polls", 100), ("beats", 200), ("moments", 4), ("signs", 118)):
        assert day[what] > an_hour * HOURS, what
    # Another slide is on the glass, and nothing more.
    assert late.nodes <= early.nodes + 150
    assert late.listeners <= early.listeners
    # The browser's own: compiled code, texts of numbers, a list of its last long tasks. An object of 60 bytes kept with
    # each beat would be twice as much.
    assert late.heap_mb <= early.heap_mb + 0.1 + 0.006 * HOURS
