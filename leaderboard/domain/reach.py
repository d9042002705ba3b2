"""What can still be reached in the middle of a period, had all that was to come gone well (docs/fairness.md).

It is asked of what has happened, so that it is known how much was still to come: as many outcomes as there were.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from leaderboard.domain.facts import NO_OUTCOMES, Sum, Tally
from leaderboard.domain.instants import Instant, midnight
from leaderboard.domain.measures import EXACT
from leaderboard.domain.outcomes import Contribution, Outcome
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.ratings import ALL_ALONG, Presence, presence, rate, working_days
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import Rating, Ratio, ServiceLevel, SubjectKind, Volume
from leaderboard.domain.versions import Side, Version


def middle_of(period: Period, zone: ZoneInfo) -> Instant:
    """The local midnight after the first half of a period's days, rounded down: of 31 days after the 15th."""
    days = (period.last_on - period.first_on).days + 1
    return midnight(period.first_on + dt.timedelta(days=days // 2), zone)


class _Place(NamedTuple):
    service_level: str
    subject: str
    month: Month


@dataclass(slots=True)
class _Halves:
    """What a subject had before the cut, and from it on. `gain` is what the later outcomes might have brought more."""

    before: Tally = NO_OUTCOMES
    after: int = 0
    gain: int = 0


class Reach:
    """All that was counted in some months, each cut in two at an instant.

    What happened before the cut is as it was, what came later might have gone well. Whether a target is lost is asked
    of those whom the month rated.
    """

    def __init__(
        self,
        version: Version,
        roster: Roster,
        cuts: Mapping[Month, Instant],
        outcomes: Mapping[Month, Iterable[Outcome]],
        contributions: Mapping[Month, Iterable[Contribution]],
    ) -> None:
        self._version = version
        self._roster = roster
        self._halves: dict[_Place, _Halves] = defaultdict(_Halves)
        self._early: dict[tuple[_Place, Side], Sum] = defaultdict(Sum)
        self._late: dict[tuple[_Place, Side], Sum] = defaultdict(Sum)
        for month, cut_at in cuts.items():
            for outcome in outcomes.get(month, ()):
                self._take_outcome(outcome, month, cut_at)
            for item in contributions.get(month, ()):
                self._take_contribution(item, month, cut_at)
        self._best_late: dict[str, Decimal] = defaultdict(Decimal)
        for (place, _), found in self._late.items():
            self._best_late[place.service_level] = max(self._best_late[place.service_level], found.value)

    def _take_outcome(self, outcome: Outcome, month: Month, cut_at: Instant) -> None:
        level = self._version.service_levels.get(outcome.service_level)
        place = None if level is None else _place(level, month, outcome.holder, outcome.team)
        if level is None or place is None:
            return
        halves = self._halves[place]
        if outcome.at < cut_at:
            halves.before = halves.before.plus(Tally.of(outcome.rating))
        else:
            halves.after += 1
            halves.gain += max(level.each.exceeded, level.each.met, outcome.points) - outcome.points

    def _take_contribution(self, item: Contribution, month: Month, cut_at: Instant) -> None:
        level = self._version.service_levels.get(item.service_level)
        place = None if level is None else _place(level, month, item.rep, item.team)
        if place is not None:
            sums = self._early if item.at < cut_at else self._late
            sums[place, item.side] = sums[place, item.side].plus(Sum(item.value, 1))

    def is_lost(self, level: ServiceLevel, subject: str, month: Month) -> bool:
        """Whether a subject whom the month rated could meet its target no more at the cut."""
        place = _Place(level.id, subject, month)
        if isinstance(level, Volume):
            return self._volume_at_best(level, place) is Rating.MISSED
        if isinstance(level, Ratio):
            return self._ratio_at_best(level, place) is Rating.MISSED
        halves = self._halves[place]
        kept, whole = halves.before.kept + halves.after, halves.before.total + halves.after
        return rate(level, Decimal(kept), Decimal(whole)) is Rating.MISSED

    def gain(self, rep: str, month: Month) -> int:
        """How many more points a rep's outcomes from the cut on might have brought, each at its best."""
        levels = self._version.service_levels.values()
        own = (level for level in levels if level.subject is SubjectKind.REP)
        return sum(self._gain(_Place(level.id, rep, month)) for level in own)

    def _gain(self, place: _Place) -> int:
        found = self._halves.get(place)
        return 0 if found is None else found.gain

    def _volume_at_best(self, level: Volume, place: _Place) -> Rating:
        """As much more as anybody ever had in the later part of any of these months."""
        early = self._early[place, Side.VOLUME].value
        total = EXACT.add(early, self._best_late[level.id])
        there = self._presence(level, place)
        return rate(level, EXACT.multiply(total, Decimal(there.of)), Decimal(there.days))

    def _presence(self, level: Volume, place: _Place) -> Presence:
        days = working_days(self._version, level, place.month)
        return presence(level, place.subject, days, self._roster) if days else ALL_ALONG

    def _ratio_at_best(self, level: Ratio, place: _Place) -> Rating:
        """All that came to the denominator later had come to the numerator too, if that is more than what did."""
        above, below = (
            (self._early[place, side].value, self._late[place, side].value)
            for side in (Side.NUMERATOR, Side.DENOMINATOR)
        )
        best = EXACT.add(above[0], max(above[1], below[1]))
        return rate(level, best, EXACT.add(*below))


def _place(level: ServiceLevel, month: Month, rep: str | None, team: str | None) -> _Place | None:
    """Where something counts that this rep, of this team then, did; None where it counts for nobody."""
    whose = team if level.subject is SubjectKind.TEAM else rep
    return None if rep is None or whose is None else _Place(level.id, whose, month)
