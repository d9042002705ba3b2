"""Simulations and looks at fairness as their pages show them, and what there is to try. A statement each."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.models import Draft, RulebookRevision, SimulationRun
from leaderboard.persistence.models.simulations import KINDS
from leaderboard.persistence.revisions import not_taken_back

SIMULATION, FAIRNESS = KINDS
_MOST_LISTED = 25
_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Run:
    """One that was asked for. `error` is the code and what was told; both only where it failed."""

    id: int
    asked_at: Instant
    asked_by: str
    period: str
    name: str
    draft_id: int | None
    state: str
    progress: int
    error_code: str | None
    told: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed")


@dataclass(frozen=True, slots=True)
class DraftChoice:
    """A draft that can be tried."""

    id: int
    name: str
    problems: int


def newest(session: Session, kind: str = SIMULATION) -> tuple[Run, ...]:
    """The latest of a kind that were asked for, newest first."""
    return tuple(_run(row) for row in session.execute(_runs(kind).limit(_MOST_LISTED)))


def find(session: Session, run_id: int, kind: str = SIMULATION) -> Run | None:
    """The one of a key and a kind; None for none such."""
    if run_id > _LARGEST_KEY:
        return None
    row = session.execute(_runs(kind).where(SimulationRun.id == run_id)).first()
    return None if row is None else _run(row)


def result(session: Session, run_id: int) -> dict[str, Any] | None:
    """What came out, with people as keys; None as long as there is nothing."""
    kept = session.scalar(select(SimulationRun.result).where(SimulationRun.id == run_id))
    return None if kept is None else json.loads(kept)


def drafts(session: Session) -> tuple[DraftChoice, ...]:
    """Those that are being worked on, the last touched first."""
    wanted = (Draft.withdrawn_at.is_(None), Draft.scheduled_as.is_(None))
    rows = session.execute(
        select(Draft.id, Draft.name, Draft.problems).where(*wanted).order_by(Draft.updated_at.desc())
    )
    return tuple(DraftChoice(*row) for row in rows)


def draft_text(session: Session, draft_id: int) -> str | None:
    """A draft's YAML as it stands; None for none such."""
    if draft_id > _LARGEST_KEY:
        return None
    return session.scalar(select(Draft.document).where(Draft.id == draft_id, Draft.withdrawn_at.is_(None)))


def version_text(session: Session, effective_from: dt.date) -> str | None:
    """The YAML of the version that is in force from a day, as it was applied last; None for none such."""
    row = RulebookRevision
    wanted = (row.effective_from == effective_from.isoformat(), not_taken_back())
    return session.scalar(select(row.document).where(*wanted).order_by(row.id.desc()).limit(1))


def _runs(kind: str) -> Select[*tuple[Any, ...]]:
    row = SimulationRun
    columns = (row.id, row.asked_at, row.asked_by, row.period, row.name, row.draft_id, row.state)
    return select(*columns, row.progress, row.error).where(row.kind == kind).order_by(row.id.desc())


def _run(row: Any) -> Run:
    error = {} if row.error is None else json.loads(row.error)
    return Run(
        row.id, row.asked_at, row.asked_by, row.period, row.name, row.draft_id, row.state, row.progress,
        error.get("code"), tuple(error.get("told", ())),
    )  # fmt: skip
