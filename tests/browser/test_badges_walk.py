"""A rep takes a badge along, a stranger sees that it is genuine, and that it no longer is; on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Person
from leaderboard.services import clock, deciding
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.browser.site import Site
from tests.cast import Cast
from tests.services.deciding_house import login
from tests.web.house import RULEBOOK

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
BADGE = "badges: {thanks: {name: Thank you, icon: heart-hand}}\n"


def come_in(site: Site, chromium: Browser, email: str, path: str) -> Page:
    held = Cast(site.app).logged_in(email).get_cookie("session")
    assert held is not None
    page = site.come(chromium, locale="en-GB", viewport=PHONE, accept_downloads=True)
    page.context.add_cookies([{"name": "session", "value": held.value, "url": site.url}])
    page.goto(site.url + path)
    return page


def thank_ana(site: Site) -> None:
    with site.app.app_context():
        now = clock.now()
        apply_rulebook((RULEBOOK + BADGE).encode(), "rulebook.yaml", now, "test")
        ana = current_session().query(Person.id).filter(Person.rep_id == "ana").scalar()
        rui = login(current_session(), "rui@example.com", now)
        deciding.give_badge(rui, ana, "thanks", "For the fair", token="thanks")


def test_a_badge_is_taken_along_shown_checked_and_withdrawn(
    site: Site, chromium: Browser, tmp_path: Path
) -> None:
    thank_ana(site)
    page = come_in(site, chromium, "ana@example.com", "/me")
    page.get_by_role("link", name="All, with certificates").click()
    page.get_by_role("link", name=re.compile("^Certificate")).click()
    expect(page.get_by_role("heading", name="Ana Souza")).to_be_visible()
    page.get_by_role("link", name="Badges").click()
    page.get_by_role("link", name=re.compile("^Take it along")).click()
    page.get_by_label("Ana S.").check()
    page.get_by_role("button", name="Sign it, and open its page").click()
    expect(page.get_by_role("status")).to_contain_text("It is signed")
    address = page.get_by_role("link", name=re.compile("^Public page")).get_attribute("href")
    assert address is not None

    stranger = site.come(chromium, locale="en-GB", viewport=PHONE, accept_downloads=True)
    stranger.goto(site.url + address)
    expect(stranger.get_by_role("heading", name="Genuine, and still valid")).to_be_visible()
    expect(stranger.get_by_text("Ana S.")).to_be_visible()
    with stranger.expect_download() as waited:
        stranger.get_by_role("link", name="Badge with the credential in it (PNG)").click()
    waited.value.save_as(tmp_path / "badge.png")
    stranger.get_by_role("link", name="Check a copy that you were given").click()
    stranger.get_by_label(re.compile("Or as a file")).set_input_files(tmp_path / "badge.png")
    stranger.get_by_role("button", name="Check it").click()
    expect(stranger.get_by_role("heading", name="Genuine")).to_be_visible()
    assert stranger.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    page.get_by_text(re.compile("^Withdraw…")).click()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("status")).to_contain_text("Withdrawn")
    stranger.get_by_label(re.compile("Or as a file")).set_input_files(tmp_path / "badge.png")
    stranger.get_by_role("button", name="Check it").click()
    expect(stranger.get_by_role("heading", name="Withdrawn by its owner")).to_be_visible()
    assert site.complaints == []
