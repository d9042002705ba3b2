"""Two worlds compared over a period: the rules as they are, and a draft of them (docs/simulation.md)."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

from leaderboard.domain.decisions import bonus_withheld
from leaderboard.domain.events import Event
from leaderboard.domain.facts import NO_OUTCOMES, Tally
from leaderboard.domain.instants import Instant
from leaderboard.domain.measures import EXACT
from leaderboard.domain.outcomes import LeadFold
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import EntryKind
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.recognition import Win, wins
from leaderboard.domain.replay import Replay, World
from leaderboard.domain.rulebook import Rating, Recognition, Rulebook, SubjectKind
from leaderboard.domain.simulation import (
    BadgeChange,
    BonusChange,
    LevelChange,
    Pair,
    PrizeChange,
    RatingChange,
    RatingCount,
    RowChange,
    Simulation,
    StepChange,
    Subject,
    WinnerChange,
)
from leaderboard.domain.standings import Score, Standing, name_of, rank_scores
from leaderboard.domain.versions import Book

_K = TypeVar("_K", bound=tuple[Any, ...])
_V = TypeVar("_V")
_LEAST_TIE = 2
NOTHING_SHOWN: Mapping[tuple[str, SubjectKind], Sequence[Standing]] = {}


class TwoReplays:
    """The same leads by two books that part at an instant: one pass, and what lies before it is folded once."""

    def __init__(self, as_is: Replay, would_be: Replay, part_at: Instant) -> None:
        self._replays = Pair(as_is, would_be)
        self._part_at = part_at

    def take(self, events: Sequence[Event]) -> Pair[LeadFold]:
        """Takes in a lead. Where all its events lie before the books part, its clocks and sums are the same by both.

        What comes out alike is kept once.
        """
        fold = self._replays.as_is.fold(events)
        is_before = all(event.time < self._part_at for event in events)
        other = fold if is_before else self._replays.would_be.fold(events)
        folds = Pair(fold, fold if other == fold else other)
        self._replays.as_is.take(events, folds.as_is)
        self._replays.would_be.take(events, folds.would_be)
        return folds


def drafted(book: Book, draft: Rulebook, first_on: dt.date, last_on: dt.date) -> Book:
    """The versions of a book with a draft in force from a month's first day, whatever day the draft names.

    Versions that start between these days, both included, are replaced; those before and after stay. Raises ValueError
    where the draft cuts time differently.
    """
    kept = (v.rulebook for v in book.versions if not first_on <= v.effective_from <= last_on)
    return Book([*kept, replace(draft, effective_from=first_on)])


Shown: TypeAlias = Mapping[tuple[str, SubjectKind], Sequence[Standing]]
"""Standings by the name of their period and their scope."""


def compare(period: Period, as_is: World, would_be: World, shown: Shown = NOTHING_SHOWN) -> Simulation:
    """Both worlds, of one instant and one roster, over a period.

    `shown` are the standings, of the period and of its months, that stand otherwise than by the first world: sealed
    ones. What would be is then these, less and more what the draft changes.
    """
    return _Comparison(period, as_is, would_be, shown).simulation()


def shifted(
    shown: Sequence[Standing], before: Sequence[Standing], after: Sequence[Standing]
) -> list[Standing]:
    """A standing changed as the one before differs from the one after, and ranked anew."""
    ours, old, new = ({row.score.id: row.score for row in rows} for rows in (shown, before, after))
    known = {**new, **ours}
    changed = {who for who, score in new.items() if old.get(who) != score}
    listed = (ours.keys() | changed) - (old.keys() - new.keys())
    return rank_scores(
        _plus(known[who], _signed(ours.get(who), old.get(who), new.get(who))) for who in listed
    )


def _plus(known: Score, signed: Sequence[tuple[int, Score]]) -> Score:
    points = sum(sign * score.points for sign, score in signed)
    tally = (
        max(0, sum(sign * score.tally[place] for sign, score in signed)) for place in range(len(known.tally))
    )
    return Score(known.id, known.name, points, Tally(*tally))


def _signed(shown: Score | None, before: Score | None, after: Score | None) -> list[tuple[int, Score]]:
    return [(sign, score) for sign, score in ((1, shown), (-1, before), (1, after)) if score is not None]


def worst_case(rule: Recognition, standing: Sequence[Standing]) -> Decimal:
    """What a recognition costs if its last place is shared, by as many as share a rank with points in the standing.

    By two at least, as far as there are so many: who shares the last place wins it in full, beside those before them.
    """
    with_points = [row.rank for row in standing if row.score.points > 0]
    tie = max([_LEAST_TIE, *Counter(with_points).values()])
    winners = min(len(with_points), rule.places - 1 + tie)
    return Decimal(0) if rule.bonus is None else EXACT.multiply(rule.bonus, Decimal(winners))


class _Comparison:
    def __init__(self, period: Period, as_is: World, would_be: World, shown: Shown) -> None:
        self._period = period
        self._worlds = Pair(as_is, would_be)
        self._months = {str(month) for month in period.months}
        calendar = as_is.book.calendar
        self._periods = tuple(dict.fromkeys([*map(calendar.month, period.months), period]))
        self._standings: Pair[dict[tuple[str, SubjectKind], Sequence[Standing]]] = Pair({}, {})
        for one in self._periods:
            for scope in SubjectKind:
                self._stand(one, scope, shown.get((one.name, scope)))

    def _stand(self, period: Period, scope: SubjectKind, shown: Sequence[Standing] | None) -> None:
        before, after = (world.standing(period, scope) for world in self._worlds)
        key = (period.name, scope)
        self._standings.as_is[key] = before if shown is None else shown
        self._standings.would_be[key] = after if shown is None else shifted(shown, before, after)

    def simulation(self) -> Simulation:
        won = list(self._all_wins())
        return Simulation(
            self._period,
            self._worlds.as_is.as_of,
            {scope: tuple(self._rows(scope)) for scope in SubjectKind},
            self._points(),
            tuple(self._levels()),
            tuple(self._ratings()),
            tuple(self._badges()),
            tuple(self._winners(won)),
            tuple(self._bonuses(won)),
            tuple(self._prizes()),
            tuple(self._steps()),
        )

    def _subject(self, kind: SubjectKind, subject_id: str) -> Subject:
        return Subject(kind, subject_id, name_of(self._worlds.would_be.placement.roster, kind, subject_id))

    def _rows(self, scope: SubjectKind) -> list[RowChange]:
        key = (self._period.name, scope)
        sides = [{(row.score.id,): row for row in standings[key]} for standings in self._standings]
        rows = [RowChange(self._subject(scope, who), *found) for (who,), *found in _paired(*sides)]
        return sorted(rows, key=_order)

    def _points(self) -> dict[EntryKind, Pair[int]]:
        sums: Pair[Counter[EntryKind]] = Pair(Counter(), Counter())
        for world, by_kind in zip(self._worlds, sums, strict=True):
            for entry in world.entries:
                if entry.booked_at in self._period:
                    by_kind[entry.kind] += entry.points
        return {
            kind: Pair(sums.as_is[kind], sums.would_be[kind])
            for kind in EntryKind
            if kind in sums.as_is or kind in sums.would_be
        }

    def _levels(self) -> Iterator[LevelChange]:
        tallies = Pair(*(self._tallies(world) for world in self._worlds))
        counts = Pair(*(self._rating_counts(world) for world in self._worlds))
        names = self._names(lambda rulebook: rulebook.service_levels)
        for level in sorted(names):
            outcomes = Pair(*(found.get(level, NO_OUTCOMES) for found in tallies))
            rated = Pair(*(found.get(level, RatingCount()) for found in counts))
            yield LevelChange(level, names[level], outcomes, rated)

    def _names(self, parts: Callable[[Rulebook], Mapping[str, Any]]) -> dict[str, str]:
        """The names of what the versions in force in the period have; the draft's, where both name it."""
        found: dict[str, str] = {}
        for world in self._worlds:
            for month in self._period.months:
                version = world.book.in_month(month)
                if version is not None:
                    found.update({key: part.name or key for key, part in parts(version.rulebook).items()})
        return found

    def _tallies(self, world: World) -> dict[str, Tally]:
        tallies: dict[str, Tally] = defaultdict(Tally)
        for outcome in world.outcomes:
            if outcome.holder is not None and outcome.at in self._period:
                tallies[outcome.service_level] = tallies[outcome.service_level].plus(Tally.of(outcome.rating))
        return tallies

    def _rated(self, world: World) -> Iterator[tuple[Month, MonthRating]]:
        for month in self._period.months:
            for rating in world.ratings.get(month, ()):
                yield month, rating

    def _rating_counts(self, world: World) -> dict[str, RatingCount]:
        counted: dict[str, Counter[Rating | None]] = defaultdict(Counter)
        for _, rating in self._rated(world):
            counted[rating.service_level][rating.rating] += 1
        kinds = (Rating.EXCEEDED, Rating.MET, Rating.MISSED, None)
        return {level: RatingCount(*(found[kind] for kind in kinds)) for level, found in counted.items()}

    def _ratings(self) -> Iterator[RatingChange]:
        sides = [
            {(month, r.service_level, r.subject, r.id): r for month, r in self._rated(world)}
            for world in self._worlds
        ]
        for (month, level, kind, subject_id), before, after in _paired(*sides):
            if (before and before.rating) != (after and after.rating):
                yield RatingChange(month, level, self._subject(kind, subject_id), before, after)

    def _badges(self) -> Iterator[BadgeChange]:
        sides = [
            Counter(
                (award.badge, award.subject, award.id)
                for award in world.awards.values()
                if award.awarded_at in self._period
            )
            for world in self._worlds
        ]
        names = self._names(lambda rulebook: rulebook.badges)
        for (badge, kind, subject_id), before, after in _paired(*sides):
            if before != after:
                subject = self._subject(kind, subject_id)
                yield BadgeChange(badge, names.get(badge, badge), subject, Pair(before or 0, after or 0))

    def _ended(self) -> Iterator[Period]:
        """The periods that are over: the months, and the quarter."""
        return (period for period in self._periods if period.end_at <= self._worlds.as_is.as_of)

    def _wins(self, world: World, standings: Shown) -> Iterator[Win]:
        for period in self._ended():
            version = world.book.in_month(period.months[-1])
            if version is None:
                continue
            for scope in SubjectKind:
                denied = self._denied(world, period, scope)
                yield from wins(version, period, scope, standings[period.name, scope], denied)

    def _denied(self, world: World, period: Period, scope: SubjectKind) -> set[str]:
        """Whose bonus is withheld, by what the steps of the period's quarter say."""
        quarter = world.book.calendar.quarter_of(period.first_month)
        names = {str(month) for month in quarter.months}
        steps = (step for step in world.steps if step.month in names)
        return {who for kind, who in bonus_withheld(steps, world.decisions, world.book) if kind is scope}

    def _all_wins(self) -> Iterator[list[Win]]:
        for world, standings in zip(self._worlds, self._standings, strict=True):
            yield list(self._wins(world, standings))

    def _winners(self, won: Iterable[Sequence[Win]]) -> Iterator[WinnerChange]:
        sides = [{(win.recognition, win.period, win.scope, win.id): win for win in side} for side in won]
        names = self._names(lambda rulebook: rulebook.recognition)
        for (rule, period, kind, subject_id), before, after in _paired(*sides):
            yield WinnerChange(rule, names[rule], period, self._subject(kind, subject_id), before, after)

    def _bonuses(self, won: Iterable[Sequence[Win]]) -> Iterator[BonusChange]:
        sides = [
            dict(self._bonus_lines(world, standings, side))
            for world, standings, side in zip(self._worlds, self._standings, won, strict=True)
        ]
        names = self._names(lambda rulebook: rulebook.recognition)
        for (rule, period), before, after in _paired(*sides):
            lines = [line or (Decimal(0), Decimal(0)) for line in (before, after)]
            cost, worst = (Pair(*amounts) for amounts in zip(*lines, strict=True))
            yield BonusChange(rule, names[rule], period, cost, worst)

    def _bonus_lines(
        self, world: World, standings: Shown, won: Sequence[Win]
    ) -> Iterator[tuple[tuple[str, str], tuple[Decimal, Decimal]]]:
        """What each recognition with a bonus costs, and costs at worst, by its period."""
        for period in self._ended():
            version = world.book.in_month(period.months[-1])
            for rule in version.rulebook.recognition.values() if version is not None else ():
                if rule.period is period.kind and rule.bonus is not None:
                    paid = [w for w in won if (w.recognition, w.period) == (rule.id, period.name) and w.bonus]
                    cost = EXACT.multiply(rule.bonus, Decimal(len(paid)))
                    yield (rule.id, period.name), (cost, worst_case(rule, standings[period.name, rule.scope]))

    def _prizes(self) -> Iterator[PrizeChange]:
        sides = [
            {
                (prize.key, prize.subject, prize.subject_id): prize
                for prize in world.prizes
                if prize.at in self._period and prize.undone_at is None
            }
            for world in self._worlds
        ]
        named = {key: prize for side in sides for key, prize in side.items()}
        for key, before, after in _paired(*sides):
            prize = named[key]
            subject = self._subject(prize.subject, prize.subject_id)
            yield PrizeChange(prize.id, prize.name, subject, before, after)

    def _steps(self) -> Iterator[StepChange]:
        sides = [
            {
                (step.month, step.consequence, step.subject, step.id): step
                for step in world.steps
                if step.month in self._months
            }
            for world in self._worlds
        ]
        names = self._names(lambda rulebook: rulebook.consequences)
        for (month, consequence, kind, subject_id), before, after in _paired(*sides):
            yield StepChange(
                month, consequence, names[consequence], self._subject(kind, subject_id), before, after
            )


def _paired(as_is: Mapping[_K, _V], would_be: Mapping[_K, _V]) -> Iterator[tuple[_K, _V | None, _V | None]]:
    """What either side has, by key, with None where one has not."""
    for key in sorted(as_is.keys() | would_be.keys()):
        yield key, as_is.get(key), would_be.get(key)


def _order(row: RowChange) -> tuple[bool, int, str, str]:
    """As the standing would be; whoever would not be listed comes last."""
    ranked = row.would_be or row.as_is
    rank = 0 if ranked is None else ranked.rank
    return row.would_be is None, rank, row.subject.name, row.subject.id
