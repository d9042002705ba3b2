"""The pictures of the walls, for docs/tv.md: a screen of the demo is let in, and each of its slides taken."""

import base64
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, expect

from leaderboard.services.demo.logins import PASSWORD

_SLIDES = ("teams", "reps", "climbers", "pace", "badges", "sides", "contests", "today", "note")
_SIZE = {"width": 1920, "height": 1080}
_QUALITY = 72


def take_walls(browser: Browser, url: str) -> Iterator[tuple[str, bytes]]:
    """Each picture's name, and the picture as WebP. What the demo has nothing to show of just now is left out."""
    with (
        browser.new_context(locale="en-GB", viewport=_SIZE) as walls,
        browser.new_context(locale="en-GB") as desks,
    ):
        wall, desk = walls.new_page(), desks.new_page()
        wall.clock.install()
        wall.goto(f"{url}/tv")
        wall.evaluate("document.fonts.ready")
        yield "wall-code", _shot(wall)
        screen = _let_in(desk, url, _code(wall))
        wall.clock.run_for(5_000)
        expect(wall.locator(".tv-slide.is-shown h1")).to_be_visible(timeout=20_000)
        wall.wait_for_timeout(1_500)
        kinds = wall.evaluate(
            "fetch('/tv/frame').then((a) => a.json()).then((a) => a.order.map((one) => one[2]))"
        )
        for kind in (kind for kind in _SLIDES if kind in kinds):
            _show(desk, f"{url}/settings/screens/{screen}", kind)
            wall.wait_for_timeout(1_500)
            yield f"wall-{kind}", _shot(wall)
        yield "wall-reveal", _reveal(wall, desk, url)
        desk.goto(f"{url}/settings/screens/{screen}/line-up")
        desk.set_viewport_size({"width": 1440, "height": 900})
        yield "wall-line-up", _shot(desk)
        desk.goto(f"{url}/settings/screens/{screen}")
        desk.get_by_text("Shut it out…").click()
        desk.get_by_role("button", name="Shut Sales floor out").click()


def _code(wall: Page) -> str:
    return wall.locator(".tv-code").get_attribute("aria-label") or ""


def _let_in(desk: Page, url: str, code: str) -> str:
    """A manager does it, and adds an announcement; the screen's number."""
    desk.goto(f"{url}/login")
    desk.get_by_label("Email").fill("marta@demo.example")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    desk.wait_for_url(f"{url}/")
    desk.goto(f"{url}/settings/screens/pair?code={code.replace(' ', '')}")
    desk.get_by_label("Name", exact=True).fill("Sales floor")
    desk.get_by_role("button", name="Let it in").click()
    desk.wait_for_url("**/line-up")
    screen = desk.url.split("/")[-2]
    desk.get_by_label("One more slide").select_option("note")
    desk.get_by_role("button", name="Add").click()
    desk.get_by_label("Headline").fill("Cake at four")
    desk.get_by_label("Text").fill(
        "Lívia has been with us for five years today. In the kitchen, for everybody."
    )
    desk.get_by_role("button", name="Save the line-up").click()
    expect(desk.get_by_text("Saved. The screen shows it within seconds.")).to_be_visible()
    return screen


def _show(desk: Page, page: str, kind: str) -> None:
    desk.goto(page)
    slides = desk.get_by_label("A slide", exact=True)
    # An announcement's has more behind its kind.
    value = slides.locator(f'option[value^="{kind}"]').first.get_attribute("value")
    slides.select_option(value)
    desk.locator("form", has=desk.locator("#slide")).get_by_role("button").click()
    desk.wait_for_load_state()


def _reveal(wall: Page, desk: Page, url: str) -> bytes:
    desk.goto(f"{url}/settings/screens")
    desk.get_by_role("button", name="Begin the reveal").click()
    expect(wall.locator("[data-step]").first).to_be_attached()
    # Some seconds after the first place it goes by itself.
    while wall.locator("[data-step].is-secret").count():
        wall.clock.run_for(1_000)
    expect(wall.locator("[data-step]").first).to_be_visible()
    wall.wait_for_timeout(1_000)
    shot = _shot(wall)
    desk.get_by_role("button", name="Stop message and reveal").click()
    return shot


def _shot(page: Page) -> bytes:
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    return base64.b64decode(shot["data"])
