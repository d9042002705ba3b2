"""Which periods are closed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.periods import PeriodKind
from leaderboard.persistence.models import Seal


def closed_months(session: Session) -> frozenset[str]:
    """The names of the months that are sealed."""
    return frozenset(session.scalars(select(Seal.period).where(Seal.kind == PeriodKind.MONTH.value)))


def closed_quarters(session: Session) -> frozenset[str]:
    """The names of the quarters that are sealed."""
    return frozenset(session.scalars(select(Seal.period).where(Seal.kind == PeriodKind.QUARTER.value)))
