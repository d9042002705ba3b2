"""Leads' events out of the store, as the domain reads them: none voided, none that does not exist yet."""

import json
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Text, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from leaderboard.domain.events import EVENT_VOIDED, NO_ATTRIBUTES, Event
from leaderboard.domain.instants import Instant
from leaderboard.persistence import models
from leaderboard.persistence.bulk import among
from leaderboard.services.directory import person_name


@dataclass(frozen=True, slots=True)
class Horizon:
    """What was known then: events received by `received_by`, of the first `seq` stored (None: all of them)."""

    received_by: Instant | None = None
    seq: int | None = None


NO_HORIZON = Horizon()

_ROWS_AT_ONCE = 5_000
_VOIDING = aliased(models.Event)


@dataclass(slots=True)
class Timeline:
    """One lead's events by an instant, and when there will be more of what is stored already."""

    lead_key: str
    events: list[Event] = field(default_factory=list)
    seqs: dict[tuple[str, str], int] = field(default_factory=dict)
    """The numbers of the events in the store, by source and id."""
    first_at: Instant | None = None
    wakes_at: Instant | None = None
    """The time of the next event, or voiding, that is stored and lies in the future."""

    def take(self, row: Sequence[Any], as_of: Instant) -> None:
        """Takes in one row of the store: only what exists by then, and is not voided by then."""
        lead_key, seq, source, event_id, kind, time_at, rep, attributes, voided_at = row
        if time_at > as_of:
            self._wake(time_at)
            return
        if voided_at is not None and kind != EVENT_VOIDED:
            if voided_at <= as_of:
                return
            self._wake(voided_at)
        lead = None if lead_key[0] == " " else lead_key
        known = NO_ATTRIBUTES if attributes is None else json.loads(attributes)
        self.events.append(Event(source, event_id, kind, time_at, lead, rep, known))
        self.seqs[source, event_id] = seq
        if self.first_at is None or time_at < self.first_at:
            self.first_at = time_at

    def _wake(self, at: Instant) -> None:
        self.wakes_at = at if self.wakes_at is None else min(self.wakes_at, at)


def load_timelines(
    session: Session, lead_keys: Sequence[str], as_of: Instant, horizon: Horizon = NO_HORIZON
) -> dict[str, Timeline]:
    """The timelines of these leads, by key; a lead of which nothing is stored has an empty one."""
    timelines = {key: Timeline(key) for key in lead_keys}
    known = _EVENTS if horizon == NO_HORIZON else _events(horizon)
    statement = known.where(among(session, models.Event.lead_key, lead_keys))
    # Part by part: a row at a time takes half as long again.
    for part in session.connection().execute(statement).partitions(_ROWS_AT_ONCE):
        for row in part:
            timelines[row[0]].take(row, as_of)
    return timelines


def stream_timelines(
    session: Session, as_of: Instant, horizon: Horizon = NO_HORIZON
) -> Generator[Timeline, None, None]:
    """All leads' timelines, one after another, in bounded memory."""
    statement = _events(horizon).order_by(models.Event.lead_key).execution_options(yield_per=_ROWS_AT_ONCE)
    timeline: Timeline | None = None
    with session.connection().execute(statement) as rows:  # whoever stops half-way closes the server's cursor
        for row in rows:
            if timeline is None or timeline.lead_key != row[0]:
                if timeline is not None:
                    yield timeline
                timeline = Timeline(row[0])
            timeline.take(row, as_of)
    if timeline is not None:
        yield timeline


def first_event_at(session: Session) -> Instant | None:
    """The time of the first event of any kind that is not voided, as far as leads were evaluated."""
    return session.scalar(_FIRST_AT)


def had_event_before(session: Session, at: Instant, as_of: Instant, horizon: Horizon) -> bool:
    """Whether, by what was known at the horizon, anything had happened before an instant."""
    event, voiding = models.Event, _VOIDING
    voided = (
        select(voiding.seq)
        .where(voiding.source == event.source, voiding.voids == event.event_id, voiding.time_at <= as_of)
        .where(*_known(voiding, horizon))
        .exists()
    )
    stands = or_(event.type == EVENT_VOIDED, ~voided)
    some = select(event.seq).where(event.time_at < at, *_known(event, horizon), stands).limit(1)
    return session.scalar(some) is not None


def _events(horizon: Horizon) -> Any:
    event, voiding = models.Event, _VOIDING
    cancels = [voiding.source == event.source, voiding.voids == event.event_id, *_known(voiding, horizon)]
    # Two voidings of one event: the earlier one counts.
    voided_at = (
        select(func.min(voiding.time_at)).where(and_(*cancels)).correlate(event).scalar_subquery()
    ).label("voided_at")
    written = func.coalesce(models.RepKey.text, person_name_sql()).label("rep")
    return (
        select(
            event.lead_key, event.seq, event.source, event.event_id, event.type, event.time_at, written,
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


# Made once: each evaluation asks them.
_EVENTS = _events(NO_HORIZON)
_FIRST_AT = select(func.min(models.Lead.first_at))
