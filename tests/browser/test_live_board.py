"""The leaderboard in a real browser: alive, calm, honest about being cut off, and nothing that its policy forbids."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import SOON, Site
from tests.web.house import follow_up

pytestmark = pytest.mark.browser


def places(page: Page) -> list[str]:
    return page.locator("#live tbody .who-name > span:first-child").all_inner_texts()


def test_a_row_climbs_by_itself_and_nothing_else_on_the_page_is_lost(site: Site, chromium: Browser) -> None:
    page = site.open(chromium)
    assert places(page)[0].startswith("Ana Souza")
    page.locator(".board-tools summary").click()
    follow_up(site.app, "bia", 5)
    expect(page.locator("#live tbody tr").first).to_contain_text("Bia Castro", timeout=SOON)
    assert places(page)[1].startswith("Ana Souza")
    assert page.locator(".board-tools details").get_attribute("open") is not None
    assert site.complaints == []


def test_rows_glide_unless_somebody_asked_for_stillness(site: Site, chromium: Browser) -> None:
    counted = """() => { window.glides = 0; const animate = Element.prototype.animate;
        Element.prototype.animate = function (...all) { window.glides += 1; return animate.apply(this, all); }; }"""
    lively, still = site.open(chromium), site.open(chromium, reduced_motion="reduce")
    for page in (lively, still):
        page.evaluate(counted)
    follow_up(site.app, "bia", 5)
    for page in (lively, still):
        expect(page.locator("#live tbody tr").first).to_contain_text("Bia Castro", timeout=SOON)
    assert lively.evaluate("window.glides") >= 2
    assert still.evaluate("window.glides") == 0


def test_what_is_not_changed_is_not_swapped(site: Site, chromium: Browser) -> None:
    page = site.open(chromium)
    with page.expect_response(lambda answer: "seen=" in answer.url, timeout=SOON) as waited:
        pass
    assert waited.value.status in (204, 200)  # 200 where the minute went by
    assert site.complaints == []


def test_a_lost_connection_is_said_and_the_last_board_stays(site: Site, chromium: Browser) -> None:
    page = site.open(chromium)
    page.context.set_offline(True)
    expect(page.locator("[data-away]")).to_be_visible(timeout=SOON)
    assert places(page)[0].startswith("Ana Souza")
    page.context.set_offline(False)
    expect(page.locator("[data-away]")).to_be_hidden(timeout=SOON)


@pytest.mark.parametrize("path", ["/", "/leaderboard/teams/2026-Q4", "/me"])
@pytest.mark.parametrize("width", [390, 1440, 3840])
def test_a_page_fits_its_screen_and_keeps_the_policy(
    site: Site, chromium: Browser, path: str, width: int
) -> None:
    page = site.open(chromium, path, viewport={"width": width, "height": 900})
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert site.complaints == []


def test_without_script_everything_is_there(site: Site, chromium: Browser) -> None:
    page = site.open(chromium, java_script_enabled=False)
    assert places(page)[0].startswith("Ana Souza")
    page.locator(".board-tools summary").click()
    page.locator(".board-tools .menu-item").first.click()
    page.get_by_role("link", name="Teams").click()
    expect(page.locator("#live tbody tr").first).to_contain_text("South")
    page.goto(site.url + "/me")
    page.locator(".receipt summary").first.click()
    expect(page.locator(".receipt dl").first).to_contain_text("crm")


def test_language_and_theme_are_chosen_in_the_account_menu(site: Site, chromium: Browser) -> None:
    page = site.open(chromium)
    page.locator(".bar .menu summary").click()
    page.get_by_role("button", name="Português (Portugal)").click()
    expect(page.locator("html")).to_have_attribute("lang", "pt-PT")
    page.locator(".bar .menu summary").click()
    page.get_by_role("button", name="Noite").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
