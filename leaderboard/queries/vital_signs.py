"""How the product is doing, in numbers that cost next to nothing to get: no table is walked through."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.models import Event, Heartbeat, IntakeProblem, Lead, LedgerEntry, Settlement

_MOST_COUNTED = 100_000
"""A queue longer than this is told as this long."""
_MOST_PROBLEMS = 10_000
_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class VitalSigns:
    """What /metrics tells. Instants are None where there is nothing."""

    events: int
    ledger_entries: int
    pending_leads: int
    oldest_pending_at: Instant | None
    overdue_leads: int
    oldest_overdue_at: Instant | None
    failing_leads: int
    unsettled_months: int
    failing_months: int
    open_problems: int
    heartbeats: tuple[tuple[str, Instant], ...]


def vital_signs(session: Session, now: Instant) -> VitalSigns:
    """Reads them. Events and entries by their highest number: none is ever taken away, but numbers may be skipped."""
    pending = Lead.touched_seq > Lead.folded_seq
    overdue = and_(Lead.due_at.is_not(None), Lead.due_at < now)
    failing = and_(pending, Lead.attempts > 0)
    unsettled = Settlement.dirty_version > Settlement.settled_version
    row = session.execute(
        select(
            select(func.max(Event.seq)).scalar_subquery(),
            select(func.max(LedgerEntry.id)).scalar_subquery(),
            _count(Lead.lead_key, pending),
            _count(Lead.lead_key, overdue),
            select(func.min(Lead.due_at)).where(overdue).scalar_subquery(),
            _count(Lead.lead_key, failing),
            _count(Settlement.month, unsettled),
            _count(Settlement.month, and_(unsettled, Settlement.attempts > 0)),
            _count(IntakeProblem.id, IntakeProblem.resolved_at.is_(None), _MOST_PROBLEMS),
        )
    ).one()
    beats = session.execute(select(Heartbeat.name, Heartbeat.at)).all()
    return VitalSigns(
        events=row[0] or 0,
        ledger_entries=row[1] or 0,
        pending_leads=row[2],
        oldest_pending_at=_oldest_pending(session, pending),
        overdue_leads=row[3],
        oldest_overdue_at=row[4],
        failing_leads=row[5],
        unsettled_months=row[6],
        failing_months=row[7],
        open_problems=row[8],
        heartbeats=tuple((beat.name, beat.at) for beat in beats),
    )


def _count(key: object, where: ColumnElement[bool], most: int = _MOST_COUNTED) -> ColumnElement[int]:
    rows = select(key).where(where).limit(most).subquery()  # type: ignore[call-overload]
    counted: ColumnElement[int] = select(func.count()).select_from(rows).scalar_subquery()
    return counted


def _oldest_pending(session: Session, pending: ColumnElement[bool]) -> Instant | None:
    """Since when the longest waiting of some pending leads waits: what it last received tells it."""
    some = select(Lead.lead_key).where(pending).limit(_LOOKED_AT).subquery()
    latest = (
        select(func.max(Event.received_at).label("at"))
        .join(some, some.c.lead_key == Event.lead_key)
        .group_by(Event.lead_key)
        .subquery()
    )
    at: Instant | None = session.scalar(select(func.min(latest.c.at)))
    return at
