"""What the leaderboard shows: one frozen value per page, with nothing left to look up.

Instants are whole microseconds in UTC; names are as the roster gives them. Who may see what of it
is decided by the presenter, for it depends on who looks (leaderboard/web/presenters/board.py).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.rulebook import SubjectKind


class PeriodState(StrEnum):
    """How final a period is."""

    BEFORE = "before"
    """Before the first rulebook: nothing counts in it."""
    OPEN = "open"
    ENDED = "ended"
    """Over, but not yet sealed: late events still count in it."""
    SEALED = "sealed"


@dataclass(frozen=True, slots=True)
class PeriodFacts:
    """A month or quarter as people choose it, with its seal where it has one."""

    name: str
    kind: PeriodKind
    first_on: dt.date
    last_on: dt.date
    state: PeriodState
    sealed_at: Instant | None = None
    sha256: str | None = None
    seals_at: Instant | None = None
    """When it will be sealed by itself; None where it is sealed, or waits for a person's command."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """How far behind the page is: what has been received but not yet counted."""

    as_of: Instant
    waiting: int = 0
    oldest_waiting_at: Instant | None = None


class BadgeKind(StrEnum):
    """What a badge is given for; it decides the icon where the rules choose none."""

    COUNT = "count"
    STREAK = "streak"
    CLEAN_MONTH = "clean_month"
    RANK = "rank"
    GIVEN = "given"


@dataclass(frozen=True, slots=True)
class BadgeMark:
    """A badge as it stands beside a name, and how many times it was won in the period."""

    badge: str
    name: str
    kind: BadgeKind
    times: int = 1
    icon: str | None = None
    """The symbol that the version chose; None where the kind's own stands for it."""


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One subject's place in a standing."""

    key: int
    """The person's or the team's key."""
    name: str
    team: str | None
    rank: int
    rank_before: int | None
    """The rank at the last local midnight; None where there was none, or where the period is over."""
    points: int
    exceeded: int = 0
    met: int = 0
    missed: int = 0
    daily: tuple[int, ...] = ()
    """Points so far, day by day or (in a quarter) week by week, up to today."""
    badges: tuple[BadgeMark, ...] = ()
    members: int | None = None
    """For a team: how many reps it has in the period."""
    manager_key: int | None = None
    """Who manages the rep's team: that manager may look into the rep's points."""

    @property
    def kept(self) -> int:
        """Outcomes in time."""
        return self.exceeded + self.met

    @property
    def outcomes(self) -> int:
        """All outcomes."""
        return self.exceeded + self.met + self.missed


@dataclass(frozen=True, slots=True)
class Stake:
    """What can be won in the period: the first `places`, and the bonus each of them gets."""

    name: str | None
    places: int
    bonus: Decimal | None
    currency: str


@dataclass(frozen=True, slots=True)
class BoardPage:
    """A standing, a page of it, and what stands around it."""

    scope: SubjectKind
    period: PeriodFacts
    choices: tuple[PeriodFacts, ...]
    """The periods of this kind that have anything to show, newest first."""
    this_month: str
    this_quarter: str
    today: dt.date
    freshness: Freshness
    leaders: tuple[BoardRow, ...]
    """Rank 3 or better, with more than 0 points: at most five."""
    rows: tuple[BoardRow, ...]
    total: int
    first: int = 0
    """How many rows come before this page's."""
    page_size: int = 50
    mine: BoardRow | None = None
    """The row of whoever looks: their own, or in the teams' standing their team's."""
    ahead: BoardRow | None = None
    """The nearest row above mine with more points."""
    around: tuple[BoardRow, ...] = ()
    """My neighbours and me, where the page does not show my row."""
    stakes: tuple[Stake, ...] = ()
    is_empty: bool = False
    """Nobody listed has a point or an outcome: then there is no place to speak of."""
    has_history: bool = True
    """Whether anything was ever counted, in whatever period."""
    counts_from: dt.date | None = None
    """The first day of the first rulebook."""
    money_per_point: Decimal | None = None
    """By the version in force at the period's end; None where points are worth no money."""
    currency: str | None = None
