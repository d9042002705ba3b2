"""Work that somebody asked for on screen and a job does: a period proved or closed, a version restated."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import STRICT, one_of, row_id
from leaderboard.persistence.models.simulations import STATES
from leaderboard.persistence.types import InstantColumn, Text, Whole

KINDS = ("verify", "close", "preview", "restate")


class WorkOrder(Base):
    """What is to be done with what. The result names people by the keys of their rows."""

    __tablename__ = "work_orders"
    __table_args__ = (
        one_of("kind", KINDS),
        one_of("state", STATES),
        CheckConstraint("progress BETWEEN 0 AND 1000", name="progress"),
        CheckConstraint("(state = 'done') = (result IS NOT NULL)", name="result"),
        CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name="error"),
        Index("ix_work_orders_state_asked_at", "state", "asked_at"),
        Index("ix_work_orders_kind_subject", "kind", "subject"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    asked_at: Mapped[int] = mapped_column(InstantColumn, index=True)
    asked_by: Mapped[str] = mapped_column(Text)
    """The login, as the audit log names it."""
    kind: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    """The period, or the draft's key."""
    given: Mapped[str] = mapped_column(Text)
    """JSON: what the one who asked had seen, and the reason."""
    state: Mapped[str] = mapped_column(Text)
    progress: Mapped[int] = mapped_column(Whole)
    """Per mille."""
    runs: Mapped[int] = mapped_column(Whole)
    """How often it was begun: whoever writes for one run does nothing once another has taken over."""
    seen_at: Mapped[int | None] = mapped_column(InstantColumn)
    """When the one who works on it last showed that he lives."""
    ended_at: Mapped[int | None] = mapped_column(InstantColumn)
    result: Mapped[str | None] = mapped_column(Text)
    """JSON."""
    error: Mapped[str | None] = mapped_column(Text)
    """JSON: a code, and what was told."""
