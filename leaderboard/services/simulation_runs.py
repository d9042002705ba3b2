"""Simulations, and looks at fairness, that are asked for on screen: a row each, run by a job, forgotten in the end.

A run reads for some seconds and writes only its own row, in short transactions. Whoever dies in it leaves the row to
the sweep of each minute; whoever comes second finds it taken, or done.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import CursorResult, delete, func, or_, select, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY, SECOND, Instant
from leaderboard.files.problems import FileProblems
from leaderboard.job_queue import enqueue_after_commit
from leaderboard.persistence.db import writes_beside_reads, writing_session
from leaderboard.persistence.models import SimulationRun
from leaderboard.persistence.models.simulations import KINDS
from leaderboard.services import clock, fairness, fairness_document
from leaderboard.services.answers import NoRulebook
from leaderboard.services.directory import Directory
from leaderboard.services.rulebook_apply import RulebookRefused
from leaderboard.services.simulation import Progress, check_question, simulate
from leaderboard.services.simulation_document import document_of
from leaderboard.services.simulation_names import without_names

log = structlog.get_logger(__name__)

JOB = "simulate"
SIMULATION, FAIRNESS = KINDS
MOST_CHARACTERS = 400_000
MOST_AT_ONCE = 3
"""Of one person, waiting or running."""
_LONGEST_NAME = 120
_KEPT_DAYS = 90
_TAKEN_FOR_DEAD = 90 * SECOND
_TOO_OLD = DAY
_MOST_RUNS = 3
_BETWEEN_SECONDS = 1.0
_READ = 900
"""Per mille of the progress that reading the events is; the rest is settling and comparing."""


class TooMuchAsked(Exception):
    """`code` says of what there is too much: `too_large`, `too_many`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _TakenOver(Exception):
    """Somebody else runs it by now."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to try, on what, and for whom. `draft_id` where it is a draft's text as it stands.

    The period of `fairness` is a span of months, as `fairness.span_name` writes it.
    """

    document: str
    name: str
    period: str
    actor: str
    draft_id: int | None = None
    kind: str = SIMULATION


def ask_for_simulation(asked: Asked, now: Instant | None = None) -> int:
    """Stores the question and rings for its job; its key.

    Raises as `simulate` does (or `fairness.examine`), so that what cannot be tried is told at once; and TooMuchAsked.
    """
    if len(asked.document) > MOST_CHARACTERS:
        raise TooMuchAsked("too_large")
    now = clock.now() if now is None else now
    check = fairness.check_question if asked.kind == FAIRNESS else check_question
    check(asked.document, asked.name, asked.period, now)
    session = writing_session()
    unfinished = (SimulationRun.asked_by == asked.actor, SimulationRun.state.in_(("waiting", "running")))
    if (session.scalar(select(func.count()).where(*unfinished)) or 0) >= MOST_AT_ONCE:
        session.rollback()
        raise TooMuchAsked("too_many")
    row = SimulationRun(
        kind=asked.kind,
        asked_at=now,
        asked_by=asked.actor,
        period=asked.period,
        name=asked.name[:_LONGEST_NAME],
        draft_id=asked.draft_id,
        document=asked.document,
        sha256=hashlib.sha256(asked.document.encode()).hexdigest(),
        state="waiting",
        progress=0,
        runs=0,
    )
    session.add(row)
    session.flush()
    enqueue_after_commit(session, JOB, row.id)
    session.commit()
    return row.id


def run(request_id: int) -> bool:
    """Runs one that waits, or whose run has died; whether there was one. Twice changes nothing."""
    claimed = _claim(request_id, clock.now())
    if claimed is None:
        return False
    try:
        outcome = _simulated(claimed)
    except _TakenOver:
        return False
    except Exception:
        _end(claimed, error={"code": "unexpected", "told": []})
        raise
    _end(claimed, **outcome)
    return True


def run_waiting() -> int:
    """Runs all that nobody runs, oldest first, and gives up what is too old or has died too often; how many ran."""
    _give_up(clock.now())
    done = 0
    for request_id in _waiting(clock.now()):
        done += run(request_id)
    return done


def forget_old(now: Instant) -> int:
    """Removes what was asked longer ago than is kept; how many."""
    session = writing_session()
    found = session.execute(delete(SimulationRun).where(SimulationRun.asked_at < now - _KEPT_DAYS * DAY))
    session.commit()
    return _count(found)


@dataclass(frozen=True, slots=True)
class _Claim:
    id: int
    run: int
    document: str
    name: str
    period: str
    kind: str


def _free(now: Instant) -> Any:
    """Waiting, or left behind by somebody who died."""
    dead = (SimulationRun.state == "running") & (SimulationRun.seen_at < now - _TAKEN_FOR_DEAD)
    return or_(SimulationRun.state == "waiting", dead)


def _claim(request_id: int, now: Instant) -> _Claim | None:
    session, row = writing_session(), SimulationRun
    taken = session.execute(
        update(row)
        .where(row.id == request_id, _free(now))
        .values(state="running", progress=0, runs=row.runs + 1, seen_at=now)
        .returning(row.id, row.runs, row.document, row.name, row.period, row.kind)
        .execution_options(synchronize_session=False)
    ).first()
    session.commit()
    return None if taken is None else _Claim(*taken)


def _simulated(claimed: _Claim) -> dict[str, Any]:
    """What to write at the end: a result, or an error that a person can do something about."""
    try:
        return {"result": _found(claimed, _Telling(claimed))}
    except FileProblems as problems:
        return {"error": {"code": "problems", "told": list(problems.lines)}}
    except RulebookRefused as refused:
        return {"error": {"code": refused.code, "told": [str(refused)], "params": refused.params}}
    except (NoRulebook, ValueError) as error:
        return {"error": {"code": "refused", "told": [str(error)]}}


def _found(claimed: _Claim, progress: Progress) -> dict[str, Any]:
    asked = (claimed.document, claimed.name, claimed.period, progress)
    if claimed.kind == FAIRNESS:
        return fairness_document.document_of(fairness.examine(*asked))
    return document_of(simulate(*asked))


class _Telling:
    """Writes down how far a run is, once a second at most."""

    def __init__(self, claimed: _Claim) -> None:
        self._claimed = claimed
        self._told_at = time.monotonic()
        self._is_silent = not writes_beside_reads()

    def __call__(self, done: int, of: int) -> None:
        if self._is_silent or time.monotonic() - self._told_at < _BETWEEN_SECONDS:
            return
        _write(self._claimed, progress=_READ * done // max(of, 1), seen_at=clock.now())
        self._told_at = time.monotonic()


def _end(claimed: _Claim, result: dict[str, Any] | None = None, error: dict[str, Any] | None = None) -> None:
    now = clock.now()
    values = {"progress": 1000, "ended_at": now, "seen_at": now}
    try:
        if result is not None:
            kept = without_names(result, Directory(writing_session()))
            _write(claimed, state="done", result=json.dumps(kept, ensure_ascii=False), **values)
        else:
            _write(claimed, state="failed", error=json.dumps(error, ensure_ascii=False), **values)
    except _TakenOver:
        log.info("a simulation was taken over", id=claimed.id)


def _write(claimed: _Claim, **values: Any) -> None:
    """In a transaction of its own. Raises _TakenOver where the run is no longer this one's."""
    session, row = writing_session(), SimulationRun
    mine = (row.id == claimed.id, row.state == "running", row.runs == claimed.run)
    written = session.execute(
        update(row).where(*mine).values(**values).execution_options(synchronize_session=False)
    )
    session.commit()
    if not _count(written):
        raise _TakenOver


def _give_up(now: Instant) -> None:
    session, row = writing_session(), SimulationRun
    hopeless = or_(row.runs >= _MOST_RUNS, row.asked_at < now - _TOO_OLD)
    told = json.dumps({"code": "given_up", "told": []})
    session.execute(
        update(row)
        .where(_free(now), hopeless)
        .values(state="failed", error=told, ended_at=now)
        .execution_options(synchronize_session=False)
    )
    session.commit()


def _waiting(now: Instant) -> list[int]:
    session: Session = writing_session()
    found = session.scalars(select(SimulationRun.id).where(_free(now)).order_by(SimulationRun.id)).all()
    session.rollback()
    return list(found)


def _count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
