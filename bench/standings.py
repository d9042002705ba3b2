"""12 months and 4 quarters, reps and teams, from the kept sums and rebuilt from the ledger, beside plain SQL.

`python -m bench.standings`. The SQL scans the ledger once and ranks with window functions by the product's tie rule,
whose answers it must share. DuckDB answers the same from a table of its own, as the limit of what a column store can.
What the product does runs in a process of its own, whose memory is told; all take turns, the best of some counts.
"""

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.databases import servers, working_on
from bench.environment import own_python
from bench.ledger_world import LedgerWorld, copied, kept_sqlite, today
from bench.section import Report, rounds, run_section
from bench.table import Row, at_most, beside
from leaderboard.persistence.db import current_session
from leaderboard.settings import ROOT
from tests.databases import Database, Server

KEPT_TARGET, REBUILT_TARGET, MOST_MEMORY_MB = 0.25, 1.3, 100
_LONGEST_SECONDS, _ROUNDS = 600, 3


def measure(quick: bool) -> Report:
    """SQLite at two sizes; PostgreSQL at the larger one."""
    sizes = (600, 1_200) if quick else (200_000, 2_000_000)
    rows: list[Row] = []
    growth: list[Row] = []
    others: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, server in servers(folder, ("SQLite",) if quick else ("SQLite", "PostgreSQL")):
            small, large = (_told(_world(entries, quick), kind, server, folder) for entries in sizes)
            rows += _rows(kind, sizes[1], large)
            growth += _growth(kind, sizes, small, large)
        duck = None if quick else _duckdb(folder)
        others.append(_beside_duckdb(duck, large, sizes[1]))
    return Report(rows, growth, others)


def _world(entries: int, quick: bool) -> LedgerWorld:
    return LedgerWorld(entries, today(), 20, 4) if quick else LedgerWorld(entries, today())


def _rows(kind: str, entries: int, told: dict[str, float]) -> list[Row]:
    sql, kept, rebuilt, memory = (told[name] for name in ("sql", "kept", "rebuilt", "memory_mb"))
    what = f"12 months and 4 quarters, {entries:,} entries, {kind}"
    other = f"SQL {sql:.2f} s"
    return [
        at_most(f"{what}: from the kept sums", f"{kept:.2f} s", other, kept / sql, KEPT_TARGET),
        at_most(f"{what}: rebuilt from the ledger", f"{rebuilt:.2f} s", other, rebuilt / sql, REBUILT_TARGET),
        Row(
            f"... memory at the peak of the process that rebuilds, {kind}", f"{memory:.0f} MB", "", "",
            f"< {MOST_MEMORY_MB} MB", memory < MOST_MEMORY_MB,
        ),
    ]  # fmt: skip


def _growth(
    kind: str, sizes: tuple[int, int], small: dict[str, float], large: dict[str, float]
) -> Iterator[Row]:
    for name, what in (("kept", "kept sums"), ("rebuilt", "rebuilt"), ("sql", "plain SQL")):
        yield beside(
            f"12 months and 4 quarters, {kind}, {what}: {sizes[1]:,} entries, against {sizes[0]:,}",
            f"{large[name]:.2f} s", f"{small[name]:.2f} s", f"{large[name] / small[name]:.1f}x",
        )  # fmt: skip


def _beside_duckdb(seconds: float | str | None, told: dict[str, float], entries: int) -> Row:
    what = f"12 months and 4 quarters, {entries:,} entries: DuckDB"
    other = f"{seconds:.2f} s" if isinstance(seconds, float) else f"not measured: {seconds or 'quick'}"
    return beside(what, f"rebuilt {told['rebuilt']:.2f} s", other)


def _told(world: LedgerWorld, kind: str, server: Server, folder: Path) -> dict[str, float]:
    """The best of some rounds, in turns, of each thing that the processes tell; of memory the most."""
    database = _database(world, kind, server, folder)
    turns = [what for _round in range(rounds(_ROUNDS)) for what in ("sql", "rebuild", "kept")]
    told = [json.loads(_process("bench.standings_process", database.url, what)) for what in turns]
    server.drop(database)
    names = {name for one in told for name in one}
    best = {name: min(one[name] for one in told if name in one) for name in names}
    # What was rebuilt is then ranked as what was kept.
    rebuilt = best["rebuild"] + best["kept"]
    memory = max(one["memory_mb"] for one in told if "memory_mb" in one)
    return best | {"rebuilt": rebuilt, "memory_mb": memory}


def _process(*arguments: str, python: str = sys.executable) -> str:
    """The last line that it prints. Raises RuntimeError with what it said where it failed."""
    done = subprocess.run(
        [python, "-m", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_LONGEST_SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout.splitlines()[-1]


def _database(world: LedgerWorld, kind: str, server: Server, folder: Path) -> Database:
    if kind == "SQLite":
        database = copied(kept_sqlite(world, server, folder), folder / f"{world.entries}.sqlite3")
        _write_csv(database, folder)
        return database
    database = server.migrated()
    with working_on(database, folder):
        world.build(current_session(), whole=False)
    return database


def _write_csv(database: Database, folder: Path) -> None:
    """The ledger as DuckDB is to read it."""
    columns = "month, person_id, team_id, points, rating"
    with working_on(database, folder), (folder / "ledger.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns.split(", "))
        found = current_session().connection().exec_driver_sql(f"SELECT {columns} FROM ledger")
        for part in found.partitions(50_000):
            writer.writerows(part)


def _duckdb(folder: Path) -> float | str:
    """Seconds, or why there are none."""
    try:
        return float(_process("bench.duckdb_process", str(folder / "ledger.csv"), python=str(own_python())))
    except (RuntimeError, subprocess.SubprocessError) as error:
        return str(error).strip().splitlines()[-1]


if __name__ == "__main__":
    sys.exit(run_section(measure, ("SQLAlchemy", "psycopg", "pysqlite3")))
