"""From stored events to outcomes and booked points: each lead that was touched, or has fallen due, is folded again.

A transaction takes some leads, folds them, stores what changed and books the difference. It can be killed anywhere and
run again anywhere: what was not committed did not happen, and what was is not done twice, for `leads` says how far each
lead was folded and the ledger lets one entry stand for a reason.
"""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    and_,
    bindparam,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import LeadFold
from leaderboard.job_queue import ring
from leaderboard.persistence import models
from leaderboard.persistence.bulk import update_rows
from leaderboard.persistence.db import (
    current_session,
    read_only,
    writable,
    writer_lock,
    writing_session,
)
from leaderboard.services import clock
from leaderboard.services.closed_periods import closed_months
from leaderboard.services.directory import Directory
from leaderboard.services.folding import fold_timelines, put_off, wakes_at
from leaderboard.services.fresh_leads import fold_ahead
from leaderboard.services.kept_sums import SumChanges
from leaderboard.services.ledger import Booking, LedgerWriter, booking_of, each_key, standing_for
from leaderboard.services.new_rows import NewRowsMaker, learn_holders
from leaderboard.services.outcome_store import (
    CONTRIBUTION_COLUMNS,
    OUTCOME_COLUMNS,
    Difference,
    contribution_row,
    count_contributions,
    count_outcomes,
    differences,
    flags_of,
    insert_new,
    load_stored,
    outcome_row,
    write_flags,
)
from leaderboard.services.restatements import why_fallen
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.running_index import keep_running
from leaderboard.services.settlement import (
    months_wait,
    reps_wait,
    settle_live,
    settle_months,
    settle_some_reps,
)
from leaderboard.services.timelines import NO_HORIZON, Horizon, Timeline, load_timelines

LEADS_AT_ONCE = 2_000
_FEW = 50
_SECONDS_A_JOB = 25


def evaluate_due() -> None:
    """The job: brings everything up to date with now, as far as half a minute goes, and rings for who goes on."""
    if not bring_up_to_date(clock.now(), seconds=_SECONDS_A_JOB):
        ring("evaluate_due")


def bring_up_to_date(now: Instant, seconds: float | None = None) -> bool:
    """Folds what waits and settles what follows, until nothing is left or the time is up; whether all was done."""
    ends = None if seconds is None else time.monotonic() + seconds
    left = list(_STEPS)
    while ends is None or time.monotonic() < ends:
        step = _first_with_work(left, now)
        if step is None:
            return True
        taken = step.take(now)
        if taken == LEADS_AT_ONCE and step.take is fold_pending:
            fold_ahead(now, ends)
        if not taken:
            # What it found waits for something else: a lead that failed for its hour, a month for an open one.
            left.remove(step)
    return False


@dataclass(frozen=True, slots=True)
class _Step:
    """A kind of work: whether any waits, and a transaction that takes some of it, and tells how much."""

    has_work: Callable[[Session, Instant], bool]
    take: Callable[[Instant], int]


def work_waits(now: Instant) -> bool:
    """Whether anything is to be folded or settled."""
    return _first_with_work(_STEPS, now) is not None


def _first_with_work(steps: Sequence[_Step], now: Instant) -> _Step | None:
    """Asked without the writers' lock: most of the time nothing is left, and whoever writes need not wait for that."""
    session = current_session()
    session.rollback()
    read_only(session)
    try:
        return next((step for step in steps if step.has_work(session, now)), None)
    finally:
        writable(session)


def fold_pending(now: Instant, limit: int | None = None) -> int:
    """Folds some leads (LEADS_AT_ONCE, or fewer) that were touched or are due, in one transaction; how many it took.

    Of a few leads the badges that follow are settled in the same transaction: one wait for the disk instead of two.
    """
    session = writing_session()
    writer_lock(session)
    taken = fold_and_settle(session, now, limit or LEADS_AT_ONCE)
    session.commit()
    return taken


def fold_and_settle(session: Session, now: Instant, limit: int) -> int:
    """The same within the caller's transaction, which has the writers' lock."""
    rules = current_rules(session)
    picked = [] if rules is None else session.execute(_DUE_NOW, {"now": now, "most": limit}).all()
    if rules is not None and picked:
        fresh = {row.lead_key for row in picked if not row.folded_seq}
        fold_leads(session, rules, touched_by(picked), now, fresh=fresh)
        if len(picked) <= _FEW:
            settle_some_reps(session, rules, now)
    return len(picked)


def _leads_wait(session: Session, now: Instant) -> bool:
    return session.execute(_DUE_NOW, {"now": now, "most": 1}).first() is not None


def touched_by(picked: Sequence[Any]) -> dict[str, int]:
    """The leads that were picked, with the `touched_seq` that was read."""
    return {row.lead_key: row.touched_seq for row in picked}


def pending_leads(
    now: Instant | BindParameter[Instant], *conditions: ColumnElement[bool]
) -> CompoundSelect[Any]:
    """The leads about which something was stored that was not folded, or for which an instant passed: key and counts.

    Two halves, for SQLite finds each by its index, and an OR of both by none.
    """
    lead = models.Lead
    leads = select(lead.lead_key, lead.touched_seq, lead.folded_seq).where(*conditions)
    touched = lead.touched_seq > lead.folded_seq
    due = and_(lead.due_at.is_not(None), lead.due_at < now)
    return union_all(leads.where(touched), leads.where(due, ~touched))


# Made once: each evaluation asks it three times.
_NOW = bindparam("now", type_=models.Lead.due_at.type)
_DUE_NOW = pending_leads(_NOW, or_(models.Lead.retry_at.is_(None), models.Lead.retry_at <= _NOW)).limit(
    bindparam("most", type_=Integer)
)


def pending_count(session: Session, now: Instant) -> int:
    """How many leads wait to be folded."""
    lead = models.Lead
    touched = session.scalar(select(func.count()).where(lead.touched_seq > lead.folded_seq)) or 0
    due = session.scalar(select(func.count()).where(lead.due_at.is_not(None), lead.due_at < now)) or 0
    return touched + due


def fold_leads(
    session: Session,
    rules: Rules,
    touched: Mapping[str, int],
    as_of: Instant,
    horizon: Horizon = NO_HORIZON,
    fresh: Collection[str] = (),
) -> None:
    """Folds leads by what was known at the horizon, stores what changed, books the difference, and notes how far.

    `touched` has the `touched_seq` that was read of each: one that was touched again meanwhile stays pending. One that
    cannot be folded stays as it is stored, and is tried again later. `fresh` are those that were never folded before:
    nothing of them can be stored, and for their reasons nothing can have been booked.
    """
    timelines = load_timelines(session, list(touched), as_of, horizon)
    folds, failed = fold_timelines(timelines, rules, as_of)
    _Store(session, rules, as_of, folds, timelines, fresh).write()
    columns = ("folded_seq", "due_at", "first_at", "attempts", "retry_at", "last_error")
    progress = [
        (key, touched[key], wakes_at(timelines[key], fold), timelines[key].first_at, 0, None, None)
        for key, fold in folds.items()
    ]
    update_rows(session, models.Lead, "lead_key", columns, progress)
    put_off(session, failed, as_of)


@dataclass(slots=True)
class _Change:
    """What changes of all leads of a transaction."""

    outcomes: Difference
    contributions: Difference
    bookings: dict[str, Booking]


class _Store:
    """Writes what folds come to: of fresh leads all, of the others the difference to what is stored."""

    def __init__(
        self,
        session: Session,
        rules: Rules,
        now: Instant,
        folds: Mapping[str, LeadFold],
        timelines: Mapping[str, Timeline],
        fresh: Collection[str],
    ) -> None:
        self._session = session
        self._rules = rules
        self._now = now
        self._calendar = rules.book.calendar
        self._closed = closed_months(session)
        self._fresh = {key: fold for key, fold in folds.items() if key in fresh}
        self._known = {key: fold for key, fold in folds.items() if key not in fresh}
        self._timelines = timelines
        self._directory = Directory(session)
        self._sums = SumChanges()
        self._ledger = LedgerWriter(session, self._calendar, now, self._sums)

    def write(self) -> None:
        """Stores, books, and keeps the sums."""
        learn_holders(self._directory, (*self._fresh.values(), *self._known.values()))
        flags = flags_of(self._session)
        new = NewRowsMaker(self._directory, self._calendar, self._closed, flags, self._now, self._sums)
        for key, fold in self._fresh.items():
            new.take(key, fold, self._timelines[key].seqs)
        change = self._difference()
        self._write_outcomes(change.outcomes)
        self._write_contributions(change.contributions)
        self._book(change)
        keep_running(self._session, self._known, self._directory)
        new.rows().write(self._session)

    def _difference(self) -> _Change:
        outcomes = load_stored(self._session, models.Outcome, OUTCOME_COLUMNS, self._known)
        contributions = load_stored(self._session, models.Contribution, CONTRIBUTION_COLUMNS, self._known)
        change = _Change(Difference([], [], []), Difference([], [], []), {})
        for key, fold in self._known.items():
            seqs = self._timelines[key].seqs
            rows = []
            for outcome in fold.outcomes:
                row, day, entry = outcome_row(outcome, key, seqs, self._directory, self._calendar)
                rows.append(row)
                if entry is not None:
                    each = (each_key(day[:7], row[0]), key)
                    change.bookings[row[0]] = booking_of(entry, self._directory, None, each)
            items = [
                contribution_row(item, key, seqs, self._directory, self._calendar)
                for item in fold.contributions
            ]
            _extend(change.outcomes, differences(outcomes.get(key, ()), rows, self._closed))
            _extend(change.contributions, differences(contributions.get(key, ()), items, self._closed))
        return change

    def _write_outcomes(self, change: Difference) -> None:
        write_flags(self._session, models.Outcome, change, self._closed)
        insert_new(self._session, models.Outcome, OUTCOME_COLUMNS, change.new, self._closed)
        fallen = [row[1:-2] for row in change.fallen if self._is_open(row.month)]
        count_outcomes(self._sums, fallen, -1, self._calendar)
        count_outcomes(self._sums, [row for row in change.new if self._is_open(row[5])], 1, self._calendar)
        self._mark_closed(change)

    def _write_contributions(self, change: Difference) -> None:
        write_flags(self._session, models.Contribution, change, self._closed)
        insert_new(self._session, models.Contribution, CONTRIBUTION_COLUMNS, change.new, self._closed)
        count_contributions(self._sums, [r[1:-2] for r in change.fallen if self._is_open(r.month)], -1)
        count_contributions(self._sums, [row for row in change.new if self._is_open(row[5])], 1)
        self._mark_closed(change)

    def _book(self, change: _Change) -> None:
        """Takes back the entries of what fell in open months, and books those of what is new in them."""
        fallen = [
            each_key(row.month, row.outcome_key) for row in change.outcomes.fallen if self._is_open(row.month)
        ]
        standing = standing_for(self._session, fallen)
        why = why_fallen(self._session, self._rules, standing.values(), self._timelines, self._now)
        self._ledger.take_back(standing.values(), why)
        self._ledger.flush()
        new = [row for row in change.outcomes.new if self._is_open(row[5])]
        self._ledger.book([change.bookings[row[0]] for row in new if row[0] in change.bookings])
        self._ledger.flush()

    def _is_open(self, month: str) -> bool:
        return month not in self._closed

    def _mark_closed(self, change: Difference) -> None:
        """What changed in a closed month is to be weighed against what was sealed, for an adjustment."""
        months = {row.month for row in (*change.fallen, *change.restored)} | {row[5] for row in change.new}
        for month in months & self._closed:
            self._sums.mark_month(month)


_STEPS = (
    _Step(_leads_wait, fold_pending),
    _Step(reps_wait, settle_live),
    _Step(months_wait, settle_months),
)


def _extend(total: Difference, part: Difference) -> None:
    total.fallen.extend(part.fallen)
    total.new.extend(part.new)
    total.restored.extend(part.restored)
