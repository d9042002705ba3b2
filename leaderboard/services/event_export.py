"""All events as they were received."""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, select

from leaderboard.domain.events import NO_ATTRIBUTES, Event
from leaderboard.persistence import models
from leaderboard.persistence.db import current_session, read_only, without_timeouts, writable
from leaderboard.persistence.lead_keys import lead_of
from leaderboard.services.directory import person_name

_AT_ONCE = 5_000


def exported_events() -> Iterator[Event]:
    """Every event, in the order in which they were stored, from one state of the database, in bounded memory."""
    session = current_session()
    writable(session)
    read_only(session)
    without_timeouts(session)
    event, key = models.Event, models.RepKey
    statement = (
        select(
            event.source, event.event_id, event.type, event.time_at, event.lead_key, event.attributes,
            event.as_written, key.text, key.person_id,
        )
        .outerjoin(key, key.id == event.rep_key_id)
        .order_by(event.seq)
        .execution_options(yield_per=_AT_ONCE)
    )  # fmt: skip
    try:
        yield from map(_event, session.execute(statement))
    finally:
        writable(session)


def _event(row: Row[*tuple[Any, ...]]) -> Event:
    # Who was erased is known by the row's key alone.
    rep = row.text if row.text is not None or row.person_id is None else person_name(row.person_id)
    attributes = json.loads(row.attributes) if row.attributes else NO_ATTRIBUTES
    event = Event(row.source, row.event_id, row.type, row.time_at, lead_of(row.lead_key), rep, attributes)
    return event._replace(**json.loads(row.as_written)) if row.as_written else event
