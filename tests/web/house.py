"""A small organization with rules, a roster and some leads: what pages are looked at with."""

from dataclasses import dataclass

from flask import Flask

from leaderboard.domain.events import Event
from leaderboard.domain.instants import HOUR, MINUTE, Instant
from leaderboard.persistence.db import current_session
from leaderboard.services import clock, users
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.cast import Cast

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


@dataclass(frozen=True)
class House:
    """The cast with a roster, rules and some leads behind it."""

    cast: Cast
    ana: int
    bia: int
    now: Instant


def build_house(app: Flask) -> House:
    """Loads it all into the application's empty database."""
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
    return House(Cast(app), ana, bia, now)


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
