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

from leaderboard.domain.badge_icons import BadgeIcon
from leaderboard.domain.incentives import (
    UNLIMITED,
    Badge,
    BadgeRule,
    ByHand,
    CleanMonthBadge,
    Confirmation,
    Consequence,
    Contest,
    ContestScore,
    CountBadge,
    MeasureKind,
    PrizeRule,
    RankBadge,
    Recognition,
    StepMeasure,
    StreakBadge,
    Suspension,
    Task,
)
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.terms import NO_POINTS, Party, PointsTable, Rating, SubjectKind

# All that a rulebook is made of, from one place.
__all__ = [
    "Agreement",
    "AttributeWorth",
    "Badge",
    "BadgeIcon",
    "BadgeRule",
    "ByHand",
    "Calendar",
    "CleanMonthBadge",
    "Confirmation",
    "Consequence",
    "Contest",
    "ContestScore",
    "CountBadge",
    "Counted",
    "FixedWorth",
    "GradeWorth",
    "HolidayRegion",
    "Limit",
    "MeasureKind",
    "OnReassign",
    "Organization",
    "Party",
    "PeriodKind",
    "PointsTable",
    "PrizeRule",
    "RankBadge",
    "Rating",
    "Ratio",
    "Recognition",
    "Recorded",
    "Response",
    "Rulebook",
    "ServiceLevel",
    "StepMeasure",
    "StopRule",
    "StreakBadge",
    "SubjectKind",
    "Suspension",
    "Task",
    "Volume",
    "Window",
    "Worth",
]


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
    each: PointsTable = NO_POINTS
    month: PointsTable = NO_POINTS


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
    """How many, how much: the month's sum.

    `prorate` names the calendar whose working days scale `target` and `exceed` by those on which a rep was there.
    """

    counted: Counted
    prorate: str | None = None


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
    review_on: dt.date | None = None


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
    contests: Mapping[str, Contest] = field(default_factory=dict)
    tasks: Mapping[str, Task] = field(default_factory=dict)
    suspensions: tuple[Suspension, ...] = ()
    by_hand: ByHand = UNLIMITED
