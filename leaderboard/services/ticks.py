"""Slots of the timetable: of any number of schedulers, exactly one gets each."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import is_sqlite, writing_session
from leaderboard.persistence.models.operations import Tick


def claim(name: str, slot_at: Instant, now: Instant) -> bool:
    """Whether the slot was still free and is the caller's now. The unique key decides, not a look before."""
    session = writing_session()
    taken = session.execute(
        _insert(session)
        .values(name=name, slot_at=slot_at, ran_at=now)
        .on_conflict_do_nothing()
        .returning(Tick.name)
    ).first()
    session.commit()
    return taken is not None


def _insert(session: Session) -> Any:
    """The two databases spell ON CONFLICT alike, but SQLAlchemy has no common name for it."""
    return sqlite.insert(Tick) if is_sqlite(session) else postgresql.insert(Tick)


def forget_before(slot_at: Instant) -> int:
    """Drops the slots before an instant; how many. Only the newest ones still keep anybody from running twice."""
    session = writing_session()
    dropped = session.execute(delete(Tick).where(Tick.slot_at < slot_at).returning(Tick.name)).all()
    session.commit()
    return len(dropped)
