"""How SQLite is spoken to: which library, which journal, and who may write when.

Every transaction that may write begins IMMEDIATE, so that it waits for the writer before it and never finds
its reads stale (deferred ones fail with "database is locked" or, worse, lose updates). A transaction of a
reading engine begins DEFERRED under `query_only`: it takes no lock that a writer waits for, and one that
writes all the same fails at once instead of trying to become a writer half-way.
"""

import importlib
import sqlite3
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, event

READING = "sqlite_reading"
"""The execution option that marks an engine or connection as reading only."""

_BUSY_SECONDS = 10.0
_MAX_JOURNAL_BYTES = 64 * 1024 * 1024
_MOST_PAGES_OF_LOG = 16_000
"""At so many a commit takes the log into the database itself, where nobody did it beside the work (`relieve`)."""
_WORTH_RELIEVING = 2_000
_PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # else INSERT OR REPLACE passes the triggers that forbid DELETE
    f"journal_size_limit={_MAX_JOURNAL_BYTES}",
    f"wal_autocheckpoint={_MOST_PAGES_OF_LOG}",
    "cache_size=-8192",  # the system keeps the file in memory too; more was no faster, and each connection has its own
    "temp_store=MEMORY",
)


def driver() -> ModuleType:
    """The wheel `pysqlite3`, which carries a current SQLite, else the one that Python came with."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite can be trusted with WAL and several writers.

    3.7.0 to 3.51.2 can corrupt the file, but for the patch releases 3.50.7 and 3.44.6 and those after them.
    """
    if version[:2] in ((3, 50), (3, 44)):
        return version >= ((3, 50, 7) if version[1] == 50 else (3, 44, 6))
    return version >= (3, 51, 3)


def journal_mode(module: ModuleType) -> str:
    """`WAL`, or `DELETE` (slower, readers and writers wait for each other) where WAL could lose data."""
    return "WAL" if wal_is_safe(module.sqlite_version_info) else "DELETE"


def engine_options(module: ModuleType) -> dict[str, Any]:
    """What `create_engine` is told for SQLite."""
    return {"module": module, "connect_args": {"timeout": _BUSY_SECONDS}}


def install(engine: Engine, journal: str) -> None:
    """Put the rules on every connection and transaction of the engine."""

    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself: `begin` below does
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA journal_mode={journal}").fetchone()
        for pragma in _PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", _begin)


def _begin(connection: Connection) -> None:
    reading = bool(connection.get_execution_options().get(READING))
    if connection.info.get(READING, False) is not reading:
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
        connection.info[READING] = reading
    connection.exec_driver_sql("BEGIN DEFERRED" if reading else "BEGIN IMMEDIATE")


def relieve(engine: Engine) -> bool:
    """Takes the write-ahead log into the database, if there is much of it; whether it was worth it.

    Those who read and write meanwhile need not wait, as the one would whose commit came upon it.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        # Only asks; a SQLite that does not know the word yet does it, which is as well.
        _, pages, taken = cursor.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        is_much = pages - taken >= _WORTH_RELIEVING
        if is_much:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        cursor.close()
        return bool(is_much)
    finally:
        connection.close()
