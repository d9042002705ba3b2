"""What the page of periods shows: each with how final it is, its seal and its proof, and what may be done with it."""

import datetime as dt
from dataclasses import dataclass

from leaderboard.domain.instants import Instant
from leaderboard.queries.board_page import PeriodFacts


@dataclass(frozen=True, slots=True)
class SealDetails:
    """How a period was sealed. `by` is a name, or what the audit log calls a program."""

    at: Instant
    closing_at: Instant
    by: str
    sha256: str
    previous: str
    position: int
    is_intact: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """The last time that somebody had a seal recomputed. `differences` is None where that came to no end."""

    order: int
    asked_at: Instant
    is_over: bool
    differences: int | None


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A period. `closes_at` is the schedule's instant; None for what is sealed, or waits for a command."""

    facts: PeriodFacts
    closes_at: Instant | None
    after_days: int
    rules_on: dt.date | None
    is_next: bool
    seal: SealDetails | None
    proof: Proof | None


@dataclass(frozen=True, slots=True)
class Notice:
    """A period that closes by itself soon."""

    facts: PeriodFacts
    closes_at: Instant
    also: PeriodFacts | None
    """The quarter that closes with it."""
