"""Teams and reps as people see to them: from a name that waits to a place in a team, by keys and without script."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import SOON, Site
from tests.cast import Cast

pytestmark = pytest.mark.browser

PATHS = ("", "/reps", "/reps/1", "/reps/new", "/teams/south", "/teams/new", "/unplaced", "/file", "/history")


def come(site: Site, chromium: Browser, email: str, path: str, **options: object) -> Page:
    held = Cast(site.app).logged_in(email).get_cookie("session")
    assert held is not None
    page = site.come(chromium, **options)
    page.context.add_cookies([{"name": "session", "value": held.value, "url": site.url}])
    page.goto(site.url + path)
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_manager_finds_a_place_for_a_name_and_gives_time_off(
    site: Site, chromium: Browser, script: bool
) -> None:
    page = come(site, chromium, "rui@example.com", "/data-health", java_script_enabled=script)
    page.get_by_role("link", name="Place them").click()
    page.get_by_label("Team", exact=True).select_option("South")
    page.get_by_label("Name", exact=True).fill("Zoe Reis")
    page.keyboard.press("Enter")
    expect(page.get_by_text("New in the roster.")).to_be_visible()
    page.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Zoe Reis")
    page.get_by_role("button", name="See what changes").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Nobody waits")).to_be_visible()

    page.get_by_role("link", name="Teams", exact=True).click()
    page.get_by_role("link", name="Zoe Reis").click()
    page.get_by_label("First day").fill("2026-03-02")
    page.get_by_label("Last day", exact=True).fill("2026-03-06")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Time off from 2 Mar 2026 to 6 Mar 2026.")).to_be_visible()
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 Mar 2026 – 6 Mar 2026", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="History")).to_have_count(0)
    assert site.complaints == []


def test_the_list_of_reps_follows_what_is_typed(site: Site, chromium: Browser) -> None:
    page = come(site, chromium, "ada@example.com", "/settings/roster/reps")
    expect(page.locator(".person")).to_have_count(3)
    page.get_by_label("Find by name, id, e-mail or alias").press_sequentially("souza")
    expect(page.locator(".person")).to_have_count(1, timeout=SOON)
    assert site.complaints == []


@pytest.mark.parametrize("language", ["en-GB", "pt-BR", "pt-PT"])
def test_every_page_fits_a_phone_in_every_language(site: Site, chromium: Browser, language: str) -> None:
    small = {"width": 320, "height": 640}
    page = come(site, chromium, "ada@example.com", "/settings/roster", locale=language, viewport=small)
    for path in PATHS:
        page.goto(f"{site.url}/settings/roster{path}")
        assert page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), path
    assert site.complaints == []
