"""What asks for everything to be evaluated again: another roster, other rules."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from leaderboard.persistence.db import intake_barrier, without_timeouts, writer_lock
from leaderboard.persistence.models import Lead, RepSettlement, Settlement


def begin_change_of_all(session: Session) -> None:
    """At the beginning of a transaction that changes what all points rest on: nobody evaluates or stores meanwhile.

    First thing, for whoever waits here must not yet hold a row that an intake wants.
    """
    writer_lock(session)
    intake_barrier(session)
    without_timeouts(session)


def touch_everything(session: Session, restated_by: int | None = None) -> None:
    """Every lead is to be folded, every month and every rep's badges are to be settled again.

    `restated_by` is the revision of the rulebook that restates what is booked; it is noted until that is done.
    """
    session.execute(update(Lead).values(touched_seq=Lead.touched_seq + 1))
    for outbox in (Settlement, RepSettlement):
        noted = {} if restated_by is None else {"restated_by": restated_by}
        session.execute(update(outbox).values(dirty_version=outbox.dirty_version + 1, **noted))
