"""Answers about the past, and about drafts, from the events and decisions: nothing is stored."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant
from leaderboard.domain.replay import NO_PAST, SealedPast, World, replay
from leaderboard.services.decision_store import load_decisions
from leaderboard.services.directory import Directory
from leaderboard.services.rules import Rules
from leaderboard.services.sealed_past import sealed_past
from leaderboard.services.timelines import NO_HORIZON, Horizon, stream_timelines


def world_as_of(session: Session, rules: Rules, as_of: Instant) -> World:
    """The world as it stood at an instant: only events up to it, and what was closed by then as it was sealed."""
    past = sealed_past(session, rules.book, as_of)
    return _replayed(session, rules, as_of, NO_HORIZON, past)


def world_as_known(
    session: Session, rules: Rules, as_of: Instant, horizon: Horizon, past: SealedPast
) -> World:
    """The world as it followed from the events that were known at a horizon."""
    return _replayed(session, rules, as_of, horizon, past)


def world_by_draft(session: Session, rules: Rules, as_of: Instant) -> World:
    """The world as rules would have it that were never in force: as if nothing had been closed yet."""
    return _replayed(session, rules, as_of, NO_HORIZON, NO_PAST)


def _replayed(session: Session, rules: Rules, as_of: Instant, horizon: Horizon, past: SealedPast) -> World:
    decisions = load_decisions(session, Directory(session), as_of)
    leads = _leads(session, as_of, horizon)
    return replay(rules.book, rules.roster, leads, as_of, past, decisions=decisions)


def _leads(session: Session, as_of: Instant, horizon: Horizon) -> Iterator[Sequence[Event]]:
    return (timeline.events for timeline in stream_timelines(session, as_of, horizon))
