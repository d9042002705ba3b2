"""Signs of life of processes and jobs, in the database: Redis may be away when they are asked for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from leaderboard.domain.instants import SECOND, Instant
from leaderboard.persistence.db import db, is_sqlite, reading_engine, writing_session
from leaderboard.persistence.models.operations import Heartbeat

_SELDOM = 5 * SECOND
"""Far less than the timetable's shortest time between two slots: who looks after jobs asks by those."""


def beat(name: str, now: Instant, detail: str | None = None) -> None:
    """Notes that `name` lives. Names are kinds (`scheduler`, `worker evaluation`, `job tidy`): the last one stands."""
    session = writing_session()
    insert = _insert(session).values(name=name, at=now, detail=detail)
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["name"], set_={"at": insert.excluded.at, "detail": insert.excluded.detail}
        )
    )
    session.commit()


def beat_seldom(name: str, now: Instant) -> None:
    """The same, unless it was noted some seconds ago: a wait for the disk is dearer than a look."""
    with reading_engine(db.engine).connect() as connection:
        last = connection.scalar(_LAST, {"name": name})
    if last is None or not 0 <= now - last < _SELDOM:
        beat(name, now)


_LAST = select(Heartbeat.at).where(Heartbeat.name == bindparam("name"))


def _insert(session: Session) -> Any:
    return sqlite.insert(Heartbeat) if is_sqlite(session) else postgresql.insert(Heartbeat)


def last_seen() -> Mapping[str, Instant]:
    """When each was last seen."""
    with reading_engine(db.engine).connect() as connection:
        return {row.name: row.at for row in connection.execute(select(Heartbeat.name, Heartbeat.at))}
