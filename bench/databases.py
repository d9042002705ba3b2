"""Databases to measure on: migrated, durable, each on a server of this process's own."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from leaderboard import job_queue
from leaderboard.app import create_app
from leaderboard.persistence.db import db
from tests.databases import Database, PostgresqlServer, Server, SqliteFiles, settings_for

KINDS = ("SQLite", "PostgreSQL")


def servers(folder: Path, kinds: Sequence[str] = KINDS) -> Iterator[tuple[str, Server]]:
    """The kinds' names and servers, one after the other; each is gone when the next one is asked for."""
    if "SQLite" in kinds:
        yield "SQLite", SqliteFiles(folder)
    if "PostgreSQL" in kinds:
        server = PostgresqlServer(durable=True)
        try:
            yield "PostgreSQL", server
        finally:
            server.stop()


@contextmanager
def opened(server: Server, folder: Path, keep: bool = False) -> Iterator[Database]:
    """A migrated database of its own, with the application for it at hand; dropped at the end unless kept."""
    database = server.migrated()
    with working_on(database, folder):
        yield database
    if not keep:
        server.drop(database)


@contextmanager
def working_on(database: Database, folder: Path) -> Iterator[None]:
    """The application for this database at hand; it rings for nobody."""
    app = create_app(settings_for(database, folder, log_level="ERROR"))
    with app.app_context():
        job_queue.bell().hush()
        yield
        db.session.remove()
        db.engine.dispose()
