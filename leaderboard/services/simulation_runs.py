"""Simulations, and looks at fairness, that are asked for on screen: a row each, run by a job, forgotten in the end."""

import hashlib
from dataclasses import dataclass
from typing import Any

from leaderboard.domain.instants import Instant
from leaderboard.files.problems import FileProblems
from leaderboard.job_queue import enqueue_after_commit
from leaderboard.persistence.db import writing_session
from leaderboard.persistence.models import SimulationRun
from leaderboard.persistence.models.simulations import KINDS
from leaderboard.services import clock, fairness, fairness_document
from leaderboard.services.answers import NoRulebook
from leaderboard.services.claimed_runs import ClaimedRuns, Outcome
from leaderboard.services.directory import Directory
from leaderboard.services.replaying import Progress
from leaderboard.services.rulebook_apply import RulebookRefused
from leaderboard.services.simulation import check_question, simulate
from leaderboard.services.simulation_document import document_of
from leaderboard.services.simulation_names import without_names

JOB = "simulate"
SIMULATION, FAIRNESS = KINDS
MOST_CHARACTERS = 400_000
MOST_AT_ONCE = 3
"""Of one person, waiting or running."""
_LONGEST_NAME = 120


class TooMuchAsked(Exception):
    """`code` says of what there is too much: `too_large`, `too_many`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


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
    if _RUNS.unfinished(asked.actor) >= MOST_AT_ONCE:
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


def _simulated(request_id: int, progress: Progress) -> Outcome:
    """What to write at the end: a result, or an error that a person can do something about."""
    asked = writing_session().get_one(SimulationRun, request_id)
    kind, question = asked.kind, (asked.document, asked.name, asked.period)
    writing_session().rollback()
    try:
        found = _found(kind, *question, progress)
    except FileProblems as problems:
        return {"error": {"code": "problems", "told": list(problems.lines)}}
    except RulebookRefused as refused:
        return {"error": {"code": refused.code, "told": [str(refused)], "params": refused.params}}
    except (NoRulebook, ValueError) as error:
        return {"error": {"code": "refused", "told": [str(error)]}}
    return {"result": without_names(found, Directory(writing_session()))}


def _found(kind: str, document: str, name: str, period: str, progress: Progress) -> dict[str, Any]:
    if kind == FAIRNESS:
        return fairness_document.document_of(fairness.examine(document, name, period, progress))
    return document_of(simulate(document, name, period, progress))


_RUNS = ClaimedRuns(SimulationRun, _simulated)
run, run_waiting, forget_old = _RUNS.run, _RUNS.run_waiting, _RUNS.forget_old
