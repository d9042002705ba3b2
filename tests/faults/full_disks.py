"""Disks that are full to order: real ones where this user may mount, and what the databases say of them where not."""

import contextlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, make_url

from leaderboard.app import create_app
from leaderboard.persistence.db import db
from tests.databases import Database, PostgresqlServer, SqliteFiles, settings_for

_NO_LIMIT = 2**30
_REFUSE = """CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"""
_AT_THE_STATEMENT = """CREATE TRIGGER disk_is_full BEFORE INSERT OR UPDATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION disk_is_full()"""
_AT_THE_COMMIT = """CREATE CONSTRAINT TRIGGER disk_is_full AFTER INSERT OR UPDATE ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION disk_is_full()"""


@dataclass(frozen=True, slots=True)
class Disk:
    """An application, and its disk, which can be filled and freed."""

    app: Flask
    fill: Callable[[], None]
    free: Callable[[], None]


def sqlite_on_a_real_disk(files: SqliteFiles, folder: Path) -> Iterator[Disk]:
    """A file on a small disk, which a ballast fills."""
    database = files.migrated()
    path = make_url(database.url).database
    assert path is not None
    with _small_disk(folder / "disk", "6m") as disk:
        shutil.copy(path, disk / "leaderboard.sqlite3")
        app = create_app(settings_for(Database("sqlite", f"sqlite:///{disk}/leaderboard.sqlite3"), folder))
        yield Disk(app, lambda: _fill(disk), lambda: (disk / "ballast").unlink())
        _let_go(app)
    files.drop(database)


def sqlite_of_so_many_pages(files: SqliteFiles, folder: Path) -> Iterator[Disk]:
    """SQLite says of a file that may not grow what it says of a full disk."""
    database, most = files.migrated(), [_NO_LIMIT]
    app = create_app(settings_for(database, folder))
    with app.app_context():
        event.listen(
            db.engine, "begin", lambda on: on.exec_driver_sql(f"PRAGMA max_page_count={most[0]}"), insert=True
        )

    def fill() -> None:
        with app.app_context(), db.engine.connect() as connection:
            most[0] = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    yield Disk(app, fill, lambda: most.__setitem__(0, _NO_LIMIT))
    _let_go(app)
    files.drop(database)


def postgresql_on_a_real_disk(server: PostgresqlServer, folder: Path) -> Iterator[Disk]:
    """A database whose tables lie on a small disk; the server's log lies elsewhere, as it should."""
    database = server.migrated()
    name = make_url(database.url).database
    with _small_disk(folder / "disk", "40m") as disk:
        if server.user is not None:
            shutil.chown(disk, server.user)
            _let_in(disk)
        server.execute(f"CREATE TABLESPACE small LOCATION '{disk}'")
        server.execute(f"ALTER DATABASE {name} SET TABLESPACE small")
        app = create_app(settings_for(database, folder))
        yield Disk(app, lambda: _fill(disk), lambda: (disk / "ballast").unlink())
        _let_go(app)
        server.drop(database)
        server.execute("DROP TABLESPACE small")


def postgresql_that_refuses(server: PostgresqlServer, folder: Path, when: str) -> Iterator[Disk]:
    """A server that answers with the error of a full disk, to a statement or to the commit."""
    database = server.migrated()
    app = create_app(settings_for(database, folder))
    name = make_url(database.url).database
    assert name is not None
    refuse = _AT_THE_STATEMENT if when == "statement" else _AT_THE_COMMIT

    def fill() -> None:
        server.execute(_REFUSE, name)
        for table in db.metadata.sorted_tables:
            server.execute(refuse.format(table=table.name), name)

    yield Disk(app, fill, lambda: server.execute("DROP FUNCTION disk_is_full() CASCADE", name))
    _let_go(app)
    server.drop(database)


@contextlib.contextmanager
def _small_disk(at: Path, size: str) -> Iterator[Path]:
    at.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(at)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


def _let_in(disk: Path) -> None:
    """The server's user must be able to walk there."""
    for folder in disk.parents:
        if folder != folder.parent:
            with contextlib.suppress(PermissionError):
                folder.chmod(folder.stat().st_mode | 0o011)


def _fill(disk: Path) -> None:
    with contextlib.suppress(OSError), (disk / "ballast").open("wb", buffering=0) as ballast:
        while True:
            ballast.write(bytes(4_096))


def _let_go(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
