"""Rulebooks that are being worked on, who signed which text, and versions that were taken back before their day."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.domain.rulebook import Party
from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, one_of, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole

_REVISION = "rulebook_revisions.id"
_DRAFT = "drafts.id"


class Draft(Base):
    """A rulebook that is being worked on: as YAML, good or not. What it says of the document follows from it."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("scheduled_as"), STRICT)

    id: Mapped[int] = row_id()
    name: Mapped[str] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[str | None] = mapped_column(Text)
    """As the document says; None where it cannot be read there."""
    problems: Mapped[int] = mapped_column(Whole)
    """How many were found when it was saved."""
    revision: Mapped[int] = mapped_column(Whole)
    """Counts the savings from 1: whoever saves names the one they began with."""
    based_on_revision: Mapped[int | None] = mapped_column(Whole, ForeignKey(_REVISION, ondelete="RESTRICT"))
    based_on_draft: Mapped[int | None] = mapped_column(Whole, ForeignKey(_DRAFT, ondelete="RESTRICT"))
    created_at: Mapped[int] = mapped_column(InstantColumn)
    created_by: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[int] = mapped_column(InstantColumn)
    updated_by: Mapped[str] = mapped_column(Text)
    scheduled_as: Mapped[int | None] = mapped_column(Whole, ForeignKey(_REVISION, ondelete="RESTRICT"))
    """The revision of the rulebook that was made of it; from then on it cannot be edited."""
    withdrawn_at: Mapped[int | None] = mapped_column(InstantColumn)


class DraftChange(Base):
    """A draft as it was saved: whole, so that any two can be laid side by side."""

    __tablename__ = "draft_changes"
    __table_args__ = (UniqueConstraint("draft_id", "revision"), STRICT)

    id: Mapped[int] = row_id()
    draft_id: Mapped[int] = mapped_column(Whole, ForeignKey(_DRAFT, ondelete="RESTRICT"))
    revision: Mapped[int] = mapped_column(Whole)
    at: Mapped[int] = mapped_column(InstantColumn)
    actor: Mapped[str] = mapped_column(Text)
    why: Mapped[str | None] = mapped_column(Text)
    document: Mapped[str] = mapped_column(Text)


class Signature(Base):
    """A party's name under one text. It holds for that saving of the draft only: any later one voids it."""

    __tablename__ = "signatures"
    __table_args__ = (
        UniqueConstraint("draft_id", "revision", "party"),
        # Nobody signs for both.
        UniqueConstraint("draft_id", "revision", "user_id"),
        one_of("party", Party),
        STRICT,
    )

    id: Mapped[int] = row_id()
    draft_id: Mapped[int] = mapped_column(Whole, ForeignKey(_DRAFT, ondelete="RESTRICT"))
    revision: Mapped[int] = mapped_column(Whole)
    sha256: Mapped[str] = mapped_column(Text)
    party: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(Whole, ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    at: Mapped[int] = mapped_column(InstantColumn)


class RevisionTakenBack(Base):
    """A revision of the rulebook that was taken back before its day: it is as if it had never been applied."""

    __tablename__ = "revisions_taken_back"
    __table_args__ = (KEYED,)

    revision_id: Mapped[int] = mapped_column(
        Whole, ForeignKey(_REVISION, ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    at: Mapped[int] = mapped_column(InstantColumn)
    actor: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
