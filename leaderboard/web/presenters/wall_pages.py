"""What does not fit on the glass at once goes on to further pages, evenly filled."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

_T = TypeVar("_T")


def evenly(rows: Sequence[_T], most: int) -> Iterator[tuple[_T, ...]]:
    """So few pages as can be, none with more than `most`, none much emptier than another; none at all of nothing."""
    pages = -(-len(rows) // most)
    for page in range(pages):
        yield tuple(rows[len(rows) * page // pages : len(rows) * (page + 1) // pages])
