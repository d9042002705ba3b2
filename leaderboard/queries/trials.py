"""Versions in trial as their pages show them, each with the draft that it is a saving of."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.models import Draft, Trial, TrialResult
from leaderboard.queries.actors import names_of

_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class TrialFacts:
    """A trial. `revision` is the saving that it runs, `newest_revision` the draft's last one."""

    id: int
    draft_id: int
    name: str
    revision: int
    newest_revision: int
    is_withdrawn: bool
    is_scheduled: bool
    counts_from: dt.date
    started_at: Instant
    started_by: str
    end_at: Instant
    """When it is over, or was."""
    ended_by: str | None
    ending: str | None
    """`over`, `stopped`, `restarted`; None as long as nobody noted that it is over."""
    reason: str | None
    asked_at: Instant | None
    as_of: Instant | None
    took_ms: int | None
    fault: str | None

    def is_over(self, now: Instant) -> bool:
        """By the clock: nobody need have noted it."""
        return self.end_at <= now

    def is_final(self) -> bool:
        """Whether its last result is counted."""
        return self.as_of is not None and self.as_of >= self.end_at

    @property
    def is_asked(self) -> bool:
        """Whether somebody wants it counted, and it was not since."""
        return self.asked_at is not None and (self.as_of is None or self.as_of < self.asked_at)

    @property
    def is_outdated(self) -> bool:
        """Whether the draft was saved since."""
        return self.revision != self.newest_revision


def trials(session: Session) -> tuple[TrialFacts, ...]:
    """All of them, the newest first. Two statements."""
    return _facts(session, _trials())


def trials_of(session: Session, draft_id: int) -> tuple[TrialFacts, ...]:
    """Those of a draft, the newest first."""
    return _facts(session, _trials().where(Trial.draft_id == draft_id))


def trial(session: Session, trial_id: int) -> TrialFacts | None:
    """One of them; None for none such."""
    if trial_id > _LARGEST_KEY:
        return None
    found = _facts(session, _trials().where(Trial.id == trial_id))
    return found[0] if found else None


def newest_by_draft(listed: tuple[TrialFacts, ...]) -> Mapping[int, TrialFacts]:
    """Of each draft the last one that was started."""
    return {one.draft_id: one for one in reversed(listed)}


def counted_periods(session: Session, trial_id: int) -> tuple[str, ...]:
    """The names of those that are counted: months, then quarters, each newest first."""
    found = session.scalars(select(TrialResult.period).where(TrialResult.trial_id == trial_id)).all()
    return tuple(sorted(found, key=lambda name: ("Q" not in name, name), reverse=True))


def trial_result(session: Session, trial_id: int, period: str) -> dict[str, Any] | None:
    """One period, with people as keys; None where it is not counted."""
    of_that = TrialResult.trial_id == trial_id, TrialResult.period == period
    kept = session.scalar(select(TrialResult.result).where(*of_that))
    return None if kept is None else json.loads(kept)


def _trials() -> Select[*tuple[Any, ...]]:
    draft = Draft
    return (
        select(Trial, draft.name, draft.revision, draft.withdrawn_at, draft.scheduled_as)
        .join(draft, draft.id == Trial.draft_id)
        .order_by(Trial.id.desc())
        .execution_options(populate_existing=True)
    )


def _facts(session: Session, statement: Select[*tuple[Any, ...]]) -> tuple[TrialFacts, ...]:
    rows = session.execute(statement).all()
    acted = (actor for row in rows for actor in (row.Trial.started_by, row.Trial.ended_by) if actor)
    names = names_of(session, acted)
    return tuple(_fact(row, names) for row in rows)


def _fact(row: Any, names: Mapping[str, str]) -> TrialFacts:
    kept: Trial = row.Trial
    return TrialFacts(
        kept.id,
        kept.draft_id,
        row.name,
        kept.revision,
        row.revision,
        row.withdrawn_at is not None,
        row.scheduled_as is not None,
        dt.date.fromisoformat(kept.counts_from),
        kept.started_at,
        names[kept.started_by],
        kept.ends_at if kept.ended_at is None else kept.ended_at,
        None if kept.ended_by is None else names[kept.ended_by],
        kept.ending,
        kept.reason,
        kept.asked_at,
        kept.as_of,
        kept.took_ms,
        kept.fault,
    )
