"""An administrator is told that a month closes soon, closes it and then the quarter after a preview, approves the bonus
of the quarter's winner, and takes the list to payroll.
"""

import csv
import io
import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.services import clock, work_orders
from leaderboard.services.closing import close_due
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.payout_proposals import propose_payouts
from tests.browser.site import SOON, Site

pytestmark = pytest.mark.browser
PICTURES = os.environ.get("WALK_PICTURES")


def shown(page: Page, name: str) -> None:
    """A picture, where somebody wants to look; and nothing wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def close_it(site: Site, page: Page, title: str) -> None:
    page.get_by_role("button", name="Close and seal it").click()
    expect(page.locator("h1")).to_contain_text("Closing")
    with site.app.app_context():
        work_orders.run_waiting()
        propose_payouts()
    expect(page.locator("h1")).to_contain_text(f"{title} is sealed", timeout=SOON)


def test_a_month_and_its_quarter_are_closed_and_the_bonus_is_paid(
    firm_site: Site, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = firm_site
    page = site.as_login(chromium, "ada@example.com", "/settings", viewport={"width": 1440, "height": 900})
    page.get_by_role("link", name="July 2026 closes by itself on Tuesday, 4 August, 00:00").click()
    shown(page, "periods-1440")
    page.get_by_role("link", name=re.compile("closing would seal.*July 2026")).click()
    expect(page.locator("main")).to_contain_text("1 measure waits")
    shown(page, "closing-1440")
    close_it(site, page, "July 2026")
    shown(page, "closed-1440")
    page.get_by_role("link", name="All periods").click()
    page.get_by_role("button", name=re.compile("Recompute it.*July 2026")).click()
    with site.app.app_context():
        work_orders.run_waiting()
    expect(page.locator("h1")).to_contain_text("what was sealed is what follows", timeout=SOON)

    now = parse_rfc3339("2026-10-01T08:00:00Z")
    monkeypatch.setattr(clock, "now", lambda: now)
    with site.app.app_context():
        bring_up_to_date(now)
        close_due(now)
    page = site.as_login(chromium, "ada@example.com", "/settings/periods", color_scheme="dark")
    expect(page.locator("h1")).to_contain_text("September 2026 and the 3rd quarter 2026 close by themselves")
    shown(page, "periods-390-dark")
    page.get_by_role("link", name=re.compile("closing would seal.*September 2026")).click()
    expect(page.locator("main")).to_contain_text("Best team · 1st place")
    shown(page, "closing-390-dark")
    close_it(site, page, "September 2026")
    page.get_by_role("link", name="To the payouts").click()
    team = page.locator("li.payout", has_text="Best team")
    expect(team).to_contain_text("North")
    team.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("Approved")
    with page.expect_download() as taken:
        page.get_by_role("link", name="What is to be paid (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(taken.value.path().read_text("utf-8-sig"))))
    assert [(row["source"], row["subject_id"], row["amount"], row["state"]) for row in rows] == [
        ("recognition/best-team/2026-Q3", "north", "1500.50", "approved")
    ]
    assert site.complaints == []
