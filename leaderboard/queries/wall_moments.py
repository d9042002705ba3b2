"""Moments as a screen may celebrate them: with the names that people chose, and nothing that was taken back since."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from leaderboard.domain.instants import Instant
from leaderboard.persistence.models import Award, Moment
from leaderboard.queries.board_page import BadgeMark
from leaderboard.queries.ground import Reading
from leaderboard.queries.marks import badge_mark
from leaderboard.queries.wall_ground import Wall, names_of


@dataclass(frozen=True, slots=True)
class MomentFacts:
    """Something to celebrate. `badge` is None but for a badge, `level` but for a target that was reached."""

    number: int
    kind: str
    at: Instant
    name: str
    team: str | None
    is_team: bool
    badge: BadgeMark | None
    level: str | None
    period: str | None


def newest_moment(reading: Reading) -> int:
    """The number of the newest; 0 before the first."""
    return reading.session.scalar(select(func.max(Moment.id))) or 0


def moments_after(wall: Wall, number: int, since: Instant, most: int = 12) -> tuple[MomentFacts, ...]:
    """Those that came after a number, not before an instant, that this screen may show; the newest of too many."""
    rows: Sequence[Any] = wall.reading.session.execute(
        select(
            Moment.id, Moment.kind, Moment.at, Moment.person_id, Moment.team_id, Moment.about, Moment.award_id,
            Award.badge, Award.rulebook_on, Award.withdrawn_at,
        )
        .outerjoin(Award, Award.id == Moment.award_id)
        .where(Moment.id > number, Moment.at >= since)
        .order_by(Moment.id.desc())
        .limit(most)
    ).all()  # fmt: skip
    names = names_of(wall, {row.person_id for row in rows if row.person_id is not None})
    found = [_moment(wall, row, names) for row in reversed(rows) if row.withdrawn_at is None]
    return tuple(one for one in found if one is not None)


def _moment(wall: Wall, row: Any, names: dict[int, str]) -> MomentFacts | None:
    ground, about = wall.reading.ground, json.loads(row.about)
    mark = None if row.badge is None else badge_mark(ground.book, row.badge, row.rulebook_on, 1)
    if row.person_id is None:
        team = ground.team_ids.get(row.team_id)
        if team is None or not wall.shows(row.team_id):
            return None
        name, beside, is_team = ground.placement.roster.team_name(team), None, True
    else:
        key, beside = wall.team_of(row.person_id, row.at)
        if row.person_id not in names or not wall.shows(key):
            return None
        name, is_team = names[row.person_id], False
    return MomentFacts(
        row.id, row.kind, row.at, name, beside, is_team, mark, about.get("level"), about.get("period")
    )
