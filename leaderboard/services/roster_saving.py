"""The roster in use, what an edit would change in it, and the edit saved as another version of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.roster import Roster
from leaderboard.job_queue import enqueue_after_commit
from leaderboard.persistence.db import current_session, read_only, writing_session
from leaderboard.persistence.models import Person
from leaderboard.queries.ground import Memo
from leaderboard.queries.roster_lists import Unplaced, unplaced, unplaced_among, unplaced_count
from leaderboard.services.directory import person_name
from leaderboard.services.outbox import begin_change_of_all
from leaderboard.services.roster_access import Reach
from leaderboard.services.roster_changes import Change, roster_changes
from leaderboard.services.roster_edits import Edit
from leaderboard.services.roster_impact import Impact, impact_of
from leaderboard.services.roster_import import replace_roster
from leaderboard.services.rules import current_roster_version
from leaderboard.services.stored_roster import stored_roster

_memo = Memo(2)


class ChangedMeanwhile(Exception):
    """Somebody else saved another roster since the page was made."""


@dataclass(frozen=True)
class RosterInUse:
    """`version` is 0 before the first roster. Keys are those of people's rows, by rep id and back."""

    version: int
    roster: Roster
    keys: Mapping[str, int]
    rep_ids: Mapping[int, str]


@dataclass(frozen=True)
class Preview:
    """What an edit would change in the roster of that version."""

    version: int
    before: Roster
    after: Roster
    changes: tuple[Change, ...]
    impact: Impact


def roster_in_use() -> RosterInUse:
    """The roster in use, read. Two statements where nothing changed since the last time."""
    session = current_session()
    if not session.in_transaction():
        read_only(session)
    version = current_roster_version(session) or 0
    erased = session.scalar(select(func.count()).where(Person.erased_at.is_not(None)))
    return _memo.get(session, (version, erased), lambda: _load(session, version))


def names_waiting() -> int:
    """How many names wait to be placed."""
    return unplaced_count(current_session())


def names_to_place(offset: int, limit: int) -> tuple[Unplaced, ...]:
    """Some of them, the latest noted first."""
    return unplaced(current_session(), offset, limit)


def names_to_place_by_key(keys: list[int]) -> tuple[Unplaced, ...]:
    """Those of them that still wait."""
    return unplaced_among(current_session(), keys)


def _load(session: Session, version: int) -> RosterInUse:
    roster = stored_roster(session, version) if version else Roster()
    rows = session.execute(select(Person.id, Person.rep_id)).all()
    named = {rep_id or person_name(key): key for key, rep_id in rows}
    keys = {rep_id: named[rep_id] for rep_id in roster.reps}
    return RosterInUse(version, roster, keys, {key: rep_id for rep_id, key in keys.items()})


def preview(edit: Edit, zone: ZoneInfo, reach: Reach) -> Preview:
    """What the edit would change now. Raises EditRefused for what is typed wrong or is not theirs to change."""
    using = roster_in_use()
    after = edit(using.roster)
    changes = roster_changes(using.roster, after)
    reach.check(changes)
    return Preview(
        using.version,
        using.roster,
        after,
        changes,
        impact_of(current_session(), using.roster, after, zone),
    )


def save(edit: Edit, seen: int, reach: Reach, now: Instant, actor: str) -> int:
    """Stores what the edit makes of the roster of the version `seen`, and returns the new version.

    Raises ChangedMeanwhile where another one is in use by now, and EditRefused; then nothing is changed.
    """
    session = writing_session()
    try:
        begin_change_of_all(session)
        version = current_roster_version(session) or 0
        if version != seen:
            raise ChangedMeanwhile
        before = stored_roster(session, version) if version else Roster()
        after = edit(before)
        reach.check(roster_changes(before, after))
        change = replace_roster(session, after, now, actor)
        enqueue_after_commit(session, "evaluate_due")
        session.commit()
    except BaseException:
        session.rollback()
        raise
    return change.version
