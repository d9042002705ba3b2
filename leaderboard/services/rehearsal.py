"""An evaluation done once and taken back, so that a process that is forked for a job need not learn it anew."""

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import writer_lock, writing_session
from leaderboard.persistence.models import Lead, Outcome, RepSettlement
from leaderboard.services import clock
from leaderboard.services.evaluation import fold_and_settle, work_waits


def rehearse() -> bool:
    """Folds the lead of the latest outcome again, as if it had been touched, and rolls back; whether there was one.

    SQLAlchemy keeps the statements that it compiled with the engine, and a forked process has what its parent kept.
    """
    session, now = writing_session(), clock.now()
    writer_lock(session)
    try:
        done = _fold_again(session, now)
    finally:
        session.rollback()
    work_waits(now)
    return done


def _fold_again(session: Session, now: Instant) -> bool:
    outcome = Outcome
    held = (outcome.current == true(), outcome.person_id.is_not(None))
    columns = (outcome.lead_key, outcome.month, outcome.person_id)
    latest = session.execute(select(*columns).where(*held).order_by(outcome.id.desc()).limit(1)).first()
    if latest is None:
        return False
    rep = RepSettlement
    whose = (rep.month == latest.month, rep.person_id == latest.person_id)
    lead = Lead.lead_key == latest.lead_key
    session.execute(update(Lead).where(lead).values(touched_seq=Lead.touched_seq + 1))
    session.execute(update(rep).where(*whose).values(dirty_version=rep.dirty_version + 1))
    return fold_and_settle(session, now, limit=1) > 0
