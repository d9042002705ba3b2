"""The versions of the roster and of the rulebook; both tables are append-only."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import STRICT, row_id
from leaderboard.persistence.types import Flag, InstantColumn, Text


class RosterVersion(Base):
    """A roster as it was imported; the latest is the one in use.

    The document names people and their aliases by the keys of `people` and `rep_keys`, never by their texts.
    """

    __tablename__ = "roster_versions"
    __table_args__ = (STRICT,)

    id: Mapped[int] = row_id()
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(Text)
    imported_at: Mapped[int] = mapped_column(InstantColumn)
    imported_by: Mapped[str] = mapped_column(Text)


class RulebookRevision(Base):
    """A rulebook file as it was given; the latest of an `effective_from` is the version in use."""

    __tablename__ = "rulebook_revisions"
    __table_args__ = (CheckConstraint("length(effective_from) = 10", name="effective_from"), STRICT)

    id: Mapped[int] = row_id()
    effective_from: Mapped[str] = mapped_column(Text, index=True)
    document: Mapped[str] = mapped_column(Text)
    """The YAML."""
    holidays: Mapped[str] = mapped_column(Text)
    """What the calendars' regions gave then: JSON {calendar: {date: name}}."""
    sha256: Mapped[str] = mapped_column(Text)
    applied_at: Mapped[int] = mapped_column(InstantColumn)
    applied_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    restates: Mapped[bool] = mapped_column(Flag)
