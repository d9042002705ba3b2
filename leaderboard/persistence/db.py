"""The database: the one `db`, its engines, and who may write when."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    Connection,
    Engine,
    MetaData,
    NullPool,
    Row,
    Select,
    create_engine,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from leaderboard.persistence import sqlite_rules

MIGRATIONS = Path(__file__).resolve().parent / "migrations"

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_READ_ONLY = "read_only"
_POSTGRESQL_READING = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_POSTGRESQL = {
    "pool_size": 5,
    "max_overflow": 10,
    "pool_timeout": 10,
    # One round trip a checkout, so that a server that was restarted costs no request.
    "pool_pre_ping": True,
    "connect_args": {
        "application_name": "leaderboard",
        "connect_timeout": 5,
        "options": "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s"
        " -c idle_in_transaction_session_timeout=120s",
    },
}

# Any two numbers, as long as nothing else that uses this database has them.
_WRITER_LOCK = 4_740_188_001
_INTAKE_LOCK = 4_740_188_002
INTAKE_LOCK = f"SELECT pg_advisory_xact_lock_shared({_INTAKE_LOCK})"
"""What `intake_lock` says, for who says it together with what follows."""
_LONGEST_WRITING = "10min"


class Base(DeclarativeBase):
    """What the tables' classes derive from."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class AppSession(FlaskSession):
    """A session that can be told to read only, before its first statement."""

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        """The engine, or its reading side where the session is marked so."""
        bind = super().get_bind(*args, **kwargs)
        if self.info.get(_READ_ONLY) and isinstance(bind, Engine):
            return reading_engine(bind)
        return bind


db = SQLAlchemy(
    model_class=Base,
    disable_autonaming=True,
    # What was read stays readable after the commit: a service's answer must not reload it piece by piece.
    session_options={"class_": AppSession, "expire_on_commit": False},
)
migrate = Migrate()


def init_app(app: Flask, database_url: str, migration_database_url: str | None = None) -> None:
    """Give the application its database. Connects to nothing and migrates nothing."""
    sqlite = make_url(database_url).get_backend_name() == "sqlite"
    module = sqlite_rules.driver()
    options = sqlite_rules.engine_options(module) if sqlite else _POSTGRESQL
    app.config["SQLALCHEMY_DATABASE_URI"] = database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options
    app.config["MIGRATION_DATABASE_URL"] = migration_database_url or database_url
    db.init_app(app)
    with app.app_context():
        if sqlite:
            sqlite_rules.install(db.engine, sqlite_rules.journal_mode(module))
    app.teardown_appcontext(_end_session)  # before Flask-SQLAlchemy's, which is told of first
    migrate.init_app(app, db, directory=str(MIGRATIONS))


def _end_session(_error: BaseException | None) -> None:
    """Rolls back what was left open. Where the connection died meanwhile, it goes, and the answer stays as it is.

    Without this an answer that was made already would become a bare 500, and its session be found by a later request.
    """
    try:
        db.session.remove()
    except DBAPIError:
        with suppress(SQLAlchemyError):
            db.session().invalidate()
        db.session.registry.clear()


def current_session() -> Session:
    """The session of the application context at hand; it writes unless `read_only` was told of it."""
    return cast(Session, db.session())


def is_sqlite(session: Session) -> bool:
    """Whether the session speaks to SQLite; else it is PostgreSQL."""
    return session.get_bind().dialect.name == "sqlite"


def writes_beside_reads() -> bool:
    """Whether one can write while another reads on: not on SQLite without WAL, where a writer waits for readers."""
    if db.engine.dialect.name != "sqlite":
        return True
    return sqlite_rules.journal_mode(sqlite_rules.driver()) == "WAL"


@lru_cache(maxsize=16)
def reading_engine(engine: Engine) -> Engine:
    """The same engine and pool for reading only: one snapshot a transaction, no lock, and a write fails."""
    if engine.dialect.name == "sqlite":
        return engine.execution_options(**{sqlite_rules.READING: True})
    return engine.execution_options(**_POSTGRESQL_READING)


def look_up(
    statement: Select[*tuple[Any, ...]], parameters: Mapping[str, object]
) -> Row[*tuple[Any, ...]] | None:
    """One row by one statement, on a connection of its own: the request's session stays free to read or to write.

    On PostgreSQL without a transaction around it, which would take two more round trips.
    """
    engine = reading_engine(db.engine)
    if engine.dialect.name != "sqlite":
        engine = _looking_up(db.engine)
    with engine.connect() as connection:
        return connection.execute(statement, parameters).first()


@lru_cache(maxsize=16)
def _looking_up(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def read_only(session: Session) -> None:
    """From here on the session only reads, all of a transaction from one snapshot, and a write fails loudly.

    Raises RuntimeError when a transaction is under way: it might hold the write lock already.
    """
    if session.in_transaction():
        raise RuntimeError("a session becomes reading before its first statement, not in a transaction")
    session.info[_READ_ONLY] = True


def writable(session: Session) -> None:
    """Ends what the session was reading, so that its next transaction may write."""
    session.rollback()
    session.info[_READ_ONLY] = False


def writing_session() -> Session:
    """The session of the application context at hand, for writing, even if something read in it before."""
    session = current_session()
    if session.info.get(_READ_ONLY):
        writable(session)
    return session


def writer_lock(session: Session) -> None:
    """Wait (on PostgreSQL up to 30 s) until nobody else evaluates, settles or closes; held to the transaction's end.

    On SQLite a transaction that may write is alone from its beginning. On PostgreSQL from 17 on, whoever was frozen
    with the lock in hand loses it in the end: the timeout of idle transactions does not see one whose last word was
    an executemany.
    """
    if not is_sqlite(session):
        words = "set_config('lock_timeout', '30s', true)"
        if _knows_transaction_timeout(session):
            words += f", set_config('transaction_timeout', '{_LONGEST_WRITING}', true)"
        session.execute(text(f"SELECT {words}, pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})


def _knows_transaction_timeout(session: Session) -> bool:
    version = session.connection().dialect.server_version_info
    return version is not None and version >= (17,)


def intake_lock(session: Session) -> None:
    """Taken, shared, by every transaction that stores events: any number of them at once."""
    if not is_sqlite(session):
        session.connection().exec_driver_sql(INTAKE_LOCK)


def intake_barrier(session: Session) -> None:
    """Wait for all who are storing events and keep others out until the transaction ends.

    Without it a sequence number that is drawn but not yet committed could turn up behind a horizon, and who
    changes many leads at once could meet an intake that locks the same ones in another order.
    """
    if not is_sqlite(session):
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _INTAKE_LOCK})


def without_timeouts(session: Session) -> None:
    """For transactions that rightly take long: neither they nor a statement nor a wait for a lock is cut off."""
    if not is_sqlite(session):
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("SET LOCAL lock_timeout = 0"))
        if _knows_transaction_timeout(session):
            session.execute(text("SET LOCAL transaction_timeout = 0"))


def migration_engine(app: Flask) -> Engine:
    """An engine of its own for `flask db`: as the tables' owner, and giving up on a lock that web requests hold."""
    url = make_url(app.config["MIGRATION_DATABASE_URL"])
    if url.get_backend_name() != "sqlite":
        waits = "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=0"
        connect_args = {"application_name": "leaderboard-migrations", "connect_timeout": 5, "options": waits}
        return create_engine(url, poolclass=NullPool, connect_args=connect_args)
    module = sqlite_rules.driver()
    engine = create_engine(url, poolclass=NullPool, **sqlite_rules.engine_options(module))
    sqlite_rules.install(engine, sqlite_rules.journal_mode(module))
    return engine


def dispose_before_fork() -> None:
    """Where no transaction is under way: whoever is forked inherits no connection, nor what one keeps in memory."""
    db.engine.dispose()


def dispose_after_fork() -> None:
    """The first thing in a forked process: the parent's connections are let go, not closed."""
    db.engine.dispose(close=False)


@dataclass(frozen=True, slots=True)
class DatabaseReport:
    """What /readyz says of the database. `revision` is None where nothing was ever migrated."""

    library: str
    version: str
    journal_mode: str | None
    revision: str | None
    head: str | None

    @property
    def is_migrated(self) -> bool:
        """Whether the tables are those that this code expects."""
        return self.revision is not None and self.revision == self.head


def db_report() -> DatabaseReport:
    """Asks the database. Raises sqlalchemy.exc.OperationalError when it cannot be reached."""
    engine = reading_engine(db.engine)
    with engine.connect() as connection:
        journal = None
        if engine.dialect.name == "sqlite":
            module = cast(Any, engine.dialect).dbapi
            library, version = module.__name__.partition(".")[0], module.sqlite_version
            journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        else:
            library, version = "postgresql", connection.exec_driver_sql("SHOW server_version").scalar_one()
        return DatabaseReport(library, version, journal, _revision(connection), head_revision())


@lru_cache(maxsize=1)
def head_revision() -> str | None:
    """The revision that this code expects."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return cast(str | None, connection.scalar(text("SELECT version_num FROM alembic_version")))
