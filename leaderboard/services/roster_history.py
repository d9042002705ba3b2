"""The versions of the roster, each with what it changed of the one before.

Names are those of today, wherever they stand: a version keeps no text that names a person.
"""

from dataclasses import dataclass

from leaderboard.domain.roster import Roster
from leaderboard.persistence.db import current_session
from leaderboard.queries.roster_lists import VersionRow, versions
from leaderboard.services.roster_changes import Change, roster_changes
from leaderboard.services.stored_roster import stored_rosters


@dataclass(frozen=True)
class Version:
    """One of them. No changes: only names or e-mail addresses were others."""

    row: VersionRow
    before: Roster
    after: Roster
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class History:
    """Some versions, the newest first; `more_before` is where the next page begins, None at the end."""

    versions: tuple[Version, ...]
    more_before: int | None


def roster_history(before: int | None, limit: int) -> History:
    """The latest versions older than `before`. Four statements."""
    session = current_session()
    rows = versions(session, before, limit + 1)
    rosters = stored_rosters(session, [row.version for row in rows])
    found = []
    for place, row in enumerate(rows[:limit]):
        was = rosters[rows[place + 1].version] if place + 1 < len(rows) else Roster()
        now = rosters[row.version]
        found.append(Version(row, was, now, roster_changes(was, now)))
    return History(tuple(found), rows[limit - 1].version if len(rows) > limit else None)
