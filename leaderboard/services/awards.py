"""Badges given, as rows: what a settlement says now against what is stored."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from leaderboard.domain.badges import Award
from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence import models
from leaderboard.persistence.bulk import insert_rows, update_rows
from leaderboard.services.directory import Directory

_COLUMNS = ("badge", "subject", "person_id", "team_id", "awarded_at", "rulebook_on", "origin", "settles")
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
) -> None:
    """Makes exactly the wanted awards stand, where these stood."""
    have = {_stored_key(row): row.id for row in stored}
    want = {_wanted_key(award, directory) for award in wanted}
    withdrawn = [(row_id, now) for key, row_id in have.items() if key not in want]
    update_rows(session, models.Award, "id", ("withdrawn_at",), withdrawn)
    rows = [(*key, "for", settles) for key in sorted(want - have.keys(), key=str)]
    insert_rows(session, models.Award, _COLUMNS, rows)


def _stored_key(row: models.Award) -> _Key:
    return (row.badge, row.subject, row.person_id, row.team_id, row.awarded_at, row.rulebook_on)


def _wanted_key(award: Award, directory: Directory) -> _Key:
    is_rep = award.subject is SubjectKind.REP
    person_id = directory.person_id(award.id) if is_rep else None
    team_id = None if is_rep else directory.team_key(award.id)
    return (
        award.badge, award.subject.value, person_id, team_id, award.awarded_at, award.rulebook_on.isoformat()
    )  # fmt: skip
