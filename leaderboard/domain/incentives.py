"""Carrots and sticks of a rulebook as frozen values: badges, recognition, contests, tasks, ladders of consequences.

rulebook.md of the specification, and docs/rulebook-format.md for what goes beyond it.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from leaderboard.domain.badge_icons import BadgeIcon
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.terms import Rating, SubjectKind


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
    icon: BadgeIcon | None = None


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


@dataclass(frozen=True, slots=True)
class PrizeRule:
    """What a contest or a task pays: whole points, money of the organization's currency, or both."""

    points: int = 0
    money: Decimal | None = None


class ContestScore(StrEnum):
    """What a contest goes by, over the outcomes (or, for `value`, the contributions) in its span."""

    KEPT = "kept"
    POINTS = "points"
    SHARE = "share"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Contest:
    """Who does best on some service levels between two dates (both included) wins a prize.

    Without `teams` all take part. `service_levels` are volumes where it goes by `value`, else such as have outcomes.
    """

    id: str
    name: str
    from_on: dt.date
    until_on: dt.date
    service_levels: tuple[str, ...]
    prize: PrizeRule
    scope: SubjectKind = SubjectKind.REP
    teams: tuple[str, ...] = ()
    by: ContestScore = ContestScore.KEPT
    minimum: int = 1
    places: int = 1
    description: str | None = None


class Confirmation(StrEnum):
    """Whose word it takes that a rep, who ticked a task off himself, has done it."""

    MANAGER = "manager"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done once by a date (included), for a prize. Without `teams` it is everybody's."""

    id: str
    name: str
    until_on: dt.date
    prize: PrizeRule
    teams: tuple[str, ...] = ()
    confirm: Confirmation = Confirmation.MANAGER
    description: str | None = None


@dataclass(frozen=True, slots=True)
class ByHand:
    """How much one manager may give by hand in a month; None: as much as he likes.

    `alone` is how many points he may add or take in one adjustment without a second person.
    """

    points: int | None = None
    badges: int | None = None
    alone: int = 50


UNLIMITED = ByHand()


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
    """A ladder: a missed month moves a subject one step up, clean months bring it back to its foot.

    A strike counts for `expires_after` months (None: until clean months clear it). A rep's months that begin within
    `grace_days` of his first day in a team move nothing.
    """

    id: str
    service_level: str
    steps: tuple[tuple[StepMeasure, ...], ...]
    clears_after: int | None = None
    name: str | None = None
    description: str | None = None
    grace_days: int = 0
    expires_after: int | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Dates, both included, whose months move none of these ladders (None: of all of them), and why."""

    from_on: dt.date
    until_on: dt.date
    reason: str
    consequences: tuple[str, ...] | None = None
