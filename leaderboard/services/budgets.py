"""What a login gave by hand in a month, and what is left by the rules in force (docs/rulebook-format.md, by_hand)."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from leaderboard.domain.incentives import UNLIMITED, ByHand
from leaderboard.domain.instants import Instant
from leaderboard.domain.versions import Book
from leaderboard.persistence.models import Decision


@dataclass(frozen=True, slots=True)
class Budget:
    """A month's limits and what was given of them. What was taken off frees nothing, what was undone counts no more."""

    limits: ByHand
    points: int = 0
    badges: int = 0

    @property
    def points_left(self) -> int | None:
        """None: as many as they like."""
        return None if self.limits.points is None else max(0, self.limits.points - self.points)

    @property
    def badges_left(self) -> int | None:
        """None: as many as they like."""
        return None if self.limits.badges is None else max(0, self.limits.badges - self.badges)


def budget_of(session: Session, book: Book, actor: str, now: Instant) -> Budget:
    """One statement."""
    version, row, undoing = book.at(now), Decision, aliased(Decision)
    start_at = book.calendar.month(book.calendar.month_at(now)).start_at
    given = session.execute(
        select(row.kind, row.at, row.badge, row.points)
        .outerjoin(undoing, undoing.undoes == row.id)
        .where(
            row.decided_by == actor,
            row.at >= start_at,
            row.kind.in_(("badge", "points")),
            undoing.id.is_(None),
        )
    ).all()
    points = sum(max(0, one.points or badge_points(book, one.badge, one.at)) for one in given)
    badges = sum(one.kind == "badge" for one in given)
    return Budget(UNLIMITED if version is None else version.rulebook.by_hand, points, badges)


def badge_points(book: Book, badge: str | None, at: Instant) -> int:
    """What a badge is worth that is given at an instant."""
    version = book.at(at)
    found = None if version is None or badge is None else version.rulebook.badges.get(badge)
    return 0 if found is None else found.points
