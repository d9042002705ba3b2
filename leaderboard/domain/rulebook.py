"""A rulebook as frozen values, as rulebook.md of the specification defines it.

Reading and checking the YAML is `leaderboard.files.rulebook`'s; here every value is already good.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias
from zoneinfo import ZoneInfo

from leaderboard.domain.periods import PeriodKind


class Party(StrEnum):
    """Who promises. A team of that department, and its reps, are the subjects of volumes and ratios."""

    MARKETING = "marketing"
    SALES = "sales"


class SubjectKind(StrEnum):
    """Whom points, ratings and badges belong to; also the scope of a standing."""

    REP = "rep"
    TEAM = "team"


class Rating(StrEnum):
    """How an outcome or a month turned out."""

    EXCEEDED = "exceeded"
    MET = "met"
    MISSED = "missed"

    @property
    def is_kept(self) -> bool:
        """Whether the promise was kept: met or better."""
        return self is not Rating.MISSED

    def at_least(self, other: "Rating") -> bool:
        """Whether this is that rating or better (missed < met < exceeded)."""
        return _RATING_ORDER[self] >= _RATING_ORDER[other]


_RATING_ORDER = {Rating.MISSED: 0, Rating.MET: 1, Rating.EXCEEDED: 2}


@dataclass(frozen=True, slots=True)
class PointsTable:
    """Whole points by rating."""

    exceeded: int = 0
    met: int = 0
    missed: int = 0

    def of(self, rating: Rating) -> int:
        """The points of a rating."""
        if rating is Rating.EXCEEDED:
            return self.exceeded
        return self.met if rating is Rating.MET else self.missed


@dataclass(frozen=True, slots=True)
class Limit:
    """A duration in whole seconds, by the lead's grade or the same for all."""

    by_grade: Mapping[str, int] = field(default_factory=dict)
    otherwise: int | None = None

    def seconds_for(self, grade: str | None) -> int | None:
        """The limit of a grade; None where neither the map nor `otherwise` gives one."""
        return self.otherwise if grade is None else self.by_grade.get(grade, self.otherwise)

    @property
    def longest(self) -> int:
        """The longest duration it can give."""
        return max(
            [*self.by_grade.values(), *([] if self.otherwise is None else [self.otherwise])], default=0
        )


class OnReassign(StrEnum):
    """What becomes of a running clock when the lead is handed to another rep."""

    RESTART = "restart"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class StopRule:
    """What closes a clock: the `count`-th event of these types that counts."""

    events: frozenset[str]
    count: int = 1
    distinct: str | None = None
    apart_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Promise:
    """What service levels of every measure have."""

    id: str
    name: str
    party: Party
    description: str | None = None
    subject: SubjectKind = SubjectKind.REP
    minimum: int = 1
    target: Decimal | None = None
    exceed: Decimal | None = None
    each: PointsTable = PointsTable()
    month: PointsTable = PointsTable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(_Promise):
    """A clock per lead."""

    start: frozenset[str]
    stop: StopRule
    within: Limit
    exceed_within: Limit | None = None
    pause: frozenset[str] = frozenset()
    resume: frozenset[str] = frozenset()
    calendar: str | None = None
    on_reassign: OnReassign = OnReassign.RESTART


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded(_Promise):
    """Another system's verdicts."""


@dataclass(frozen=True, slots=True)
class FixedWorth:
    """Every event counts the same."""

    amount: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class AttributeWorth:
    """An event counts the number in this attribute; 0 where it is missing or malformed."""

    attribute: str


@dataclass(frozen=True, slots=True)
class GradeWorth:
    """An event counts by the lead's grade at its time; an unnamed grade `otherwise`."""

    by_grade: Mapping[str, Decimal]
    otherwise: Decimal = Decimal(0)


Worth: TypeAlias = FixedWorth | AttributeWorth | GradeWorth


@dataclass(frozen=True, slots=True)
class Counted:
    """Which events count, how much, and whether only a lead's first does."""

    events: frozenset[str]
    worth: Worth = FixedWorth()
    once_per_lead: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume(_Promise):
    """How many, how much: the month's sum."""

    counted: Counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio(_Promise):
    """How many of how many: the quotient of two monthly sums."""

    numerator: Counted
    denominator: Counted


ServiceLevel: TypeAlias = Response | Recorded | Volume | Ratio


@dataclass(frozen=True, slots=True)
class Window:
    """Open from one minute of the local day to another (1440 is the day's end)."""

    start_minute: int
    end_minute: int


@dataclass(frozen=True, slots=True)
class HolidayRegion:
    """A country (and part of it) as the PyPI package `holidays` names them."""

    country: str
    subdivision: str | None = None


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly hours, Monday first, less holidays and closed dates.

    `holidays` are the dates with their names that `region` gave when the version was applied.
    """

    id: str
    zone: ZoneInfo
    week: tuple[tuple[Window, ...], ...]
    region: HolidayRegion | None = None
    closed: frozenset[dt.date] = frozenset()
    holidays: Mapping[dt.date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CountBadge:
    """For n outcomes of a rating or better on a service level in one month."""

    service_level: str
    count: int
    rating: Rating = Rating.MET


@dataclass(frozen=True, slots=True)
class StreakBadge:
    """For every n outcomes in a row of met or better on a service level."""

    service_level: str
    streak: int


@dataclass(frozen=True, slots=True)
class CleanMonthBadge:
    """For a month with at least n outcomes and none missed."""

    outcomes: int


@dataclass(frozen=True, slots=True)
class RankBadge:
    """For rank k or better, with more than 0 points, in a period's standing."""

    rank: int
    period: PeriodKind
    scope: SubjectKind


BadgeRule: TypeAlias = CountBadge | StreakBadge | CleanMonthBadge | RankBadge


@dataclass(frozen=True, slots=True)
class Badge:
    """A badge; without a rule it is given by recognition or by a manager's hand."""

    id: str
    name: str
    rule: BadgeRule | None = None
    points: int = 0
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Recognition:
    """Who wins a period, and what: each winner gets the bonus in full, ties included."""

    id: str
    period: PeriodKind
    scope: SubjectKind
    places: int
    bonus: Decimal | None = None
    badge: str | None = None
    name: str | None = None
    description: str | None = None


class MeasureKind(StrEnum):
    """What a step of consequences does."""

    NOTIFY_REP = "notify_rep"
    NOTIFY_MANAGER = "notify_manager"
    COACHING = "coaching"
    DEDUCT = "deduct"
    PAUSE_ASSIGNMENT = "pause_assignment"
    NO_BONUS = "no_bonus"


@dataclass(frozen=True, slots=True)
class StepMeasure:
    """One measure of a step; `points` are what `deduct` takes."""

    do: MeasureKind
    points: int = 0
    needs_approval: bool = False


@dataclass(frozen=True, slots=True)
class Consequence:
    """A ladder: a missed month moves a subject one step up, clean months bring it back to its foot."""

    id: str
    service_level: str
    steps: tuple[tuple[StepMeasure, ...], ...]
    clears_after: int | None = None
    name: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """Whose rulebook it is, and how it cuts time."""

    name: str
    zone: ZoneInfo
    currency: str
    locale: str = "en"
    fiscal_year_start: int = 1
    point_value: Decimal | None = None
    closing_after_days: int = 3


@dataclass(frozen=True, slots=True)
class Agreement:
    """The document both sides sign; shown, never scored."""

    title: str | None = None
    parties: Mapping[Party, str] = field(default_factory=dict)
    definitions: Mapping[str, str] = field(default_factory=dict)
    handover: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One version of the rules, in force from the first day of a month until the next version's."""

    effective_from: dt.date
    organization: Organization
    service_levels: Mapping[str, ServiceLevel]
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    badges: Mapping[str, Badge] = field(default_factory=dict)
    recognition: Mapping[str, Recognition] = field(default_factory=dict)
    consequences: Mapping[str, Consequence] = field(default_factory=dict)
    agreement: Agreement = Agreement()
