"""What the pages show of what is decided by hand: to whom, out of which budget, what waits, what was given."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from leaderboard.domain.instants import Instant
from leaderboard.queries.ladder_page import Party, Word


@dataclass(frozen=True, slots=True)
class BadgeOffer:
    """A badge that may be given by hand, and what it is worth."""

    id: str
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An adjustment that waits for a second person, or a tick that waits for a manager."""

    number: int
    who: Party
    at: Instant
    by: str
    is_mine: bool
    points: int = 0
    reason: str | None = None
    task: str | None = None
    money: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A badge, an adjustment or a confirmed task, as a list of the latest shows it."""

    number: int
    kind: str
    who: Party
    at: Instant
    by: str
    second: str | None
    what: str
    points: int
    reason: str | None
    undone: Word | None


class TaskState(StrEnum):
    """Where a task stands for a rep."""

    OPEN = "open"
    WAITING = "waiting"
    REFUSED = "refused"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class TaskStand:
    """A task that a rep may still do, or has done."""

    id: str
    name: str
    description: str | None
    until_on: dt.date
    points: int
    money: Decimal | None
    currency: str
    needs_word: bool
    state: TaskState
    since: Instant | None = None
    reason: str | None = None
