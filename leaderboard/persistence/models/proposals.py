"""What waits for another person's word, and which forms were taken already."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, index_where, one_of, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole

POINTS, TASK = "points", "task"
WAITING, CONFIRMED, REFUSED = "waiting", "confirmed", "refused"
PROPOSED = (POINTS, TASK)
PROPOSAL_STATES = (WAITING, CONFIRMED, REFUSED)

_WHAT = (
    "(kind = 'points') = (points IS NOT NULL AND reason IS NOT NULL) AND (kind = 'task') = (task IS NOT NULL)"
)
_SUBJECT = (
    "(subject = 'rep' AND person_id IS NOT NULL AND team_id IS NULL)"
    " OR (subject = 'team' AND team_id IS NOT NULL AND person_id IS NULL AND kind = 'points')"
)
_SETTLED = (
    "(state = 'waiting') = (settled_at IS NULL AND settled_by IS NULL)"
    " AND (state = 'confirmed') = (decision_id IS NOT NULL)"
    " AND (state <> 'refused' OR settled_because IS NOT NULL)"
)


class Proposal(Base):
    """An adjustment that one may not make alone, or a rep's tick that a manager confirms.

    `at` is when it was made: for a task, when it was ticked off. Once confirmed it is a decision.
    """

    __tablename__ = "proposals"
    __table_args__ = (
        one_of("kind", PROPOSED),
        one_of("subject", SubjectKind),
        one_of("state", PROPOSAL_STATES),
        CheckConstraint(_WHAT, name="what"),
        CheckConstraint(_SUBJECT, name="one_subject"),
        CheckConstraint(_SETTLED, name="settled"),
        Index("ix_proposals_state_at", "state", "at"),
        index_where(
            "uq_proposals_task_waiting",
            "person_id",
            "task",
            where="kind = 'task' AND state = 'waiting'",
            unique=True,
        ),
        STRICT,
    )

    id: Mapped[int] = row_id()
    kind: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(InstantColumn)
    proposed_by: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(
        Whole, ForeignKey("people.id", ondelete="RESTRICT"), index=True
    )
    team_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("teams.id", ondelete="RESTRICT"))
    points: Mapped[int | None] = mapped_column(Whole)
    reason: Mapped[str | None] = mapped_column(Text)
    task: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    settled_at: Mapped[int | None] = mapped_column(InstantColumn)
    settled_by: Mapped[str | None] = mapped_column(Text)
    settled_because: Mapped[str | None] = mapped_column(Text)
    decision_id: Mapped[int | None] = mapped_column(
        Whole, ForeignKey("decisions.id", ondelete="RESTRICT"), unique=True
    )


class FormTaken(Base):
    """A form that was sent and taken: sent again, by a second click, it does nothing."""

    __tablename__ = "forms_taken"
    __table_args__ = (Index("ix_forms_taken_at", "at"), KEYED)

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[int] = mapped_column(InstantColumn)
