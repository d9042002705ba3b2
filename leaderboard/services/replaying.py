"""Answers about the past, and about drafts, from the events and decisions: nothing is stored."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant
from leaderboard.domain.replay import SealedPast, World, replay
from leaderboard.persistence.models import Lead
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.rules import Rules
from leaderboard.services.sealed_past import sealed_past
from leaderboard.services.timelines import NO_HORIZON, Horizon, stream_timelines

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many leads were read, of how many."""


def untold(_done: int, _of: int) -> None:
    """For who need not be told."""


def world_as_of(session: Session, rules: Rules, as_of: Instant) -> World:
    """The world as it stood at an instant: only events up to it, and what was closed by then as it was sealed."""
    past = sealed_past(session, rules.book, as_of)
    return _replayed(session, rules, as_of, NO_HORIZON, past)


def world_as_known(
    session: Session,
    rules: Rules,
    as_of: Instant,
    horizon: Horizon,
    past: SealedPast,
    progress: Progress = untold,
) -> World:
    """The world as it followed from the events that were known at a horizon."""
    return _replayed(session, rules, as_of, horizon, past, progress)


def _replayed(
    session: Session,
    rules: Rules,
    as_of: Instant,
    horizon: Horizon,
    past: SealedPast,
    progress: Progress = untold,
) -> World:
    decisions = load_decisions(session, Directory(session), as_of)
    leads = _told(session, _leads(session, as_of, horizon), progress)
    return replay(rules.book, rules.roster, leads, as_of, past, decisions=decisions)


def _told(
    session: Session, leads: Iterator[Sequence[Event]], progress: Progress
) -> Iterator[Sequence[Event]]:
    """The same, with a word on how many there were."""
    if progress is untold:
        yield from leads
        return
    count = session.scalar(select(func.count()).select_from(Lead)) or 0
    for number, events in enumerate(leads, start=1):
        yield events
        progress(min(number, count), count)


def _leads(session: Session, as_of: Instant, horizon: Horizon) -> Iterator[Sequence[Event]]:
    return (timeline.events for timeline in stream_timelines(session, as_of, horizon))
