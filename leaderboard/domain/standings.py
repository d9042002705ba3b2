"""Who stands where: points, then compliance; equal in both share a rank (rulebook.md, Standings)."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from leaderboard.domain.facts import NO_OUTCOMES, Tally
from leaderboard.domain.periods import Period
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import SubjectKind

_MOST_FOR_FLOATS = 2**26
Amounts: TypeAlias = tuple[int, int, int, int]
"""Points, exceeded, met, missed."""
Merit: TypeAlias = tuple[int, float | Fraction]
"""What sorts the better first, and is equal just where points and compliance are."""


class Score(NamedTuple):
    """What a subject has in a period."""

    id: str
    name: str
    points: int = 0
    tally: Tally = NO_OUTCOMES

    @property
    def compliance(self) -> Fraction | None:
        """Kept of all; None where there are no outcomes."""
        return Fraction(self.tally.kept, self.tally.total) if self.tally.total else None


class Standing(NamedTuple):
    """A score with its rank."""

    rank: int
    score: Score


def rank_scores(scores: Iterable[Score]) -> list[Standing]:
    """Points high first; then compliance high first, none last; equal in both share a rank and the next is
    skipped.

    Inside a shared rank: by name, then id (code points).
    """
    listed_scores = list(scores)
    return rank_amounts(
        [(name, subject_id) for subject_id, name, _, _ in listed_scores],
        [(points, *tally) for _, _, points, tally in listed_scores],
    )


def rank_amounts(subjects: Iterable[tuple[str, str]], amounts: Sequence[Amounts]) -> list[Standing]:
    """The same of subjects, each by name and id, and what they have, in the same order: for thousands of them."""
    pairs = zip(merits(amounts), subjects, amounts, strict=True)
    lines = sorted([(*merit, *subject, each) for merit, subject, each in pairs])
    standings: list[Standing] = []
    rank, last_points = 0, 0
    last_share: float | Fraction = 0.0
    # Past the constructors, which take longer than all else here.
    new, add = tuple.__new__, standings.append
    for place, (merit, share, name, subject_id, (points, *counts)) in enumerate(lines, start=1):
        if merit != last_points or share != last_share or not rank:
            rank, last_points, last_share = place, merit, share
        add(new(Standing, (rank, new(Score, (subject_id, name, points, new(Tally, counts))))))
    return standings


def rank_among(ordered: Sequence[tuple[Any, ...]], merit: Merit) -> int:
    """The rank of one of these merits, which are in their order, with whatever behind each: for a few of thousands."""
    return bisect_left(ordered, merit) + 1


def merits(amounts: Sequence[Amounts]) -> list[Merit]:
    """The merits of these, in the same order; to be compared among each other.

    A float tells two shares of fewer than 2**26 outcomes each apart, however near, and is the same for equal ones;
    fractions always do, and take ten times as long.
    """
    if max([exceeded + met + missed for _, exceeded, met, missed in amounts], default=0) >= _MOST_FOR_FLOATS:
        return [_exact_merit(points, Tally(*counts)) for points, *counts in amounts]
    return [
        (-points, -(exceeded + met) / total if (total := exceeded + met + missed) else 1.0)
        for points, exceeded, met, missed in amounts
    ]


def _exact_merit(points: int, tally: Tally) -> Merit:
    return -points, Fraction(-tally.kept, tally.total) if tally.total else Fraction(1)


def listed(roster: Roster, period: Period, scope: SubjectKind) -> set[str]:
    """The reps with a team span touching the period, or their teams; whoever else has an entry joins them."""
    first_on, last_on = period.first_on, period.last_on
    here = [span for span in roster.spans if span[0] <= last_on and first_on <= span[1]]
    return {rep for _, _, rep, _ in here} if scope is SubjectKind.REP else {team for _, _, _, team in here}


def name_of(roster: Roster, scope: SubjectKind, subject_id: str) -> str:
    """The name that a standing shows and sorts by."""
    return roster.rep_name(subject_id) if scope is SubjectKind.REP else roster.team_name(subject_id)
