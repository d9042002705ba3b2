"""Whether the rules give everybody a like chance: by team, tenure and leads, by the middle of the month, and less one
service level (docs/fairness.md).

The rules are looked at by themselves: as if they had been in force in all the months that are asked about, and nothing
had been closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from leaderboard.domain.chances import Bands, Group
from leaderboard.domain.instants import Instant
from leaderboard.domain.leaving_out import LeftOut
from leaderboard.domain.periods import Month, PeriodKind
from leaderboard.domain.roster import Rep
from leaderboard.domain.rulebook import Rulebook, ServiceLevel, SubjectKind

NEW_MONTHS, SETTLED_MONTHS = 3, 12
_NO_RECOGNITION_PLACES = 3
NOBODYS = ""
"""The group of those of whom it is not known: of no team, or without a first day."""


class Grouping(StrEnum):
    """What people are told apart by."""

    TEAM = "team"
    TENURE = "tenure"
    LEADS = "leads"


@dataclass(frozen=True, slots=True)
class Paying:
    """Which places of which standing win; `is_named`: the rules recognize them, else it is the first few of a month."""

    period: PeriodKind
    places: int
    is_named: bool


@dataclass(frozen=True, slots=True)
class Chances:
    """How often something came about, in all and in the groups of each way to tell people apart.

    `lost` are the cases in which by the middle of the period it could come about no more.
    """

    cases: int
    hits: int
    lost: int
    groups: Mapping[Grouping, tuple[Group, ...]]


@dataclass(frozen=True, slots=True)
class LevelChances:
    """A service level: the months rated by it, or, without a target, its outcomes one by one (`by_month` is false).

    `unrated` are the months that had too few outcomes to be rated: they are in none of the figures.
    """

    level: ServiceLevel
    by_month: bool
    unrated: int
    chances: Chances


@dataclass(frozen=True, slots=True)
class Fairness:
    """All of it, over some months."""

    months: tuple[Month, ...]
    as_of: Instant
    bands: Bands | None
    paying: Paying
    winning: Chances | None
    """None where no quarter lies in the months, and quarters are what is won."""
    levels: tuple[LevelChances, ...]
    left_out: tuple[LeftOut, ...]


def paying_places(rulebook: Rulebook) -> Paying:
    """The places for which reps are recognized, by the month or else by the quarter; the first three of none are."""
    for kind in PeriodKind:
        of_kind = [
            rule.places
            for rule in rulebook.recognition.values()
            if rule.scope is SubjectKind.REP and rule.period is kind
        ]
        if of_kind:
            return Paying(kind, max(of_kind), True)
    return Paying(PeriodKind.MONTH, _NO_RECOGNITION_PLACES, False)


def tenure(rep: Rep | None, month: Month) -> str:
    """How long a rep had been there in a month, by the months since the one in which the first team span begins."""
    if rep is None or not rep.teams:
        return NOBODYS
    months = month.ordinal - Month.of_date(min(span.from_on for span in rep.teams)).ordinal
    if months < NEW_MONTHS:
        return "new"
    return "settled" if months < SETTLED_MONTHS else "seasoned"
