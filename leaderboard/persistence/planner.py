"""What SQLite's planner cannot know of the tables, for it is never told to count them."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class usually(FunctionElement[bool]):  # noqa: N801 -- it stands among SQL's functions
    """The same condition, said to hold for nearly all rows: an index of those for which it holds is no way in.

    SQLite takes a unique column for a good way in even where IS NULL is asked of it, and nearly all rows are so.
    """

    inherit_cache = True
    _is_implicitly_boolean = (
        True  # else `= 1` is put behind it, which SQLite would take for a condition of its own
    )
    type = Boolean()

    def __init__(self, condition: ColumnElement[bool]) -> None:
        super().__init__(condition)


@compiles(usually)
def _as_it_is(element: usually, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses.clauses[0], **options))


@compiles(usually, "sqlite")
def _likely(element: usually, compiler: Any, **options: Any) -> str:
    return f"likely({_as_it_is(element, compiler, **options)})"
