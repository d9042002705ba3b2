"""A manager copies the rulebook in force, makes it stricter, both parties sign, and it comes into force on its day."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from leaderboard.domain.instants import Instant, local_date, midnight
from leaderboard.services import clock
from tests.browser.site import Site
from tests.cast import Cast

pytestmark = pytest.mark.browser
UTC = ZoneInfo("UTC")


def come_in(site: Site, chromium: Browser, email: str, path: str) -> Page:
    held = Cast(site.app).logged_in(email).get_cookie("session")
    assert held is not None
    page = site.come(chromium, locale="en-GB", viewport={"width": 390, "height": 844})
    page.context.add_cookies([{"name": "session", "value": held.value, "url": site.url}])
    page.goto(site.url + path)
    page.wait_for_load_state("networkidle")
    return page


def next_month(now: Instant) -> Instant:
    today = local_date(now, UTC)
    return midnight((today.replace(day=1) + dt.timedelta(days=32)).replace(day=1), UTC)


def test_rules_go_from_a_copy_to_being_in_force(
    site: Site, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.command("users", "rights", "rui@example.com", "--edit-rules", "--signs-for", "marketing")
    site.command("users", "rights", "ada@example.com", "--signs-for", "sales")
    page = come_in(site, chromium, "rui@example.com", "/settings/rules")
    page.get_by_role("link", name="Begin a draft").click()
    page.get_by_label("Its name").fill("Quicker first contact")
    page.get_by_role("button", name="Begin", exact=True).click()
    page.get_by_role("link", name="Text all of it").click()
    text = page.get_by_label("The document")
    expect(page.locator(".editor-gutter")).to_contain_text("12")
    text.fill(text.input_value().replace("within: 30m", "within: soon"))
    page.get_by_role("button", name="Check without saving").click()
    page.get_by_role("button", name=re.compile(r"Line \d+")).click()
    assert page.evaluate("getSelection().toString()").strip() == "within: soon"
    text.fill(text.input_value().replace("within: soon", "within: 20m"))
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".change ins", has_text="20 minutes")).to_be_visible()
    expect(page.get_by_role("button", name="Schedule it")).to_be_disabled()
    page.get_by_role("button", name="Sign for marketing").click()
    draft = page.url.removeprefix(site.url)
    page = come_in(site, chromium, "ada@example.com", draft)
    page.get_by_role("button", name="Sign for sales").click()
    page.get_by_role("button", name="Schedule it").click()
    expect(page.get_by_role("status")).to_contain_text("It is scheduled")
    page.get_by_role("link", name="See the version, or take it back").click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()
    page = come_in(site, chromium, "ana@example.com", "/rules")
    expect(page.locator("main")).to_contain_text("within 30 minutes of being assigned")
    begins_at = next_month(clock.now())
    monkeypatch.setattr(clock, "now", lambda: begins_at)
    page = come_in(site, chromium, "ana@example.com", "/rules")
    expect(page.locator("main")).to_contain_text("within 20 minutes of being assigned")
    assert site.complaints == []
