"""Leads' timelines folded, and how far: what cannot be folded is put off, and keeps none of the others from it."""

from collections.abc import Mapping
from typing import NamedTuple

import structlog
from sqlalchemy import update
from sqlalchemy.orm import Session

from leaderboard.domain.fold import fold_lead
from leaderboard.domain.instants import HOUR, Instant
from leaderboard.domain.outcomes import LeadFold
from leaderboard.persistence import models
from leaderboard.services.rules import Rules
from leaderboard.services.timelines import Timeline

_RETRY_AFTER = HOUR
log = structlog.get_logger(__name__)


class Folded(NamedTuple):
    """Folds by lead, and why some leads could not be folded."""

    folds: dict[str, LeadFold]
    failed: dict[str, str]


def fold_timelines(timelines: Mapping[str, Timeline], rules: Rules, as_of: Instant) -> Folded:
    """Folds each timeline by itself."""
    folded = Folded({}, {})
    for key, timeline in timelines.items():
        try:
            folded.folds[key] = fold_lead(timeline.events, rules.book, rules.placement, as_of)
        except Exception as error:  # a lead that cannot be folded must not keep the others from it
            log.exception("lead could not be folded", lead=key)
            folded.failed[key] = repr(error)[:500]
    return folded


def wakes_at(timeline: Timeline, fold: LeadFold) -> Instant | None:
    """The instant after which the lead changes by itself: a clock that runs out, an event that then exists."""
    due_at, next_at = fold.due_at, timeline.wakes_at
    if next_at is None:
        return due_at
    return next_at - 1 if due_at is None else min(due_at, next_at - 1)


def put_off(session: Session, failed: Mapping[str, str], as_of: Instant) -> None:
    """Notes why leads could not be folded, and when that is tried again."""
    lead = models.Lead
    for key, error in sorted(failed.items()):
        values = {"attempts": lead.attempts + 1, "retry_at": as_of + _RETRY_AFTER, "last_error": error}
        session.execute(update(lead).where(lead.lead_key == key).values(values))
