"""Many leads that were never folded: folded ahead, without the writers' lock, by a process beside the one that stores.

Nothing of such a lead is stored, so that all that becomes of it follows from its events, the rules and the roster. It
is stored as it was worked out if none of these has changed since; else it stays pending, and is folded as any other.
"""

import time
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from leaderboard.beside import WorkerLost, ahead, can_work_beside
from leaderboard.domain.instants import Instant
from leaderboard.persistence.bulk import Row, small_cache
from leaderboard.persistence.db import (
    current_session,
    dispose_before_fork,
    read_only,
    writable,
    writer_lock,
    writes_beside_reads,
    writing_session,
)
from leaderboard.persistence.lead_progress import note_first_folds
from leaderboard.persistence.models import Lead
from leaderboard.services.closed_periods import closed_months
from leaderboard.services.directory import Directory
from leaderboard.services.folding import fold_timelines, put_off, wakes_at
from leaderboard.services.kept_sums import SumChanges, SumRows
from leaderboard.services.new_rows import NewRows, NewRowsMaker, learn_holders
from leaderboard.services.outcome_store import flags_of
from leaderboard.services.rules import current_rules, in_use
from leaderboard.services.timelines import load_timelines

WORTH_A_PROCESS = 10_000
"""So many leads wait before it pays to fork."""

LEADS_AT_ONCE = 4_000
LEADS_IN_MEMORY = 1_000
"""Whose events are in memory at once; of the others of a transaction only what became of them."""

log = structlog.get_logger(__name__)


def fold_ahead(now: Instant, ends: float | None = None) -> None:
    """Folds fresh leads until none waits, or a moment of the monotonic clock has come; only where many wait.

    It may leave any of them to whoever folds leads as they come.
    """
    if not (can_work_beside() and writes_beside_reads() and _many_wait(now)):
        return
    dispose_before_fork()
    try:
        with ahead(lambda: _in_the_fork(now)) as batches:
            for batch in batches:
                _store(_Batch.unpacked(batch), now)
                if ends is not None and time.monotonic() >= ends:
                    break
    except WorkerLost:
        log.warning("the process that folded leads ahead was lost")


class _Batch(NamedTuple):
    """What was worked out of some leads. `grounds` are what that rested on, but for events; of plain values only."""

    grounds: tuple[Any, ...]
    leads: list[Row]
    """Key, `touched_seq` as it was read, `due_at`, `first_at`."""
    failed: dict[str, str]
    rows: NewRows

    def packed(self) -> tuple[Any, ...]:
        """As it can be handed from process to process."""
        return (*self[:3], (*self.rows[:-1], tuple(self.rows.sums)))

    @classmethod
    def unpacked(cls, packed: tuple[Any, ...]) -> "_Batch":
        """The inverse of `packed`."""
        grounds, leads, failed, (outcomes, contributions, entries, running, sums) = packed
        rows = NewRows(outcomes, contributions, entries, running, SumRows(*sums))
        return cls(grounds, leads, failed, rows)


def _many_wait(now: Instant) -> bool:
    session = current_session()
    read_only(session)
    try:
        return len(session.execute(_waiting(now, "").limit(WORTH_A_PROCESS)).all()) == WORTH_A_PROCESS
    finally:
        writable(session)


def _in_the_fork(now: Instant) -> Iterator[tuple[Any, ...]]:
    session, after = current_session(), ""
    while True:
        read_only(session)
        try:
            with small_cache(session):
                rows = session.execute(_waiting(now, after).limit(LEADS_AT_ONCE))
                picked = {row.lead_key: row.touched_seq for row in rows}
                batch = _work_out(session, picked, now) if picked else None
        finally:
            writable(session)
        if batch is None:
            return
        after = max(picked)
        yield batch.packed()


def _waiting(now: Instant, after: str) -> Select[str, int]:
    """Fresh leads in the order of their keys, with how often they were touched."""
    return (
        select(Lead.lead_key, Lead.touched_seq)
        .where(Lead.touched_seq > Lead.folded_seq, Lead.folded_seq == 0, Lead.lead_key > after)
        .where(or_(Lead.retry_at.is_(None), Lead.retry_at <= now))
        .order_by(Lead.lead_key)
    )


def _work_out(session: Session, picked: Mapping[str, int], now: Instant) -> _Batch | None:
    """All from one snapshot; None where there are no rules."""
    rules = current_rules(session)
    if rules is None:
        return None
    closed, directory, sums = closed_months(session), Directory(session), SumChanges()
    rows = NewRowsMaker(directory, rules.book.calendar, closed, flags_of(session), now, sums)
    leads, failed = list[Row](), dict[str, str]()
    ordered = iter(picked)
    while part := list(islice(ordered, LEADS_IN_MEMORY)):
        timelines = load_timelines(session, part, now)
        folded = fold_timelines(timelines, rules, now)
        learn_holders(directory, folded.folds.values())
        for key, fold in folded.folds.items():
            timeline = timelines[key]
            rows.take(key, fold, timeline.seqs)
            leads.append((key, picked[key], wakes_at(timeline, fold), timeline.first_at))
        failed |= folded.failed
    return _Batch(_grounds(session), leads, failed, rows.rows())


def _grounds(session: Session) -> tuple[Any, ...]:
    """What every fold rests on beside the lead's events: rules, roster, who was erased, what is closed."""
    using = in_use(session)
    return using.roster, using.revisions, using.erased, tuple(sorted(closed_months(session)))


def _store(batch: _Batch, now: Instant) -> None:
    """One transaction. Nothing is stored where something has changed on which the batch rests."""
    session = writing_session()
    writer_lock(session)
    if _grounds(session) == batch.grounds and note_first_folds(session, batch.leads):
        batch.rows.write(session)
        put_off(session, batch.failed, now)
        session.commit()
    else:
        session.rollback()
