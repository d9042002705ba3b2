"""What a version in trial gives so far (docs/trial.md): counted by a job, kept beside the real points.

Counting reads for seconds and writes the trial's own rows only, in one short transaction at its end. Whoever dies in
it leaves the trial to the timetable; whoever comes second finds it taken, or counted.
"""

import datetime as dt
import json
import time
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import CursorResult, Row, delete, func, or_, select, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import MINUTE, SECOND, Instant, midnight
from leaderboard.domain.periods import Month
from leaderboard.domain.trials import compared_periods
from leaderboard.files.problems import FileProblems
from leaderboard.files.rulebook import read_rulebook
from leaderboard.persistence.db import db, reading_engine, writes_beside_reads, writing_session
from leaderboard.persistence.models import DraftChange, Trial, TrialResult
from leaderboard.services import clock
from leaderboard.services.answers import NoRulebook
from leaderboard.services.directory import Directory
from leaderboard.services.replaying import Progress
from leaderboard.services.rulebook_apply import RulebookRefused
from leaderboard.services.rules import Rules, current_rules
from leaderboard.services.seals import seal_of
from leaderboard.services.simulation import (
    Ground,
    Simulated,
    compared,
    in_force_from,
    refuse_another_calendar,
)
from leaderboard.services.simulation_document import Document, document_of
from leaderboard.services.simulation_names import without_names
from leaderboard.services.trials import end_over

log = structlog.get_logger(__name__)

_LEAST_BETWEEN = 9 * MINUTE
_SHARE = 20
"""Counting takes at most one part in so many of the time: what takes long is counted less often."""
_TAKEN_FOR_DEAD = 90 * SECOND
_BETWEEN_SIGNS = 10.0


class _TakenOver(Exception):
    """Somebody else counts it by now."""


@dataclass(frozen=True, slots=True)
class _Claim:
    id: int
    claim: int
    document: str
    counts_from: dt.date
    until: Instant


def count_due() -> int:
    """Notes what is over, and counts all that are due, the one that waited longest first; how many were.

    One that cannot be counted keeps none of the others from it: its failure is raised when they are done.
    """
    now = clock.now()
    end_over(now)
    counted, failure = 0, None
    for trial_id in _due(now):
        try:
            counted += _count(trial_id)
        except Exception as error:  # raised below
            log.exception("a trial could not be counted", trial=trial_id)
            failure = failure or error
    if failure is not None:
        raise failure
    return counted


def counted(
    session: Session, rules: Rules, document: str, counts_from: dt.date, as_of: Instant, progress: Progress
) -> dict[str, Document]:
    """What the trial gives by an instant, by the name of the period; people by the keys of their rows.

    A pure function of the rules, the roster, the events and decisions, the document, the day, and the instant.
    """
    given = read_rulebook(document, "rulebook.yaml")
    refuse_another_calendar(given, rules.book)
    draft = in_force_from(given, counts_from)
    periods = compared_periods(rules.book.calendar, Month.of_date(counts_from), as_of)
    found = compared(session, Ground(rules, as_of), draft, periods, progress)
    directory = Directory(session)
    return {
        one.period.name: without_names(
            document_of(
                Simulated(one, draft, given.effective_from, (), seal_of(session, one.period.name) is not None)
            ),
            directory,
        )
        for one in found
    }


def _due(now: Instant) -> list[int]:
    """Those whose turn it is, and that nobody counts; the one tried longest ago first."""
    session, row = writing_session(), Trial
    end_at = func.coalesce(row.ended_at, row.ends_at)
    when = (row.counts_from, row.asked_at, row.tried_at, row.claimed_at, row.took_ms, end_at.label("end_at"))
    is_open = or_(row.as_of.is_(None), row.as_of < end_at)
    rows = session.execute(
        select(row.id, *when).where(is_open, _free(now)).order_by(func.coalesce(row.tried_at, 0), row.id)
    ).all()
    rules = current_rules(session) if rows else None
    session.rollback()
    return [] if rules is None else [row.id for row in rows if _is_due(row, rules.book.calendar.zone, now)]


def _is_due(row: Row[*tuple[Any, ...]], zone: ZoneInfo, now: Instant) -> bool:
    if midnight(dt.date.fromisoformat(row.counts_from), zone) >= min(now, row.end_at):
        return False
    if row.tried_at is None or row.claimed_at is not None:
        return True  # never, or somebody died in it
    if (row.asked_at or 0) > row.tried_at or row.tried_at < row.end_at <= now:
        return True
    took = (row.took_ms or 0) * SECOND // 1000
    return bool(now - row.tried_at >= max(_LEAST_BETWEEN, _SHARE * took))


def _count(trial_id: int) -> bool:
    claimed = _claim(trial_id, clock.now())
    if claimed is None:
        return False
    begun = time.monotonic()
    try:
        results = _results(claimed)
        _write(claimed, results, fault=None, as_of=claimed.until, **_ended(begun))
    except _TakenOver:
        return False
    except (FileProblems, RulebookRefused, NoRulebook) as refused:
        log.warning("a trial cannot be counted", trial=trial_id, why=str(refused))
        _give_back(claimed, fault="refused", **_ended(begun))
        return False
    except Exception:
        _give_back(claimed, fault="unexpected", **_ended(begun))
        raise
    return True


def _ended(begun: float) -> dict[str, int | None]:
    """What is written of a try, whatever came of it: that it is over, and how long it took."""
    return {"claimed_at": None, "took_ms": int((time.monotonic() - begun) * 1000)}


def _free(now: Instant) -> Any:
    """Nobody counts it, or somebody died in it."""
    return or_(Trial.claimed_at.is_(None), Trial.claimed_at < now - _TAKEN_FOR_DEAD)


def _claim(trial_id: int, now: Instant) -> _Claim | None:
    session, row, change = writing_session(), Trial, DraftChange
    taken = session.execute(
        update(row)
        .where(row.id == trial_id, _free(now))
        .values(claims=row.claims + 1, claimed_at=now, tried_at=now)
        .returning(row.claims, row.draft_id, row.revision, row.counts_from, row.ended_at, row.ends_at)
        .execution_options(synchronize_session=False)
    ).first()
    if taken is None:
        session.rollback()
        return None
    pinned = change.draft_id == taken.draft_id, change.revision == taken.revision
    document = session.scalars(select(change.document).where(*pinned)).one()
    session.commit()
    until = min(now, taken.ends_at if taken.ended_at is None else taken.ended_at)
    return _Claim(trial_id, taken.claims, document, dt.date.fromisoformat(taken.counts_from), until)


def _results(claimed: _Claim) -> dict[str, Document]:
    with Session(reading_engine(db.engine)) as session:
        rules = current_rules(session)
        if rules is None:
            raise NoRulebook
        signs = _Signs(claimed)
        return counted(session, rules, claimed.document, claimed.counts_from, claimed.until, signs)


class _Signs:
    """Shows now and then that the one who counts lives."""

    def __init__(self, claimed: _Claim) -> None:
        self._claimed = claimed
        self._told_at = time.monotonic()
        self._is_silent = not writes_beside_reads()

    def __call__(self, _done: int, _of: int) -> None:
        if self._is_silent or time.monotonic() - self._told_at < _BETWEEN_SIGNS:
            return
        _write(self._claimed, claimed_at=clock.now())
        self._told_at = time.monotonic()


def _give_back(claimed: _Claim, **values: Any) -> None:
    try:
        _write(claimed, **values)
    except _TakenOver:
        log.info("a trial was taken over", trial=claimed.id)


def _write(claimed: _Claim, results: dict[str, Document] | None = None, **values: Any) -> None:
    """In a transaction of its own. Raises _TakenOver where another one counts by now."""
    session, row = writing_session(), Trial
    session.rollback()
    mine = (row.id == claimed.id, row.claims == claimed.claim)
    written = session.execute(
        update(row).where(*mine).values(**values).execution_options(synchronize_session=False)
    )
    if not (isinstance(written, CursorResult) and written.rowcount):
        session.rollback()
        raise _TakenOver
    if results is not None:
        session.execute(delete(TrialResult).where(TrialResult.trial_id == claimed.id))
        session.add_all(
            TrialResult(trial_id=claimed.id, period=name, result=json.dumps(found, ensure_ascii=False))
            for name, found in results.items()
        )
    session.commit()
