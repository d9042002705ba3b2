"""Events into the store: `services.intake` beside SQLAlchemy Core's executemany of the same rows.

`python -m bench.intake_rate [EVENTS]`. Both store into a migrated database of their own, 10,000 events a transaction,
durably. Core gets finished rows, keys of reps included, and stores nothing else; intake gets events as the readers
give them, finds the reps' keys, tells new from known, and marks the leads to be evaluated.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench.table import Row, exit_code, print_machine, print_table
from leaderboard.app import create_app
from leaderboard.domain.events import Event
from leaderboard.domain.instants import SECOND
from leaderboard.persistence import models
from leaderboard.persistence.db import current_session, db
from leaderboard.services.intake import accept
from leaderboard.services.reps import make_keys
from tests.databases import PostgresqlServer, Server, SqliteFiles, settings_for

CHUNK, LEADS, REPS = 10_000, 0.3, 200
TARGET = 0.4
STARTED_AT = 1_700_000_000 * SECOND
RECEIVED_AT = 1_800_000_000 * SECOND
TYPES = ("lead.created", "lead.assigned", "lead.contacted", "lead.accepted", "lead.qualified")


def main() -> int:
    """Prints machine and table; 1 where a target is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print_machine(("SQLAlchemy", "psycopg", "pysqlite3"))
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        rows += _measured("SQLite", SqliteFiles(Path(folder)), Path(folder), count)
        server = PostgresqlServer(durable=True)
        rows += _measured("PostgreSQL", server, Path(folder), count)
        server.stop()
    print_table(rows)
    return exit_code(rows)


def _measured(name: str, server: Server, folder: Path, count: int) -> list[Row]:
    events = _events(count)
    with _database(server, folder):
        core = count / _store_by_core(events)
    with _database(server, folder):
        first = count / _store_by_intake(events)
        again = count / _store_by_intake(events)
    return [_row(f"{name}: all new", first, core), _row(f"{name}: all duplicates", again, core)]


def _row(what: str, ours: float, core: float) -> Row:
    ratio = ours / core
    return Row(what, f"{ours:,.0f}/s", f"{core:,.0f}/s", f"{ratio:.2f}", f"{TARGET}", ratio >= TARGET)


@contextmanager
def _database(server: Server, folder: Path) -> Iterator[None]:
    database = server.migrated()
    app = create_app(settings_for(database, folder))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()
    server.drop(database)


def _events(count: int) -> list[Event]:
    chance = random.Random(7)
    leads = max(1, int(count * LEADS))
    return [
        Event(
            "crm",
            f"e{number:08d}",
            chance.choice(TYPES),
            STARTED_AT + number * 30 * SECOND,
            f"L{chance.randrange(leads):07d}",
            f"rep-{chance.randrange(REPS):03d}",
        )
        for number in range(count)
    ]


def _store_by_core(events: Sequence[Event]) -> float:
    session = current_session()
    keys = make_keys(session, {event.rep or "" for event in events}, RECEIVED_AT)
    session.commit()
    rows = [_core_row(event, keys) for event in events]
    statement = insert(models.Event.__table__)  # type: ignore[arg-type]
    began = time.perf_counter()
    for start in range(0, len(rows), CHUNK):
        with db.engine.begin() as connection:
            connection.execute(statement, rows[start : start + CHUNK])
    return time.perf_counter() - began


def _core_row(event: Event, keys: dict[str, int]) -> dict[str, Any]:
    return {
        "source": event.source,
        "event_id": event.id,
        "type": event.type,
        "time_at": event.time,
        "lead_key": event.lead,
        "rep_key_id": keys[event.rep or ""],
        "received_at": RECEIVED_AT,
    }


def _store_by_intake(events: Sequence[Event]) -> float:
    session, remaining = current_session(), iter(events)
    began = time.perf_counter()
    while chunk := list(islice(remaining, CHUNK)):
        accept(session, chunk, RECEIVED_AT)
        session.commit()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
