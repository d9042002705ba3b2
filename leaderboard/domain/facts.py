"""What a month's ratings, badges and ladders rest on: tallies of outcomes, sums of contributions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from leaderboard.domain.measures import EXACT
from leaderboard.domain.outcomes import Contribution, Outcome
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import Rating
from leaderboard.domain.versions import Side


class Tally(NamedTuple):
    """How many outcomes of each rating."""

    exceeded: int = 0
    met: int = 0
    missed: int = 0

    @property
    def kept(self) -> int:
        """Met or exceeded."""
        return self.exceeded + self.met

    @property
    def total(self) -> int:
        """All of them."""
        return self.exceeded + self.met + self.missed

    def plus(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.exceeded + other.exceeded, self.met + other.met, self.missed + other.missed)

    @classmethod
    def of(cls, rating: Rating) -> "Tally":
        """One outcome."""
        return _SINGLE[rating]


NO_OUTCOMES = Tally()

_SINGLE = {
    Rating.EXCEEDED: Tally(exceeded=1),
    Rating.MET: Tally(met=1),
    Rating.MISSED: Tally(missed=1),
}


class Sum(NamedTuple):
    """A sum of contributions, exact, and how many there are."""

    value: Decimal = Decimal(0)
    events: int = 0

    def plus(self, other: "Sum") -> "Sum":
        """Both together."""
        return Sum(EXACT.add(self.value, other.value), self.events + other.events)


class TallyKey(NamedTuple):
    """Whose outcomes of what: the rep who held them, and the team he was in at each one's instant."""

    service_level: str
    rep: str
    team: str | None


class SumKey(NamedTuple):
    """Whose contributions to what."""

    service_level: str
    side: Side
    rep: str
    team: str | None


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """All that happened in one month, as far as ratings go. `first_month` is that of the first event of any
    kind.
    """

    month: Month
    tallies: Mapping[TallyKey, Tally] = field(default_factory=dict)
    sums: Mapping[SumKey, Sum] = field(default_factory=dict)
    first_month: Month | None = None


def tally_outcomes(outcomes: Iterable[Outcome]) -> dict[TallyKey, Tally]:
    """Outcomes by service level, holder and team; those that nobody held count for no rep."""
    tallies: dict[TallyKey, Tally] = {}
    for outcome in outcomes:
        if outcome.holder is not None:
            key = TallyKey(outcome.service_level, outcome.holder, outcome.team)
            tallies[key] = tallies.get(key, NO_OUTCOMES).plus(Tally.of(outcome.rating))
    return tallies


def sum_contributions(contributions: Iterable[Contribution]) -> dict[SumKey, Sum]:
    """Contributions by service level, side, rep and team; those of nobody count for no one."""
    sums: dict[SumKey, Sum] = {}
    for item in contributions:
        if item.rep is not None:
            key = SumKey(item.service_level, item.side, item.rep, item.team)
            sums[key] = sums.get(key, Sum()).plus(Sum(item.value, 1))
    return sums
