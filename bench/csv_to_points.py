"""A CSV of events to booked points, beside SQLAlchemy Core's executemany of the same rows in the same database.

`python -m bench.csv_to_points`. The file is read, stored, evaluated and settled until nothing is left, by a process
of its own and those that it starts, whose memory together at its peak is told. Core stores finished rows, 10,000 a
transaction, into the same table with its indexes and its triggers, and does nothing else. Both durably.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from bench.databases import opened, servers
from bench.memory import Watched
from bench.section import Report, run_section
from bench.table import Row, at_least, beside
from bench.world import World
from leaderboard.files.event_files import open_events
from leaderboard.files.events import Accepted
from leaderboard.persistence import models
from leaderboard.persistence.db import current_session, db
from leaderboard.services.reps import make_keys
from tests.databases import Server

TARGET, MOST_MEMORY_MB, MOST_GROWTH = 0.25, 250, 1.25
_CHUNK = 10_000
_RECEIVED_AT = 1_800_000_000_000_000
_LONGEST_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds for all events of a file, and the memory of all processes together at its peak, in MB."""

    events: int
    seconds: float
    memory_mb: float

    @property
    def rate(self) -> float:
        return self.events / self.seconds


def measure(quick: bool) -> Report:
    """Both databases, a file and one of ten times its size."""
    sizes = (1_000, 2_000) if quick else (100_000, 1_000_000)
    report = Report([], [], [], [])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {size: _written(folder, size) for size in sizes}
        for kind, server in servers(folder, ("SQLite",) if quick else ("SQLite", "PostgreSQL")):
            before = _core_rate(server, folder, files[sizes[-1]], sizes[-1])
            small, large = (_imported(server, folder, size) for size in sizes)
            after = _core_rate(server, folder, files[sizes[-1]], sizes[-1])
            core = (before + after) / 2
            _tell(report, kind, core, small, large)
    return report


def _tell(report: Report, kind: str, core: float, small: Timed, large: Timed) -> None:
    rows, growth = list[Row](), list[Row]()
    rows.append(
        at_least(
            f"CSV of {large.events:,} events to booked points, {kind}",
            f"{large.rate:,.0f}/s", f"executemany {core:,.0f}/s", large.rate / core, TARGET,
        )
    )  # fmt: skip
    rows.append(_memory(kind, small, large))
    ratio = f"{large.seconds / small.seconds:.1f}x"
    growth.append(
        beside(
            f"CSV to points, {kind}: {large.events:,} events, against {small.events:,}",
            f"{large.seconds:.1f} s", f"{small.seconds:.1f} s", ratio,
        )
    )  # fmt: skip
    assert isinstance(report.rows, list)
    assert isinstance(report.growth, list)
    report.rows.extend(rows)
    report.growth.extend(growth)


def _memory(kind: str, small: Timed, large: Timed) -> Row:
    ratio = large.memory_mb / small.memory_mb
    return Row(
        f"... its memory at the peak, {kind}, against a tenth of the file",
        f"{large.memory_mb:.0f} MB", f"{small.memory_mb:.0f} MB", f"{ratio:.2f}",
        f"< {MOST_MEMORY_MB} MB, <= {MOST_GROWTH}",
        large.memory_mb < MOST_MEMORY_MB and ratio <= MOST_GROWTH,
    )  # fmt: skip


def _written(folder: Path, events: int) -> Path:
    world = _world(events)
    path = folder / f"{events}.csv"
    world.write_rules(folder)
    world.write_events(path)
    return path


def _world(events: int) -> World:
    return World(events=events, leads=events * 3 // 10)


def _core_rate(server: Server, folder: Path, path: Path, events: int) -> float:
    with opened(server, folder):
        session = current_session()
        rows = _core_rows(
            path, make_keys(session, {f"r{n}" for n in range(_world(events).reps)}, _RECEIVED_AT)
        )
        session.commit()
        statement = insert(models.Event.__table__)  # type: ignore[arg-type]
        seconds = 0.0
        # A chunk's rows are made outside the time, and are no heavier than they must be.
        while chunk := list(islice(rows, _CHUNK)):
            began = time.perf_counter()
            with db.engine.begin() as connection:
                connection.execute(statement, chunk)
            seconds += time.perf_counter() - began
    return events / seconds


def _core_rows(path: Path, keys: dict[str, int]) -> Iterator[dict[str, Any]]:
    with open_events(path, None, None, None) as file:
        for offered in file:
            assert isinstance(offered, Accepted)
            event = offered.event
            yield {
                "source": event.source,
                "event_id": event.id,
                "type": event.type,
                "time_at": event.time,
                "lead_key": event.lead,
                "rep_key_id": None if event.rep is None else keys[event.rep],
                "received_at": _RECEIVED_AT,
            }


def _imported(server: Server, folder: Path, events: int) -> Timed:
    with opened(server, folder, keep=True) as database:
        pass
    command = [sys.executable, "-m", "bench.import_process", str(folder), str(events), database.url]
    done = Watched(command, _LONGEST_SECONDS)
    server.drop(database)
    told = json.loads(done.printed.splitlines()[-1])
    return Timed(events, told["seconds"], max(done.memory_mb, told["memory_mb"]))


if __name__ == "__main__":
    sys.exit(run_section(measure, ("SQLAlchemy", "psycopg", "pysqlite3")))
