"""The leaderboard's page under load, beside its own template on rows that never change, and Flask's hello.

`python -m bench.board_page`. Logged in, in gunicorn, over 8 kept-alive connections, all three in turns; at 100,000 and
at 2,000,000 entries. The template's rows are made once; each request still looks its session up and asks the database
once.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from bench import load
from bench.ledger_world import LedgerWorld, copied, kept_sqlite, today
from bench.section import Report, rounds, run_section
from bench.stack import Stack, plain_web, running
from bench.table import Row, at_least, beside
from tests.databases import SqliteFiles

TARGET, CONNECTIONS, ROUNDS = 0.5, 8, 3
_MOST = 1_000_000


def measure(quick: bool) -> Report:
    """Requests a second, the median of some rounds in turns."""
    sizes = (600,) if quick else (100_000, 2_000_000)
    seconds = 0.3 if quick else 4.0
    rows: list[Row] = []
    others: list[Row] = []
    rates: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for entries in sizes:
            world = LedgerWorld(entries, today(), **({"reps": 20, "teams": 4} if quick else {}))
            database = copied(kept_sqlite(world, SqliteFiles(folder), folder), folder / f"{entries}.sqlite3")
            with running(database, folder) as stack:
                board, constant, hello = _rounds(stack, folder, seconds)
            rates.append(board)
            rows.append(
                at_least(
                    f"the leaderboard page, {entries:,} entries, {CONNECTIONS} connections",
                    f"{board:,.0f}/s", f"constant rows {constant:,.0f}/s", board / constant, TARGET,
                )
            )  # fmt: skip
            others.append(
                beside(f"Flask's hello, beside the page at {entries:,}", f"{board:,.0f}/s", f"{hello:,.0f}/s")
            )
    growth = beside(
        f"the leaderboard page: {sizes[-1]:,} entries, against {sizes[0]:,}",
        f"{rates[-1]:,.0f}/s", f"{rates[0]:,.0f}/s", f"{rates[-1] / rates[0]:.2f}x",
    )  # fmt: skip
    return Report(rows, [growth], others)


def _rounds(stack: Stack, folder: Path, seconds: float) -> tuple[float, float, float]:
    cookie = {"Cookie": stack.cookie}
    with (
        plain_web("bench.plain_apps:constant_board()", folder, stack.environment) as constant,
        plain_web("bench.plain_apps:hello()", folder, stack.environment) as hello,
    ):
        asked = (
            (stack.port, load.get("/", cookie)),
            (constant, load.get("/constant", cookie)),
            (hello, load.get("/", {})),
        )
        rates: list[list[float]] = [[], [], []]
        for turn in range(rounds(ROUNDS) + 1):
            for (port, request), found in zip(asked, rates, strict=True):
                rate = load.run(port, lambda _n, r=request: r, CONNECTIONS, seconds, _MOST).rate  # type: ignore[misc]
                # The first turn fills what every process keeps.
                found.extend([rate] if turn else [])
    board, rows, page = (statistics.median(found) for found in rates)
    return board, rows, page


if __name__ == "__main__":
    sys.exit(run_section(measure, ("Flask", "gunicorn", "SQLAlchemy", "pysqlite3")))
