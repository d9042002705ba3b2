"""From the simulations to what stands out, while a job works: with and without script, on a desk and on a phone."""

import pytest
from playwright.sync_api import Browser, expect

from leaderboard.services import simulation_runs
from tests.browser.site import SOON, Site
from tests.browser.test_settings import SIZES, as_admin
from tests.web.house import months_behind

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("size", "script", "theme"),
    [("desk", True, "light"), ("phone", True, "dark"), ("phone", False, "light")],
)
def test_rules_are_looked_at_for_whether_they_are_fair(
    site: Site, chromium: Browser, size: str, script: bool, theme: str
) -> None:
    months_behind(site.app)
    page = as_admin(
        site,
        chromium,
        "/settings/simulations",
        viewport=SIZES[size],
        java_script_enabled=script,
        color_scheme=theme,
    )
    page.get_by_role("link", name="Are the rules fair?").click()
    page.get_by_label("the last 6 months").check()
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("progressbar")).to_be_visible()
    with site.app.app_context():
        assert simulation_runs.run_waiting() == 1
    expect(page.locator(".findings")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("in 6 of 18 months, the others in 12 of 12.")).to_be_visible()
    expect(page.locator("#level-first-contact").get_by_role("img", name="South: 6 of 12, 50%")).to_have_count(
        1
    )
    page.locator("#level-first-contact summary").click()
    expect(page.locator("#level-first-contact tbody").first).to_be_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= SIZES[size]["width"]
    page.get_by_role("link", name="Begin a draft to change something").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert site.complaints == []
