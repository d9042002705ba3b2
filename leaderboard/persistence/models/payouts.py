"""Money that was won: proposed when a period closes, approved by a manager, paid with a reference, or refused."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, one_of, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole

PAYOUT_STATES = ("proposed", "approved", "paid", "refused")

_STATE = (
    "(state = 'proposed') = (decided_at IS NULL AND decided_by IS NULL)"
    " AND (state <> 'refused' OR reason IS NOT NULL)"
    " AND (state = 'paid') = (paid_at IS NOT NULL AND paid_by IS NOT NULL AND reference IS NOT NULL)"
)
_SUBJECT = (
    "(subject = 'rep' AND person_id IS NOT NULL AND team_id IS NULL)"
    " OR (subject = 'team' AND team_id IS NOT NULL AND person_id IS NULL)"
)


class Payout(Base):
    """One subject's money for one thing won; `source` and `subject_key` name it for good.

    `amount` is an exact decimal; `members` are the keys of a team's people on the period's last day, as JSON.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        UniqueConstraint("source", "subject_key"),
        one_of("state", PAYOUT_STATES),
        one_of("subject", SubjectKind),
        CheckConstraint(_STATE, name="states"),
        CheckConstraint(_SUBJECT, name="one_subject"),
        Index("ix_payouts_state", "state"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    source: Mapped[str] = mapped_column(Text)
    subject_key: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("people.id", ondelete="RESTRICT"))
    team_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("teams.id", ondelete="RESTRICT"))
    members: Mapped[str] = mapped_column(Text)
    period: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    rank: Mapped[int | None] = mapped_column(Whole)
    amount: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    proposed_at: Mapped[int] = mapped_column(InstantColumn)
    decided_at: Mapped[int | None] = mapped_column(InstantColumn)
    decided_by: Mapped[str | None] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    paid_at: Mapped[int | None] = mapped_column(InstantColumn)
    paid_by: Mapped[str | None] = mapped_column(Text)
    reference: Mapped[str | None] = mapped_column(Text)


class PayoutsProposed(Base):
    """A closed period whose payouts were proposed: it is not looked at again."""

    __tablename__ = "payouts_proposed"
    __table_args__ = (KEYED,)

    period: Mapped[str] = mapped_column(Text, primary_key=True)
    at: Mapped[int] = mapped_column(InstantColumn)
