"""Versions of the rulebook that run silently beside the one in force, and what came out so far."""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, index_where, one_of, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole

ENDINGS = ("over", "stopped", "restarted")


class Trial(Base):
    """One saving of a draft in trial: later savings do not change it. Over at `ended_at`, else at `ends_at`."""

    __tablename__ = "trials"
    __table_args__ = (
        ForeignKeyConstraint(
            ["draft_id", "revision"],
            ["draft_changes.draft_id", "draft_changes.revision"],
            ondelete="RESTRICT",
        ),
        one_of("ending", ENDINGS),
        CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name="ended"),
        CheckConstraint("(ending = 'stopped') = (reason IS NOT NULL)", name="reason"),
        # A draft is in one trial at a time, whoever presses the button at the same instant.
        index_where("ix_trials_running", "draft_id", where="ended_at IS NULL", unique=True),
        STRICT,
    )

    id: Mapped[int] = row_id()
    draft_id: Mapped[int] = mapped_column(Whole, index=True)
    revision: Mapped[int] = mapped_column(Whole)
    counts_from: Mapped[str] = mapped_column(Text)
    """The first day of a month: as if the version had come into force then."""
    started_at: Mapped[int] = mapped_column(InstantColumn)
    started_by: Mapped[str] = mapped_column(Text)
    """The login, as the audit log names it."""
    ends_at: Mapped[int] = mapped_column(InstantColumn)
    ended_at: Mapped[int | None] = mapped_column(InstantColumn)
    ended_by: Mapped[str | None] = mapped_column(Text)
    ending: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    """Why it was stopped."""
    asked_at: Mapped[int | None] = mapped_column(InstantColumn)
    """When somebody last wanted it counted anew."""
    claims: Mapped[int] = mapped_column(Whole)
    """How often counting was begun: whoever counts for one claim writes nothing once another has taken over."""
    tried_at: Mapped[int | None] = mapped_column(InstantColumn)
    """When counting was last begun."""
    claimed_at: Mapped[int | None] = mapped_column(InstantColumn)
    """When the one who counts last showed that he lives; None where nobody does."""
    as_of: Mapped[int | None] = mapped_column(InstantColumn)
    """Up to when it is counted; None before the first time."""
    took_ms: Mapped[int | None] = mapped_column(Whole)
    """How long the last try took, whether or not it came to a result."""
    fault: Mapped[str | None] = mapped_column(Text)
    """Why the last try to count failed, in a word."""


class TrialResult(Base):
    """One period of a trial, as docs/simulation.md says it (JSON), with people as the keys of their rows."""

    __tablename__ = "trial_results"
    __table_args__ = (KEYED,)

    trial_id: Mapped[int] = mapped_column(
        Whole, ForeignKey("trials.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    period: Mapped[str] = mapped_column(Text, primary_key=True)
    result: Mapped[str] = mapped_column(Text)
