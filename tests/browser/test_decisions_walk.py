"""A manager decides, and the rep reads it each time: measures, a task, a badge, an adjustment by two people."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from leaderboard.persistence.db import current_session
from leaderboard.services import clock, notes_seen
from leaderboard.services.announcing import announce
from tests.browser.site import Site
from tests.services.deciding_house import login

pytestmark = pytest.mark.browser
BEN, RUI, ADA = "ben@example.com", "rui@example.com", "ada@example.com"


def rep_reads(site: Site, chromium: Browser, new: int, *told: str) -> Page:
    """Ben sees the mark on his own page, opens his notes, and the mark is gone."""
    page = site.as_login(chromium, BEN, "/me")
    words = f"{new} new note{'s' if new > 1 else ''} for you"
    expect(page.locator(".rep-notes")).to_contain_text(words)
    page.get_by_role("link", name=words).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    for one in told:
        expect(page.locator(".note-card.is-new", has_text=one)).to_have_count(1)
    page.goto(site.url + "/me")
    expect(page.locator(".rep-notes")).to_have_count(0)
    return page


def all_seen(site: Site) -> None:
    """What July brought was told, and everybody has read it."""
    with site.app.app_context():
        announce()
        session = current_session()
        for email in (BEN, RUI, ADA):
            notes_seen.look(login(session, email, clock.now()), clock.now())


def measure(page: Page, words: str) -> Locator:
    return page.locator(".measure", has_text=words)


def give_reason(where: Page | Locator, opens: str, reason: str, does: str) -> None:
    where.get_by_text(opens, exact=True).first.click()
    where.locator("textarea:visible").fill(reason)
    where.get_by_role("button", name=does).locator("visible=true").click()


def test_a_measure_is_approved_one_waived_and_one_undone_and_the_rep_reads_each(
    firm_site: Site, chromium: Browser
) -> None:
    site = firm_site
    with site.app.app_context():
        announce()
    rep_reads(site, chromium, 1, "was missed in July 2026")
    manager = site.as_login(chromium, RUI, "/")
    manager.get_by_role("link", name="1 new note for you").click()
    manager.get_by_role("link", name="Decide on it").click()
    expect(manager).to_have_url(re.compile("/settings/consequences#c-2026-07-slow-rep-"))

    measure(manager, "40 points off").get_by_role("button", name="Approve").click()
    expect(manager.get_by_role("status")).to_contain_text("Approved")
    page = rep_reads(site, chromium, 1, "Approved: 40 points off")
    expect(page.locator(".stand")).to_contain_text("applies")

    give_reason(measure(manager, "A coaching conversation"), "Waive…", "He was ill that week", "Waive it")
    expect(manager.get_by_role("status")).to_contain_text("Waived")
    page = rep_reads(site, chromium, 1, "He was ill that week")
    expect(page.locator(".stand")).to_contain_text("waived")

    give_reason(
        manager.locator(".decision", has_text="Approved: 40 points off"),
        "Undo…",
        "It was the phones",
        "Undo it",
    )
    expect(manager.get_by_role("status")).to_contain_text("Undone")
    page = rep_reads(site, chromium, 1, "It was the phones")
    expect(page.locator("main")).to_contain_text("It was the phones")
    assert site.complaints == []


def test_a_task_is_ticked_off_by_the_rep_and_confirmed_by_the_manager(
    firm_site: Site, chromium: Browser
) -> None:
    site = firm_site
    all_seen(site)
    page = site.as_login(chromium, BEN, "/me")
    page.get_by_role("button", name=re.compile("I have done it.*Training")).click()
    expect(page.get_by_role("status")).to_contain_text("once your manager confirms it")
    expect(page.locator(".task", has_text="Training")).to_contain_text("waits for your manager")

    manager = site.as_login(chromium, RUI, "/notes")
    expect(manager.locator(".is-new")).to_contain_text("Ben Costa ticked off “Training”")
    manager.get_by_role("link", name="Decide on it").first.click()
    manager.get_by_role("button", name="Confirm").first.click()
    expect(manager.get_by_role("status")).to_be_visible()

    page = rep_reads(site, chromium, 1, "Confirmed: Training")
    expect(page.locator(".task", has_text="Training")).to_contain_text("done")
    expect(page.locator(".receipt", has_text="Training")).to_contain_text("15")
    assert site.complaints == []


def test_a_badge_is_given_within_the_budget_and_points_above_the_limit_take_two_people(
    firm_site: Site, chromium: Browser
) -> None:
    site = firm_site
    all_seen(site)
    manager = site.as_login(chromium, RUI, "/settings/by-hand")
    badge = manager.locator("form[action$='/badge']")
    badge.locator("select[name=who]").select_option(label="Ben Costa")
    badge.locator("[name=badge]").select_option("thanks")
    badge.locator("[name=reason]").fill("The fair on Sunday")
    badge.get_by_role("button").click()
    expect(manager.locator(".hand-budget")).to_contain_text("80 of 100 left")
    page = rep_reads(site, chromium, 1, "The fair on Sunday")
    expect(page.locator(".shelf")).to_contain_text("Thank you")

    points = manager.locator("form[action$='/points']")
    points.locator("select[name=who]").select_option(label="Ben Costa")
    points.locator("[name=points]").fill("31")
    points.locator("[name=reason]").fill("Two days at the fair")
    points.get_by_role("button").click()
    expect(manager.get_by_role("status")).to_contain_text("second person")
    page = site.as_login(chromium, BEN, "/me")
    expect(page.locator(".rep-notes")).to_have_count(0)

    second = site.as_login(chromium, ADA, "/notes")
    expect(second.locator(".is-new").first).to_contain_text("Two days at the fair")
    second.get_by_role("link", name="Decide on it").first.click()
    second.get_by_role("button", name="Confirm").first.click()
    expect(second.get_by_role("status")).to_be_visible()
    rep_reads(site, chromium, 1, "Two days at the fair")
    assert site.complaints == []
