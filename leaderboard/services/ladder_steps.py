"""The steps that ratings brought, of many months at once: a missed month is the latest strike of a ladder."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.consequences import StepTaken
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.versions import Book, Version
from leaderboard.persistence.models import LadderState, Seal
from leaderboard.services.directory import Directory
from leaderboard.services.rows import subject_id
from leaderboard.services.rules import book_of
from leaderboard.services.seals import revision_ids


class Taken(NamedTuple):
    """A step with the version that says what it does, the strikes of then, and the key of the one concerned."""

    step: StepTaken
    version: Version
    strikes: tuple[Month, ...]
    key: int


def taken_since(
    session: Session,
    book: Book,
    since: Month,
    directory: Directory,
    person_id: int | None = None,
    team_id: int | None = None,
) -> list[Taken]:
    """The newest month first; of one person and team, or of all.

    What a step does in a closed month is said by the rules that it was sealed by.
    """
    row = LadderState
    statement = select(row).where(row.month >= str(since), row.rated == true(), row.step > 0)
    rows = session.scalars(statement.where(*_of(person_id, team_id)).order_by(row.month.desc())).all()
    struck = [one for one in rows if one.strikes.endswith(one.month)]
    versions = _versions(session, book, {one.month for one in struck})
    directory.learn_keys(one.person_id for one in struck)
    return list(filter(None, (_taken(one, versions[one.month], directory) for one in struck)))


def _of(person_id: int | None, team_id: int | None) -> Sequence[ColumnElement[bool]]:
    if person_id is None and team_id is None:
        return ()
    row = LadderState
    return [or_(row.person_id == (person_id or -1), row.team_id == (team_id or -1))]


def _versions(session: Session, book: Book, months: Iterable[str]) -> dict[str, Version | None]:
    wanted = sorted(months)
    if not wanted:
        return {}
    sealed = session.scalars(select(Seal).where(Seal.period.in_(wanted))).all()
    by_month = {seal.period: revision_ids(seal) for seal in sealed}
    books = {revisions: book_of(session, revisions) for revisions in set(by_month.values())}
    return {
        month: (books[by_month[month]] if month in by_month else book).in_month(Month.parse(month))
        for month in wanted
    }


def _taken(row: Any, version: Version | None, directory: Directory) -> Taken | None:
    rule = None if version is None else version.rulebook.consequences.get(row.consequence)
    if version is None or rule is None or row.step > len(rule.steps):
        return None
    who = subject_id(directory, row.subject, row.person_id, row.team_id)
    kind = SubjectKind(row.subject)
    step = StepTaken(
        rule.id,
        rule.service_level,
        kind,
        who,
        row.month,
        row.step,
        rule.steps[row.step - 1],
        version.effective_from,
    )
    strikes = tuple(Month.parse(month) for month in row.strikes.split(",") if month)
    return Taken(step, version, strikes, row.person_id if kind is SubjectKind.REP else row.team_id)
