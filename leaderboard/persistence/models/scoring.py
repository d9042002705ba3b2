"""What follows from the events: outcomes, contributions, ledger entries, awards."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.domain.rulebook import Rating, SubjectKind
from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, index_where, one_of, row_id
from leaderboard.persistence.types import Flag, InstantColumn, Text, Whole

ENTRY_KINDS = ("each", "month", "deduction", "badge", "prize", "adjustment")
CONTRIBUTION_SIDES = ("volume", "numerator", "denominator", "task")
AWARD_ORIGINS = ("for", "recognition", "manual")

_ONE_SUBJECT = (
    "(subject = 'rep' AND person_id IS NOT NULL)"
    " OR (subject = 'team' AND team_id IS NOT NULL AND person_id IS NULL)"
)


class Outcome(Base):
    """How a clock or a recorded verdict turned out.

    `current`: it follows from all events received by now. `counted`: it makes up the standings of its month. The two
    differ in closed months only, where what counted at the sealing counts for good and what came later does not; what
    they differ by is booked as adjustments.
    """

    __tablename__ = "outcomes"
    __table_args__ = (
        one_of("rating", Rating),
        one_of("subject", SubjectKind),
        CheckConstraint("length(month) = 7", name="month"),
        index_where("uq_outcomes_current", "outcome_key", where="current = 1", unique=True),
        index_where("ix_outcomes_counted", "person_id", "service_level", "at", where="counted = 1"),
        Index("ix_outcomes_month_service_level", "month", "service_level"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    outcome_key: Mapped[str] = mapped_column(Text)
    lead_key: Mapped[str] = mapped_column(Text, index=True)
    service_level: Mapped[str] = mapped_column(Text)
    rating: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(InstantColumn)
    month: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(Whole)
    team_id: Mapped[int | None] = mapped_column(Whole)
    rulebook_on: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    points: Mapped[int] = mapped_column(Whole)
    """What it books, to the rep or to the team as `subject` says; 0 where it books nothing."""
    opened_at: Mapped[int | None] = mapped_column(InstantColumn)
    due_at: Mapped[int | None] = mapped_column(InstantColumn)
    elapsed_us: Mapped[int | None] = mapped_column(Whole)
    within_us: Mapped[int | None] = mapped_column(Whole)
    exceed_within_us: Mapped[int | None] = mapped_column(Whole)
    opening_seq: Mapped[int] = mapped_column(Whole)
    """The event that opened the clock, or the recorded verdict itself."""
    closing_seq: Mapped[int | None] = mapped_column(Whole)
    counted: Mapped[bool] = mapped_column(Flag)
    current: Mapped[bool] = mapped_column(Flag)


class Contribution(Base):
    """What one event adds to a volume, or to one side of a ratio, or that it says that a task was done.

    `counted` and `current` as an outcome's. On the side `task` the task's id stands for the service level.
    """

    __tablename__ = "contributions"
    __table_args__ = (
        one_of("side", CONTRIBUTION_SIDES),
        CheckConstraint("length(month) = 7", name="month"),
        index_where("uq_contributions_current", "contribution_key", where="current = 1", unique=True),
        Index("ix_contributions_month_service_level", "month", "service_level"),
        # Who has done a task is asked over all months; there are few of them among the many contributions.
        index_where("ix_contributions_tasks", "service_level", where="side = 'task'"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    contribution_key: Mapped[str] = mapped_column(Text)
    lead_key: Mapped[str] = mapped_column(Text, index=True)
    service_level: Mapped[str] = mapped_column(Text)
    side: Mapped[str] = mapped_column(Text)
    at: Mapped[int] = mapped_column(InstantColumn)
    month: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(Whole)
    team_id: Mapped[int | None] = mapped_column(Whole)
    value: Mapped[str] = mapped_column(Text)
    """An exact decimal."""
    event_seq: Mapped[int] = mapped_column(Whole)
    counted: Mapped[bool] = mapped_column(Flag)
    current: Mapped[bool] = mapped_column(Flag)


class RunningClock(Base):
    """A clock that ran when its lead was last folded: the way from a rep to the leads that wait for him.

    Everything else about it follows from the lead's events. `due_at` is None while it is paused, `person_id` where
    nobody holds it.
    """

    __tablename__ = "running_clocks"
    __table_args__ = (Index("ix_running_clocks_person_id_due_at", "person_id", "due_at"), KEYED)

    lead_key: Mapped[str] = mapped_column(Text, primary_key=True)
    service_level: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(Whole)
    due_at: Mapped[int | None] = mapped_column(InstantColumn)


class LedgerEntry(Base):
    """Points, booked once and never edited: append-only.

    An entry stands until another one takes it back. `reason_key` says what the points are for; at most one
    entry stands for it at a time, the `generation`-th. An entry that takes back bears the key, the generation
    and the negated points of the one it names.
    """

    __tablename__ = "ledger"
    __table_args__ = (
        UniqueConstraint("takes_back"),
        one_of("kind", ENTRY_KINDS),
        one_of("subject", SubjectKind),
        one_of("rating", Rating),
        CheckConstraint(_ONE_SUBJECT, name="one_subject"),
        CheckConstraint("points <> 0", name="points"),
        CheckConstraint("generation >= 0", name="generation"),
        CheckConstraint("takes_back < id", name="takes_back"),
        CheckConstraint("length(month) = 7 AND length(day) = 10", name="month_and_day"),
        index_where(
            "uq_ledger_standing", "reason_key", "generation", where="takes_back IS NULL", unique=True
        ),
        index_where("ix_ledger_lead_key", "lead_key", where="lead_key IS NOT NULL"),
        Index("ix_ledger_person_id_booked_at", "person_id", "booked_at"),
        Index("ix_ledger_team_id_booked_at", "team_id", "booked_at"),
        Index("ix_ledger_month", "month"),
        index_where("ix_ledger_settles", "settles", "person_id", where="settles IS NOT NULL"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    booked_at: Mapped[int] = mapped_column(InstantColumn)
    recorded_at: Mapped[int] = mapped_column(InstantColumn)
    month: Mapped[str] = mapped_column(Text)
    day: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("people.id", ondelete="RESTRICT"))
    team_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("teams.id", ondelete="RESTRICT"))
    points: Mapped[int] = mapped_column(Whole)
    kind: Mapped[str] = mapped_column(Text)
    service_level: Mapped[str | None] = mapped_column(Text)
    rating: Mapped[str | None] = mapped_column(Text)
    lead_key: Mapped[str | None] = mapped_column(Text)
    rulebook_on: Mapped[str] = mapped_column(Text)
    badge: Mapped[str | None] = mapped_column(Text)
    reason_key: Mapped[str] = mapped_column(Text)
    generation: Mapped[int] = mapped_column(Whole)
    takes_back: Mapped[int | None] = mapped_column(Whole, ForeignKey("ledger.id", ondelete="RESTRICT"))
    corrects: Mapped[str | None] = mapped_column(Text)
    """The closed period that an adjustment corrects."""
    reason: Mapped[str | None] = mapped_column(Text)
    settles: Mapped[str | None] = mapped_column(Text)
    """The settlement that booked it: a month, or a month and `/live`; None for what a lead's fold booked."""


class Award(Base):
    """A badge given. `withdrawn_at` is set where what it rested on fell."""

    __tablename__ = "awards"
    __table_args__ = (
        one_of("subject", SubjectKind),
        one_of("origin", AWARD_ORIGINS),
        CheckConstraint(_ONE_SUBJECT, name="one_subject"),
        index_where(
            "uq_awards_standing_rep",
            "badge",
            "person_id",
            "awarded_at",
            where="withdrawn_at IS NULL AND subject = 'rep'",
            unique=True,
        ),
        index_where(
            "uq_awards_standing_team",
            "badge",
            "team_id",
            "awarded_at",
            where="withdrawn_at IS NULL AND subject = 'team'",
            unique=True,
        ),
        Index("ix_awards_person_id_awarded_at", "person_id", "awarded_at"),
        Index("ix_awards_awarded_at", "awarded_at"),
        index_where("ix_awards_settles", "settles", "person_id", where="settles IS NOT NULL"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    badge: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("people.id", ondelete="RESTRICT"))
    team_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("teams.id", ondelete="RESTRICT"))
    awarded_at: Mapped[int] = mapped_column(InstantColumn)
    rulebook_on: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    withdrawn_at: Mapped[int | None] = mapped_column(InstantColumn)
    settles: Mapped[str | None] = mapped_column(Text)
    """The settlement that gave it, as in the ledger; None where a manager's hand did."""
