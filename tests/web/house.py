"""A small organization with rules, a roster and some leads: what pages are looked at with."""

from dataclasses import dataclass
from functools import partial

from flask import Flask

from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, HOUR, MINUTE, Instant
from leaderboard.domain.periods import PeriodKind
from leaderboard.persistence.db import current_session
from leaderboard.services import clock, users
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.rules import current_rules
from tests.cast import Cast
from tests.prepared import prepared

RULEBOOK = """
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
    points: {each: {exceeded: 3, met: 2, missed: -1}, month: {met: 100}}
"""
ROSTER = """
teams:
  south: {name: South, department: sales, manager: rui}
  north: {name: North, department: sales}
reps:
  rui: {name: Rui Faria, teams: [{team: south, from: 2020-01-01}]}
  ana: {name: Ana Souza, teams: [{team: south, from: 2020-01-01}]}
  bia: {name: =Bia Castro, teams: [{team: north, from: 2020-01-01}]}
"""


_PAST = (("ana", True), ("ana", True), ("bia", False), ("rui", False), ("yan", True), ("zoe", True))


@dataclass(frozen=True)
class House:
    """The cast with a roster, rules and some leads behind it."""

    cast: Cast
    ana: int
    bia: int
    now: Instant


def build_house(app: Flask) -> House:
    """Loads it all into the application's empty database."""
    ana, bia, now = prepared(app, "house", partial(_loaded, app))
    return House(Cast(app), ana, bia, now)


def _loaded(app: Flask) -> tuple[int, int, Instant]:
    with app.app_context():
        now = clock.now()
        apply_rulebook(RULEBOOK.encode(), "rulebook.yaml", now, "test")
        import_roster(ROSTER.encode(), "roster.yaml", now, "test")
        session = current_session()
        accept(session, leads(now), now)
        session.commit()
        bring_up_to_date(now)
        for name, role in (("ana", "rep"), ("bia", "rep"), ("rui", "manager")):
            users.create(f"{name}@example.com", role, rep=name, password=None, actor="test", now=now)
        users.create("ada@example.com", "admin", rep=None, password=None, actor="test", now=now)
        keys = {name: users.existing(f"{name}@example.com").person_id for name in ("ana", "bia")}
    ana, bia = keys["ana"], keys["bia"]
    assert ana is not None
    assert bia is not None
    return ana, bia, now


def leads(now: Instant) -> list[Event]:
    """Two of Ana's that were contacted in time, one that still runs; one of Bia's; one of nobody the roster knows."""
    found = []
    for number, (rep, waited) in enumerate((("ana", 5), ("ana", 20), ("bia", 25), ("zoe", 5))):
        found.append(Event("crm", f"{number}/a", "lead.assigned", now - HOUR, f"=Lead {number}", rep))
        contacted_at = now - HOUR + waited * MINUTE
        found.append(Event("crm", f"{number}/c", "lead.contacted", contacted_at, f"=Lead {number}", rep))
    found.append(
        Event("crm", "9/a", "lead.assigned", now - 12 * MINUTE, "Padaria Lua", "ana", {"grade": "B"})
    )
    found.append(
        Event(
            "help", "v", "outcome.recorded", now - HOUR, None, "ana", {"service_level": "x", "rating": "met"}
        )
    )
    return found


def follow_up(app: Flask, rep: str, number: int) -> None:
    """So many more leads of a rep's, followed up at once and counted."""
    with app.app_context():
        now = clock.now()
        events = []
        for one in range(number):
            lead = f"{rep}/{now}/{one}"
            events.append(Event("live", f"{lead}/a", "lead.assigned", now - 2 * MINUTE, lead, rep))
            events.append(Event("live", f"{lead}/c", "lead.contacted", now - MINUTE, lead, rep))
        session = current_session()
        accept(session, events, now)
        session.commit()
        bring_up_to_date(now)


def months_behind(app: Flask, months: int = 8) -> None:
    """So many months that have ended: Ana, and Yan and Zoe whom no roster has, were in time, Bia and Rui were not."""
    with app.app_context():
        session, now = current_session(), clock.now()
        rules = current_rules(session)
        assert rules is not None
        month, events = rules.book.calendar.at(PeriodKind.MONTH, now), []
        for number in range(months):
            month = rules.book.calendar.before(month)
            assigned_at = month.start_at + 3 * DAY
            for rep, is_kept in _PAST:
                lead = f"{number}/{len(events)}"
                events.append(Event("past", f"{lead}/a", "lead.assigned", assigned_at, lead, rep))
                if is_kept:
                    contacted_at = assigned_at + 5 * MINUTE
                    events.append(Event("past", f"{lead}/c", "lead.contacted", contacted_at, lead, rep))
        accept(session, events, now)
        session.commit()
        bring_up_to_date(now)
