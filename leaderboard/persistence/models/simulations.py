"""Rules that somebody wants tried on what has happened, or looked at for their fairness, and what came out."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import STRICT, one_of, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole

STATES = ("waiting", "running", "done", "failed")
KINDS = ("simulation", "fairness")


class SimulationRun(Base):
    """Rules as they were then, with the period to try them on. The result names people by the keys of their rows."""

    __tablename__ = "simulations"
    __table_args__ = (
        one_of("state", STATES),
        one_of("kind", KINDS),
        CheckConstraint("progress BETWEEN 0 AND 1000", name="progress"),
        CheckConstraint("(state = 'done') = (result IS NOT NULL)", name="result"),
        CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name="error"),
        Index("ix_simulations_state_asked_at", "state", "asked_at"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    kind: Mapped[str] = mapped_column(Text, server_default="simulation")
    asked_at: Mapped[int] = mapped_column(InstantColumn, index=True)
    asked_by: Mapped[str] = mapped_column(Text)
    """The login, as the audit log names it."""
    period: Mapped[str] = mapped_column(Text)
    """A month or quarter; of `fairness`, the first and the last month."""
    name: Mapped[str] = mapped_column(Text)
    """The draft's, or the file's; of a version in force, the day it is in force from."""
    draft_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("drafts.id", ondelete="RESTRICT"))
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    progress: Mapped[int] = mapped_column(Whole)
    """Per mille."""
    runs: Mapped[int] = mapped_column(Whole)
    """How often it was begun: whoever writes for one run does nothing once another has taken over."""
    seen_at: Mapped[int | None] = mapped_column(InstantColumn)
    """When the one who runs it last showed that he lives."""
    ended_at: Mapped[int | None] = mapped_column(InstantColumn)
    result: Mapped[str | None] = mapped_column(Text)
    """JSON."""
    error: Mapped[str | None] = mapped_column(Text)
    """JSON: a code, and what was told."""
