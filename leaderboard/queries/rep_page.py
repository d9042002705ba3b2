"""What a rep's own page shows: place, running clocks, the month's promises, and every point's receipt."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from leaderboard.domain.instants import Instant
from leaderboard.domain.points import EntryKind
from leaderboard.domain.rulebook import Rating
from leaderboard.queries.board_page import BadgeMark, BoardRow, Freshness, PeriodFacts


@dataclass(frozen=True, slots=True)
class Person:
    """Whose page it is."""

    key: int
    name: str
    team: str | None


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A promise that is running on a lead the rep holds."""

    lead: str
    service_level: str
    grade: str | None
    opened_at: Instant
    due_at: Instant | None
    elapsed_us: int
    within_us: int
    exceed_within_us: int | None
    points_exceeded: int
    points_met: int
    in_working_time: bool
    is_paused: bool = False
    is_shut: bool = False
    """The calendar is closed just now (lunch, night, a holiday, time off): no time elapses."""

    @property
    def left_us(self) -> int:
        """Open time left; 0 when overdue."""
        return max(0, self.within_us - self.elapsed_us)


class PromiseMeasure(StrEnum):
    """How a promise is counted."""

    IN_TIME = "in_time"
    VOLUME = "volume"
    RATIO = "ratio"


@dataclass(frozen=True, slots=True)
class Promise:
    """A service level's month so far. For in_time, `value` is those kept and `of` all."""

    service_level: str
    name: str
    measure: PromiseMeasure
    value: Decimal
    of: Decimal
    target: Decimal
    exceed: Decimal | None
    minimum: int
    points_met: int
    points_exceeded: int
    points_missed: int
    rating: Rating | None = None
    """Set once the month is rated."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that a point rests on."""

    type: str
    at: Instant
    source: str
    id: str


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The clock behind an outcome: what opened and closed it, and the open time in between."""

    opened: Happening
    closed: Happening | None
    due_at: Instant | None
    elapsed_us: int | None
    within_us: int | None
    exceed_within_us: int | None
    in_working_time: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """Which of several texts of one rulebook version an entry was booked by."""

    number: int
    """The first that was applied is 1."""
    applied_at: Instant
    reason: str | None
    """Why it restated what was booked; None where it did not."""


@dataclass(frozen=True, slots=True)
class Changed:
    """An outcome of a sealed month that counts since then, or no longer."""

    lead: str | None
    rating: Rating
    points: int
    counts: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """One entry of the ledger with what it rests on."""

    entry: int
    kind: EntryKind
    points: int
    booked_at: Instant
    recorded_at: Instant
    service_level: str | None = None
    rating: Rating | None = None
    lead: str | None = None
    badge: str | None = None
    rulebook_on: dt.date | None = None
    wording: Wording | None = None
    """None where the version has only ever had one."""
    clock: Clockwork | None = None
    recorded_by: Happening | None = None
    """The verdict of another system that it rests on."""
    corrects: str | None = None
    changed: tuple[Changed, ...] = ()
    """What a correction rests on, as far as it is outcomes: since the month was sealed."""
    reason: str | None = None
    taken_back_at: Instant | None = None
    taken_back_because: str | None = None


@dataclass(frozen=True, slots=True)
class ReceiptDay:
    """A day's entries, newest first, and their sum."""

    day: dt.date
    points: int
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class RepPage:
    """A rep's month."""

    person: Person
    is_own: bool
    period: PeriodFacts
    choices: tuple[PeriodFacts, ...]
    today: dt.date
    freshness: Freshness
    place: BoardRow | None
    """None where the rep is not on the board of that period."""
    of: int
    ahead: BoardRow | None
    around: tuple[BoardRow, ...]
    clocks: tuple[RunningClock, ...]
    promises: tuple[Promise, ...]
    badges: tuple[BadgeMark, ...]
    days: tuple[ReceiptDay, ...]
    more_before: str | None = None
    """Where the next page of receipts begins; None on the last."""
    clocks_running: int = 0
    """How many clocks run in all; the page shows the most urgent."""
    money_per_point: Decimal | None = None
    currency: str | None = None
    counts_from: dt.date | None = None
    """The first day of the first rulebook."""
