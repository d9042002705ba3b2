"""Sums kept in the transaction that changes what they sum. A `person_id` or `team_id` of 0 is nobody, no team."""

from sqlalchemy import CheckConstraint, Index, true
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, ZERO, index_where, one_of
from leaderboard.persistence.models.scoring import CONTRIBUTION_SIDES
from leaderboard.persistence.types import Flag, InstantColumn, Text, Whole

_FIRST = -1
"""Before what is shared: a key begins with its day or month."""


class _Standing:
    """What standings are made of; the row of person 0 is what the team earned itself."""

    person_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    points: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    exceeded: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    met: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    missed: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    entries: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    """How many ledger entries stand in it: who has none, and no outcome, is not listed for it."""


class DaySum(_Standing, Base):
    """Points and outcomes of one local day."""

    __tablename__ = "day_sums"
    __table_args__ = (
        CheckConstraint("length(day) = 10", name="day"),
        Index("ix_day_sums_person_id_day", "person_id", "day"),
        KEYED,
    )

    day: Mapped[str] = mapped_column(Text, primary_key=True, sort_order=_FIRST)


class MonthSum(_Standing, Base):
    """Points and outcomes of one month."""

    __tablename__ = "month_sums"
    __table_args__ = (
        CheckConstraint("length(month) = 7", name="month"),
        Index("ix_month_sums_person_id_month", "person_id", "month"),
        KEYED,
    )

    month: Mapped[str] = mapped_column(Text, primary_key=True, sort_order=_FIRST)


class Tally(Base):
    """Outcomes of one month by service level: what monthly ratings are taken from."""

    __tablename__ = "tallies"
    __table_args__ = (CheckConstraint("length(month) = 7", name="month"), KEYED)

    month: Mapped[str] = mapped_column(Text, primary_key=True)
    service_level: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    exceeded: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    met: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    missed: Mapped[int] = mapped_column(Whole, server_default=ZERO)


class CountSum(Base):
    """What volumes and ratios come to in one month; `value` is an exact decimal, `events` how many it sums."""

    __tablename__ = "counts"
    __table_args__ = (
        one_of("side", CONTRIBUTION_SIDES),
        CheckConstraint("length(month) = 7", name="month"),
        KEYED,
    )

    month: Mapped[str] = mapped_column(Text, primary_key=True)
    service_level: Mapped[str] = mapped_column(Text, primary_key=True)
    side: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(Text)
    events: Mapped[int] = mapped_column(Whole)


class Settlement(Base):
    """A month's outbox: dirty while `dirty_version` is ahead of the version that was last settled."""

    __tablename__ = "settlements"
    __table_args__ = (
        CheckConstraint("length(month) = 7", name="month"),
        CheckConstraint("settled_version <= dirty_version", name="settled_version"),
        index_where("ix_settlements_dirty", "month", where="dirty_version > settled_version"),
        KEYED,
    )

    month: Mapped[str] = mapped_column(Text, primary_key=True)
    dirty_version: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    settled_version: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    attempts: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    retry_at: Mapped[int | None] = mapped_column(InstantColumn)
    last_error: Mapped[str | None] = mapped_column(Text)
    prizes_seen: Mapped[str | None] = mapped_column(Text)
    """What its prizes and decisions were last settled by, as `services.prizes` tells it; None: never yet."""
    restated_by: Mapped[int | None] = mapped_column(Whole)
    """The revision of the rulebook for whose restatement it is to be settled again; None for anything else."""


class RepSettlement(Base):
    """Whose badges of a month are to be looked at again: an outbox as `settlements` is, by rep."""

    __tablename__ = "rep_settlements"
    __table_args__ = (
        CheckConstraint("length(month) = 7", name="month"),
        CheckConstraint("settled_version <= dirty_version", name="settled_version"),
        index_where(
            "ix_rep_settlements_dirty", "month", "person_id", where="dirty_version > settled_version"
        ),
        KEYED,
    )

    month: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    dirty_version: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    settled_version: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    restated_by: Mapped[int | None] = mapped_column(Whole)
    """The revision of the rulebook for whose restatement it is to be settled again; None for anything else."""


class LadderState(Base):
    """Where a subject stands on a ladder of consequences after a month that moved it, or that was sealed."""

    __tablename__ = "ladder_states"
    __table_args__ = (
        one_of("subject", SubjectKind),
        CheckConstraint("length(month) = 7", name="month"),
        CheckConstraint("step >= 0 AND clean >= 0", name="step_and_clean"),
        KEYED,
    )

    month: Mapped[str] = mapped_column(Text, primary_key=True)
    consequence: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    team_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    step: Mapped[int] = mapped_column(Whole)
    clean: Mapped[int] = mapped_column(Whole)
    strikes: Mapped[str] = mapped_column(Text, server_default="")
    """The months of the strikes that count, oldest first, with commas between them: as many as `step` says."""
    rated: Mapped[bool] = mapped_column(Flag, server_default=true())
    """Whether a rating of this month moved it; else it is here only because a closed month keeps what it hands on."""


class StreakRun(Base):
    """How many outcomes in a row a rep has kept, for a streak badge, at the end of a month."""

    __tablename__ = "streak_runs"
    __table_args__ = (
        CheckConstraint("length(month) = 7", name="month"),
        CheckConstraint("run >= 0", name="run"),
        # The latest run of a person, whatever the number of months.
        Index("ix_streak_runs_person_id_badge_month", "person_id", "badge", "month"),
        KEYED,
    )

    month: Mapped[str] = mapped_column(Text, primary_key=True)
    badge: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int] = mapped_column(Whole, primary_key=True, autoincrement=False)
    run: Mapped[int] = mapped_column(Whole)
