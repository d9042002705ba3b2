"""A manager puts a draft in trial, looks at both boards, and ends it; a rep finds nothing of it."""

import pytest
from playwright.sync_api import Browser, expect

from leaderboard.services import clock, drafts, trial_counting
from tests.browser.site import SOON, Site
from tests.web.house import RULEBOOK

pytestmark = pytest.mark.browser


def count(site: Site) -> None:
    """As the worker does it."""
    with site.app.app_context():
        trial_counting.count_due()


def test_a_draft_is_tried_beside_the_rules_in_force(site: Site, chromium: Browser) -> None:
    site.command("users", "rights", "rui@example.com", "--edit-rules")
    with site.app.app_context():
        stricter = RULEBOOK.replace("within: 30m", "within: 10m").replace(
            "exceed_within: 10m", "exceed_within: 3m"
        )
        draft = drafts.create(stricter, "Quicker first contact", "user:1", clock.now())
    page = site.as_login(chromium, "rui@example.com", f"/settings/rules/drafts/{draft}")
    page.get_by_role("link", name="Put it in trial").click()
    expect(page.get_by_label("the present month")).to_be_checked()
    page.get_by_role("button", name="Put it in trial").click()
    expect(page.get_by_text("It is being counted for the first time")).to_be_visible()
    reason = page.get_by_label("Stop it now, because")
    reason.fill("Seen enough")
    count(site)
    real = page.get_by_role("region", name="In force").get_by_role("row")
    tried = page.get_by_role("region", name="In trial").get_by_role("row")
    expect(real.filter(has_text="=Bia Castro")).to_contain_text("2", timeout=SOON)
    expect(tried.filter(has_text="=Bia Castro")).to_contain_text("−1")
    expect(reason).to_have_value("Seen enough")
    page.get_by_role("link", name="Teams", exact=True).click()
    expect(tried.filter(has_text="South")).to_be_visible()
    expect(page.get_by_text("28 days left")).to_be_visible()
    board = page.url.removeprefix(site.url)
    seen_by_rep = site.open(chromium, board)
    expect(seen_by_rep.get_by_role("heading", level=1)).not_to_contain_text("Quicker")
    assert "Quicker first contact" not in seen_by_rep.content()
    reason.fill("Nobody would gain by it")
    page.get_by_role("button", name="Stop it").click()
    expect(page.get_by_text("Trial ended")).to_be_visible()
    count(site)
    page.reload()
    expect(page.get_by_text("The last result, as of")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Nobody would gain by it")
    expect(page.get_by_role("link", name="Sign it")).to_be_visible()
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_role("status")).to_contain_text("It is withdrawn.")
    assert [one for one in site.complaints if "404" not in one] == []
