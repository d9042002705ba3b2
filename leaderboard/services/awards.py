"""Badges given, as rows: what a settlement says now against what is stored."""

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from leaderboard.domain.badges import Award
from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence import models
from leaderboard.persistence.bulk import among, insert_rows, update_rows
from leaderboard.services.directory import Directory
from leaderboard.services.rows import dated, subject_id

_COLUMNS = ("badge", "subject", "person_id", "team_id", "awarded_at", "rulebook_on", "origin", "settles")
EARNED, MANUAL = "for", "manual"
"""How an award came about: by its rule, or by a manager's hand."""

_Key = tuple[str, str, int | None, int | None, Instant, str]


def standing_awards(session: Session, *conditions: ColumnElement[bool]) -> Sequence[models.Award]:
    """The awards that were not withdrawn and fulfil the conditions."""
    return session.scalars(select(models.Award).where(models.Award.withdrawn_at.is_(None), *conditions)).all()


def replace_awards(
    session: Session,
    stored: Iterable[models.Award],
    wanted: Iterable[Award],
    settles: str,
    directory: Directory,
    now: Instant,
    origin: str = EARNED,
) -> None:
    """Makes exactly the wanted awards stand, where these stood.

    One that another settlement gave meanwhile becomes this one's, as its points do.
    """
    have = {_stored_key(row): row.id for row in stored}
    want = {_wanted_key(award, directory) for award in wanted}
    new = want - have.keys()
    withdrawn = {row_id for key, row_id in have.items() if key not in want}
    withdrawn |= _given_by_others(session, new, settles)
    update_rows(session, models.Award, "id", ("withdrawn_at",), [(row_id, now) for row_id in withdrawn])
    rows = [(*key, origin, settles) for key in sorted(new, key=str)]
    insert_rows(session, models.Award, _COLUMNS, rows)


def awards_at(
    session: Session, at: Instant, directory: Directory, among_those: ColumnElement[bool]
) -> set[str]:
    """The keys of the awards that stand for an instant, of some settlements."""
    rows = standing_awards(session, models.Award.awarded_at == at, among_those)
    directory.learn_keys(row.person_id for row in rows if row.person_id is not None)
    return {award_of(row, directory).key for row in rows}


def award_of(row: models.Award, directory: Directory) -> Award:
    """The award that a row holds; its points are booked already."""
    who = subject_id(directory, row.subject, row.person_id, row.team_id)
    kind = SubjectKind(row.subject)
    return Award(row.badge, kind, who, row.awarded_at, dated(row.rulebook_on), 0, row.awarded_at)


def _given_by_others(session: Session, new: Collection[_Key], settles: str) -> set[int]:
    """The awards that stand for the same badge, subject and instant."""
    if not new:
        return set()
    wanted = {key[:5] for key in new}
    instants = sorted({key[4] for key in new})
    rows = standing_awards(
        session, among(session, models.Award.awarded_at, instants), models.Award.settles != settles
    )
    return {row.id for row in rows if _stored_key(row)[:5] in wanted}


def _stored_key(row: models.Award) -> _Key:
    return (row.badge, row.subject, row.person_id, row.team_id, row.awarded_at, row.rulebook_on)


def _wanted_key(award: Award, directory: Directory) -> _Key:
    is_rep = award.subject is SubjectKind.REP
    person_id = directory.person_id(award.id) if is_rep else None
    team_id = None if is_rep else directory.team_key(award.id)
    return (
        award.badge, award.subject.value, person_id, team_id, award.awarded_at, award.rulebook_on.isoformat()
    )  # fmt: skip
