"""A company in November 2026 of which a screen shows what it may: twelve reps, some of whom chose otherwise."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.events import Event
from leaderboard.domain.instants import HOUR, MINUTE, Instant, parse_rfc3339
from leaderboard.persistence.models import DisplayChoice, Person
from leaderboard.queries.public_names import compared
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook

RULEBOOK = b"""
rulebook: 1
effective_from: 2026-10-01
organization: {name: Acme, timezone: UTC, currency: EUR}
agreement: {parties: {marketing: Demand, sales: North and South}}
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
    points: {each: {exceeded: 3, met: 2, missed: -1}}
  qualified:
    name: Qualified leads
    party: marketing
    subject: team
    measure: volume
    events: lead.marketing_qualified
    target: 4
badges:
  quick: {name: Quick draw, for: {count: 3, service_level: first-contact, rating: exceeded}}
recognition:
  best-team: {period: quarter, scope: team, places: 2, bonus: 1500}
contests:
  sprint: {name: Sprint, scope: rep, service_levels: [first-contact], by: share, from: 2026-11-01,
           until: 2026-11-30, prize: {money: 50}}
"""
TOTAL = 12
ABSENT, ALIASED, ALIAS = "r2", "r3", "Silver Fox"
"""The second best chose to be left out, the third another name."""


@dataclass(frozen=True)
class WallHouse:
    """Keys of the people by id, and now."""

    keys: dict[str, int]
    now: Instant


def name(number: int) -> str:
    """The name of a rep: each bears one that is part of no other."""
    return f"Person-{number:02d}-Own"


def build(session: Session, at: str = "2026-11-20T12:00:00Z") -> WallHouse:
    """Rep number 0 has the most points; the last ones only misses; one more is named by events alone."""
    now = parse_rfc3339(at)
    apply_rulebook(RULEBOOK, "rulebook.yaml", now, "test")
    import_roster(_roster().encode(), "roster.yaml", now, "test")
    accept(session, list(_events(now)), now)
    session.commit()
    bring_up_to_date(now)
    keys = {rep: key for key, rep in session.execute(select(Person.id, Person.rep_id)) if rep}
    session.add(DisplayChoice(person_id=keys[ABSENT], is_absent=True, chosen_at=now))
    session.add(
        DisplayChoice(
            person_id=keys[ALIASED], alias=ALIAS, alias_key=compared(ALIAS), is_absent=False, chosen_at=now
        )
    )
    session.commit()
    return WallHouse(keys, now)


def _roster() -> str:
    teams = "teams:\n  north: {name: North, department: sales}\n  south: {name: South, department: sales}\n"
    teams += "  demand: {name: Demand, department: marketing}\nreps:\n"
    spans = [f"{{team: {'north' if number % 2 else 'south'}, from: 2026-01-01}}" for number in range(TOTAL)]
    reps = [f"  r{number}: {{name: {name(number)}, teams: [{span}]}}" for number, span in enumerate(spans)]
    return teams + "\n".join(reps) + "\n  m: {name: Mia Market, teams: [{team: demand, from: 2026-01-01}]}\n"


def _events(now: Instant) -> list[Event]:
    found: list[Event] = []
    for number in range(TOTAL):
        rep = f"r{number}"
        for lead in range(TOTAL - number):
            found += told(f"{rep}/{lead}", rep, now - HOUR, 5 if lead % 2 else 20)
        found += told(f"{rep}/late", rep, now - 2 * HOUR, None)
    found += told("stray/1", "unknown-crm-id", now - HOUR, 5)
    found += [
        Event("crm", f"mql/{n}", "lead.marketing_qualified", now - HOUR, f"mql/{n}", "m") for n in range(5)
    ]
    return found


def told(lead: str, rep: str, at: Instant, waited: int | None) -> list[Event]:
    """A lead that is assigned then, and answered after so many minutes, if ever."""
    made = [Event("crm", f"{lead}/a", "lead.assigned", at, lead, rep)]
    if waited is not None:
        made.append(Event("crm", f"{lead}/c", "lead.contacted", at + waited * MINUTE, lead, rep))
    return made
