"""The column types, chosen so that SQLite's STRICT tables and PostgreSQL hold exactly the same values."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Dialect, Integer
from sqlalchemy.types import TypeDecorator, TypeEngine

Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
"""Text that compares and sorts by code point, whatever the database's own language is."""

Whole = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits. SQLite numbers rows by itself only for the type INTEGER."""

InstantColumn = Whole
"""An instant: microseconds since the epoch, as everywhere in the product."""


class Flag(TypeDecorator[bool]):
    """Yes or no: a boolean on PostgreSQL, 0 or 1 in SQLite, whose STRICT tables know no booleans."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type that the database at hand has for it."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def process_result_value(self, value: Any | None, dialect: Dialect) -> bool | None:
        """True or False whatever the database gave."""
        return None if value is None else bool(value)
