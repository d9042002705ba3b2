"""What people decided, and why; append-only: a decision is undone by another one that names it."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import STRICT, one_of, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole

DECISION_KINDS = ("approved", "waived", "badge", "points", "task", "undone")

_SUBJECT = (
    "(subject = 'rep' AND person_id IS NOT NULL AND team_id IS NULL)"
    " OR (subject = 'team' AND team_id IS NOT NULL AND person_id IS NULL) OR kind = 'undone'"
)
_WHAT = (
    "(kind IN ('approved', 'waived')) = (month IS NOT NULL AND consequence IS NOT NULL AND place IS NOT NULL)"
    " AND (kind = 'badge') = (badge IS NOT NULL) AND (kind = 'points') = (points IS NOT NULL)"
    " AND (kind = 'task') = (task IS NOT NULL AND done_at IS NOT NULL) AND (kind = 'undone') = (undoes IS NOT NULL)"
)


class Decision(Base):
    """One decision, from whose instant on it takes part in what follows.

    A measure is named by `month`, `consequence`, subject and `place` in its step. `seconded_by` is the second person
    of an adjustment that one may not make alone.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("undoes"),
        one_of("kind", DECISION_KINDS),
        one_of("subject", SubjectKind),
        CheckConstraint(_SUBJECT, name="one_subject"),
        CheckConstraint(_WHAT, name="what"),
        CheckConstraint("undoes < id", name="undoes"),
        Index("ix_decisions_month", "month", "consequence"),
        Index("ix_decisions_decided_by_at", "decided_by", "at"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(InstantColumn)
    decided_by: Mapped[str] = mapped_column(Text)
    seconded_by: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("people.id", ondelete="RESTRICT"))
    team_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("teams.id", ondelete="RESTRICT"))
    month: Mapped[str | None] = mapped_column(Text)
    consequence: Mapped[str | None] = mapped_column(Text)
    place: Mapped[int | None] = mapped_column(Whole)
    badge: Mapped[str | None] = mapped_column(Text)
    points: Mapped[int | None] = mapped_column(Whole)
    task: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[int | None] = mapped_column(InstantColumn)
    undoes: Mapped[int | None] = mapped_column(Whole, ForeignKey("decisions.id", ondelete="RESTRICT"))
