"""A week is drawn: with the mouse, a finger and the keyboard, and without script as plain fields."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from leaderboard.files.rulebook.splicing import data_of
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Draft
from leaderboard.services import clock, drafts
from tests.browser.site import SOON, Site
from tests.cast import Cast

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
DOCUMENT = """\
rulebook: 1
effective_from: 2030-01-01
organization: {name: Acme, timezone: UTC, currency: EUR}
calendars:
  desk: {hours: {monday: ["09:00-12:00", "13:00-18:00"]}}
service_levels:
  first-contact: {name: First contact, party: sales, measure: response, start: lead.assigned, stop: lead.contacted,
    calendar: desk, within: 1h}
"""


def come(site: Site, chromium: Browser, **options: object) -> Page:
    """The form, as an administrator has it."""
    with site.app.app_context():
        draft = drafts.create(DOCUMENT, "A draft", "test", clock.now())
    held = Cast(site.app).logged_in("ada@example.com").get_cookie("session")
    assert held is not None
    page = site.come(chromium, locale="en-GB", **options)
    page.context.add_cookies([{"name": "session", "value": held.value, "url": site.url}])
    page.goto(f"{site.url}/settings/rules/drafts/{draft}/calendars/desk/edit")
    page.wait_for_load_state("networkidle")
    return page


def saved(site: Site) -> dict[str, object]:
    with site.app.app_context():
        found: dict[str, object] = data_of(current_session().query(Draft.document).scalar())["calendars"][
            "desk"
        ]
        return found


def line(page: Page, name: str) -> Locator:
    return page.locator(f'[data-day="{name}"] svg')


def day(page: Page, name: str) -> Locator:
    """Its field."""
    return page.get_by_role("textbox", name=name, exact=True)


def drag(page: Page, name: str, start: float, end: float) -> None:
    """From one hour to another on a day's line."""
    track = line(page, name)
    track.scroll_into_view_if_needed()
    box = track.bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * start / 24, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (start + end) / 48, y)
    page.mouse.move(box["x"] + box["width"] * end / 24, y)
    page.mouse.up()


def test_a_week_is_drawn_with_the_mouse_and_told_beside(site: Site, chromium: Browser) -> None:
    page = come(site, chromium, viewport=DESK)
    monday, friday = day(page, "Monday"), day(page, "Friday")
    drag(page, "Friday", 8, 12)
    expect(friday).to_have_value("08:00–12:00")
    drag(page, "Friday", 13, 24)
    expect(friday).to_have_value("08:00–12:00, 13:00–24:00")
    drag(page, "Friday", 23.8, 17)  # its end is taken back
    expect(friday).to_have_value("08:00–12:00, 13:00–17:00")
    drag(page, "Friday", 10, 9)  # moved as a whole
    expect(friday).to_have_value("07:00–11:00, 13:00–17:00")
    drag(page, "Friday", 17, 12.5)  # over its other edge: taken away
    expect(friday).to_have_value("07:00–11:00")
    line(page, "Saturday").click()
    expect(day(page, "Saturday")).to_have_value("12:00–13:00")
    expect(page.locator("#beside")).to_contain_text("Open 13\N{NO-BREAK SPACE}h a week", timeout=SOON)
    monday.fill("10:00-16:30")
    expect(line(page, "Monday").locator(".open")).to_have_attribute("width", "390")
    page.get_by_role("button", name="Monday’s hours until Friday").click()
    expect(friday).to_have_value("10:00–16:30")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("status")).to_contain_text("is saved")
    hours = saved(site)["hours"]
    assert isinstance(hours, dict)
    assert (hours["friday"], hours["saturday"]) == (["10:00-16:30"], ["12:00-13:00"])
    assert site.complaints == []


def test_a_week_is_edited_with_the_keyboard_alone(site: Site, chromium: Browser) -> None:
    page = come(site, chromium, viewport=DESK)
    monday = day(page, "Monday")
    page.locator('[data-day="Monday"] [role="slider"]').first.focus()
    page.keyboard.press("ArrowLeft")
    expect(monday).to_have_value("08:45–12:00, 13:00–18:00")
    page.keyboard.press("Tab")
    page.keyboard.press("PageUp")
    expect(monday).to_have_value("08:45–13:00, 13:00–18:00")  # no farther than the next
    page.keyboard.press("PageDown")
    page.keyboard.press("Shift+ArrowRight")
    expect(monday).to_have_value("09:00–12:15, 13:00–18:00")
    page.keyboard.press("Delete")
    expect(monday).to_have_value("13:00–18:00")
    expect(page.locator('[data-day="Monday"] [role="slider"]').last).to_be_focused()
    expect(page.locator('[data-day="Monday"] [role="slider"]').last).to_have_attribute(
        "aria-valuetext", "18:00"
    )
    page.get_by_role("button", name="Add hours: Sunday").press("Enter")
    expect(day(page, "Sunday")).to_have_value("09:00–17:00")
    assert site.complaints == []


def test_a_week_is_drawn_with_a_finger_and_fits_a_phone(site: Site, chromium: Browser) -> None:
    page = come(site, chromium, viewport=PHONE, has_touch=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    line(page, "Sunday").tap()
    expect(day(page, "Sunday")).to_have_value("12:00–13:00")
    drag(page, "Tuesday", 8, 18)
    expect(day(page, "Tuesday")).to_have_value("08:00–18:00")
    assert page.locator(".week-track").first.evaluate("one => getComputedStyle(one).touchAction") == "pan-y"
    assert site.complaints == []


def test_without_script_a_day_is_a_field_and_all_else_buttons(site: Site, chromium: Browser) -> None:
    page = come(site, chromium, viewport=PHONE, java_script_enabled=False)
    day(page, "Monday").fill("8-12, 13-17")
    page.get_by_role("button", name="Monday’s hours until Friday").click()
    expect(day(page, "Friday")).to_have_value("8-12, 13-17")
    page.get_by_label("Country").select_option("BR")
    page.get_by_role("button", name="Show its regions and its holidays").click()
    page.get_by_label("State or region").select_option("SP")
    page.get_by_role("button", name="Add a date").click()
    page.get_by_label("Closed date 1").fill("2030-12-24")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("status")).to_contain_text("is saved")
    desk = saved(site)
    assert desk["holidays"] == {"country": "BR", "subdivision": "SP"}
    assert desk["closed"] == ["2030-12-24"]
    assert site.complaints == []
