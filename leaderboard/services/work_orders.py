"""Work that is asked for on screen and takes a while: a seal proved, a period closed, a version restated.

A row each, done by a job. Whoever dies after the deed and before the word finds the deed done when it is run again.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from leaderboard.domain.instants import Instant
from leaderboard.job_queue import enqueue_after_commit
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import Draft, RulebookRevision, WorkOrder
from leaderboard.persistence.models.work_orders import KINDS
from leaderboard.services import restating
from leaderboard.services.claimed_runs import ClaimedRuns, Outcome
from leaderboard.services.closing import close_as_seen
from leaderboard.services.closing_order import ClosingRefused
from leaderboard.services.drafts import DraftRefused
from leaderboard.services.replaying import Progress
from leaderboard.services.restating import RestatingRefused, Seen
from leaderboard.services.seals import seal_of
from leaderboard.services.signing import Hindered
from leaderboard.services.verification import verify_period

JOB = "work_order"
VERIFY, CLOSE, PREVIEW, RESTATE = KINDS


def ask(kind: str, subject: str, actor: str, now: Instant, **given: Any) -> int:
    """Stores what is to be done and rings for its job; its key. The same, asked again while it waits, is one."""
    session = writing_session()
    text, row = json.dumps(given, ensure_ascii=False, sort_keys=True), WorkOrder
    same = (row.kind == kind, row.subject == subject, row.asked_by == actor, row.given == text)
    unfinished = row.state.in_(("waiting", "running"))
    known = session.scalar(select(row.id).where(*same, unfinished).limit(1))
    if known is not None:
        session.rollback()
        return known
    order = WorkOrder(
        asked_at=now, asked_by=actor, kind=kind, subject=subject, given=text, state="waiting", progress=0, runs=0
    )  # fmt: skip
    session.add(order)
    session.flush()
    enqueue_after_commit(session, JOB, order.id)
    session.commit()
    return order.id


def refused_of(error: Mapping[str, Any]) -> ClosingRefused:
    """Why a period was not closed, out of what was noted of it."""
    return ClosingRefused(" ".join(error["told"]), error["code"], **error.get("params", {}))


def _verify(order: WorkOrder, given: Mapping[str, Any], progress: Progress) -> Outcome:
    """How many rows differ: which they are, `flask periods verify` tells, and nobody's name is kept here."""
    return {"result": {"differences": len(verify_period(order.subject, progress))}}


def _close(order: WorkOrder, given: Mapping[str, Any], progress: Progress) -> Outcome:
    try:
        closed = close_as_seen(order.subject, given["seen"], order.asked_by)
    except ClosingRefused as refused:
        if refused.code == "closed" and (mine := _closed_by(order)) is not None:
            return {"result": {"sha256": mine}}
        return {"error": {"code": refused.code, "told": [str(refused)], "params": refused.params}}
    return {"result": {"sha256": closed[0].sha256}}


def _closed_by(order: WorkOrder) -> str | None:
    """The seal, where a run of this order that died afterwards has put it there."""
    seal = seal_of(writing_session(), order.subject)
    mine = seal is not None and seal.sealed_by == order.asked_by and seal.sealed_at >= order.asked_at
    return seal.sha256 if seal is not None and mine else None


def _preview(order: WorkOrder, given: Mapping[str, Any], progress: Progress) -> Outcome:
    try:
        return {"result": restating.preview(int(order.subject), progress)}
    except (Hindered, DraftRefused) as refused:
        return _refused(refused)


def _restate(order: WorkOrder, given: Mapping[str, Any], progress: Progress) -> Outcome:
    seen = Seen(given["sha256"], given["as_of"], given["digest"])
    try:
        revision = restating.restate(int(order.subject), seen, given["reason"], order.asked_by, progress)
    except (Hindered, DraftRefused, RestatingRefused) as refused:
        mine = _restated_by(order)
        return _refused(refused) if mine is None else {"result": {"revision": mine}}
    return {"result": {"revision": revision}}


def _refused(refused: Hindered | DraftRefused | RestatingRefused) -> Outcome:
    if isinstance(refused, Hindered):
        return {"error": {"code": "hindered", "told": [str(one) for one in refused.hindrances]}}
    return {"error": {"code": refused.code, "told": []}}


def _restated_by(order: WorkOrder) -> int | None:
    """The revision, where a run of this order that died afterwards has stored it."""
    row = RulebookRevision
    mine = (row.applied_by == order.asked_by, row.applied_at >= order.asked_at)
    stored = select(row.id).join(Draft, Draft.scheduled_as == row.id)
    return writing_session().scalar(stored.where(Draft.id == int(order.subject), *mine))


_WORK: Mapping[str, Callable[[WorkOrder, Mapping[str, Any], Progress], Outcome]] = {
    VERIFY: _verify,
    CLOSE: _close,
    PREVIEW: _preview,
    RESTATE: _restate,
}


def _done(order_id: int, progress: Progress) -> Outcome:
    session = writing_session()
    order = session.get_one(WorkOrder, order_id)
    session.expunge(order)
    session.rollback()
    return _WORK[order.kind](order, json.loads(order.given), progress)


_RUNS = ClaimedRuns(WorkOrder, _done)
run, run_waiting, forget_old = _RUNS.run, _RUNS.run_waiting, _RUNS.forget_old
