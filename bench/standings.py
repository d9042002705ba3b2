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
from typing import Any

from sqlalchemy import text

from bench.databases import servers, working_on
from bench.environment import own_python
from bench.ledger_world import LedgerWorld, copied, kept_sqlite, today
from bench.section import Report, run_section
from bench.table import Row, at_most, beside
from leaderboard.persistence.db import current_session
from leaderboard.settings import ROOT
from tests.databases import Database, Server

KEPT_TARGET, REBUILT_TARGET, MOST_MEMORY_MB = 0.25, 1.3, 100
_LONGEST_SECONDS = 900


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
    return LedgerWorld(entries, today(), 60, 6) if quick else LedgerWorld(entries, today())


def _rows(kind: str, entries: int, told: dict[str, float]) -> list[Row]:
    sql, kept, rebuilt, memory = (told[name] for name in ("sql", "kept", "rebuilt", "rebuilt_mb"))
    what = f"12 months and 4 quarters, {entries:,} entries, {kind}"
    other = f"SQL {sql:.2f} s"
    return [
        at_most(f"{what}: from the kept sums", f"{kept:.2f} s", other, kept / sql, KEPT_TARGET),
        at_most(f"{what}: rebuilt from the ledger", f"{rebuilt:.2f} s", other, rebuilt / sql, REBUILT_TARGET),
        Row(
            f"... memory of the process that rebuilds, {kind}", f"{memory:.0f} MB", "", "",
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
    """What the process that measures says of a database of this world."""
    database = _database(world, kind, server, folder)
    command = [sys.executable, "-m", "bench.standings_process", database.kind, database.url, str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    server.drop(database)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


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
    command = [str(own_python()), "-m", "bench.duckdb_process", str(folder / "ledger.csv")]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False
    )
    return float(done.stdout) if not done.returncode else done.stderr.strip().splitlines()[-1]


def plain_sql(months: list[str], quarters: dict[str, str], real: str = "1.0") -> Any:
    """One scan of the ledger, then the ranks of every period, by points and then by what was kept of all outcomes."""
    periods = [(month, month) for month in months] + [(month, quarters[month]) for month in months if month in quarters]
    pairs = ", ".join(f"('{month}', '{period}')" for month, period in periods)
    subjects = " UNION ALL ".join(
        f"SELECT period, '{scope}' AS scope, {key} AS subject, sum(points) AS points, sum(kept) AS kept,"
        f" sum(outcomes) AS outcomes FROM scanned JOIN periods ON periods.month = scanned.month"
        f" WHERE {key} IS NOT NULL GROUP BY period, {key}"
        for scope, key in (("rep", "person_id"), ("team", "team_id"))
    )
    return (
        "WITH scanned AS MATERIALIZED (SELECT month, person_id, team_id, sum(points) AS points,"
        " sum(CASE WHEN rating IN ('exceeded', 'met') THEN 1 ELSE 0 END) AS kept, count(rating) AS outcomes"
        " FROM ledger GROUP BY month, person_id, team_id),"
        f" periods(month, period) AS (VALUES {pairs}), subjects AS ({subjects})"
        " SELECT period, scope, subject, points, rank() OVER (PARTITION BY period, scope"
        f" ORDER BY points DESC, kept * {real} / nullif(outcomes, 0) DESC) FROM subjects"
    )


def run_sql(statement: str) -> list[Any]:
    """All of its rows."""
    return list(current_session().execute(text(statement)).all())


if __name__ == "__main__":
    sys.exit(run_section(measure, ("SQLAlchemy", "psycopg", "pysqlite3")))
