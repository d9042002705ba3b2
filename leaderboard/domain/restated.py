"""What rules would book otherwise that were not in force: asked before a version in force is restated."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from leaderboard.domain.comparison import TwoReplays
from leaderboard.domain.decisions import Decision
from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import LeadFold
from leaderboard.domain.periods import Month
from leaderboard.domain.points import Entry, EntryKind, outcome_entry
from leaderboard.domain.replay import Replay, World
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.simulation import Pair

_Booked = tuple[object, ...]
_CORRECTED = (EntryKind.EACH, EntryKind.MONTH)


class Who(NamedTuple):
    """Whose points, and in which month they are booked."""

    month: str
    subject: SubjectKind
    id: str


class Amount(NamedTuple):
    """So many entries, and the points in them."""

    entries: int = 0
    points: int = 0

    def plus(self, points: int, times: int) -> "Amount":
        """With another entry, so many times."""
        return Amount(self.entries + times, self.points + points * times)


class Corrected(NamedTuple):
    """What an adjustment corrects: a closed month's points of somebody on a service level, within a team."""

    month: str
    subject: SubjectKind
    id: str
    team: str | None
    service_level: str


class _Weighed(World):
    """A world of which only the sum of its entries is kept: two that book the same weigh the same."""

    weight = 0

    def book_entries(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            super().book_entries((entry,))
            self.weight += hash(_booked(entry))
            self.entries.clear()


def _booked(entry: Entry) -> _Booked:
    """What there is to an entry beside the version that says so."""
    return (entry.key, entry.booked_at, entry.subject, entry.id, entry.team, entry.points)


def books_otherwise(
    replays: Pair[Replay],
    part_at: Instant,
    leads: Iterable[Sequence[Event]],
    decisions: Sequence[Decision],
) -> bool:
    """Whether any entry or badge would be another, as if nothing had been closed.

    Each lead is read once, and the first that brings other points is enough.
    """
    both = TwoReplays(*replays, part_at)
    for events in leads:
        folds = both.take(events)
        if folds.as_is is not folds.would_be and _of_fold(folds.as_is) != _of_fold(folds.would_be):
            return True
    first, second = (_weighed(replay, decisions) for replay in replays)
    return first != second


def _of_fold(fold: LeadFold) -> Counter[_Booked]:
    return Counter(_booked(entry) for entry in map(outcome_entry, fold.outcomes) if entry is not None)


def _weighed(replay: Replay, decisions: Sequence[Decision]) -> tuple[int, frozenset[_Booked]]:
    world = replay.world(decisions=decisions, kind=_Weighed)
    assert isinstance(world, _Weighed)
    awards = ((one.badge, one.subject, one.id, one.awarded_at) for one in world.awards.values())
    return world.weight, frozenset(awards)


def entries_changed(worlds: Pair[World], closed: Collection[Month]) -> Mapping[Who, Pair[Amount]]:
    """What would be taken back (`as_is`) and booked (`would_be`) in open months, by month and subject."""
    calendar = worlds.as_is.book.calendar
    signed: Counter[_Booked] = Counter()
    for sign, world in ((-1, worlds.as_is), (1, worlds.would_be)):
        for entry in world.entries:
            if entry.corrects is None and calendar.month_at(entry.booked_at) not in closed:
                signed[_booked(entry)] += sign
    found: dict[Who, Pair[Amount]] = defaultdict(lambda: Pair(Amount(), Amount()))
    for (_, booked_at, subject, subject_id, _, points), times in signed.items():
        if times:
            who = Who(str(calendar.month_at(booked_at)), subject, subject_id)  # type: ignore[arg-type]
            taken, given = found[who]
            if times < 0:
                found[who] = Pair(taken.plus(points, -times), given)  # type: ignore[arg-type]
            else:
                found[who] = Pair(taken, given.plus(points, times))  # type: ignore[arg-type]
    return found


def adjustments_between(worlds: Pair[World], closed: Collection[Month]) -> Mapping[Corrected, int]:
    """What closed months would be corrected by; both worlds as if nothing had been closed."""
    found: Counter[Corrected] = Counter()
    for sign, world in ((-1, worlds.as_is), (1, worlds.would_be)):
        calendar = world.book.calendar
        for entry in world.entries:
            month = calendar.month_at(entry.booked_at)
            if month in closed and entry.kind in _CORRECTED:
                level = entry.service_level or ""
                found[Corrected(str(month), entry.subject, entry.id, entry.team, level)] += (
                    sign * entry.points
                )
    return {key: points for key, points in found.items() if points}
