"""What the data health page shows: everything received that could not be counted, and what has gone quiet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from leaderboard.domain.instants import Instant
from leaderboard.queries.board_page import Freshness


class Trouble(StrEnum):
    """What can be wrong with what came in; the page has a card for each."""

    REJECTED = "rejected"
    CONFLICT = "conflict"
    UNPLACED_VERDICT = "unplaced_verdict"
    UNKNOWN_REP = "unknown_rep"
    OWNERLESS_LEAD = "ownerless_lead"
    SILENT_SOURCE = "silent_source"
    STUCK_LEAD = "stuck_lead"


@dataclass(frozen=True, slots=True)
class Example:
    """One case: what it is about, why, and since when."""

    subject: str
    """An event's id, a rep as written, a lead, a source."""
    source: str | None
    reason: str | None
    noted_at: Instant
    count: int = 1
    params: str | None = None
    """What the reason is about, as intake keeps it (JSON); for pages in other languages."""


@dataclass(frozen=True, slots=True)
class TroubleFacts:
    """All of one kind: how many, the newest, and the first few."""

    trouble: Trouble
    count: int
    newest_at: Instant | None
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """A system that sends us events."""

    source: str
    events_today: int
    events_7_days: int
    last_received_at: Instant
    is_silent: bool
    usual_gap_us: int | None
    """The longest silence of open time that is usual for it."""
    silence_us: int = 0
    """For how much open time it has been silent now."""


@dataclass(frozen=True, slots=True)
class DataHealthPage:
    """The state of what comes in."""

    freshness: Freshness
    troubles: tuple[TroubleFacts, ...]
    sources: tuple[SourceFacts, ...]
    level_names: Mapping[str, str] = field(default_factory=dict)
    """What service levels are called, by id."""

    @property
    def has_events(self) -> bool:
        """Whether anything was ever received."""
        return bool(self.sources)

    @property
    def is_calm(self) -> bool:
        """Whether nothing needs anybody."""
        return not any(facts.count for facts in self.troubles)
