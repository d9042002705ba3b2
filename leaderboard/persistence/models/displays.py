"""How people appear on public displays, by their own choice."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED
from leaderboard.persistence.types import Flag, InstantColumn, Text, Whole


class DisplayChoice(Base):
    """What a person chose; whoever has no row appears by name. `alias_key` is the alias as it is compared.

    The key is unique: two people on one wall never bear the same name by choice.
    """

    __tablename__ = "display_choices"
    __table_args__ = (
        UniqueConstraint("alias_key"),
        CheckConstraint("(alias IS NULL) = (alias_key IS NULL)", name="alias_and_key"),
        CheckConstraint("alias IS NULL OR length(alias) BETWEEN 2 AND 40", name="alias"),
        KEYED,
    )

    person_id: Mapped[int] = mapped_column(
        Whole, ForeignKey("people.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False
    )
    alias: Mapped[str | None] = mapped_column(Text)
    alias_key: Mapped[str | None] = mapped_column(Text)
    is_absent: Mapped[bool] = mapped_column(Flag, server_default=false())
    chosen_at: Mapped[int] = mapped_column(InstantColumn)
