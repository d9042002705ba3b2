"""The one idea: points are a pure function of rulebook versions, roster, events, decisions and an instant.

`replay` computes everything from nothing but these. What the service keeps in its tables must equal it, and
is checked
against it; a question about the past, or about a draft of the rules, is answered by it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from leaderboard.domain.badges import Award, badge_entry, live_awards
from leaderboard.domain.consequences import LadderKey, LadderState, StepTaken
from leaderboard.domain.contests import (
    ContestPlace,
    ContestRun,
    Effort,
    EffortKey,
    contest_standing,
    efforts_of,
    judged_contests,
    running_contests,
    settle_contest,
)
from leaderboard.domain.decisions import (
    Decision,
    Decisions,
    MeasureRef,
    bonus_withheld,
    settle_decisions,
)
from leaderboard.domain.events import Event
from leaderboard.domain.facts import MonthFacts, Tally, sum_contributions, tally_outcomes
from leaderboard.domain.fold import fold_lead
from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import Contribution, LeadFold, Outcome, streak_order
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.points import Entry, outcome_entry
from leaderboard.domain.prizes import Prize, prize_entry
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.recognition import Win
from leaderboard.domain.roster import Placement, Roster
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.settle import RanksSettled, settle_month, settle_ranks, surviving_runs
from leaderboard.domain.standings import Score, Standing, listed, name_of, rank_scores
from leaderboard.domain.tasks import task_entries, task_prizes
from leaderboard.domain.versions import Book, Version


@dataclass(frozen=True, slots=True)
class SealedMonth:
    """What a closed month hands to the later ones, as it was sealed.

    `entries` are those booked in it, or by its settlement (the points of rank badges, one second into the next month);
    where the period before it was open then, the points that its ranks booked in this month, and their `awards`, too.
    `ladders` and `runs` (streaks by rep, then badge) stand as they did at its end. `contributions` are those that
    contests and tasks still ask for; badges by hand are no part of it, for they follow from decisions alone.
    """

    entries: tuple[Entry, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    awards: tuple[Award, ...] = ()
    steps: tuple[StepTaken, ...] = ()
    ladders: Mapping[LadderKey, LadderState] = field(default_factory=dict)
    runs: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    contributions: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True)
class SealedPast:
    """The closed months, the closed quarters' settlements, and the adjustments that late events brought since."""

    months: Mapping[Month, SealedMonth] = field(default_factory=dict)
    quarters: frozenset[str] = frozenset()
    adjustments: tuple[Entry, ...] = ()


NO_PAST = SealedPast()

_Place = tuple[Month, SubjectKind, str]


class World:
    """Everything that follows by an instant. Built by `replay`; asked for standings afterwards."""

    def __init__(self, book: Book, placement: Placement, as_of: Instant) -> None:
        self.book = book
        self.placement = placement
        self.as_of = as_of
        self.entries: list[Entry] = []
        self.outcomes: list[Outcome] = []
        self.awards: dict[str, Award] = {}
        self.ratings: dict[Month, tuple[MonthRating, ...]] = {}
        self.steps: list[StepTaken] = []
        self.wins: list[Win] = []
        self.prizes: list[Prize] = []
        """Those of contests and tasks, by the rules as they are: what a closed month paid, its entries say."""
        self.contests: dict[str, list[ContestPlace]] = {}
        """The standings of the contests that have begun, by the contest's key."""
        self.decisions = Decisions()
        self.ranked: dict[str, RanksSettled] = {}
        """What the ranks of periods brought, by the period's name; not of those whose ranks were sealed."""
        self.ladders: dict[LadderKey, LadderState] = {}
        self.runs: dict[str, dict[str, int]] = defaultdict(dict)
        self._points: dict[_Place, int] = defaultdict(int)
        self._tallies: dict[_Place, Tally] = defaultdict(Tally)

    def book_entries(self, entries: Iterable[Entry]) -> None:
        """Adds entries, and their points to the standings of the months they are booked in."""
        for entry in entries:
            self.entries.append(entry)
            month = self.book.calendar.month_at(entry.booked_at)
            if entry.subject is SubjectKind.REP:
                self._points[month, SubjectKind.REP, entry.id] += entry.points
            if entry.team is not None:
                self._points[month, SubjectKind.TEAM, entry.team] += entry.points

    def count_outcome(self, outcome: Outcome, month: Month) -> None:
        """Adds an outcome to the standings of its month; one that nobody held counts for no one."""
        self.outcomes.append(outcome)
        if outcome.holder is None:
            return
        tally = Tally.of(outcome.rating)
        places: list[_Place] = [(month, SubjectKind.REP, outcome.holder)]
        if outcome.team is not None:
            places.append((month, SubjectKind.TEAM, outcome.team))
        for place in places:
            self._tallies[place] = self._tallies[place].plus(tally)

    def give(self, awards: Iterable[Award]) -> None:
        """Adds awards; one subject is given a badge once for one instant."""
        for award in awards:
            self.awards.setdefault(award.key, award)

    def take_away(self, award_keys: Iterable[str]) -> None:
        """Takes away badges that a manager had given by hand and took back."""
        for key in award_keys:
            self.awards.pop(key, None)

    def standing(self, period: Period, scope: SubjectKind) -> list[Standing]:
        """Who stands where in a period, as of this world's instant."""
        roster = self.placement.roster
        months = set(period.months)
        ids = listed(roster, period, scope)
        ids |= {
            i for (month, kind, i) in (*self._points, *self._tallies) if month in months and kind is scope
        }
        return rank_scores(self._score(roster, scope, i, period.months) for i in ids)

    def _score(self, roster: Roster, scope: SubjectKind, subject_id: str, months: tuple[Month, ...]) -> Score:
        tally = Tally()
        points = 0
        for month in months:
            points += self._points.get((month, scope, subject_id), 0)
            tally = tally.plus(self._tallies.get((month, scope, subject_id), Tally()))
        return Score(subject_id, name_of(roster, scope, subject_id), points, tally)


class Replay:
    """A replay under way: it takes in the leads one after another, and is then asked for what follows.

    It may be asked several times: by what was sealed, and as if nothing had been.
    """

    def __init__(self, book: Book, roster: Roster, as_of: Instant) -> None:
        self._book = book
        self._placement = Placement(roster, book.calendar.zone)
        self._as_of = as_of
        self._outcomes: dict[Month, list[Outcome]] = defaultdict(list)
        self._contributions: dict[Month, list[Contribution]] = defaultdict(list)
        self._first_event_at: Instant | None = None

    def fold(self, events: Sequence[Event]) -> LeadFold:
        """What follows from a lead's events by these rules; takes nothing in."""
        return fold_lead(events, self._book, self._placement, self._as_of)

    def take(self, events: Sequence[Event], fold: LeadFold | None = None) -> None:
        """Takes in a lead (or an event without one), with its fold where that is known already."""
        fold = self.fold(events) if fold is None else fold
        month_at = self._book.calendar.month_at
        for outcome in fold.outcomes:
            self._outcomes[month_at(outcome.at)].append(outcome)
        for item in fold.contributions:
            self._contributions[month_at(item.at)].append(item)
        times = [event.time for event in events if event.time <= self._as_of]
        earliest = self._first_event_at
        self._first_event_at = min(times if earliest is None else [earliest, *times], default=None)

    def world(
        self, past: SealedPast = NO_PAST, decisions: Iterable[Decision] = (), kind: type[World] = World
    ) -> World:
        """Everything that follows from what was taken in, and from what people decided."""
        world = kind(self._book, self._placement, self._as_of)
        world.decisions = Decisions(decisions, self._as_of)
        first = self._first_event_at
        first_month = None if first is None else self._book.calendar.month_at(first)
        _Months(world, self._outcomes, self._contributions, first_month, past).run()
        return world


def replay(
    book: Book,
    roster: Roster,
    leads: Iterable[Sequence[Event]],
    as_of: Instant,
    past: SealedPast = NO_PAST,
    progress: Callable[[], None] = lambda: None,
    decisions: Iterable[Decision] = (),
) -> World:
    """Everything that follows from the events, and from what people decided, by `as_of`.

    `leads` are the events lead by lead (an event without lead by itself), none of them voided.
    """
    under_way = Replay(book, roster, as_of)
    for events in leads:
        under_way.take(events)
        progress()
    return under_way.world(past, decisions)


class _Months:
    """Settles one month after the other."""

    def __init__(
        self,
        world: World,
        outcomes: Mapping[Month, list[Outcome]],
        contributions: Mapping[Month, list[Contribution]],
        first_month: Month | None,
        past: SealedPast,
    ) -> None:
        self._world = world
        self._past = past
        self._outcomes = outcomes
        sealed = {month: closed.contributions for month, closed in past.months.items()}
        self._contributions: Mapping[Month, Sequence[Contribution]] = {**contributions, **sealed}
        self._first_month = first_month
        self._counted: dict[Month, Sequence[Outcome]] = {}
        self._steps: dict[MeasureRef, StepTaken] = {}
        self._judged = judged_contests(world.book)
        added = (item for items in self._contributions.values() for item in items)
        self._done = task_prizes(added, world.decisions, world.book, world.placement)

    def run(self) -> None:
        world, past = self._world, self._past
        calendar = world.book.calendar
        world.book_entries(entry for entry in past.adjustments if entry.booked_at <= world.as_of)
        # What is sealed was given for good: an open month gives it to nobody a second time.
        for closed in past.months.values():
            world.give(closed.awards)
        for month, version in world.book.months_until(calendar.month_at(world.as_of)):
            sealed = past.months.get(month)
            if sealed is not None:
                self._take_over(sealed, month)
            else:
                self._settle(version, calendar.month(month))
            quarter = calendar.quarter_of(month)
            ended = quarter.end_at == calendar.month(month).end_at and quarter.end_at <= world.as_of
            if ended and quarter.name not in past.quarters:
                self._end_period(version, quarter)
        world.prizes.extend(self._done)
        for run in running_contests(world.book, world.as_of):
            world.contests[run.key] = contest_standing(run.contest, self._efforts(run), world.placement)

    def _is_ranked(self, period: Period) -> bool:
        """Whether the month in which its ranks book their points is sealed, and with it what they booked."""
        return period.months[-1].plus(1) in self._past.months

    def _take_over(self, sealed: SealedMonth, month: Month) -> None:
        world = self._world
        world.book_entries(sealed.entries)
        for outcome in sealed.outcomes:
            world.count_outcome(outcome, month)
        self._counted[month] = sealed.outcomes
        self._give_prizes(world.book.calendar.month(month))
        self._take_steps(sealed.steps)
        world.ladders = dict(sealed.ladders)
        world.runs = defaultdict(dict, {rep: dict(runs) for rep, runs in sealed.runs.items()})

    def _settle(self, version: Version, month: Period) -> None:
        world = self._world
        outcomes = sorted(self._outcomes.get(month.first_month, ()), key=streak_order)
        for outcome in outcomes:
            world.count_outcome(outcome, month.first_month)
        self._counted[month.first_month] = outcomes
        world.book_entries(filter(None, map(outcome_entry, outcomes)))
        self._award_live(version, outcomes)
        world.book_entries(self._give_prizes(month))
        if month.end_at <= world.as_of:
            self._end_month(version, month, outcomes)
            self._end_period(version, month)

    def _award_live(self, version: Version, outcomes: Sequence[Outcome]) -> None:
        world = self._world
        by_rep: dict[str, list[Outcome]] = defaultdict(list)
        for outcome in outcomes:
            if outcome.holder is not None:
                by_rep[outcome.holder].append(outcome)
        for rep in sorted({*by_rep, *world.runs}):
            runs = surviving_runs(version, world.runs.get(rep, {}))
            awards, world.runs[rep] = live_awards(version, rep, by_rep.get(rep, ()), runs)
            self._award(awards)

    def _award(self, earned: Sequence[Award]) -> None:
        awards = [award for award in earned if award.key not in self._world.awards]
        self._world.give(awards)
        self._world.book_entries(filter(None, (badge_entry(a, self._world.placement) for a in awards)))

    def _give_prizes(self, month: Period) -> list[Entry]:
        """Prizes and badges by hand of a month, and the entries of these and of all that was decided in it."""
        world = self._world
        won = [
            prize
            for run in self._judged
            if run.last_second_at in month and run.end_at <= world.as_of
            for prize in self._judge(run)
        ]
        world.prizes.extend(won)
        decided = settle_decisions(world.decisions, month, world.book, world.placement, self._step_of)
        world.give(decided.awards)
        world.take_away(decided.withdrawn)
        done = (entry for entry in task_entries(self._done, world.decisions) if entry.booked_at in month)
        return [*filter(None, map(prize_entry, won)), *done, *decided.entries]

    def _judge(self, run: ContestRun) -> list[Prize]:
        world, efforts = self._world, self._efforts(run)
        world.contests[run.key] = contest_standing(run.contest, efforts, world.placement)
        return settle_contest(run, efforts, world.placement)

    def _efforts(self, run: ContestRun) -> Mapping[EffortKey, Effort]:
        return efforts_of(
            run,
            (outcome for outcomes in self._counted.values() for outcome in outcomes),
            (item for items in self._contributions.values() for item in items),
        )

    def _step_of(self, ref: MeasureRef) -> StepTaken | None:
        return self._steps.get(ref._replace(place=0))

    def _take_steps(self, steps: Iterable[StepTaken]) -> None:
        for step in steps:
            self._world.steps.append(step)
            self._steps[MeasureRef(step.month, step.consequence, step.subject, step.id, 0)] = step

    def _end_month(self, version: Version, month: Period, outcomes: Sequence[Outcome]) -> None:
        world = self._world
        facts = MonthFacts(
            month.first_month,
            tally_outcomes(outcomes),
            sum_contributions(self._contributions.get(month.first_month, ())),
            self._first_month,
        )
        settled = settle_month(version, month, facts, world.placement, world.ladders, world.awards.keys())
        world.ratings[month.first_month] = settled.ratings
        self._take_steps(settled.steps)
        world.ladders = dict(settled.ladders)
        world.give(settled.awards)
        world.book_entries(settled.entries)

    def _end_period(self, version: Version, period: Period) -> None:
        if self._is_ranked(period):
            return
        world = self._world
        standings = {scope: world.standing(period, scope) for scope in SubjectKind}
        denied = self._denied(period)
        settled = settle_ranks(version, period, standings, world.placement, denied, world.awards.keys())
        world.ranked[period.name] = settled
        world.give(settled.awards)
        world.wins.extend(settled.wins)
        world.book_entries(settled.entries)

    def _denied(self, period: Period) -> set[tuple[SubjectKind, str]]:
        """Who gets no bonus: `no_bonus` withholds that of the quarter of its month, a month's as well as the
        quarter's.
        """
        calendar = self._world.book.calendar
        quarter = calendar.quarter_of(period.first_month)
        names = {str(month) for month in quarter.months}
        steps = [step for step in self._world.steps if step.month in names]
        return bonus_withheld(steps, self._world.decisions, self._world.book)
