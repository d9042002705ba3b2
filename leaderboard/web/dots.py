"""Dots with intervals: a share, and between which shares the true one lies; lengths in percent of the width."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from leaderboard.web.charts import permille

_WHOLE = Decimal(1)
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Dot:
    """Where the interval begins and ends, and where the dot is."""

    low: float
    high: float
    at: float


def scale_of(highs: Iterable[Decimal]) -> Decimal:
    """The share at the right edge: the next tenth from which everything can be seen."""
    return max([_TENTH, *highs]).quantize(_TENTH, ROUND_CEILING)


def dot(low: Decimal, high: Decimal, share: Decimal, scale: Decimal = _WHOLE) -> Dot:
    """In a picture whose right edge is that share."""
    return Dot(*(permille(float(value), float(scale)) for value in (low, high, share)))
