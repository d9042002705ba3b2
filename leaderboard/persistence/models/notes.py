"""What people are told: who is told of what, once; and how far each login has read."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, index_where, one_of, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole

AUDIENCES = ("self", "manager", "admin")


class Note(Base):
    """One thing that one person is told; append-only, so that whoever delivers it elsewhere reads on from a number.

    `key` names what it is about, and nothing of it is copied: the words are those of the facts as they are when it is
    read. The audience says as whom: as the one concerned, as a manager, or as any administrator (then no person).
    """

    __tablename__ = "notes"
    __table_args__ = (
        UniqueConstraint("person_id", "audience", "key"),
        one_of("audience", AUDIENCES),
        CheckConstraint("(audience = 'admin') = (person_id IS NULL)", name="whose"),
        index_where("uq_notes_key_admin", "key", where="audience = 'admin'", unique=True),
        Index("ix_notes_person_id_id", "person_id", "id"),
        Index("ix_notes_at", "at"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    at: Mapped[int] = mapped_column(InstantColumn)
    audience: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("people.id", ondelete="RESTRICT"))
    key: Mapped[str] = mapped_column(Text)


class NotesSeen(Base):
    """The newest note that a login has had before its eyes."""

    __tablename__ = "notes_seen"
    __table_args__ = (KEYED,)

    user_id: Mapped[int] = mapped_column(
        Whole, ForeignKey("users.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    note_id: Mapped[int] = mapped_column(Whole)
    at: Mapped[int] = mapped_column(InstantColumn)
