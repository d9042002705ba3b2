"""Many rows at once, by the quickest road each database has."""

import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Table,
    Text,
    any_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from leaderboard.persistence.db import Base, is_sqlite

Row = tuple[Any, ...]


def insert_rows(session: Session, model: type[Base], columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows given as tuples of those columns. On PostgreSQL by COPY, on SQLite by one prepared statement."""
    if not rows:
        return
    connection, table = session.connection(), table_of(model)
    if is_sqlite(session):
        connection.exec_driver_sql(_sqlite_insert(table.name, tuple(columns)), list(rows))
        return
    cursor: Any = connection.connection.cursor()
    names = ", ".join(f'"{column}"' for column in columns)
    with cursor, cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


@lru_cache(maxsize=64)
def _sqlite_insert(table: str, columns: tuple[str, ...]) -> str:
    names = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})'  # noqa: S608


def add_to_sums(
    session: Session, model: type[Base], keys: Sequence[str], sums: Sequence[str], rows: Iterable[Row]
) -> None:
    """Add to kept sums: rows of keys, then amounts; a row that is not there yet begins at 0.

    In the order of their keys, so that two transactions cannot wait for each other in a ring.
    """
    ordered = sorted(rows)
    if not ordered:
        return
    table = table_of(model)
    insert = insert_into(session, table)
    added = {name: table.c[name] + insert.excluded[name] for name in sums}
    statement = insert.on_conflict_do_update(index_elements=list(keys), set_=added)
    names = (*keys, *sums)
    session.connection().execute(statement, [dict(zip(names, row, strict=True)) for row in ordered])


def put_rows(
    session: Session, model: type[Base], keys: Sequence[str], columns: Sequence[str], rows: Iterable[Row]
) -> None:
    """Insert rows of keys, then columns; where a key is there already, its columns become these."""
    ordered = sorted(rows)
    if not ordered:
        return
    table = table_of(model)
    insert = insert_into(session, table)
    replaced = {name: insert.excluded[name] for name in columns}
    statement = insert.on_conflict_do_update(index_elements=list(keys), set_=replaced)
    names = (*keys, *columns)
    session.connection().execute(statement, [dict(zip(names, row, strict=True)) for row in ordered])


def update_rows(
    session: Session, model: type[Base], key: str, columns: Sequence[str], rows: Sequence[Row]
) -> None:
    """Set columns of many rows found by one key: rows of the key, then the columns.

    In the order of their keys, so that two transactions cannot wait for each other in a ring.
    """
    if not rows:
        return
    table = table_of(model)
    statement = (
        update(table)
        .where(table.c[key] == bindparam("_key"))
        .values({name: bindparam(f"_{place}") for place, name in enumerate(columns)})
    )
    names = ("_key", *(f"_{place}" for place in range(len(columns))))
    session.connection().execute(
        statement, [dict(zip(names, row, strict=True)) for row in sorted(rows, key=_first)]
    )


def table_of(model: type[Base]) -> Table:
    """The table of a class; its type is wider than what every mapped class has."""
    return cast(Table, model.__table__)


def insert_into(session: Session, table: Any) -> Any:
    """An INSERT that knows ON CONFLICT; the two databases spell it alike, SQLAlchemy has no common name for it."""
    return sqlite.insert(table) if is_sqlite(session) else postgresql.insert(table)


def among(session: Session, column: Any, values: Iterable[str] | Iterable[int]) -> ColumnElement[bool]:
    """Whether the column is one of many values, given as one parameter: an IN of thousands is slow to build."""
    listed = list(values)
    if is_sqlite(session):
        keys = func.json_each(json.dumps(listed)).table_valued("value")
        return cast(ColumnElement[bool], column.in_(select(keys.c.value)))
    kind = BigInteger() if isinstance(column.type, Integer) else Text()
    return cast(ColumnElement[bool], column == any_(bindparam(None, listed, type_=ARRAY(kind))))


def _first(row: Row) -> Any:
    return row[0]
