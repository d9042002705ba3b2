"""What the forms of all parts of a draft say about saving."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Conflict:
    """What somebody else saved while this was typed.

    `touches_this` says that it changed the same part, too, and `is_apart` that it changed nothing in it that was typed.
    """

    who: str
    moment: str
    why: str | None
    changes: Any
    touches_this: bool
    is_apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftForm:
    """The page of a form: the draft, the saving that it began with, and what keeps it from being saved.

    `faults` are by field, `fault` is about all of it.
    """

    draft_id: int
    draft_name: str
    revision: int
    is_signed: bool = False
    why: str = ""
    faults: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    lost_comments: tuple[str, ...] = ()
    is_rewritten: bool = False
    conflict: Conflict | None = None
    fault: str | None = None


def both_changed(mine: Any, base: Any, theirs: Any) -> bool:
    """Whether anything was changed on both sides, be it alike."""
    if base in (mine, theirs):
        return False
    if not all(isinstance(one, Mapping) for one in (mine, base, theirs)):
        return True
    return any(
        both_changed(mine.get(key), base.get(key), theirs.get(key)) for key in {**mine, **base, **theirs}
    )


def upon_theirs(mine: Any, base: Any, theirs: Any) -> Any:
    """What was typed, and theirs wherever it was left as it was."""
    if mine == base:
        return theirs
    if not all(isinstance(one, Mapping) for one in (mine, base, theirs)):
        return mine
    merged = {key: upon_theirs(mine.get(key), base.get(key), theirs.get(key)) for key in {**theirs, **mine}}
    return {key: value for key, value in merged.items() if value is not None}
