"""A new manager copies the rulebook in force, makes it stricter, adds a ladder and a contest, tries it on the last
quarter; both parties sign, and it comes into force on its day.
"""

import datetime as dt
import re
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from leaderboard.domain.instants import Instant, local_date, midnight
from leaderboard.services import clock, simulation_runs
from tests.browser.site import SOON, Site
from tests.cast import PASSWORD

pytestmark = pytest.mark.browser
UTC = ZoneInfo("UTC")
NIA = "nia@example.com"


def next_month(now: Instant) -> dt.date:
    return (local_date(now, UTC).replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def invited(site: Site, chromium: Browser) -> Page:
    """An administrator makes a login for a new manager, who chooses a password by the link and comes in."""
    page = site.as_login(chromium, "ada@example.com", "/settings/people")
    page.get_by_role("link", name="New login").click()
    page.get_by_label("Email").fill(NIA)
    page.get_by_role("radio", name="Manager").check()
    page.get_by_label("May edit rulebooks").check()
    page.get_by_label("Signs the agreement for").select_option("marketing")
    page.get_by_role("button", name="Make the login").click()
    link = urlsplit(page.get_by_label("The link", exact=True).input_value())
    new = site.come(chromium, locale="en-GB", viewport={"width": 1440, "height": 900})
    new.goto(f"{site.url}{link.path}?{link.query}")
    new.get_by_label("A password").fill(PASSWORD)
    new.get_by_label("The password again").fill(PASSWORD)
    new.get_by_role("button", name="Keep this password").click()
    if "/login" in new.url:
        new.get_by_label("Email").fill(NIA)
        new.get_by_label("Password", exact=True).fill(PASSWORD)
        new.get_by_role("button", name="Sign in").click()
    return new


def add_a_ladder(page: Page) -> None:
    page.get_by_role("link", name=re.compile("^Ladders")).click()
    page.get_by_role("link", name="Add a ladder").click()
    page.get_by_label("Name", exact=True).fill("Slow to call")
    page.get_by_label("Its key").fill("slow")
    page.get_by_label("Service level").select_option(label="First contact")
    page.get_by_role("combobox", name="What happens").select_option("notify_rep")
    page.get_by_role("button", name="Add a step").click()
    second = page.locator("#step-2")
    second.get_by_role("combobox", name="What happens").select_option("coaching")
    second.get_by_label("if a manager approves it").check()
    page.get_by_label("Months that are met").fill("2")
    expect(page.locator("#beside")).to_contain_text(
        "A coaching conversation, if a manager approves it", timeout=SOON
    )
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("Slow to call")


def add_a_contest(page: Page, first_on: dt.date) -> None:
    page.get_by_role("link", name=re.compile("^Badges and prizes")).first.click()
    page.get_by_role("link", name="A contest").click()
    page.get_by_label("Name", exact=True).fill("The sprint")
    page.get_by_label("Its key").fill("sprint")
    page.get_by_label("First day").fill(first_on.isoformat())
    page.get_by_label("Last day").fill((first_on + dt.timedelta(days=13)).isoformat())
    page.get_by_label("How many win").fill("1")
    page.get_by_role("checkbox", name="First contact").check()
    page.get_by_label("Points", exact=True).fill("50")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("The sprint")


def mend_the_text(page: Page, old: str, new: str) -> None:
    """Nonsense is pointed at in the text and kept; what makes sense is saved."""
    page.get_by_role("link", name=re.compile("^Text")).first.click()
    text = page.get_by_label("The document")
    expect(page.locator(".editor-gutter")).to_contain_text("12")
    text.fill(text.input_value().replace(old, "within: soon"))
    page.get_by_role("button", name="Check without saving").click()
    page.get_by_role("button", name=re.compile(r"Line \d+")).click()
    assert page.evaluate("getSelection().toString()").strip() == "within: soon"
    text.fill(text.input_value().replace("within: soon", new))
    page.get_by_role("button", name="Save", exact=True).click()


def test_rules_go_from_a_new_manager_s_copy_to_being_in_force(
    site: Site, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.command("users", "rights", "ada@example.com", "--signs-for", "sales")
    begins_on = next_month(clock.now())
    page = invited(site, chromium)
    page.goto(site.url + "/settings/rules")
    page.get_by_role("link", name="Begin a draft").click()
    page.get_by_label("Its name").fill("Quicker first contact")
    page.get_by_role("button", name="Begin", exact=True).click()
    draft = page.url.removeprefix(site.url)

    mend_the_text(page, "within: 30m", "within: 20m")
    expect(page.locator(".change ins", has_text="20 minutes")).to_be_visible()
    add_a_ladder(page)
    page.goto(site.url + draft)
    add_a_contest(page, begins_on)
    page.goto(site.url + draft)
    expect(page.locator("main")).to_contain_text("Slow to call")
    expect(page.locator("main")).to_contain_text("The sprint")

    page.get_by_role("link", name="Try it").click()
    assert page.get_by_label("On which period?").input_value().count("-Q") == 1, "a quarter is offered first"
    page.get_by_role("button", name="Try it").click()
    expect(page.locator("h1")).to_contain_text("Trying it on what has happened")
    with site.app.app_context():
        simulation_runs.run_waiting()
    expect(page.get_by_role("heading", name="What it costs")).to_be_visible(timeout=SOON)

    page.goto(site.url + draft)
    expect(page.get_by_role("button", name="Schedule it")).to_be_disabled()
    page.get_by_role("button", name="Sign for marketing").click()
    expect(page.get_by_role("button", name="Sign for sales")).to_have_count(0)
    page = site.as_login(chromium, "ada@example.com", draft)
    page.get_by_role("button", name="Sign for sales").click()
    page.get_by_role("button", name="Schedule it").click()
    expect(page.get_by_role("status")).to_contain_text("It is scheduled")
    page.get_by_role("link", name="See the version, or take it back").click()
    expect(page.get_by_role("button", name="Take it back")).to_be_visible()

    page = site.as_login(chromium, "ana@example.com", "/rules")
    expect(page.locator("main")).to_contain_text("within 30 minutes of being assigned")
    expect(page.locator("main")).not_to_contain_text("Slow to call")
    begins_at = midnight(begins_on, UTC)
    monkeypatch.setattr(clock, "now", lambda: begins_at)
    page = site.as_login(chromium, "ana@example.com", "/rules")
    for words in ("within 20 minutes of being assigned", "Slow to call", "The sprint"):
        expect(page.locator("main")).to_contain_text(words)
    page.goto(site.url + "/me")
    expect(page.locator("main")).to_contain_text("At the foot: nothing counts")
    assert site.complaints == []
