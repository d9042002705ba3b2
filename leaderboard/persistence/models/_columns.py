"""Columns and checks that many tables share."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CheckConstraint, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from leaderboard.persistence.types import Whole

STRICT = {"sqlite_strict": True}
KEYED = {"sqlite_strict": True, "sqlite_with_rowid": False}
"""For tables that are found by their own key only: on SQLite the key's index is the table."""
ZERO = text("0")


def row_id() -> Mapped[int]:
    """A number that the database gives."""
    return mapped_column(Whole, Identity(), primary_key=True)


def one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    """The column holds one of these words (or nothing, where it may)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def index_where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """A partial index. A flag in `where` is written `flag = 1`, as SQLite's queries say it."""
    predicate: dict[str, Any] = {
        "sqlite_where": text(where),
        "postgresql_where": text(where.replace(" = 1", "")),
    }
    return Index(name, *columns, unique=unique, **predicate)
