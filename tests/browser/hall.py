"""A company whose last quarter is sealed, with bonuses for three places, and a screen of its own in a real browser."""

import re
from dataclasses import dataclass

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, MINUTE, Instant
from leaderboard.domain.line_ups import STANDARD
from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Moment, Person
from leaderboard.services import clock, screen_pairing, users
from leaderboard.services.closing import close_period
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.rules import current_rules
from leaderboard.services.screens import Look
from tests.browser.site import Site

TEAMS = ("South", "North", "West", "East")
"""The fourth has no points; the others come in this order."""

_RULEBOOK = b"""
rulebook: 1
effective_from: 2020-01-01
organization: {name: Acme, timezone: UTC, currency: EUR}
service_levels:
  first-contact:
    name: First contact
    party: sales
    measure: response
    start: lead.assigned
    stop: lead.contacted
    within: 30m
    exceed_within: 10m
    target: 90%
    points: {each: {exceeded: 3, met: 2}}
recognition:
  best-teams: {name: Best teams, period: quarter, scope: team, places: 3, bonus: 300}
  best-team: {name: Best team, period: quarter, scope: team, places: 1, bonus: 1500}
"""
MANAGER = "max@example.com"


@dataclass(frozen=True)
class Hall:
    """Where it is served, and the quarter that can be revealed."""

    site: Site
    quarter: str


def build_hall(app: Flask) -> str:
    """Loads it into an empty database; the name of the sealed quarter."""
    with app.app_context():
        now = clock.now()
        apply_rulebook(_RULEBOOK, "rulebook.yaml", now, "test")
        import_roster(_roster().encode(), "roster.yaml", now, "test")
        quarter = _last_quarter(now)
        session = current_session()
        accept(
            session, [*_leads("then", quarter.start_at + 10 * DAY), *_leads("now", now - 40 * MINUTE)], now
        )
        session.commit()
        bring_up_to_date(now)
        calendar = current_rules(session).book.calendar
        for month in quarter.months:
            close_period(calendar.month(month).name, "test", now)
        close_period(quarter.name, "test", now)
        users.create(MANAGER, "manager", rep="max", password=None, actor="test", now=now)
    return quarter.name


def _last_quarter(now: Instant) -> Period:
    calendar = current_rules(current_session()).book.calendar
    present = calendar.at(PeriodKind.QUARTER, now)
    return calendar.at(PeriodKind.QUARTER, present.start_at - DAY)


def _roster() -> str:
    teams = "".join(f"  {name.lower()}: {{name: {name}, department: sales}}\n" for name in TEAMS)
    span = "from: 2020-01-01"
    reps = "".join(
        f"  {name.lower()}-{n}: {{name: {name} Number {n}, teams: [{{team: {name.lower()}, {span}}}]}}\n"
        for name in TEAMS
        for n in range(3)
    )
    return f"teams:\n{teams}reps:\n{reps}  max: {{name: Max Manager}}\n"


def _leads(name: str, at: Instant) -> list[Event]:
    """The first team answers most leads, the last one none."""
    found = []
    for place, team in enumerate(TEAMS[:3]):
        for number in range(9 - 2 * place):
            lead, rep = f"{name}/{team}/{number}", f"{team.lower()}-{number % 3}"
            found.append(Event("crm", f"{lead}/a", "lead.assigned", at, lead, rep))
            found.append(Event("crm", f"{lead}/c", "lead.contacted", at + 5 * MINUTE, lead, rep))
    return found


def open_wall(chromium: Browser, site: Site, **options: object) -> Page:
    """The page of a screen that nobody has let in yet. Its clock can be turned on: nothing is waited for."""
    page = site.come(chromium, **{"viewport": {"width": 1280, "height": 720}} | options)
    page.clock.install()
    page.goto(f"{site.url}/tv")
    return page


def let_in_by_hand(chromium: Browser, site: Site, page: Page) -> Page:
    """A manager types the code that stands on the glass; the manager's page, at the line-up of that screen."""
    desk = site.as_login(chromium, MANAGER, "/settings/screens")
    desk.get_by_label("The code on the screen").fill(_code(page).lower())
    desk.get_by_role("button", name="Let it in").click()
    desk.get_by_label("Name", exact=True).fill("Entrance")
    desk.get_by_role("button", name="Let it in").click()
    expect(desk).to_have_url(re.compile(r"/line-up$"))
    _shows_the_board(page)
    return desk


def open_screen(chromium: Browser, site: Site) -> Page:
    """The page of a screen that was let in."""
    page = open_wall(chromium, site)
    come_in(site, page)
    return page


def come_in(site: Site, page: Page) -> None:
    """Lets a screen in that shows its code, and waits until it shows the board."""
    with site.app.app_context():
        screen_pairing.let_in(_code(page), Look("Hall", "en", STANDARD), actor="test", now=clock.now())
    _shows_the_board(page)


def _code(page: Page) -> str:
    return (page.locator(".tv-code").get_attribute("aria-label") or "").replace(" ", "")


def _shows_the_board(page: Page) -> None:
    title = page.locator(".tv-slide.is-shown h1")
    for _ in range(20):
        page.clock.run_for(4_000)
        page.wait_for_timeout(100)
        if title.is_visible():
            break
    expect(title).to_contain_text("teams", timeout=15_000)


def celebrate(hall: Hall, *kinds: str) -> None:
    """A moment of each of these kinds, of one person after the other."""
    with hall.site.app.app_context():
        session = current_session()
        people = session.query(Person).filter(Person.rep_id.is_not(None)).order_by(Person.id).all()
        for kind, person in zip(kinds, people, strict=False):
            key = f"{kind}/{person.id}/{clock.now()}"
            session.add(Moment(moment_key=key, kind=kind, at=clock.now(), person_id=person.id, about="{}"))
        session.commit()
