"""Many leads that were never folded: folded ahead, without the writers' lock, by processes beside the one that stores.

Nothing of such a lead is stored, so that all that becomes of it follows from its events, the rules and the roster. It
is stored as it was worked out if none of these has changed since; else it stays pending, and is folded as any other.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import islice, pairwise
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Select, func, or_, select, true
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

PROCESSES = 2
"""To fold takes twice as long as to store what became of it: so many keep one that stores busy."""

LEADS_AT_ONCE = 500
"""Whose events a process has in memory, and what became of them."""

BATCHES_AT_ONCE = 3
"""Stored in one transaction: to be on the disk takes long, whatever it is."""

log = structlog.get_logger(__name__)


def fold_ahead(now: Instant, ends: float | None = None) -> None:
    """Folds fresh leads until none waits, or a moment of the monotonic clock has come; only where many wait.

    It may leave any of them to whoever folds leads as they come.
    """
    if not (can_work_beside() and writes_beside_reads() and _many_wait(now)):
        return
    parts = _parts()
    dispose_before_fork()
    try:
        with ahead(*(partial(_in_the_fork, now, part) for part in parts)) as batches:
            while some := list(islice(batches, BATCHES_AT_ONCE)):
                _store([_Batch.unpacked(batch) for batch in some], now)
                if ends is not None and time.monotonic() >= ends:
                    break
    except WorkerLost:
        log.warning("a process that folded leads ahead was lost")


class _Part(NamedTuple):
    """The leads whose keys lie behind the one, up to the other; None is the end of all."""

    after: str
    up_to: str | None


_ALL = _Part("", None)


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
        return len(session.execute(_waiting(now, _ALL).limit(WORTH_A_PROCESS)).all()) == WORTH_A_PROCESS
    finally:
        writable(session)


def _parts() -> list[_Part]:
    """All leads in as many parts as there are to be processes; about as many wait in each."""
    session = current_session()
    read_only(session)
    try:
        waiting = select(Lead.lead_key).where(Lead.touched_seq > Lead.folded_seq)
        count = session.scalar(select(func.count()).select_from(waiting.subquery())) or 0
        starts = (count * number // PROCESSES for number in range(1, PROCESSES))
        ordered = waiting.order_by(Lead.lead_key)
        bounds = [session.scalars(ordered.offset(start).limit(1)).first() for start in starts]
    finally:
        writable(session)
    ends = [*(bound for bound in bounds if bound is not None), None]
    return [_Part(after or "", up_to) for after, up_to in pairwise([None, *ends])]


def _in_the_fork(now: Instant, part: _Part) -> Iterator[tuple[Any, ...]]:
    session = current_session()
    while True:
        read_only(session)
        try:
            with small_cache(session):
                rows = session.execute(_waiting(now, part).limit(LEADS_AT_ONCE))
                picked = {row.lead_key: row.touched_seq for row in rows}
                batch = _work_out(session, picked, now) if picked else None
        finally:
            writable(session)
        if batch is None:
            return
        part = part._replace(after=max(picked))
        yield batch.packed()


def _waiting(now: Instant, part: _Part) -> Select[str, int]:
    """Fresh leads of a part in the order of their keys, with how often they were touched."""
    return (
        select(Lead.lead_key, Lead.touched_seq)
        .where(Lead.touched_seq > Lead.folded_seq, Lead.folded_seq == 0, Lead.lead_key > part.after)
        .where(true() if part.up_to is None else Lead.lead_key <= part.up_to)
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
    timelines = load_timelines(session, list(picked), now)
    folded = fold_timelines(timelines, rules, now)
    learn_holders(directory, folded.folds.values())
    leads = list[Row]()
    for key, fold in folded.folds.items():
        timeline = timelines[key]
        rows.take(key, fold, timeline.seqs)
        leads.append((key, picked[key], wakes_at(timeline, fold), timeline.first_at))
    return _Batch(_grounds(session), leads, folded.failed, rows.rows())


def _grounds(session: Session) -> tuple[Any, ...]:
    """What every fold rests on beside the lead's events: rules, roster, who was erased, what is closed."""
    using = in_use(session)
    return using.roster, using.revisions, using.erased, tuple(sorted(closed_months(session)))


def _store(batches: Sequence[_Batch], now: Instant) -> None:
    """One transaction. Nothing is stored where something has changed on which one of the batches rests."""
    session = writing_session()
    writer_lock(session)
    grounds = _grounds(session)
    if all(b.grounds == grounds and note_first_folds(session, b.leads) for b in batches):
        for batch in batches:
            batch.rows.write(session)
            put_off(session, batch.failed, now)
        session.commit()
    else:
        session.rollback()
