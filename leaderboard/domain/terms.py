"""The words that every part of a rulebook uses: who promises, whom it is about, how it turned out."""

from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    """Who promises. A team of that department, and its reps, are the subjects of volumes and ratios."""

    MARKETING = "marketing"
    SALES = "sales"


class SubjectKind(StrEnum):
    """Whom points, ratings and badges belong to; also the scope of a standing."""

    REP = "rep"
    TEAM = "team"


class Rating(StrEnum):
    """How an outcome or a month turned out."""

    EXCEEDED = "exceeded"
    MET = "met"
    MISSED = "missed"

    @property
    def is_kept(self) -> bool:
        """Whether the promise was kept: met or better."""
        return self is not Rating.MISSED

    def at_least(self, other: "Rating") -> bool:
        """Whether this is that rating or better (missed < met < exceeded)."""
        return _RATING_ORDER[self] >= _RATING_ORDER[other]


_RATING_ORDER = {Rating.MISSED: 0, Rating.MET: 1, Rating.EXCEEDED: 2}


@dataclass(frozen=True, slots=True)
class PointsTable:
    """Whole points by rating."""

    exceeded: int = 0
    met: int = 0
    missed: int = 0

    def of(self, rating: Rating) -> int:
        """The points of a rating."""
        if rating is Rating.EXCEEDED:
            return self.exceeded
        return self.met if rating is Rating.MET else self.missed


NO_POINTS = PointsTable()
