"""Rows that somebody asked for on screen and a job works on: claimed, told of, ended, or left to the sweep.

Whoever works on one reads for some seconds and writes only its row, in short transactions. Whoever dies in it leaves
the row to the sweep of each minute; whoever comes second finds it taken, or done.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import structlog
from sqlalchemy import CursorResult, delete, func, or_, select, update

from leaderboard.domain.instants import DAY, SECOND, Instant
from leaderboard.persistence.db import writes_beside_reads, writing_session
from leaderboard.persistence.models import SimulationRun, WorkOrder
from leaderboard.services import clock
from leaderboard.services.replaying import Progress

log = structlog.get_logger(__name__)

Outcome: TypeAlias = dict[str, Any]
"""`{"result": …}`, or `{"error": {"code": …}}` for what a person can do something about."""

_KEPT_DAYS = 90
_TAKEN_FOR_DEAD = 90 * SECOND
_TOO_OLD = DAY
_MOST_RUNS = 3
BETWEEN_SECONDS = 1.0
_READ = 900
"""Per mille of the progress that reading is; the rest is settling and comparing."""


class TakenOver(Exception):
    """Somebody else works on it by now."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is ours, and the how-manieth run this is."""

    id: int
    run: int


class ClaimedRuns:
    """The rows of one table; `work` does one of them."""

    def __init__(self, row: type[SimulationRun] | type[WorkOrder], work: Callable[[int, Progress], Outcome]):
        self._row: Any = row
        self._work = work

    def unfinished(self, actor: str) -> int:
        """How many of somebody's wait or run."""
        theirs = (self._row.asked_by == actor, self._row.state.in_(("waiting", "running")))
        return writing_session().scalar(select(func.count()).where(*theirs)) or 0

    def run(self, request_id: int) -> bool:
        """Works on one that waits, or whose run has died; whether there was one. Twice changes nothing."""
        claim = self._claim(request_id, clock.now())
        if claim is None:
            return False
        try:
            outcome = self._work(claim.id, Telling(self, claim))
        except TakenOver:
            return False
        except Exception:
            self._end(claim, {"error": {"code": "unexpected", "told": []}})
            raise
        self._end(claim, outcome)
        return True

    def run_waiting(self) -> int:
        """All that nobody works on, oldest first; what is too old or has died too often is given up. How many ran."""
        self._give_up(clock.now())
        return sum(self.run(request_id) for request_id in self._waiting(clock.now()))

    def forget_old(self, now: Instant) -> int:
        """Removes what was asked longer ago than is kept; how many."""
        session = writing_session()
        found = session.execute(delete(self._row).where(self._row.asked_at < now - _KEPT_DAYS * DAY))
        session.commit()
        return _count(found)

    def write(self, claim: Claim, **values: Any) -> None:
        """In a transaction of its own. Raises TakenOver where the run is no longer this one's."""
        session, row = writing_session(), self._row
        mine = (row.id == claim.id, row.state == "running", row.runs == claim.run)
        written = session.execute(
            update(row).where(*mine).values(**values).execution_options(synchronize_session=False)
        )
        session.commit()
        if not _count(written):
            raise TakenOver

    def _free(self, now: Instant) -> Any:
        """Waiting, or left behind by somebody who died."""
        dead = (self._row.state == "running") & (self._row.seen_at < now - _TAKEN_FOR_DEAD)
        return or_(self._row.state == "waiting", dead)

    def _claim(self, request_id: int, now: Instant) -> Claim | None:
        session, row = writing_session(), self._row
        taken = session.execute(
            update(row)
            .where(row.id == request_id, self._free(now))
            .values(state="running", progress=0, runs=row.runs + 1, seen_at=now)
            .returning(row.id, row.runs)
            .execution_options(synchronize_session=False)
        ).first()
        session.commit()
        return None if taken is None else Claim(*taken)

    def _end(self, claim: Claim, outcome: Outcome) -> None:
        now = clock.now()
        state = "failed" if "error" in outcome else "done"
        told = {name: json.dumps(value, ensure_ascii=False) for name, value in outcome.items()}
        try:
            self.write(claim, state=state, progress=1000, ended_at=now, seen_at=now, **told)
        except TakenOver:
            log.info("a run was taken over", table=self._row.__tablename__, id=claim.id)

    def _give_up(self, now: Instant) -> None:
        session, row = writing_session(), self._row
        hopeless = or_(row.runs >= _MOST_RUNS, row.asked_at < now - _TOO_OLD)
        told = json.dumps({"code": "given_up", "told": []})
        session.execute(
            update(row)
            .where(self._free(now), hopeless)
            .values(state="failed", error=told, ended_at=now)
            .execution_options(synchronize_session=False)
        )
        session.commit()

    def _waiting(self, now: Instant) -> list[int]:
        session, row = writing_session(), self._row
        found = session.scalars(select(row.id).where(self._free(now)).order_by(row.id)).all()
        session.rollback()
        return list(found)


class Telling:
    """Writes down how far a run is, once a second at most."""

    def __init__(self, runs: ClaimedRuns, claim: Claim) -> None:
        self._runs = runs
        self._claim = claim
        self._told_at = time.monotonic()
        self._is_silent = not writes_beside_reads()

    def __call__(self, done: int, of: int) -> None:
        if self._is_silent or time.monotonic() - self._told_at < BETWEEN_SECONDS:
            return
        self._runs.write(self._claim, progress=_READ * done // max(of, 1), seen_at=clock.now())
        self._told_at = time.monotonic()


def _count(result: Any) -> int:
    return result.rowcount if isinstance(result, CursorResult) else 0
