"""What happened: events, and the order in which those of one lead are read (rulebook.md, Events)."""

from collections.abc import Mapping
from typing import NamedTuple

from leaderboard.domain.instants import Instant

NO_ATTRIBUTES: Mapping[str, str] = {}

LEAD_ASSIGNED = "lead.assigned"
LEAD_EXCLUDED = "lead.excluded"
EVENT_VOIDED = "event.voided"
OUTCOME_RECORDED = "outcome.recorded"
TASK_COMPLETED = "task.completed"

WITHOUT_LEAD = frozenset({OUTCOME_RECORDED, EVENT_VOIDED, TASK_COMPLETED})
"""The types that need no lead."""

_ORDER = (
    "lead.created",
    "lead.graded",
    "lead.marketing_qualified",
    LEAD_ASSIGNED,
    "lead.contact_attempted",
    "lead.contacted",
    "lead.accepted",
    "lead.qualified",
    "lead.disqualified",
    "lead.returned",
    "lead.paused",
    "lead.resumed",
    "opportunity.created",
    "opportunity.won",
    "opportunity.lost",
)
_OTHER = len(_ORDER)
_RANK = {name: place for place, name in enumerate(_ORDER)} | {
    OUTCOME_RECORDED: _OTHER + 1,
    LEAD_EXCLUDED: _OTHER + 2,
    EVENT_VOIDED: _OTHER + 3,
}
KNOWN_TYPES = frozenset(_RANK)
"""The types that the specification names; any other lower-case dotted name is kept too."""


class Event(NamedTuple):
    """One thing that happened. A named tuple, for millions of them are made and compared."""

    source: str
    id: str
    type: str
    time: Instant
    lead: str | None = None
    rep: str | None = None
    attributes: Mapping[str, str] = NO_ATTRIBUTES


def lead_order(event: Event) -> tuple[Instant, int, str, str]:
    """The sort key of a lead's events: time, then the table of types, then id, then source."""
    return (event.time, _RANK.get(event.type, _OTHER), event.id, event.source)
