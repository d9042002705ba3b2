"""What the roster's pages list from the tables: names that wait to be placed, and the roster's versions."""

from dataclasses import dataclass

from sqlalchemy import Select, Text, cast, false, func, literal, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.bulk import among
from leaderboard.persistence.models import Event, Person, RepKey, RosterVersion, User
from leaderboard.queries.actors import name_of_login


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A name that events bear and the roster does not know. Instants are None where no event bears it any more."""

    key: int
    rep_id: str
    noted_at: Instant
    events: int
    first_at: Instant | None
    last_at: Instant | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version of the roster: who stored it, when. `by` is a login's name, or what a program calls itself."""

    version: int
    at: Instant
    by: str


# A name that was made an alias leads to another person; the one it led to before is left without any.
_WAITING = (
    Person.in_roster == false(),
    Person.rep_id.is_not(None),
    select(RepKey.id).where(RepKey.person_id == Person.id).exists(),
)
_PEOPLE = (
    select(Person.id, Person.rep_id, Person.created_at)
    .where(*_WAITING)
    .order_by(Person.created_at.desc(), Person.id.desc())
)


def unplaced_count(session: Session) -> int:
    """How many names wait. One statement."""
    return session.scalar(select(func.count()).where(*_WAITING)) or 0


def unplaced(session: Session, offset: int, limit: int) -> tuple[Unplaced, ...]:
    """Some of them, the latest noted first, with what events there are. Two statements."""
    return _with_events(session, _PEOPLE.offset(offset).limit(limit))


def unplaced_among(session: Session, keys: list[int]) -> tuple[Unplaced, ...]:
    """Those of the keys that wait. Two statements."""
    return _with_events(session, _PEOPLE.where(among(session, Person.id, keys)))


def _with_events(session: Session, statement: Select[int, str | None, int]) -> tuple[Unplaced, ...]:
    people = session.execute(statement).all()
    counted = _events_of(session, [person.id for person in people])
    return tuple(
        Unplaced(person.id, person.rep_id, person.created_at, *counted.get(person.id, (0, None, None)))
        for person in people
    )


def _events_of(session: Session, people: list[int]) -> dict[int, tuple[int, int | None, int | None]]:
    """A walk through the events, where anybody waits: an index by rep would be paid for by every intake."""
    if not people:
        return {}
    rows = session.execute(
        select(RepKey.person_id, func.count(), func.min(Event.time_at), func.max(Event.time_at))
        .join(Event, Event.rep_key_id == RepKey.id)
        .where(among(session, RepKey.person_id, people))
        .group_by(RepKey.person_id)
    )
    return {person: (number, first_at, last_at) for person, number, first_at, last_at in rows}


def versions(session: Session, before: int | None, limit: int) -> tuple[VersionRow, ...]:
    """The roster's versions, the newest first, from the one after `before` on. One statement."""
    version = RosterVersion
    rows = (
        select(
            version.id, version.imported_at, func.coalesce(name_of_login(), version.imported_by).label("by")
        )
        .outerjoin(User, version.imported_by == literal("user:") + cast(User.id, Text))
        .outerjoin(Person, Person.id == User.person_id)
        .order_by(version.id.desc())
        .limit(limit)
    )
    if before is not None:
        rows = rows.where(version.id < before)
    return tuple(VersionRow(row.id, row.imported_at, row.by) for row in session.execute(rows))
