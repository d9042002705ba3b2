"""What was decided on measures of late, by whom and why."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Decision
from leaderboard.queries.actors import names_of
from leaderboard.queries.ladder_page import Word


class MeasureAt(NamedTuple):
    """A measure by the key of the one concerned."""

    month: str
    consequence: str
    subject: SubjectKind
    key: int
    place: int


class Said(NamedTuple):
    """A decision on a measure, and what undid it."""

    at: MeasureAt
    kind: str
    word: Word
    undone: Word | None


class Words:
    """The decisions on measures of the months since one, the latest first; two statements."""

    def __init__(self, session: Session, since: Month) -> None:
        made, undoing = Decision, aliased(Decision)
        rows: list[Any] = list(
            session.execute(
                select(made, undoing)
                .outerjoin(undoing, undoing.undoes == made.id)
                .where(made.kind.in_(("approved", "waived")), made.month >= str(since))
                .order_by(made.at.desc(), made.id.desc())
            )
        )
        names = names_of(session, (one.decided_by for row in rows for one in row if one is not None))

        def word(row: Decision | None) -> Word | None:
            return None if row is None else Word(row.id, row.at, names[row.decided_by], row.reason)

        self._said = [
            Said(_measure(row), row.kind, w, word(undone)) for row, undone in rows if (w := word(row))
        ]

    def last(self, at: MeasureAt) -> Word | None:
        """What was decided last on a measure, and still holds."""
        return next((one.word for one in self._said if one.at == at and one.undone is None), None)

    def __iter__(self) -> Iterator[Said]:
        return iter(self._said)


def _measure(row: Decision) -> MeasureAt:
    subject = SubjectKind(row.subject)
    key = row.person_id if subject is SubjectKind.REP else row.team_id
    return MeasureAt(row.month or "", row.consequence or "", subject, key or 0, row.place or 0)
