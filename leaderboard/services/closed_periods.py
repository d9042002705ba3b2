"""Which periods are closed."""

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from leaderboard.domain.periods import Month, PeriodKind
from leaderboard.persistence.models import Seal

# Made once: to make one takes as long as to ask it, and each evaluation asks them several times.
_CLOSED = select(Seal.period).where(Seal.kind == bindparam("kind"))
_LAST_CLOSED = select(func.max(Seal.period)).where(
    Seal.kind == PeriodKind.MONTH.value, Seal.period < bindparam("month")
)


def closed_months(session: Session) -> frozenset[str]:
    """The names of the months that are sealed."""
    return frozenset(session.scalars(_CLOSED, {"kind": PeriodKind.MONTH.value}))


def closed_quarters(session: Session) -> frozenset[str]:
    """The names of the quarters that are sealed."""
    return frozenset(session.scalars(_CLOSED, {"kind": PeriodKind.QUARTER.value}))


def last_closed_before(session: Session, month: Month) -> Month | None:
    """The latest month before this one that is sealed."""
    name = session.scalar(_LAST_CLOSED, {"month": str(month)})
    return None if name is None else Month.parse(name)
