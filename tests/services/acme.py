"""A small company: two reps in two teams, a clock of one hour, a badge for a rank and one for a streak."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant, parse_rfc3339
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services import answers, clock
from leaderboard.services.intake import accept

SetClock = Callable[[str], Instant]

RULEBOOK = b"""
rulebook: 1
effective_from: 2026-01-01
organization: {name: Acme, timezone: UTC, currency: EUR}
service_levels:
  first-contact:
    name: First contact within one hour
    party: sales
    measure: response
    start: lead.assigned
    stop: lead.contacted
    within: 1h
    target: 50%
    points:
      each: {met: 2, missed: -1}
      month: {met: 10, missed: -20}
badges:
  leader: {name: Leader, for: {rank: 1, period: month, scope: rep}, points: 3}
  unbroken: {name: Unbroken, for: {streak: 2, service_level: first-contact}, points: 7}
"""
ROSTER = b"""
teams:
  north: {name: North, department: sales}
  south: {name: South, department: sales}
reps:
  ana: {name: Ana Souza, teams: [{team: north, from: 2026-01-01}]}
  ben: {name: Ben Costa, teams: [{team: south, from: 2026-01-01}]}
"""


def send(
    session: Session, *events: tuple[str, str, str, str] | tuple[str, str, str, str, str], **more: str
) -> None:
    """Events as (id, type, time, lead[, rep])."""
    made = [
        Event(
            "crm",
            one[0],
            one[1],
            parse_rfc3339(one[2]),
            one[3] or None,
            one[4] if len(one) > 4 else None,
            more,
        )
        for one in events
    ]
    accept(session, made, clock.now())
    session.commit()


def july(session: Session) -> None:
    send(
        session,
        ("1", "lead.assigned", "2026-07-03T10:00:00Z", "L1", "ana"),
        ("2", "lead.contacted", "2026-07-03T10:30:00Z", "L1"),
        ("3", "lead.assigned", "2026-07-04T10:00:00Z", "L2", "ana"),
        ("4", "lead.contacted", "2026-07-04T10:30:00Z", "L2"),
        ("5", "lead.assigned", "2026-07-03T10:00:00Z", "L3", "ben"),
    )


def points(name: str, scope: str = "rep") -> dict[str, int]:
    document = answers.standings(answers.ask(), name, SubjectKind(scope))
    return {row["id"]: row["points"] for row in document["standings"]}


def state(name: str) -> str:
    return str(answers.standings(answers.ask(), name, SubjectKind.REP)["state"])


def adjustments() -> list[tuple[str, int, str]]:
    entries = answers.ledger(answers.ask(), answers.LedgerFilter())["entries"]
    return [(e["id"], e["points"], e["corrects"]) for e in entries if e["kind"] == "adjustment"]
