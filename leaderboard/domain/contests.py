"""Contests: who does best on some service levels in a span of dates (docs/rulebook-format.md, Contests)."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, TypeAlias

from leaderboard.domain.facts import NO_OUTCOMES, Sum, Tally
from leaderboard.domain.instants import SECOND, Instant, midnight, midnight_after
from leaderboard.domain.outcomes import Contribution, Outcome
from leaderboard.domain.points import outcome_entry, team_of
from leaderboard.domain.prizes import Prize, PrizeOf
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import Contest, ContestScore, SubjectKind
from leaderboard.domain.standings import name_of
from leaderboard.domain.versions import Book, Side, Version

Score: TypeAlias = Fraction | Decimal
"""A share, or a number; all scores of one contest are of one kind, and compare exactly."""


class ContestRun(NamedTuple):
    """A contest with the version that judges it and its span: from `start_at` to just before `end_at`."""

    contest: Contest
    version: Version
    start_at: Instant
    end_at: Instant

    @property
    def last_second_at(self) -> Instant:
        """Where its prizes are booked, and whose version judges it."""
        return self.end_at - SECOND

    @property
    def key(self) -> str:
        """Names it for good: what bears the id in another version, with another end, is another contest."""
        return f"contest/{self.contest.id}/{self.contest.until_on}"


class EffortKey(NamedTuple):
    """Whose outcomes or contributions: the rep's, and the team he was in at each one's instant."""

    rep: str
    team: str | None


class Effort(NamedTuple):
    """What was done in a contest's span: outcomes with the points they booked, or what events add up to."""

    tally: Tally = NO_OUTCOMES
    points: int = 0
    sum: Sum = Sum()

    def plus(self, other: "Effort") -> "Effort":
        """Both together."""
        return Effort(self.tally.plus(other.tally), self.points + other.points, self.sum.plus(other.sum))


NO_EFFORT = Effort()


class ContestPlace(NamedTuple):
    """A subject's place in a contest; equal scores share a rank and the next is skipped."""

    rank: int
    id: str
    score: Score
    effort: Effort


def judged_contests(book: Book) -> list[ContestRun]:
    """Every contest by the version in force at its last second, in the order of their ends.

    One that the version in force then lacks, or lets end at another date, ends without a winner.
    """
    found = [
        run
        for place, version in enumerate(book.versions)
        for run in _runs(book, place)
        if book.at(run.last_second_at) is version
    ]
    return sorted(found, key=lambda run: (run.end_at, run.contest.id))


def running_contests(book: Book, now: Instant) -> list[ContestRun]:
    """The contests that the version in force has and that go on, as far as anybody knows by now."""
    version = book.at(now)
    if version is None:
        return []
    return [run for run in _runs(book, book.versions.index(version)) if run.start_at <= now < run.end_at]


def _runs(book: Book, place: int) -> Iterator[ContestRun]:
    zone = book.calendar.zone
    for contest in book.versions[place].rulebook.contests.values():
        since = place
        while since and contest.id in book.versions[since - 1].rulebook.contests:
            since -= 1
        # Nobody is judged by what was not announced: nothing counts from before the versions that have it.
        from_on = max(contest.from_on, book.versions[since].effective_from)
        yield ContestRun(
            contest,
            book.versions[place],
            midnight(from_on, zone),
            midnight_after(contest.until_on, zone),
        )


def efforts_of(
    run: ContestRun, outcomes: Iterable[Outcome], contributions: Iterable[Contribution]
) -> dict[EffortKey, Effort]:
    """What outcomes, or contributions, in a contest's span come to, by rep and team; those of nobody left out."""
    if run.contest.by is ContestScore.VALUE:
        return _add(
            (EffortKey(c.rep, c.team), Effort(sum=Sum(c.value, 1)))
            for c in contributions
            if c.rep is not None and c.side is Side.VOLUME and _counts(run, c.service_level, c.at)
        )
    return _add(
        (EffortKey(o.holder, o.team), Effort(Tally.of(o.rating), _booked(o)))
        for o in outcomes
        if o.holder is not None and _counts(run, o.service_level, o.at)
    )


def _counts(run: ContestRun, service_level: str, at: Instant) -> bool:
    return run.start_at <= at < run.end_at and service_level in run.contest.service_levels


def _booked(outcome: Outcome) -> int:
    """The points that an outcome books, to whomever it does; 0 where it books none."""
    entry = outcome_entry(outcome)
    return 0 if entry is None else entry.points


def _add(efforts: Iterable[tuple[EffortKey, Effort]]) -> dict[EffortKey, Effort]:
    total: dict[EffortKey, Effort] = {}
    for key, effort in efforts:
        total[key] = total.get(key, NO_EFFORT).plus(effort)
    return total


def contest_standing(
    contest: Contest, efforts: Mapping[EffortKey, Effort], placement: Placement
) -> list[ContestPlace]:
    """All who take part and have a score, best first; inside a shared rank by name, then id.

    Who has fewer outcomes than `minimum` has no share, and so no place.
    """
    totals: dict[str, Effort] = {}
    for key, effort in efforts.items():
        subject = key.rep if contest.scope is SubjectKind.REP else key.team
        if subject is not None and (not contest.teams or key.team in contest.teams):
            totals[subject] = totals.get(subject, NO_EFFORT).plus(effort)
    scored = [(subject, score_of(contest, effort), effort) for subject, effort in totals.items()]
    named = sorted(scored, key=lambda one: (name_of(placement.roster, contest.scope, one[0]), one[0]))
    return list(_ranked([(who, score, effort) for who, score, effort in named if score is not None]))


def score_of(contest: Contest, effort: Effort) -> Score | None:
    """What a contest goes by; None for a share of too few outcomes."""
    if contest.by is ContestScore.VALUE:
        return effort.sum.value
    if contest.by is ContestScore.POINTS:
        return Fraction(effort.points)
    if contest.by is ContestScore.KEPT:
        return Fraction(effort.tally.kept)
    return Fraction(effort.tally.kept, effort.tally.total) if effort.tally.total >= contest.minimum else None


def _ranked(named: list[tuple[str, Score, Effort]]) -> Iterator[ContestPlace]:
    rank, last = 0, None
    best_first = sorted(named, key=lambda one: one[1], reverse=True)
    for place, (subject, score, effort) in enumerate(best_first, start=1):
        if score != last:
            rank, last = place, score
        yield ContestPlace(rank, subject, score, effort)


def settle_contest(run: ContestRun, efforts: Mapping[EffortKey, Effort], placement: Placement) -> list[Prize]:
    """The prizes of a contest that has ended: to everyone of rank ≤ `places` with a score above 0, each in full."""
    contest, at = run.contest, run.last_second_at
    return [
        Prize(
            run.key, PrizeOf.CONTEST, contest.id, contest.name, contest.scope, place.id,
            team_of(contest.scope, place.id, at, placement), at, run.version.effective_from,
            contest.prize.points, contest.prize.money, place.rank,
        )
        for place in contest_standing(contest, efforts, placement)
        if place.rank <= contest.places and place.score > 0
    ]  # fmt: skip
