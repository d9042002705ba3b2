"""One pass over the leads, and what a look at the fairness of the rules asks of it (docs/fairness.md)."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from leaderboard.domain.chances import LEAST_SUBJECTS, Bands, Case, split
from leaderboard.domain.decisions import Decision
from leaderboard.domain.events import LEAD_ASSIGNED, LEAD_EXCLUDED, Event
from leaderboard.domain.facts import NO_OUTCOMES
from leaderboard.domain.fairness import (
    NOBODYS,
    Chances,
    Fairness,
    Grouping,
    LevelChances,
    paying_places,
    tenure,
)
from leaderboard.domain.instants import Instant
from leaderboard.domain.leaving_out import LeftOut, Move, fold_without, pairs, without_level
from leaderboard.domain.outcomes import Contribution, Outcome
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import EntryKind
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.reach import Reach, middle_of
from leaderboard.domain.replay import Replay, World
from leaderboard.domain.roster import Placement, Roster
from leaderboard.domain.rulebook import Rulebook, ServiceLevel, SubjectKind
from leaderboard.domain.standings import Score, Standing, rank_scores
from leaderboard.domain.versions import Book

REP = SubjectKind.REP


class Study:
    """A look at the rules that is under way: it takes in the leads, and is then asked what they show."""

    def __init__(self, book: Book, rulebook: Rulebook, roster: Roster, months: int, as_of: Instant) -> None:
        """The rulebook is in force from its first day, for so many months; of the book, what lies before counts."""
        earlier = [one.rulebook for one in book.versions if one.effective_from < rulebook.effective_from]
        self._book = Book([*earlier, rulebook])
        self._rulebook = rulebook
        first = Month.of_date(rulebook.effective_from)
        self._months = tuple(first.plus(number) for number in range(months))
        self._since = self._book.calendar.month(first).start_at
        self._as_of = as_of
        self._placement = Placement(roster, self._book.calendar.zone)
        self._whole = Replay(self._book, roster, as_of)
        self._less = {
            level: Replay(Book([*earlier, without_level(rulebook, level)]), roster, as_of)
            for level in rulebook.service_levels
        }
        self._contributions: dict[Month, list[Contribution]] = defaultdict(list)
        self._leads: dict[tuple[str, Month], int] = defaultdict(int)

    def take(self, events: Sequence[Event]) -> None:
        """Takes in a lead: it is folded once, and each service level left out of what came of it."""
        fold = self._whole.fold(events)
        self._whole.take(events, fold)
        for level, replay in self._less.items():
            replay.take(events, fold_without(fold, level, self._since))
        for item in fold.contributions:
            self._contributions[self._book.calendar.month_at(item.at)].append(item)
        self._count_leads(events)

    def _count_leads(self, events: Sequence[Event]) -> None:
        known = [event for event in events if event.time <= self._as_of]
        if any(event.type == LEAD_EXCLUDED for event in known):
            return
        resolve = self._placement.roster.resolve
        handed = {
            (resolve(event.rep), self._book.calendar.month_at(event.time))
            for event in known
            if event.type == LEAD_ASSIGNED and event.rep is not None
        }
        for rep_and_month in handed:
            self._leads[rep_and_month] += 1

    def fairness(
        self,
        decisions: Collection[Decision] = (),
        progress: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> Fairness:
        """What they show; `progress` is told how many of the worlds there are to make are made."""
        world, count = self._whole.world(decisions=decisions), len(self._less) + 1
        progress(1, count)
        found = _Findings(world, self._rulebook, self._months, self._contributions, self._leads)
        left_out = []
        for place, (level, replay) in enumerate(self._less.items(), start=2):
            left_out.append(found.left_out(level, replay.world(decisions=decisions)))
            progress(place, count)
        return replace(found.fairness(), left_out=tuple(left_out))


class _Findings:
    """The questions asked of a world, and of the worlds that lack a service level."""

    def __init__(
        self,
        world: World,
        rulebook: Rulebook,
        months: tuple[Month, ...],
        contributions: Mapping[Month, Sequence[Contribution]],
        leads: Mapping[tuple[str, Month], int],
    ) -> None:
        self._world = world
        self._rulebook = rulebook
        self._months = months
        self._contributions = contributions
        self._leads = leads
        self._calendar = world.book.calendar
        self._outcomes: dict[Month, list[Outcome]] = defaultdict(list)
        for outcome in world.outcomes:
            self._outcomes[self._calendar.month_at(outcome.at)].append(outcome)
        self._paying = paying_places(rulebook)
        self._periods = tuple(self._paid_periods())
        self._paid = self._standings(world)
        self._total = self._summed(world)
        self._rated = self._ratings_by_rep()
        self._deducted = self._deductions_by_rep()
        self._bands = self._bands_of(map(self._calendar.month, months))

    def _ratings_by_rep(self) -> dict[tuple[str, Month], list[MonthRating]]:
        found: dict[tuple[str, Month], list[MonthRating]] = defaultdict(list)
        for month in self._months:
            for rating in self._world.ratings.get(month, ()):
                if rating.subject is REP:
                    found[rating.id, month].append(rating)
        return found

    def _deductions_by_rep(self) -> dict[tuple[str, Month], int]:
        found: dict[tuple[str, Month], int] = defaultdict(int)
        for entry in self._world.entries:
            if entry.kind is EntryKind.DEDUCTION and entry.subject is REP:
                found[entry.id, self._calendar.month_at(entry.booked_at)] -= entry.points
        return found

    def fairness(self) -> Fairness:
        return Fairness(
            self._months,
            self._world.as_of,
            self._bands,
            self._paying,
            self._winning() if self._periods else None,
            tuple(self._levels()),
            (),
        )

    def _paid_periods(self) -> Iterator[Period]:
        for month in self._months:
            period = self._calendar.at(self._paying.period, self._calendar.month(month).start_at)
            if period.months[-1] == month and period.months[0] in self._months:
                yield period

    def _reach(self, periods: Iterable[Period]) -> Reach:
        """Every month of a period is cut where the period is."""
        zone, version = self._calendar.zone, self._world.book.versions[-1]
        cuts = {month: middle_of(one, zone) for one in periods for month in one.months}
        return Reach(version, self._world.placement.roster, cuts, self._outcomes, self._contributions)

    # How often the target is met

    def _levels(self) -> Iterator[LevelChances]:
        reach = self._reach(map(self._calendar.month, self._months))
        for level in self._rulebook.service_levels.values():
            if level.target is None:
                cases = list(self._single_outcomes(level))
                yield LevelChances(
                    level, False, 0, self._chances(cases, self._bands, level.subject, level.minimum)
                )
            else:
                cases = list(self._rated_months(level, reach))
                unrated = sum(1 for _, rating in self._ratings(level) if rating.rating is None)
                yield LevelChances(
                    level, True, unrated, self._chances(cases, self._bands, level.subject, level.minimum)
                )

    def _ratings(self, level: ServiceLevel) -> Iterator[tuple[Month, MonthRating]]:
        for month in self._months:
            for rating in self._world.ratings.get(month, ()):
                if rating.service_level == level.id:
                    yield month, rating

    def _rated_months(self, level: ServiceLevel, reach: Reach) -> Iterator[Case]:
        for month, rated in self._ratings(level):
            if rated.rating is not None:
                is_lost = reach.is_lost(level, rated.id, month)
                period = self._calendar.month(month)
                yield Case(rated.id, period, rated.rating.is_kept, rated.outcomes, is_lost)

    def _single_outcomes(self, level: ServiceLevel) -> Iterator[Case]:
        for month in self._months:
            for one in self._outcomes.get(month, ()):
                whose = one.holder if level.subject is REP else one.team
                if one.service_level == level.id and one.holder is not None and whose is not None:
                    yield Case(whose, self._calendar.month(month), one.rating.is_kept)

    def _chances(
        self, cases: Sequence[Case], bands: Bands | None, subject: SubjectKind = REP, minimum: int = 1
    ) -> Chances:
        keys: dict[Grouping, Callable[[Case], str]] = {}
        if subject is not REP:
            keys[Grouping.TEAM] = lambda case: case.subject
        else:
            keys = {Grouping.TEAM: self._team, Grouping.TENURE: self._tenure}
            if bands is not None and any(map(self._handed, cases)):
                keys[Grouping.LEADS] = lambda case: bands.band(self._handed(case))
        least = LEAST_SUBJECTS if subject is REP else 1
        return Chances(
            cases=len(cases),
            hits=sum(case.is_hit for case in cases),
            lost=sum(case.is_lost for case in cases),
            groups={name: split(cases, key, minimum, least) for name, key in keys.items()},
        )

    def _team(self, case: Case) -> str:
        return self._world.placement.team_at(case.subject, case.period.last_second_at) or NOBODYS

    def _tenure(self, case: Case) -> str:
        return tenure(self._world.placement.roster.reps.get(case.subject), case.period.months[-1])

    def _handed(self, case: Case) -> int:
        return sum(self._leads.get((case.subject, month), 0) for month in case.period.months)

    def _bands_of(self, periods: Iterable[Period]) -> Bands | None:
        period_of = {month: period.name for period in periods for month in period.months}
        handed: dict[tuple[str, str], int] = defaultdict(int)
        for (rep, month), count in self._leads.items():
            if month in period_of:
                handed[rep, period_of[month]] += count
        return Bands.of(handed.values())

    # Who wins

    def _standings(self, world: World) -> list[tuple[Period, list[Standing]]]:
        return [(period, world.standing(period, REP)) for period in self._periods]

    def _is_win(self, row: Standing) -> bool:
        return row.rank <= self._paying.places and row.score.points > 0

    def _winning(self) -> Chances:
        reach = self._reach(self._periods)
        cases = [
            Case(
                row.score.id,
                period,
                self._is_win(row),
                row.score.tally.total,
                self._is_beaten(row, rows, period, reach),
            )
            for period, rows in self._paid
            for row in rows
            if _takes_part(row.score)
        ]
        return self._chances(cases, self._bands_of(self._periods))

    def _is_beaten(self, row: Standing, rows: Sequence[Standing], period: Period, reach: Reach) -> bool:
        """Whether in the middle of the period no paying place was left, had all that was to come gone well."""
        places = self._paying.places
        needed = max(1, rows[places - 1].score.points if len(rows) >= places else 0)
        return not self._is_win(row) and self._at_best(row.score, period, reach) < needed

    def _at_best(self, score: Score, period: Period, reach: Reach) -> int:
        """Nothing deducted, and each later outcome, and each month's rating that is not lost, at its best."""
        months = period.months
        gained = sum(reach.gain(score.id, month) for month in months)
        rated = sum(
            self._rating_at_best(rating, month, reach) - rating.points
            for month in months
            for rating in self._rated[score.id, month]
        )
        return score.points + gained + rated + sum(self._deducted[score.id, month] for month in months)

    def _rating_at_best(self, rated: MonthRating, month: Month, reach: Reach) -> int:
        level = self._rulebook.service_levels[rated.service_level]
        if rated.rating is None or reach.is_lost(level, rated.id, month):
            return rated.points
        return max(level.month.exceeded, level.month.met, rated.points)

    def _wins(self, standings: Iterable[tuple[Period, Sequence[Standing]]]) -> set[tuple[str, str]]:
        return {
            (period.name, row.score.id) for period, rows in standings for row in rows if self._is_win(row)
        }

    # What a service level decides

    def left_out(self, level: str, other: World) -> LeftOut:
        """What changes in a world without it."""
        here = [row for row in self._total if _takes_part(row.score)]
        known = {row.score.id: row.score for row in self._summed(other)}
        without = {
            row.score.id: row
            for row in rank_scores(
                known.get(one.score.id, Score(one.score.id, one.score.name)) for one in here
            )
        }
        won, still = self._wins(self._paid), self._wins(self._standings(other))
        moves = tuple(_move(row, without[row.score.id]) for row in here)
        return LeftOut(
            level,
            sum(move.points for move in moves),
            sum(move.points_without for move in moves),
            len(won),
            len(won - still),
            pairs({move.rep: move.rank for move in moves}, {move.rep: move.rank_without for move in moves}),
            moves,
        )

    def _summed(self, world: World) -> list[Standing]:
        """The standing over all the months together."""
        sums: dict[str, Score] = {}
        for month in self._months:
            for row in world.standing(self._calendar.month(month), REP):
                score = row.score
                so_far = sums.get(score.id, Score(score.id, score.name))
                sums[score.id] = so_far._replace(
                    points=so_far.points + score.points, tally=so_far.tally.plus(score.tally)
                )
        return rank_scores(sums.values())


def _takes_part(score: Score) -> bool:
    """Who has neither points nor an outcome in a period is in none of its figures."""
    return score.points != 0 or score.tally != NO_OUTCOMES


def _move(row: Standing, without: Standing) -> Move:
    score = row.score
    return Move(score.id, score.name, row.rank, without.rank, score.points, without.score.points)
