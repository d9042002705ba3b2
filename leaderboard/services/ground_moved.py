"""What a replay rested on, to be asked again under the writers' lock: has any of it changed meanwhile?"""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import intake_barrier, writing_session
from leaderboard.persistence.models import Decision, Event, Seal
from leaderboard.services.rules import InUse, in_use


@dataclass(frozen=True, slots=True)
class Footing:
    """Rules, roster, decisions, seals and events of an instant. Events of later instants do not belong to it."""

    as_of: Instant
    using: InUse
    last_event: int
    last_decision: int
    last_seal: int


def footing_of(as_of: Instant) -> Footing:
    """What there is now of that instant. No event is on its way in: later ones have higher numbers."""
    session = writing_session()
    try:
        intake_barrier(session)
        return Footing(as_of, in_use(session), *_last(session))
    finally:
        session.rollback()


def has_moved(session: Session, before: Footing) -> bool:
    """Whether anything of then is otherwise now; events that have happened since change nothing of it."""
    last_event, last_decision, last_seal = _last(session)
    if (in_use(session), last_decision, last_seal) != (
        before.using,
        before.last_decision,
        before.last_seal,
    ):
        return True
    if last_event == before.last_event:
        return False
    since = (Event.seq > before.last_event, Event.time_at <= before.as_of)
    return session.scalar(select(Event.seq).where(*since).limit(1)) is not None


def _last(session: Session) -> tuple[int, int, int]:
    found = session.execute(
        select(
            select(func.max(Event.seq)).scalar_subquery(),
            select(func.max(Decision.id)).scalar_subquery(),
            select(func.max(Seal.position)).scalar_subquery(),
        )
    ).one()
    return found[0] or 0, found[1] or 0, found[2] or 0
