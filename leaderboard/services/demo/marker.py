"""Whether this instance is a demo: two entries of the audit log say so, and no table of its own."""

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import current_session, db, reading_engine
from leaderboard.persistence.models import AuditEntry, Event, RosterVersion, RulebookRevision, User
from leaderboard.services.demo.signs import ACTOR, BEGUN, LOADED, SUBJECT
from leaderboard.services.demo.world import World


@dataclass(frozen=True, slots=True)
class Marker:
    """The demo that was begun here, and whether all of it was loaded."""

    world: World
    is_loaded: bool


def find_marker() -> Marker | None:
    """The demo of this instance; None where there is none."""
    with Session(reading_engine(db.engine)) as session:
        rows = session.execute(
            select(AuditEntry.action, AuditEntry.after)
            .where(AuditEntry.subject == SUBJECT, AuditEntry.action.in_((BEGUN, LOADED)))
            .order_by(AuditEntry.id)
        ).all()
    told = {row.action: row.after for row in rows}
    if BEGUN not in told:
        return None
    begun = json.loads(told[BEGUN] or "{}")
    return Marker(World(begun["anchor_at"], begun["scale"]), LOADED in told)


def is_demo() -> bool:
    """Whether the demo was loaded here, to its end."""
    marker = find_marker()
    return marker is not None and marker.is_loaded


def is_empty() -> bool:
    """Whether nobody has put anything into this instance yet."""
    with Session(reading_engine(db.engine)) as session:
        tables = (Event.seq, RosterVersion.id, RulebookRevision.id, User.id)
        return all(session.scalar(select(column).limit(1)) is None for column in tables)


def note_begun(world: World, at: Instant) -> None:
    """From here on whoever loads again goes on with this world."""
    _note(BEGUN, at, json.dumps({"anchor_at": world.anchor_at, "scale": world.scale}))


def note_loaded(at: Instant) -> None:
    """All of it is there; once."""
    if not is_demo():
        _note(LOADED, at, None)


def _note(action: str, at: Instant, after: str | None) -> None:
    session = current_session()
    session.add(AuditEntry(at=at, actor=ACTOR, action=action, subject=SUBJECT, after=after))
    session.commit()
