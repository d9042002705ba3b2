"""Charts as the figures of SVG elements: the server draws, the browser only shows.

Sizes are attributes, never styles: our content security policy allows no inline style.
"""

from dataclasses import dataclass
from functools import lru_cache

SPARK_WIDTH = 100
SPARK_HEIGHT = 28


@dataclass(frozen=True, slots=True)
class Spark:
    """A sparkline: its line, the area under it, and where it ends."""

    line: str
    area: str
    end_x: str
    end_y: str
    is_flat: bool


@lru_cache(maxsize=4096)
def spark(values: tuple[int, ...]) -> Spark | None:
    """The line through the values from left to right; None with fewer than two.

    The same rows are drawn for everybody who looks, so a line is drawn once.
    """
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    height = (high - low) or 1
    step = SPARK_WIDTH / (len(values) - 1)
    points = [
        (round(place * step, 1), round(SPARK_HEIGHT - 2 - (value - low) / height * (SPARK_HEIGHT - 4), 1))
        for place, value in enumerate(values)
    ]
    line = "M" + "L".join(f"{x:g} {y:g}" for x, y in points)
    end_x, end_y = points[-1]
    return Spark(line, f"{line}V{SPARK_HEIGHT}H0Z", f"{end_x:g}", f"{end_y:g}", low == high)


def permille(part: float, whole: float) -> float:
    """A bar's length in percent with one digit, never outside 0 to 100."""
    return round(min(1.0, max(0.0, part / whole if whole else 0.0)) * 100, 1)
