"""Who wins a period, and what (rulebook.md, Recognition)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from leaderboard.domain.badges import Award, given_award
from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Standing
from leaderboard.domain.versions import Version


@dataclass(frozen=True, slots=True)
class Win:
    """One subject's win of one recognition: the bonus in full (None: none is offered or it is withheld), ties
    included.
    """

    recognition: str
    period: str
    scope: SubjectKind
    id: str
    rank: int
    bonus: Decimal | None
    badge: str | None


def wins(
    version: Version,
    period: Period,
    scope: SubjectKind,
    standing: Sequence[Standing],
    without_bonus: Collection[str] = (),
) -> list[Win]:
    """Every subject of rank ≤ `places` with more than 0 points in an ended period's standing.

    `without_bonus` are the subjects whose bonus a consequence withholds; the badge is theirs all the same.
    """
    return [
        Win(rule.id, period.name, scope, row.score.id, row.rank,
            None if row.score.id in without_bonus else rule.bonus, rule.badge)
        for rule in version.rulebook.recognition.values()
        if rule.period is period.kind and rule.scope is scope
        for row in standing
        if row.rank <= rule.places and row.score.points > 0
    ]  # fmt: skip


def win_awards(version: Version, period: Period, won: Sequence[Win]) -> list[Award]:
    """The badges that go with the wins."""
    badges = version.rulebook.badges
    return [given_award(version, badges[w.badge], w.scope, w.id, period) for w in won if w.badge is not None]
