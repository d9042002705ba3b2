"""Who there is. A person's texts stand here and nowhere else, so that one row can be emptied."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import STRICT, row_id
from leaderboard.persistence.types import Flag, InstantColumn, Text, Whole


class Person(Base):
    """A rep, of the roster or named by events only. `rep_id` is None once the person was erased."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("rep_id"),
        CheckConstraint("(rep_id IS NULL) = (erased_at IS NOT NULL)", name="named_or_erased"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    rep_id: Mapped[str | None] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    """None: shown by the id, for the roster does not have this person."""
    email: Mapped[str | None] = mapped_column(Text)
    in_roster: Mapped[bool] = mapped_column(Flag)
    created_at: Mapped[int] = mapped_column(InstantColumn)
    erased_at: Mapped[int | None] = mapped_column(InstantColumn)


class RepKey(Base):
    """A text by which some system names a rep: an id or an alias, in NFC. None once the person was erased."""

    __tablename__ = "rep_keys"
    __table_args__ = (UniqueConstraint("text"), STRICT)

    id: Mapped[int] = row_id()
    text: Mapped[str | None] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(Whole, ForeignKey("people.id", ondelete="RESTRICT"), index=True)


class Team(Base):
    """A team that is or was in the roster; `name` is None where it no longer is."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("team_id"), STRICT)

    id: Mapped[int] = row_id()
    team_id: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text)
    department: Mapped[str | None] = mapped_column(Text)
    manager_person_id: Mapped[int | None] = mapped_column(
        Whole, ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    in_roster: Mapped[bool] = mapped_column(Flag)
