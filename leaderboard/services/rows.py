"""Columns back into the domain's values."""

import datetime as dt

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services.directory import Directory


def dated(text: str) -> dt.date:
    """A date column."""
    return dt.date.fromisoformat(text)


def subject_id(directory: Directory, subject: str, person_id: int | None, team_id: int | None) -> str:
    """The id of a rep or team whose row it is. Raises LookupError for a row that names neither."""
    key = person_id if subject == SubjectKind.REP else team_id
    if key is None:
        raise LookupError(f"a row of a {subject} names none")
    return directory.rep_id(key) if subject == SubjectKind.REP else directory.team_id(key)
