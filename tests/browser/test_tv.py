"""A screen on a wall in a real browser: let in by its code, shown, interrupted, shut out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from leaderboard.domain.line_ups import LineUp, Slide, SlideKind
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Moment, Person
from leaderboard.services import clock, screen_orders, screen_pairing, screens
from leaderboard.services.screen_orders import OrderKind
from leaderboard.services.screens import Look
from tests.browser.site import Site

pytestmark = pytest.mark.browser
LOOK = Look(
    "Floor", "en", LineUp((Slide(SlideKind.TEAMS, 60), Slide(SlideKind.NOTE, 60, title="Cake at four")))
)
SIZES = ((1280, 720), (1920, 1080), (3840, 2160))


@pytest.fixture
def screen(chromium: Browser, site: Site) -> Iterator[tuple[Page, int]]:
    """A page that is let in as a screen, and the screen's key."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080})
    page = context.new_page()
    page.goto(f"{site.url}/tv")
    yield page, let_in(site, page)
    context.close()


def let_in(site: Site, page: Page, look: Look = LOOK) -> int:
    code = (page.locator(".tv-code").get_attribute("aria-label") or "").replace(" ", "")
    with site.app.app_context():
        made = screen_pairing.let_in(code, look, actor="test", now=clock.now())
    expect(page.locator(".tv-slide.is-shown h1")).to_be_visible(timeout=15_000)
    return made


def test_a_code_becomes_a_board_and_a_code_again(screen: tuple[Page, int], site: Site) -> None:
    page, screen_id = screen
    expect(page.locator("h1")).to_contain_text("teams")
    with site.app.app_context():
        screens.revoke(screen_id, actor="test", now=clock.now())
    expect(page.locator(".tv-code")).to_be_visible(timeout=10_000)


def test_what_is_said_to_it_stands_across_the_glass_and_goes(screen: tuple[Page, int], site: Site) -> None:
    page, screen_id = screen
    with site.app.app_context():
        say = {"text": "Fire drill at noon"}
        screen_orders.give(OrderKind.MESSAGE, say, 10, screen_id=screen_id, actor="test", now=clock.now())
    expect(page.locator("#moment")).to_contain_text("Fire drill at noon", timeout=5_000)
    with site.app.app_context():
        screen_orders.give(OrderKind.STOP, {}, 1, screen_id=None, actor="test", now=clock.now())
    expect(page.locator("#moment")).to_be_hidden(timeout=5_000)
    with site.app.app_context():
        screen_orders.give(
            OrderKind.SLIDE, {"slide": "note"}, 1, screen_id=screen_id, actor="test", now=clock.now()
        )
    expect(page.locator("h1")).to_contain_text("Cake at four", timeout=5_000)


def test_moments_that_come_together_share_the_glass(screen: tuple[Page, int], site: Site) -> None:
    page, _ = screen
    page.wait_for_timeout(500)
    with site.app.app_context():
        session = current_session()
        people = session.query(Person).filter(Person.rep_id.in_(("ana", "bia"))).all()
        for person in people:
            row = Moment(
                moment_key=f"t/{person.id}", kind="lead", at=clock.now(), person_id=person.id, about="{}"
            )
            session.add(row)
        session.commit()
    expect(page.locator("#moment")).to_contain_text("Takes the lead", timeout=5_000)
    expect(page.locator("#moment")).to_be_hidden(timeout=20_000)


def test_a_server_that_is_away_leaves_the_last_frame_and_is_found_again(
    screen: tuple[Page, int], site: Site
) -> None:
    page, _ = screen
    hub = site.app.extensions["hub"]
    page.route("**/tv/**", lambda route: route.abort())
    hub.is_ending = lambda: True
    expect(page.locator("#away")).to_be_visible(timeout=60_000)
    expect(page.locator("#away")).to_contain_text("No connection since")
    expect(page.locator(".tv-slide.is-shown h1")).to_be_visible()
    hub.is_ending = lambda: False
    page.unroute("**/tv/**")
    expect(page.locator("#away")).to_be_hidden(timeout=60_000)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_row_is_cut_off_at_any_size(chromium: Browser, site: Site, width: int, height: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(f"{site.url}/tv")
    let_in(site, page)
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    for box in [one.bounding_box() for one in page.locator("[data-row]").all()]:
        assert box is not None
        assert box["y"] + box["height"] <= height * 0.94
        assert box["x"] + box["width"] <= width
    context.close()
