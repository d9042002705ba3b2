"""Who stands where: points, then compliance; equal in both share a rank (rulebook.md, Standings)."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

from leaderboard.domain.facts import NO_OUTCOMES, Tally
from leaderboard.domain.periods import Period
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import SubjectKind

# Two shares of fewer than 10**9 outcomes each that differ at all differ by more than this resolves.
_SHARE_SCALE = 10**36


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
    keyed = sorted((_merit(score), score.name, score.id, score) for score in scores)
    return list(_ranked(keyed))


def ranks_of(scores: Iterable[Score]) -> dict[str, int]:
    """The ranks that `rank_scores` gives, by id; quicker, for those who share one need no order."""
    merits = {score.id: _merit(score) for score in scores}
    ranks: dict[tuple[int, int], int] = {}
    for place, merit in enumerate(sorted(merits.values()), start=1):
        ranks.setdefault(merit, place)
    return {subject_id: ranks[merit] for subject_id, merit in merits.items()}


def _ranked(keyed: list[tuple[tuple[int, int], str, str, Score]]) -> Iterator[Standing]:
    rank, last = 0, None
    for place, (merit, _, _, score) in enumerate(keyed, start=1):
        if merit != last:
            rank, last = place, merit
        yield Standing(rank, score)


def _merit(score: Score) -> tuple[int, int]:
    """Sorts the better first; equal just where points and compliance are."""
    tally = score.tally
    share = tally.kept * _SHARE_SCALE // tally.total if tally.total else -1
    return (-score.points, -share)


def listed(roster: Roster, period: Period, scope: SubjectKind) -> set[str]:
    """The reps with a team span touching the period, or their teams; whoever else has an entry joins them."""
    found: set[str] = set()
    first_on, last_on = period.first_on, period.last_on
    for rep in roster.reps.values():
        for span in rep.teams:
            if span.touches(first_on, last_on):
                found.add(rep.id if scope is SubjectKind.REP else span.team)
    return found


def name_of(roster: Roster, scope: SubjectKind, subject_id: str) -> str:
    """The name that a standing shows and sorts by."""
    return roster.rep_name(subject_id) if scope is SubjectKind.REP else roster.team_name(subject_id)
