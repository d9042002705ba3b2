"""Leads' events out of the store, as the domain reads them: none voided, none that does not exist yet."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Text, and_, cast, func, literal, select
from sqlalchemy.orm import Session, aliased

from leaderboard.domain.events import EVENT_VOIDED, NO_ATTRIBUTES, Event
from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import EventRef
from leaderboard.persistence import models
from leaderboard.services.directory import person_name


@dataclass(frozen=True, slots=True)
class Horizon:
    """What was known then: events received by `received_by`, of the first `seq` stored (None: all of them)."""

    received_by: Instant | None = None
    seq: int | None = None


NO_HORIZON = Horizon()


@dataclass(slots=True)
class Timeline:
    """One lead's events by an instant, and when there will be more of what is stored already."""

    lead_key: str
    events: list[Event] = field(default_factory=list)
    seqs: dict[EventRef, int] = field(default_factory=dict)
    first_at: Instant | None = None
    wakes_at: Instant | None = None
    """The time of the next event, or voiding, that is stored and lies in the future."""

    def wake(self, at: Instant) -> None:
        self.wakes_at = at if self.wakes_at is None else min(self.wakes_at, at)


def load_timelines(
    session: Session, lead_keys: Sequence[str], as_of: Instant, horizon: Horizon = NO_HORIZON
) -> dict[str, Timeline]:
    """The timelines of these leads, by key; a lead of which nothing is stored has an empty one."""
    timelines = {key: Timeline(key) for key in lead_keys}
    for start in range(0, len(lead_keys), 10_000):
        rows = session.execute(
            _events(horizon).where(models.Event.lead_key.in_(lead_keys[start : start + 10_000]))
        )
        for row in rows:
            _take(timelines[row.lead_key], row, as_of)
    return timelines


def stream_timelines(session: Session, as_of: Instant, horizon: Horizon = NO_HORIZON) -> Iterator[Timeline]:
    """All leads' timelines, one after another, in bounded memory."""
    statement = _events(horizon).order_by(models.Event.lead_key).execution_options(yield_per=5_000)
    timeline: Timeline | None = None
    for row in session.execute(statement):
        if timeline is None or timeline.lead_key != row.lead_key:
            if timeline is not None:
                yield timeline
            timeline = Timeline(row.lead_key)
        _take(timeline, row, as_of)
    if timeline is not None:
        yield timeline


def first_event_at(session: Session, as_of: Instant) -> Instant | None:
    """The time of the first event of any kind that is not voided, as far as leads were evaluated.

    A voiding may have no lead, and is an event all the same.
    """
    voiding = select(func.min(models.Event.time_at)).where(
        models.Event.voids.is_not(None), models.Event.time_at <= as_of
    )
    candidates = (session.scalar(select(func.min(models.Lead.first_at))), session.scalar(voiding))
    return min((at for at in candidates if at is not None), default=None)


def _events(horizon: Horizon) -> Any:
    event, voiding = models.Event, aliased(models.Event)
    cancels = [voiding.source == event.source, voiding.voids == event.event_id, *_known(voiding, horizon)]
    # Two voidings of one event: the earlier one counts.
    voided_at = (
        select(func.min(voiding.time_at)).where(and_(*cancels)).correlate(event).scalar_subquery()
    ).label("voided_at")
    written = func.coalesce(models.RepKey.text, person_name_sql()).label("rep")
    return (
        select(
            event.seq, event.source, event.event_id, event.type, event.time_at, event.lead_key, written,
            event.attributes, voided_at,
        )
        .outerjoin(models.RepKey, models.RepKey.id == event.rep_key_id)
        .where(*_known(event, horizon))
    )  # fmt: skip


def person_name_sql() -> Any:
    """The name of an erased person, as `directory.person_name` spells it."""
    prefix = person_name(0).removesuffix("0")
    return literal(prefix) + cast(models.RepKey.person_id, Text)


def _known(event: Any, horizon: Horizon) -> list[Any]:
    conditions = []
    if horizon.received_by is not None:
        conditions.append(event.received_at <= horizon.received_by)
    if horizon.seq is not None:
        conditions.append(event.seq <= horizon.seq)
    return conditions


def _take(timeline: Timeline, row: Row[Any], as_of: Instant) -> None:
    if row.time_at > as_of:
        timeline.wake(row.time_at)
        return
    if row.voided_at is not None and row.type != EVENT_VOIDED:
        if row.voided_at <= as_of:
            return
        timeline.wake(row.voided_at)
    lead = None if row.lead_key.startswith(" ") else row.lead_key
    attributes = NO_ATTRIBUTES if row.attributes is None else json.loads(row.attributes)
    event = Event(row.source, row.event_id, row.type, row.time_at, lead, row.rep, attributes)
    timeline.events.append(event)
    timeline.seqs[EventRef(row.source, row.event_id)] = row.seq
    if timeline.first_at is None or row.time_at < timeline.first_at:
        timeline.first_at = row.time_at
