"""Many rows at once, by the quickest road each database has."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Table,
    Text,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from leaderboard.persistence.db import Base, is_sqlite

Row = tuple[Any, ...]
_ROWS_AT_ONCE = 10_000
_ROWS_A_STATEMENT = 100
_SMALL_CACHE_KB = 4_096


def insert_rows(session: Session, model: type[Base], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows given as tuples of those columns. On PostgreSQL by COPY, on SQLite by one prepared statement."""
    if not rows:
        return
    table = table_of(model).name
    if is_sqlite(session):
        for statement, parameters in inserts(table, columns, rows):
            _run(session, statement, parameters)
        return
    _copy(session.connection(), f'COPY "{table}" ({_names(columns)}) FROM STDIN', rows)


def inserts(
    table: str, columns: Sequence[str], rows: Sequence[Row], tail: str = ""
) -> Iterator[tuple[str, list[Row]]]:
    """Statements for SQLite that store the rows, with their parameters.

    It prepares for the failure of each statement where there are triggers: a hundred rows share that.
    """
    filled, rows = _without_empty(columns, rows)
    whole = len(rows) // _ROWS_A_STATEMENT * _ROWS_A_STATEMENT
    if whole:
        starts = range(0, whole, _ROWS_A_STATEMENT)
        parts = (rows[start : start + _ROWS_A_STATEMENT] for start in starts)
        statement = _insert(table, filled, "?", _ROWS_A_STATEMENT) + tail
        yield statement, [tuple(chain.from_iterable(part)) for part in parts]
    if whole < len(rows):
        yield _insert(table, filled, "?") + tail, list(rows[whole:])


def _without_empty(columns: Sequence[str], rows: Sequence[Row]) -> tuple[tuple[str, ...], Sequence[Row]]:
    """The columns in which any row has something, and the rows of those: the others are NULL when they are left out.

    To SQLite's driver a None is no plain value. It looks for who could make it one, for as long as it binds twenty.
    """
    filled = [
        (name, values)
        for name, values in zip(columns, zip(*rows, strict=True), strict=True)
        if values.count(None) < len(rows)
    ]
    if len(filled) == len(columns):
        return tuple(columns), rows
    names, values = zip(*filled, strict=True)
    return names, list(zip(*values, strict=True))


def _copy(connection: Connection, statement: str, rows: Sequence[Row]) -> None:
    cursors = past_sqlalchemy(connection, statement)
    with cursors as driver, driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def past_sqlalchemy(connection: Connection, statement: str) -> Iterator[Any]:
    """The driver's own connection, for what SQLAlchemy has no name for: errors are made here, as it would make them."""
    # The driver's errors by way of the dialect: who works on SQLite need not have psycopg in memory.
    driver, driver_error = connection.connection.driver_connection, connection.dialect.loaded_dbapi.Error
    try:
        yield driver
    except driver_error as error:
        # What was lost must not go back into the pool.
        is_lost = bool(cast(Any, driver).closed)
        if is_lost:
            connection.invalidate(error)
        raise DBAPIError.instance(
            statement, None, error, driver_error, connection_invalidated=is_lost, dialect=connection.dialect
        ) from error


@contextmanager
def small_cache(session: Session) -> Iterator[None]:
    """For what goes through whole tables once: SQLite keeps no more of them in memory than it needs."""
    if not is_sqlite(session):
        yield
        return
    connection = session.connection()
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size=-{_SMALL_CACHE_KB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size={before}")


def stream(session: Session, statement: Any) -> Iterator[Row]:
    """The rows of a SELECT that may have millions: tuples as the driver makes them, a part at a time."""
    compiled = statement.compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True})
    result = session.connection().exec_driver_sql(str(compiled), execution_options={"stream_results": True})
    if is_sqlite(session):
        # Twice as quick as through SQLAlchemy's rows.
        yield from cast(Any, result.cursor)
        result.close()
    else:
        for part in result.partitions(_ROWS_AT_ONCE):
            yield from part


def add_to_sums(
    session: Session, model: type[Base], keys: Sequence[str], sums: Sequence[str], rows: Iterable[Row]
) -> None:
    """Add to kept sums: rows of keys, then amounts; a row that is not there yet begins at 0.

    In the order of their keys, so that two transactions cannot wait for each other in a ring.
    """
    table = table_of(model).name
    changes = ", ".join(f'"{name}" = "{table}"."{name}" + excluded."{name}"' for name in sums)
    _upsert(session, table, keys, sums, changes, rows)


def put_rows(
    session: Session, model: type[Base], keys: Sequence[str], columns: Sequence[str], rows: Iterable[Row]
) -> None:
    """Insert rows of keys, then columns; where a key is there already, its columns become these."""
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in columns)
    _upsert(session, table_of(model).name, keys, columns, changes, rows)


def update_rows(
    session: Session, model: type[Base], key: str, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    """Set columns of many rows found by one key: rows of the key, then the columns.

    In the order of their keys, so that two transactions cannot wait for each other in a ring.
    """
    mark = _mark(session)
    changes = ", ".join(f'"{name}" = {mark}' for name in columns)
    statement = f'UPDATE "{table_of(model).name}" SET {changes} WHERE "{key}" = {mark}'  # noqa: S608
    _run(session, statement, [(*row[1:], row[0]) for row in sorted(rows, key=_first)])


def _upsert(
    session: Session,
    table: str,
    keys: Sequence[str],
    columns: Sequence[str],
    changes: str,
    rows: Iterable[Row],
) -> None:
    insert = _insert(table, (*keys, *columns), _mark(session))
    _run(session, f"{insert} ON CONFLICT ({_names(keys)}) DO UPDATE SET {changes}", sorted(rows))


def _run(session: Session, statement: str, rows: Sequence[Row]) -> None:
    """Past SQLAlchemy to the driver: hundreds of thousands of rows leave no time for anything between."""
    if rows:
        session.connection().exec_driver_sql(statement, list(rows))


def _insert(table: str, columns: tuple[str, ...], mark: str, times: int = 1) -> str:
    values = ", ".join([f"({', '.join([mark] * len(columns))})"] * times)
    return f'INSERT INTO "{table}" ({_names(columns)}) VALUES {values}'  # noqa: S608


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _mark(session: Session) -> str:
    return "?" if is_sqlite(session) else "%s"


def table_of(model: type[Base]) -> Table:
    """The table of a class; its type is wider than what every mapped class has."""
    return cast(Table, model.__table__)


def insert_into(session: Session, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT; the two databases spell it alike, SQLAlchemy has no common name for it."""
    return sqlite.insert(table) if is_sqlite(session) else postgresql.insert(table)


def among(session: Session, column: Any, values: Iterable[str] | Iterable[int]) -> ColumnElement[bool]:
    """Whether the column is one of many values, given as one parameter: an IN of thousands is slow to build."""
    listed = list(values)
    if len(listed) == 1:  # half of the times, and quicker to build
        return cast(ColumnElement[bool], column == listed[0])
    if is_sqlite(session):
        keys = func.json_each(json.dumps(listed)).table_valued("value")
        return cast(ColumnElement[bool], column.in_(select(keys.c.value)))
    kind = BigInteger() if isinstance(column.type, Integer) else Text()
    return cast(ColumnElement[bool], column == any_(bindparam(None, listed, type_=ARRAY(kind))))


def _first(row: Row) -> Any:
    return row[0]
