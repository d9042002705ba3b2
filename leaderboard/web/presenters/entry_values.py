"""Values of a rulebook's document as texts of a form, whatever is wrong with them."""

from collections.abc import Mapping
from typing import Any


def list_of(value: Any) -> tuple[str, ...]:
    """One or several, as several."""
    listed = value if isinstance(value, list) else [value]
    return tuple(text for one in listed if (text := text_of(one)))


def map_of(value: Any) -> Mapping[str, Any]:
    """A mapping; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def text_of(value: Any) -> str:
    """A scalar's text; "" for anything else."""
    if value is None or isinstance(value, Mapping | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()
