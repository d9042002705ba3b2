"""What a rep and a manager do on a day, from the door on, in a real browser; and what an integrator makes them see."""

import json
import re
import urllib.request

import pytest
from playwright.sync_api import Browser, Page, expect

from leaderboard.domain.instants import MINUTE, format_instant
from leaderboard.services import clock
from leaderboard.services.evaluation import bring_up_to_date
from tests.browser.site import SOON, Site

pytestmark = pytest.mark.browser
SECRET = "correct horse battery"


def comes_in(site: Site, page: Page, email: str) -> None:
    """By the link that the administrator sends, and from then on by the password chosen there."""
    link = re.search(r"/password\?link=\S+", site.command("users", "link", email))
    assert link
    page.goto(site.url + link[0])
    page.get_by_label("A password").fill(SECRET)
    page.get_by_label("The password again").fill(SECRET)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("you are in")
    leaves(page)
    page.get_by_label("Email").fill(email)
    page.keyboard.press("Tab")
    page.keyboard.type(SECRET)
    page.keyboard.press("Enter")
    expect(page.locator("#live tbody tr").first).to_be_visible()


def leaves(page: Page) -> None:
    page.locator(".bar .menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_rep_walks_from_the_door_to_the_receipt_of_a_point(site: Site, chromium: Browser) -> None:
    page = site.come(chromium, locale="en-GB", viewport={"width": 390, "height": 844})
    comes_in(site, page, "ana@example.com")
    expect(page.locator("#live tbody tr").first).to_contain_text("Ana Souza")
    page.get_by_role("navigation").get_by_role("link", name="My points").click()
    receipt = page.locator(".receipt", has_text="5 of 30 minutes")
    receipt.locator("summary").focus()
    page.keyboard.press("Enter")
    for fact in (
        "assigned",
        "contacted",
        "5\N{NO-BREAK SPACE}min",
        "30 minutes",
        "First contact",
        "in force from",
    ):
        expect(receipt.locator("dl")).to_contain_text(fact)
    page.get_by_role("navigation").get_by_role("link", name="Leaderboard").click()
    page.go_back()
    expect(page.get_by_role("heading", name="Every point, and why")).to_be_visible()
    leaves(page)
    page.go_back()
    expect(page).to_have_url(re.compile("/login"))
    assert site.complaints == []


def test_a_manager_walks_from_data_health_to_a_rep_of_the_team(site: Site, chromium: Browser) -> None:
    page = site.come(chromium, locale="en-GB")
    comes_in(site, page, "rui@example.com")
    page.get_by_role("link", name="Data health").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 things need somebody")
    page.get_by_role("link", name="Leaderboard", exact=True).first.click()
    expect(page.locator("#live tbody a", has_text="Bia Castro")).to_have_count(0)
    page.locator("#live tbody a", has_text="Ana Souza").click()
    expect(page.locator(".receipt")).not_to_have_count(0)
    assert site.complaints == []


def test_what_a_program_sends_is_on_the_board_without_a_reload(site: Site, chromium: Browser) -> None:
    page = site.open(chromium, locale="en-GB")
    expect(page.locator("#live tbody tr").first).to_contain_text("Ana Souza")
    token = site.command(
        "tokens", "create", "Dialer", "--scope", "events:write", "--source", "dialer"
    ).split()[0]
    now = clock.now()
    events = [
        {
            "source": "dialer", "id": f"{lead}/{type_}", "type": type_, "lead": f"New {lead}", "rep": "bia",
            "time": format_instant(now - minutes * MINUTE),
        }
        for lead in range(5)
        for type_, minutes in (("lead.assigned", 3), ("lead.contacted", 2))
    ]  # fmt: skip
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{site.url}/api/v1/events", json.dumps(events).encode(), headers)
    with urllib.request.urlopen(request) as answer:
        assert json.load(answer) == {"accepted": 10, "duplicates": 0, "rejected": []}
    with site.app.app_context():
        bring_up_to_date(clock.now())
    expect(page.locator("#live tbody tr").first).to_contain_text("Bia Castro", timeout=SOON)
    assert site.complaints == []


@pytest.mark.parametrize("language", ["en", "pt-BR", "pt-PT"])
def test_every_page_fits_a_phone_in_every_language(site: Site, chromium: Browser, language: str) -> None:
    page = site.open(
        chromium, "/me", locale=language, color_scheme="dark", viewport={"width": 320, "height": 640}
    )
    for path in ("/me", "/leaderboard/reps/2026-01", "/account/password", "/nowhere"):
        page.goto(site.url + path)
        expect(page.locator("html")).to_have_attribute("lang", language)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert [one for one in site.complaints if "404" not in one] == []
