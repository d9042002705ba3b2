"""What comes in from outside, before any view sees it: text that every database can keep, numbers that a row can have.

PostgreSQL takes no NUL into a text, and no database a number beyond 64 bits. Nobody types the one, and no address of
ours bears the other; so no view has to think of either.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, Request, abort
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.datastructures.structures import iter_multi_items

from leaderboard.services.visibility import LARGEST_KEY

_NUL = "\0"
_DIGITS = re.compile("[0-9]{1,19}")


def init_app(app: Flask) -> None:
    """Gives every view of the application such requests."""
    app.request_class = TypedRequest
    app.url_value_preprocessor(_nobody_s)


def key_of(text: str) -> int:
    """A number that a row, or a place in a list, can have. Raises ValueError for anything else."""
    if not _DIGITS.fullmatch(text) or (number := int(text)) > LARGEST_KEY:
        raise ValueError("no number that a row can have")
    return number


def _nobody_s(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """404 for a number that no row can have, and for a name with a NUL: for everybody, before any view."""
    for value in (values or {}).values():
        if (isinstance(value, int) and value > LARGEST_KEY) or (isinstance(value, str) and _NUL in value):
            abort(404)


class _Sent(ImmutableMultiDict[str, Any]):
    """The values of a query or a form, or its files, without NUL in names and texts."""

    def __init__(self, mapping: Any = None) -> None:
        super().__init__(list(_without_nul(iter_multi_items(mapping or ()))))


def _without_nul(items: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    for name, value in items:
        if isinstance(value, FileStorage) and value.filename:
            value.filename = value.filename.replace(_NUL, "")
        yield name.replace(_NUL, ""), value.replace(_NUL, "") if isinstance(value, str) else value


class TypedRequest(Request):
    """A request as every view gets it."""

    parameter_storage_class = _Sent
