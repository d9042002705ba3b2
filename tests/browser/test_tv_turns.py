"""Whose turn the glass is: a newer message or reveal takes the place of what is on, and moments wait only so long."""

import pytest
from playwright.sync_api import Browser, Page, expect

from leaderboard.domain.line_ups import LineUp, Slide, SlideKind
from leaderboard.services import clock, screen_orders, screens
from leaderboard.services.screen_orders import OrderKind
from tests.browser.hall import MANAGER, Hall, come_in, open_wall

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tv")]

_KEEP_EARS = """() => {
  const listen = EventSource.prototype.addEventListener;
  window.ears = {};
  EventSource.prototype.addEventListener = function (name, then) {
    window.ears[name] = then;
    listen.call(this, name, then);
  };
}"""
_TELL = "([name, told]) => window.ears[name]({ data: JSON.stringify(told), lastEventId: '' })"


def open_with_ears(chromium: Browser, visit: Hall) -> Page:
    """A screen that can be told things without a server: at once, and by its own clock."""
    page = open_wall(chromium, visit.site)
    page.add_init_script(f"({_KEEP_EARS})()")
    come_in(visit.site, page)
    return page


def give(visit: Hall, kind: OrderKind, minutes: int = 2, **payload: str) -> None:
    with visit.site.app.app_context():
        screen_orders.give(kind, payload, minutes, screen_id=None, actor="test", now=clock.now())


def moments(page: Page, kind: str, *numbers: int) -> None:
    for number in numbers:
        html = f'<div class="tv-call">{kind} {number}</div>'
        page.evaluate(
            _TELL, ["call", {"call": "moment", "id": f"m{kind}{number}", "kind": kind, "html": html}]
        )


def go_on(page: Page, seconds: float) -> None:
    """Beats come all the while."""
    while seconds > 0:
        page.clock.run_for(int(min(seconds, 10) * 1000))
        page.evaluate(_TELL, ["beat", {"clock": "14:32"}])
        seconds -= 10


def test_a_newer_message_takes_the_place_of_the_one_that_is_on(chromium: Browser, visit: Hall) -> None:
    """Which does not come back after it, though it had been for longer."""
    page = open_with_ears(chromium, visit)
    glass = page.locator("#moment")
    give(visit, OrderKind.MESSAGE, 10, text="Cake at four")
    expect(glass).to_have_text("Cake at four")
    give(visit, OrderKind.MESSAGE, 2, text="Fire drill at noon")
    expect(glass).to_have_text("Fire drill at noon")
    go_on(page, 121)
    expect(glass).to_be_hidden()


def test_the_reveal_plays_over_a_message_and_goes_by_itself_after_its_last_place(
    chromium: Browser, visit: Hall
) -> None:
    page = open_with_ears(chromium, visit)
    glass, secret = page.locator("#moment"), page.locator("[data-step].is-secret")
    give(visit, OrderKind.MESSAGE, 120, text="Cake at four")
    expect(glass).to_have_text("Cake at four")
    give(visit, OrderKind.REVEAL, 30, period=visit.quarter)
    expect(secret).to_have_count(3)
    go_on(page, 17.5)
    expect(secret).to_have_count(0)
    go_on(page, 12)
    expect(glass).to_be_visible()
    go_on(page, 9)
    expect(glass).to_be_hidden()


def test_a_message_takes_the_place_of_the_reveal_and_a_stop_ends_no_moment_and_nothing_newer(
    chromium: Browser, visit: Hall
) -> None:
    page = open_with_ears(chromium, visit)
    glass = page.locator("#moment")
    give(visit, OrderKind.REVEAL, 30, period=visit.quarter)
    expect(page.locator("[data-step]")).to_have_count(3)
    give(visit, OrderKind.MESSAGE, text="Cake at four")
    expect(glass).to_have_text("Cake at four")
    page.evaluate(_TELL, ["call", {"call": "stop", "id": "o1"}])
    expect(glass).to_have_text("Cake at four")
    moments(page, "lead", 1)
    give(visit, OrderKind.STOP)
    expect(glass).to_have_text("lead 1")
    page.evaluate(_TELL, ["call", {"call": "stop", "id": "o999999"}])
    expect(glass).to_have_text("lead 1")
    give(visit, OrderKind.MESSAGE, text="Cake at five")
    expect(glass).to_have_text("Cake at five")
    give(visit, OrderKind.STOP)
    expect(glass).to_have_text("lead 1"), "it had to give way, and is shown once more"
    go_on(page, 8)
    expect(glass).to_be_hidden()


def test_moments_wait_for_a_message_for_two_minutes_and_only_the_last_of_them(
    chromium: Browser, visit: Hall
) -> None:
    page = open_with_ears(chromium, visit)
    glass = page.locator("#moment")
    give(visit, OrderKind.MESSAGE, 4, text="Cake at four")
    expect(glass).to_have_text("Cake at four")
    moments(page, "lead", 1, 2)
    go_on(page, 130)
    moments(page, "target", *range(9))
    go_on(page, 100)
    expect(glass).to_have_text("Cake at four")
    go_on(page, 11)
    for numbers in ((3, 4, 5), (6, 7, 8)):
        expect(glass.locator(".tv-call")).to_have_text([f"target {number}" for number in numbers])
        go_on(page, 7.2)
    expect(glass).to_be_hidden()


def test_a_server_that_hangs_is_said_to_be_away_after_two_of_its_beats(
    chromium: Browser, visit: Hall
) -> None:
    page = open_with_ears(chromium, visit)
    away = page.locator("#away")
    page.route("**/tv/**", lambda _route: None)
    go_on(page, 10)
    expect(away).to_be_hidden()
    page.clock.run_for(25_000)
    expect(away).to_contain_text("No connection since 14:32")


def test_a_slide_outside_its_hours_is_shown_once_when_it_is_asked_for_and_of_announcements_the_right_one(
    chromium: Browser, visit: Hall
) -> None:
    """It is a Friday there."""
    page = open_with_ears(chromium, visit)
    sunday = {"seconds": 10, "days": frozenset({7})}
    notes = [Slide(SlideKind.NOTE, title=title, **sunday) for title in ("Cake at four", "Fire drill")]
    compose(visit, Slide(SlideKind.TEAMS, 10), Slide(SlideKind.TODAY, **sunday), *notes)
    expect(page.locator("#dots li")).to_have_count(1)
    desk = visit.site.as_login(chromium, MANAGER, f"/settings/screens/{newest_screen(visit)}")
    shown = page.locator(".tv-slide.is-shown h1")
    for choice, title in (("An announcement: Fire drill", "Fire drill"), ("Today, in time", "Today")):
        desk.get_by_label("A slide", exact=True).select_option(label=choice)
        desk.locator("form", has=desk.locator("#slide")).get_by_role("button").click()
        expect(desk.get_by_text("The slide is shown now.")).to_be_visible()
        expect(shown).to_contain_text(title)
    compose(visit, Slide(SlideKind.TEAMS, 12), Slide(SlideKind.REPS, 12), *notes)
    expect(page.locator("#dots li")).to_have_count(2)
    expect(shown).to_contain_text("Today"), "a frame that comes meanwhile leaves it there"
    go_on(page, 11)
    expect(page.locator("#dots li.is-shown")).to_have_count(1)
    expect(shown).not_to_contain_text("Today")


def newest_screen(visit: Hall) -> int:
    with visit.site.app.app_context():
        return max(visit.site.app.extensions["hub"].look().revisions)


def compose(visit: Hall, *slides: Slide) -> None:
    number = newest_screen(visit)
    with visit.site.app.app_context():
        screen = screens.existing(number)
        assert screen is not None
        look = screen.look.with_line_up(LineUp(slides))
        screens.change(number, look, screen.revision, actor="test", now=clock.now())
