"""Good documents to spoil, and what came of reading them."""

from collections.abc import Callable
from pathlib import Path

from leaderboard.files.problems import FileProblems

RULEBOOK = """\
rulebook: 1
effective_from: 2026-01-01
organization:
  name: Acme
  timezone: America/Sao_Paulo
  currency: BRL
  locale: pt_BR
  fiscal_year_start: 4
  point_value: 0.50
  closing: {after_days: 5}
agreement:
  title: Marketing and sales agreement 2026
  parties: {marketing: Demand generation, sales: Inbound and outbound}
  definitions: {MQL: "a lead worth a call", SAL: "a lead sales took"}
  handover: [conversion history, pages seen]
calendars:
  desk:
    hours:
      monday: ["09:00-12:00", "13:00-18:00"]
      tuesday: ["09:00-24:00"]
    holidays: {country: BR, subdivision: SP}
    closed: [2026-12-24]
service_levels:
  first-contact:
    name: First contact within one business hour
    description: From the assignment on.
    party: sales
    measure: response
    start: lead.assigned
    stop: {event: lead.contact_attempted, count: 3, distinct: channel, apart: 2h}
    pause: lead.paused
    resume: [lead.resumed]
    calendar: desk
    within: {A: 30m, B: 1h, otherwise: 4h}
    exceed_within: 15m
    on_reassign: continue
    minimum: 2
    target: 90%
    exceed: 97.5%
    points:
      each: {exceeded: 3, met: 2, missed: -1}
      month: {exceeded: 150, met: 100, missed: -20}
  callback:
    name: Called back
    party: sales
    measure: response
    start: [callback.requested]
    stop: [callback.done, lead.contacted]
    within: 2d
  quality:
    name: Quality
    party: sales
    measure: recorded
    target: 0.9
  mql-value:
    name: Qualified leads, weighted
    party: marketing
    subject: team
    measure: volume
    events: lead.marketing_qualified
    value: {grade: {A: 5, B: 2.5, otherwise: 1}}
    target: 120
    exceed: 150
  revenue:
    name: Revenue
    party: sales
    measure: volume
    events: [opportunity.won]
    value: {attribute: amount}
    once_per_lead: false
    target: 0.3
  win-rate:
    name: Won of accepted
    party: sales
    measure: ratio
    numerator: {events: opportunity.won, value: 2}
    denominator: {events: lead.accepted}
    target: 150%
badges:
  quick-draw: {name: Quick draw, for: {count: 10, service_level: first-contact, rating: exceeded}, points: 20}
  unbroken: {name: Unbroken, for: {streak: 25, service_level: quality}}
  clean-sheet: {name: Clean sheet, for: {clean_month: 20}}
  champions: {name: Champions, for: {rank: 1, period: quarter, scope: team}}
  by-hand: {name: Kind, description: Given by a manager}
recognition:
  best-team: {period: quarter, scope: team, places: 1, bonus: 1500, badge: champions}
consequences:
  slow-contact:
    service_level: first-contact
    steps:
      - {do: notify_rep}
      - [{do: notify_manager}, {do: coaching, approval: manager}]
      - {do: deduct, points: 100}
    clears_after: 2
"""

ROSTER = """\
teams:
  inbound: {name: Inbound, department: sales, manager: rui}
  outbound: {name: Outbound, department: sales}
reps:
  rui: {name: Rui Faria}
  ana:
    name: Ana Souza
    email: ana@example.com
    aliases: [0055A00000BxYzQ, asouza]
    teams:
      - {team: outbound, from: 2026-07-01}
      - {team: inbound, from: 2026-01-01, until: 2026-06-30}
    time_off:
      - {from: 2026-02-09, until: 2026-02-13}
"""

PROFILE = """\
profile: 1
source: crm-export
timezone: America/Sao_Paulo
events:
  - type: lead.created
    id: "{Lead ID}/created"
    lead: "{Lead ID}"
    time: {column: Created Date, formats: ["%d-%m-%Y %H:%M", "%d-%m-%Y"]}
    attributes: {origin: "{Lead Source}", grade: "A"}
  - type: lead.disqualified
    id: "{Lead ID}/status"
    lead: "{Lead ID}"
    rep: "{Owner}"
    time: {column: Last Status Change, formats: ["%d-%m-%Y"]}
    when: {Status: [Disqualified, Lost]}
    attributes: {channel: {column: Channel, values: {Ringing: phone, Mail: email}}}
"""


def told(read: Callable[[str, str], object], document: str) -> list[str]:
    """The problems of a document, as `LINE: key: code`; none if it is good."""
    try:
        read(document, "f.yaml")
    except FileProblems as problems:
        for problem in problems.problems:
            assert problem.message  # its sentence has all of its parameters
        return [f"{problem.line}: {problem.key}: {problem.code}" for problem in problems.problems]
    return []


def spoilt(document: str, good: str, bad: str) -> str:
    """The document with one thing changed."""
    assert document.count(good) >= 1, good
    return document.replace(good, bad, 1)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """A file to read."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
