"""Slope charts: who stood where, and where they would stand. Lines for an SVG whose height is its rows'.

The browser stretches the picture to the width there is, so that names beside it stay as large as all other text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

ROW = 10
"""A row's height in the picture's own units; its width is 100."""
MOST_ROWS = 60
_BEND = 45


@dataclass(frozen=True, slots=True)
class Slope:
    """One who is listed on both sides; a rank that is shared orders by name."""

    id: str
    name: str
    before: int
    after: int

    @property
    def moves(self) -> int:
        """How many ranks up; down where negative."""
        return self.before - self.after

    @property
    def way(self) -> str:
        """`up`, `down` or `same`: the line's class."""
        return "up" if self.moves > 0 else "down" if self.moves < 0 else "same"


@dataclass(frozen=True, slots=True)
class Line:
    """A line, and a dot at each end."""

    path: str
    ends: str
    way: str


@dataclass(frozen=True, slots=True)
class SlopeChart:
    """Names from top to bottom at both ends, and the lines between; those that move are drawn last, on top."""

    left: tuple[Slope, ...]
    right: tuple[Slope, ...]
    lines: tuple[Line, ...]
    height: int
    left_out: int
    """How many are not drawn, for there are too many."""


def slope_chart(slopes: Sequence[Slope]) -> SlopeChart | None:
    """The chart; None for fewer than two. Of many, the first ones of what would be are drawn."""
    if len(slopes) < 2:
        return None
    right = sorted(slopes, key=attrgetter("after", "name", "id"))[:MOST_ROWS]
    left = sorted(right, key=attrgetter("before", "name", "id"))
    rows = {one.id: place for place, one in enumerate(left)}
    drawn = sorted(enumerate(right), key=lambda pair: (abs(pair[1].moves), pair[0]))
    lines = tuple(_line(_middle(rows[one.id]), _middle(place), one.way) for place, one in drawn)
    return SlopeChart(tuple(left), tuple(right), lines, len(right) * ROW, len(slopes) - len(right))


def _middle(place: int) -> int:
    return place * ROW + ROW // 2


def _line(start: int, end: int, way: str) -> Line:
    path = f"M1 {start}C{_BEND} {start} {100 - _BEND} {end} 99 {end}"
    return Line(path, f"M1 {start}h0M99 {end}h0", way)
