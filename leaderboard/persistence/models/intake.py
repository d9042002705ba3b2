"""What was received: events, the leads they touch, and what could not be taken."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.db import Base
from leaderboard.persistence.models._columns import KEYED, STRICT, ZERO, index_where, row_id
from leaderboard.persistence.types import InstantColumn, Text, Whole


class Event(Base):
    """One event as it was received; append-only. Key texts are in NFC.

    `lead_key` is the lead, or for an event without one a key of its own that begins with a space
    (see `leaderboard.persistence.lead_keys`).
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        # The last one received from each source, without a walk through all of them.
        Index("ix_events_source_received_at", "source", "received_at"),
        index_where("ix_events_voids", "source", "voids", where="voids IS NOT NULL"),
        index_where("ix_events_verdicts", "received_at", where="type = 'outcome.recorded'"),
        STRICT,
    )

    seq: Mapped[int] = row_id()
    source: Mapped[str] = mapped_column(Text)
    event_id: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    time_at: Mapped[int] = mapped_column(InstantColumn)
    lead_key: Mapped[str] = mapped_column(Text, index=True)
    rep_key_id: Mapped[int | None] = mapped_column(Whole, ForeignKey("rep_keys.id", ondelete="RESTRICT"))
    attributes: Mapped[str | None] = mapped_column(Text)
    """JSON with sorted keys; None where there are none."""
    received_at: Mapped[int] = mapped_column(InstantColumn)
    voids: Mapped[str | None] = mapped_column(Text)
    as_written: Mapped[str | None] = mapped_column(Text)
    """JSON of those of id, source and lead that were not written in NFC; None where all were."""


class Lead(Base):
    """A lead's place in the evaluation: the outbox of intake, and the next instant to look at it again.

    `touched_seq` counts the times something about the lead was stored, `folded_seq` is the count that its
    evaluation last took in: pending while the one is ahead of the other. A count and not an event's number:
    numbers are drawn before the commit, so a lower one can become visible after a higher was folded.
    """

    __tablename__ = "leads"
    __table_args__ = (
        CheckConstraint("folded_seq <= touched_seq", name="folded_seq"),
        index_where("ix_leads_pending", "lead_key", where="touched_seq > folded_seq"),
        index_where("ix_leads_due_at", "due_at", where="due_at IS NOT NULL"),
        index_where("ix_leads_retry_at", "retry_at", where="last_error IS NOT NULL"),
        Index("ix_leads_first_at", "first_at"),
        KEYED,
    )

    lead_key: Mapped[str] = mapped_column(Text, primary_key=True)
    touched_seq: Mapped[int] = mapped_column(Whole)
    folded_seq: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    due_at: Mapped[int | None] = mapped_column(InstantColumn)
    """The next instant at which the lead changes without an event; None where there is none."""
    first_at: Mapped[int | None] = mapped_column(InstantColumn)
    """The time of its first event that is not voided, kept by the evaluation."""
    attempts: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    retry_at: Mapped[int | None] = mapped_column(InstantColumn)
    last_error: Mapped[str | None] = mapped_column(Text)


class IntakeProblem(Base):
    """Something received that could not be taken or placed, for a person to look at. Kept once (`digest`)."""

    __tablename__ = "intake_problems"
    __table_args__ = (
        UniqueConstraint("digest"),
        index_where("ix_intake_problems_open", "kind", "noted_at", where="resolved_at IS NULL"),
        STRICT,
    )

    id: Mapped[int] = row_id()
    kind: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    event_id: Mapped[str | None] = mapped_column(Text)
    origin: Mapped[str | None] = mapped_column(Text)
    """Where it came in: a file and line, a token's name."""
    reason: Mapped[str] = mapped_column(Text)
    params: Mapped[str | None] = mapped_column(Text)
    """JSON of what the reason is about, for translated pages."""
    payload: Mapped[str | None] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(Text)
    noted_at: Mapped[int] = mapped_column(InstantColumn)
    resolved_at: Mapped[int | None] = mapped_column(InstantColumn)
    resolved_by: Mapped[str | None] = mapped_column(Text)


class Import(Base):
    """One run of an import; `finished_at` is None while it runs, or where it was killed."""

    __tablename__ = "imports"
    __table_args__ = (STRICT,)

    id: Mapped[int] = row_id()
    file_name: Mapped[str] = mapped_column(Text)
    source: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[int] = mapped_column(InstantColumn, index=True)
    finished_at: Mapped[int | None] = mapped_column(InstantColumn)
    read: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    accepted: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    duplicates: Mapped[int] = mapped_column(Whole, server_default=ZERO)
    rejected: Mapped[int] = mapped_column(Whole, server_default=ZERO)
