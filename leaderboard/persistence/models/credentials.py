"""Awards that their owners took along as signed credentials."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import STRICT, index_where, one_of, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole

_TEAM = "(subject = 'team') = (team_id IS NOT NULL)"
_WITHDRAWN = "(withdrawn_at IS NULL) = (token IS NOT NULL)"
_REVOKED = "(revoked_at IS NULL) = (revoked_by IS NULL) AND (revoked_at IS NULL) = (revoked_because IS NULL)"


class Credential(Base):
    """One taking along. Its award is named by what names it for good, not by its row: whether it stands is asked of
    the awards each time, and never kept here.

    `address` is the unguessable end of its public address; `token` the signed credential, the only place in which the
    owner's name stands, gone once it is withdrawn.
    """

    __tablename__ = "credentials"
    __table_args__ = (
        UniqueConstraint("address"),
        UniqueConstraint("status_list", "status_index"),
        one_of("subject", SubjectKind),
        CheckConstraint(_TEAM, name="team"),
        CheckConstraint(_WITHDRAWN, name="withdrawn"),
        CheckConstraint(_REVOKED, name="revoked"),
        index_where(
            "uq_credentials_held",
            "person_id",
            "badge",
            "subject",
            "awarded_at",
            where="withdrawn_at IS NULL AND allowed_at IS NULL",
            unique=True,
        ),
        Index("ix_credentials_person_id", "person_id"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    address: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int] = mapped_column(Whole, ForeignKey("people.id", ondelete="RESTRICT"))
    """Whose it is; of a team's award one of the team."""
    badge: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    team_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("teams.id", ondelete="RESTRICT"))
    awarded_at: Mapped[int] = mapped_column(InstantColumn)
    rulebook_on: Mapped[str] = mapped_column(Text)
    token: Mapped[str | None] = mapped_column(Text)
    status_list: Mapped[int] = mapped_column(Whole)
    status_index: Mapped[int] = mapped_column(Whole)
    taken_at: Mapped[int] = mapped_column(InstantColumn)
    withdrawn_at: Mapped[int | None] = mapped_column(InstantColumn)
    revoked_at: Mapped[int | None] = mapped_column(InstantColumn)
    revoked_by: Mapped[str | None] = mapped_column(Text)
    revoked_because: Mapped[str | None] = mapped_column(Text)
    allowed_at: Mapped[int | None] = mapped_column(InstantColumn)
    """From when on its award may be taken along anew, though this one stays revoked for good."""
    allowed_by: Mapped[str | None] = mapped_column(Text)
    allowed_because: Mapped[str | None] = mapped_column(Text)
