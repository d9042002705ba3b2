"""`POST /api/v1/events` of 500 events and of one, in gunicorn over 8 kept-alive connections.

`python -m bench.post_events`. 500 beside SQLAlchemy Core's executemany of the same rows into the same table, 10,000 a
transaction, in one process; one beside a Flask page that commits one row by the ORM, in the same gunicorn. Durably, on
SQLite and on PostgreSQL; without workers, for which only the bell is rung.
"""

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench import load
from bench.databases import opened, servers
from bench.section import Report, rounds, run_section
from bench.stack import Stack, plain_web, running
from bench.table import Row, at_least
from leaderboard.domain.instants import SECOND, format_instant
from leaderboard.persistence import models
from leaderboard.persistence.db import current_session, db
from leaderboard.services.reps import make_keys
from tests.databases import Server

BATCH_TARGET, ONE_TARGET = 0.15, 0.5
BATCH, CONNECTIONS, ROUNDS, REPS = 500, 8, 3, 200
_CHUNK = 10_000
_STARTED_AT = 1_750_000_000 * SECOND
_TYPES = ("lead.created", "lead.assigned", "lead.contacted", "lead.qualified")


def measure(quick: bool) -> Report:
    """The median of some rounds in turns, on both databases."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, server in servers(folder, ("SQLite",) if quick else ("SQLite", "PostgreSQL")):
            rows += _measured(
                kind, server, folder, seconds=0.3 if quick else 3.0, core=2_000 if quick else 100_000
            )
    return Report(rows)


def _measured(kind: str, server: Server, folder: Path, seconds: float, core: int) -> list[Row]:
    with opened(server, folder, keep=True) as database:
        pass
    found: list[list[float]] = [[], [], [], []]
    with (
        running(database, folder, ("web", "valkey")) as stack,
        plain_web("bench.plain_apps:one_row()", folder, stack.environment) as plain,
    ):
        sender = _Sender(stack, plain)
        for _round in range(rounds(ROUNDS)):
            found[0].append(sender.batches(seconds) * BATCH)
            found[1].append(_core_rate(server, folder, core))
            found[2].append(sender.singles(seconds))
            found[3].append(sender.plain_rows(seconds))
    server.drop(database)
    batch, many, one, plain_row = map(statistics.median, found)
    what = f"{CONNECTIONS} connections, {kind}"
    return [
        at_least(
            f"POST /api/v1/events of {BATCH}, {what}", f"{batch:,.0f}/s", f"executemany {many:,.0f}/s",
            batch / many, BATCH_TARGET,
        ),
        at_least(
            f"POST /api/v1/events of one, {what}", f"{one:,.0f}/s", f"page of one row {plain_row:,.0f}/s",
            one / plain_row, ONE_TARGET,
        ),
    ]  # fmt: skip


class _Sender:
    """Sends events that nobody sent before."""

    def __init__(self, stack: Stack, plain: int) -> None:
        self._port, self._plain = stack.port, plain
        self._bearer = {"Authorization": f"Bearer {stack.token}"}
        self._sent = 0

    def batches(self, seconds: float) -> float:
        """Requests a second."""
        return self._run(self._port, seconds, BATCH, self._request)

    def singles(self, seconds: float) -> float:
        return self._run(self._port, seconds, 1, self._request)

    def plain_rows(self, seconds: float) -> float:
        return self._run(self._plain, seconds, 1, _plain_request)

    def _request(self, start: int, count: int) -> bytes:
        body = json.dumps([_event(number) for number in range(start, start + count)]).encode()
        return load.post_json("/api/v1/events", self._bearer, body)

    def _run(self, port: int, seconds: float, size: int, request: Callable[[int, int], bytes]) -> float:
        first, most = self._sent, 40_000 if size == 1 else 400
        self._sent += most * size
        # Written beforehand: what sends must not take the processor from what is measured.
        requests = [request(first + number * size, size) for number in range(most)]
        return load.run(port, requests.__getitem__, CONNECTIONS, seconds, most, expected=202).rate


def _plain_request(number: int, _count: int) -> bytes:
    return load.post_json("/", {}, json.dumps(_event(number)).encode())


def _event(number: int) -> dict[str, str]:
    return {
        "id": f"e{number:08d}", "source": "bench", "type": _TYPES[number % len(_TYPES)],
        "time": format_instant(_STARTED_AT + number * SECOND), "lead": f"L{number // len(_TYPES):07d}",
        "rep": f"r{number // len(_TYPES) % REPS}",
    }  # fmt: skip


def _core_rate(server: Server, folder: Path, count: int) -> float:
    with opened(server, folder):
        session = current_session()
        keys = make_keys(session, {f"r{number}" for number in range(REPS)}, _STARTED_AT)
        session.commit()
        rows = [_core_row(number, keys) for number in range(count)]
        statement = insert(models.Event.__table__)  # type: ignore[arg-type]
        began = time.perf_counter()
        for start in range(0, count, _CHUNK):
            with db.engine.begin() as connection:
                connection.execute(statement, rows[start : start + _CHUNK])
        return count / (time.perf_counter() - began)


def _core_row(number: int, keys: dict[str, int]) -> dict[str, Any]:
    event = _event(number)
    return {
        "source": event["source"], "event_id": event["id"], "type": event["type"],
        "time_at": _STARTED_AT + number * SECOND, "lead_key": event["lead"], "rep_key_id": keys[event["rep"]],
        "received_at": _STARTED_AT,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(run_section(measure, ("Flask", "gunicorn", "SQLAlchemy", "psycopg", "pysqlite3")))
