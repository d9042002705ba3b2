"""Events in bulk, past SQLAlchemy to the driver: half a million rows a minute leave no time for anything between.

PostgreSQL gets a chunk by COPY, or as arrays in one statement where some are known; SQLite steps through one
prepared statement.
Rows go in by the order of their keys, so that two transactions with the same keys never wait in a ring.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import CursorResult
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leaderboard.persistence import bulk
from leaderboard.persistence.db import INTAKE_LOCK, is_sqlite
from leaderboard.persistence.models import Event

Key = tuple[str, str]
"""Source and id."""


EventRow = tuple[str, str, str, int, str, int | None, str | None, int, str | None, str | None]
"""A row of `events`: the columns of COLUMNS."""

COLUMNS = (
    "source", "event_id", "type", "time_at", "lead_key", "rep_key_id", "attributes", "received_at", "voids",
    "as_written",
)  # fmt: skip


class StoredEvent(NamedTuple):
    """An event that is there already. `rep` is None for none, and for one who was erased."""

    type: str
    time_at: int
    lead_key: str
    rep: str | None
    rep_erased: bool
    attributes: str | None


_COLUMNS = ", ".join(COLUMNS)
_TYPES = ("text", "text", "text", "bigint", "text", "bigint", "text", "bigint", "text", "text")
_ARRAYS = ", ".join(f"%s::{kind}[]" for kind in _TYPES)
_UNIQUE_VIOLATION = "23505"
_WORTH_A_COPY = 500
_IF_NEW = "ON CONFLICT (source, event_id) DO NOTHING"
_POSTGRESQL_INSERT = (
    f"INSERT INTO events ({_COLUMNS}) SELECT * FROM unnest({_ARRAYS}) {_IF_NEW} RETURNING source, event_id"  # noqa: S608
)

_SQLITE_KEYS = "json_each(?) k CROSS JOIN events e ON e.source = k.value ->> 0 AND e.event_id = k.value ->> 1"
_POSTGRESQL_KEYS = "unnest(%s::text[], %s::text[]) k(source, event_id) JOIN events e USING (source, event_id)"
_FIND = """SELECT e.source, e.event_id, e.type, e.time_at, e.lead_key, r.text,
    e.rep_key_id IS NOT NULL AND r.text IS NULL, e.attributes
    FROM {keys} LEFT JOIN rep_keys r ON r.id = e.rep_key_id"""
_FIND_LEADS = "SELECT e.lead_key FROM {keys}"

_AGAIN = "ON CONFLICT (lead_key) DO UPDATE SET touched_seq = leads.touched_seq + 1"
_SQLITE_TOUCH = f"INSERT INTO leads (lead_key, touched_seq) VALUES (?, 1) {_AGAIN}"  # noqa: S608
_POSTGRESQL_TOUCH = (
    f"INSERT INTO leads (lead_key, touched_seq) SELECT key, 1 FROM unnest(%s::text[]) key {_AGAIN}"  # noqa: S608
)

# One event in one statement: nothing is stored where its rep is not known yet, or the event is.
_ONE = f"""WITH key AS (SELECT id FROM rep_keys WHERE text = %(rep)s), new AS (
    INSERT INTO events ({_COLUMNS})
    SELECT %(source)s, %(event_id)s, %(type)s, %(time_at)s, %(lead_key)s, (SELECT id FROM key), %(attributes)s,
        %(received_at)s, %(voids)s, %(as_written)s
    WHERE %(rep)s::text IS NULL OR EXISTS (SELECT FROM key)
    {_IF_NEW} RETURNING lead_key)
INSERT INTO leads (lead_key, touched_seq) SELECT lead_key, 1 FROM new {_AGAIN}"""  # noqa: S608


def store_one(session: Session, row: EventRow, rep: str | None) -> bool:
    """PostgreSQL alone: stores an event, whose rep's key is left out of `row`, and touches its lead; whether it could.

    Lock, event and lead in one round trip, for which three are waited for else. Where it could not, nothing is stored;
    whoever calls then goes on step by step, in the same transaction.
    """
    values = dict(zip(COLUMNS, row, strict=True)) | {"rep": rep}
    with bulk.past_sqlalchemy(session.connection(), _ONE) as driver, driver.cursor() as cursor:
        with driver.pipeline():
            # A statement of its own: what the next one sees is what there is when the lock is held.
            driver.execute(INTAKE_LOCK)
            cursor.execute(_ONE, values)
        return bool(cursor.rowcount)


def insert_new(session: Session, rows: Sequence[EventRow]) -> set[Key] | None:
    """Stores the events whose keys are new. Returns the keys of those, or None where all of them were."""
    if not rows:
        return None
    if is_sqlite(session):
        return _insert_sqlite(session, rows)
    return _insert_postgresql(session, rows)


def find(session: Session, keys: Iterable[Key]) -> dict[Key, StoredEvent]:
    """The events of these keys that are stored."""
    found = _select(session, _FIND, keys)
    return {
        (source, event_id): StoredEvent(kind, time_at, lead_key, rep, bool(erased), attributes)
        for source, event_id, kind, time_at, lead_key, rep, erased, attributes in found
    }


def lead_keys_of(session: Session, keys: Iterable[Key]) -> set[str]:
    """The leads of these events, as far as they are stored."""
    return {row[0] for row in _select(session, _FIND_LEADS, keys)}


def touch(session: Session, lead_keys: Iterable[str]) -> None:
    """Something about these leads was stored: their evaluation is pending from here on."""
    ordered = sorted(lead_keys)
    if not ordered:
        return
    if is_sqlite(session):
        _run(session, _SQLITE_TOUCH, [(key,) for key in ordered])
    else:
        _run(session, _POSTGRESQL_TOUCH, (ordered,))


def _insert_sqlite(session: Session, rows: Sequence[EventRow]) -> set[Key] | None:
    # Whoever writes is alone, so what is numbered above this is ours. Of a single event the count says all.
    last = _run(session, "SELECT max(seq) FROM events").scalar() if len(rows) > 1 else None
    statements = bulk.inserts(Event.__tablename__, COLUMNS, rows, f" {_IF_NEW}")
    inserted = sum(_run(session, statement, parameters).rowcount for statement, parameters in statements)
    if inserted == len(rows):
        return None
    if not inserted:
        return set()
    new = _run(session, "SELECT source, event_id FROM events WHERE seq > ?", (last or 0,))
    return {(source, event_id) for source, event_id in new}


def _insert_postgresql(session: Session, rows: Sequence[EventRow]) -> set[Key] | None:
    ordered = sorted(rows)  # by key: no two rows have the same one, so nothing behind it is compared
    if len(ordered) >= _WORTH_A_COPY and _copy(session, ordered):
        return None
    inserted = _run(session, _POSTGRESQL_INSERT, _columns(ordered))
    if inserted.rowcount == len(rows):
        return None
    return {(source, event_id) for source, event_id in inserted}


def _copy(session: Session, rows: Sequence[EventRow]) -> bool:
    """Tries the quickest road, which takes all rows or none: False where an event is there already."""
    first_and_last = [rows[0][:2], rows[-1][:2]]
    if _select(session, _FIND_LEADS, first_and_last):
        return False  # an import that is run again: not worth the try
    try:
        with session.begin_nested():
            bulk.insert_rows(session, Event, COLUMNS, rows)
    except IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) == _UNIQUE_VIOLATION:
            return False
        raise
    return True


def _columns(rows: Iterable[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple(list(column) for column in zip(*rows, strict=True))


def _select(session: Session, query: str, keys: Iterable[Key]) -> list[tuple[Any, ...]]:
    ordered = sorted(set(keys))
    if not ordered:
        return []
    if is_sqlite(session):
        found = _run(session, query.format(keys=_SQLITE_KEYS), (json.dumps(ordered),))
    else:
        found = _run(session, query.format(keys=_POSTGRESQL_KEYS), _columns(ordered))
    return [tuple(row) for row in found]


def _run(session: Session, statement: str, parameters: Any = None) -> CursorResult[*tuple[Any, ...]]:
    """Straight to the driver, within the session's transaction; its errors come as SQLAlchemy's."""
    options = {"preserve_rowcount": True}
    return session.connection().exec_driver_sql(statement, parameters, execution_options=options)
