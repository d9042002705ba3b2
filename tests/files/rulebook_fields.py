"""Every field that a rulebook can have, found by walking its types."""

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from leaderboard.domain.rulebook import Limit, Rulebook
from leaderboard.files.rulebook.changes import ANY, NOT_WRITTEN, WHOLE

BY_NAME = {"calendars.*.week": "calendars.*.week.*", "consequences.*.steps": "consequences.*.steps.*"}
"""Lists that are told entry by entry."""


def fields_of_rulebooks() -> list[str]:
    """The fields as `changes` tells them, without those that keep a thing's own id."""
    return list(dict.fromkeys(_fields("", Rulebook)))


def _fields(path: str, kind: Any) -> Iterator[str]:
    kinds = [one for one in _members(kind) if one is not type(None)]
    if any(typing.get_origin(one) is Mapping for one in kinds):
        yield f"{path}.{ANY}"
        yield from _fields(f"{path}.{ANY}", typing.get_args(kinds[0])[1])
    elif path in BY_NAME:
        yield BY_NAME[path]
    elif kinds[0] is Limit:
        yield from (path, f"{path}.{ANY}")
    elif dataclasses.is_dataclass(kinds[0]) and kinds[0] not in WHOLE:
        yield from (one for kind in kinds for one in _of_dataclass(path, kind))
        if len(kinds) > 1:
            yield f"{path}.measure"
    else:
        yield path


def _of_dataclass(path: str, kind: Any) -> Iterator[str]:
    hints = typing.get_type_hints(kind)
    for field in dataclasses.fields(kind):
        if field.name != "id" and (kind, field.name) not in NOT_WRITTEN:
            yield from _fields(f"{path}.{field.name}".lstrip("."), hints[field.name])


def _members(kind: Any) -> tuple[Any, ...]:
    return typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
