"""What points are worth in money, where the rulebook says what one is."""

from dataclasses import dataclass
from decimal import Decimal

from leaderboard.domain.rulebook import Organization
from leaderboard.web.formats import money


@dataclass(frozen=True, slots=True)
class PointValue:
    """The money that one point is worth; None where points are worth none."""

    of_one: Decimal | None
    currency: str

    def worth(self, points: int) -> str:
        """`R$ 6`, `−R$ 10`, with a true minus sign; empty where points are worth nothing, or there are none."""
        if not self.of_one or not points:
            return ""
        told = money(self.of_one * abs(points), self.currency)
        return f"\N{MINUS SIGN}{told}" if points < 0 else told


def value_of_points(who: Organization) -> PointValue:
    """What a point is worth by a rulebook."""
    return PointValue(who.point_value, who.currency)
