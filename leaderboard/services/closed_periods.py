"""Which periods are closed."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.periods import Month, PeriodKind
from leaderboard.persistence.models import Seal


def closed_months(session: Session) -> frozenset[str]:
    """The names of the months that are sealed."""
    return frozenset(session.scalars(select(Seal.period).where(Seal.kind == PeriodKind.MONTH.value)))


def closed_quarters(session: Session) -> frozenset[str]:
    """The names of the quarters that are sealed."""
    return frozenset(session.scalars(select(Seal.period).where(Seal.kind == PeriodKind.QUARTER.value)))


def last_closed_before(session: Session, month: Month) -> Month | None:
    """The latest month before this one that is sealed."""
    closed = (Seal.kind == PeriodKind.MONTH.value) & (Seal.period < str(month))
    name = session.scalar(select(func.max(Seal.period)).where(closed))
    return None if name is None else Month.parse(name)
