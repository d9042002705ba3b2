"""A draft of the rules beside the rules as they are: what would be otherwise in a period (docs/simulation.md)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from leaderboard.domain.consequences import StepTaken
from leaderboard.domain.facts import Tally
from leaderboard.domain.instants import Instant
from leaderboard.domain.measures import EXACT
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import EntryKind
from leaderboard.domain.prizes import Prize
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.recognition import Win
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Standing

_T = TypeVar("_T")


class Pair(NamedTuple, Generic[_T]):
    """The same thing as it is, and as it would be."""

    as_is: _T
    would_be: _T


class Subject(NamedTuple):
    """A rep or a team with the name that is shown."""

    kind: SubjectKind
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row of the standing; None on the side on which the subject is not listed."""

    subject: Subject
    as_is: Standing | None
    would_be: Standing | None

    @property
    def moves(self) -> int | None:
        """How many ranks up (down where negative); None where it is not listed on both sides."""
        if self.as_is is None or self.would_be is None:
            return None
        return self.as_is.rank - self.would_be.rank

    @property
    def points(self) -> Pair[int]:
        """The points; 0 where it is not listed."""
        return Pair(*(0 if row is None else row.score.points for row in (self.as_is, self.would_be)))


class RatingCount(NamedTuple):
    """How many monthly ratings of each kind."""

    exceeded: int = 0
    met: int = 0
    missed: int = 0
    not_rated: int = 0


@dataclass(frozen=True, slots=True)
class LevelChange:
    """A service level: the outcomes that reps held in the period, and its monthly ratings."""

    id: str
    name: str
    outcomes: Pair[Tally]
    ratings: Pair[RatingCount]


@dataclass(frozen=True, slots=True)
class RatingChange:
    """A monthly rating that would be another; not to be rated and not to be listed are one."""

    month: Month
    service_level: str
    subject: Subject
    as_is: MonthRating | None
    would_be: MonthRating | None


@dataclass(frozen=True, slots=True)
class BadgeChange:
    """How often a subject is awarded a badge in the period, where that would be otherwise."""

    badge: str
    name: str
    subject: Subject
    times: Pair[int]


@dataclass(frozen=True, slots=True)
class WinnerChange:
    """A win of the period, or of a month of it, on either side or on both."""

    recognition: str
    name: str
    period: str
    subject: Subject
    as_is: Win | None
    would_be: Win | None


@dataclass(frozen=True, slots=True)
class BonusChange:
    """What one recognition costs for one period that has ended, and at worst."""

    recognition: str
    name: str
    period: str
    cost: Pair[Decimal]
    worst: Pair[Decimal]


@dataclass(frozen=True, slots=True)
class PrizeChange:
    """A prize of a contest or task, given in the period, on either side or on both."""

    id: str
    name: str
    subject: Subject
    as_is: Prize | None
    would_be: Prize | None


@dataclass(frozen=True, slots=True)
class StepChange:
    """A step of a consequence that a month's rating brings, on either side or on both."""

    month: str
    consequence: str
    name: str
    subject: Subject
    as_is: StepTaken | None
    would_be: StepTaken | None


@dataclass(frozen=True, slots=True)
class Simulation:
    """A period as it is and as it would be. Standings are in the order of what would be."""

    period: Period
    as_of: Instant
    standings: Mapping[SubjectKind, tuple[RowChange, ...]]
    points: Mapping[EntryKind, Pair[int]]
    service_levels: tuple[LevelChange, ...]
    ratings: tuple[RatingChange, ...]
    badges: tuple[BadgeChange, ...]
    winners: tuple[WinnerChange, ...]
    bonuses: tuple[BonusChange, ...]
    prizes: tuple[PrizeChange, ...]
    steps: tuple[StepChange, ...]

    @property
    def has_ended(self) -> bool:
        """Whether the period is over; until then it has no winners."""
        return self.period.end_at <= self.as_of

    @property
    def bonus(self) -> Pair[Decimal]:
        """What all bonuses together cost."""
        return _added(line.cost for line in self.bonuses)

    @property
    def worst(self) -> Pair[Decimal]:
        """What they cost at worst."""
        return _added(line.worst for line in self.bonuses)

    @property
    def prize_money(self) -> Pair[Decimal]:
        """What the prizes cost."""
        return _added(Pair(_money(one.as_is), _money(one.would_be)) for one in self.prizes)


def _money(prize: Prize | None) -> Decimal:
    return Decimal(0) if prize is None or prize.money is None else prize.money


def _added(amounts: Iterable[Pair[Decimal]]) -> Pair[Decimal]:
    before = after = Decimal(0)
    for pair in amounts:
        before, after = EXACT.add(before, pair.as_is), EXACT.add(after, pair.would_be)
    return Pair(before, after)
