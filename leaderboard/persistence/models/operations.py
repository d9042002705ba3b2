"""Seals, slots of the timetable, signs of life, and who did what."""

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.domain.periods import PeriodKind
from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, one_of, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole


class Seal(Base):
    """A closed period's standings, chained to the seal before by its hash; append-only."""

    __tablename__ = "seals"
    __table_args__ = (
        UniqueConstraint("position"),
        # A chain does not fork: two seals cannot follow the same one.
        UniqueConstraint("previous_sha256"),
        one_of("kind", PeriodKind),
        STRICT,
    )

    period: Mapped[str] = mapped_column(Text, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Whole)
    """Its place in the chain, from 1."""
    closing_at: Mapped[int] = mapped_column(InstantColumn)
    sealed_at: Mapped[int] = mapped_column(InstantColumn)
    sealed_by: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    previous_sha256: Mapped[str] = mapped_column(Text)
    """64 zeros for the first."""
    horizon_seq: Mapped[int] = mapped_column(Whole)
    roster_version_id: Mapped[int | None] = mapped_column(
        Whole, ForeignKey("roster_versions.id", ondelete="RESTRICT")
    )
    rulebook_revision_ids: Mapped[str] = mapped_column(Text)
    """JSON list."""
    reason: Mapped[str | None] = mapped_column(Text)


class Tick(Base):
    """A slot of the timetable: whoever inserts it runs it."""

    __tablename__ = "ticks"
    __table_args__ = (KEYED,)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    slot_at: Mapped[int] = mapped_column(InstantColumn, primary_key=True, autoincrement=False)
    ran_at: Mapped[int] = mapped_column(InstantColumn)


class Heartbeat(Base):
    """When a worker or scheduler last showed that it lives."""

    __tablename__ = "heartbeats"
    __table_args__ = (KEYED,)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[int] = mapped_column(InstantColumn)
    detail: Mapped[str | None] = mapped_column(Text)


class AuditEntry(Base):
    """Who did what, when; append-only. People are named by their row's key."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject_at", "subject", "at"), STRICT)

    id: Mapped[int] = row_id()
    at: Mapped[int] = mapped_column(InstantColumn, index=True)
    actor: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    after: Mapped[str | None] = mapped_column(Text)
