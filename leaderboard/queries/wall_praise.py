"""The slides of praise: fresh badges, and what was met and exceeded today."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select, true

from leaderboard.domain.instants import DAY, Instant, midnight
from leaderboard.domain.rulebook import Rating, SubjectKind
from leaderboard.persistence.models import Award, DaySum, Outcome
from leaderboard.queries.marks import badge_mark
from leaderboard.queries.receipts import in_working_time, level_name
from leaderboard.queries.wall_ground import Wall, names_of
from leaderboard.queries.wall_page import BadgesFacts, Done, FreshBadge, TodayFacts

_MOST_BADGES = 12
_FRESH = 14 * DAY
_MOST_DONE = 14
_LOOKED_AT = 2_000
_PEOPLE_LEFT_OUT = 4
"""So many times as many rows are read as are shown, for those of who is left out are passed over."""


def badges_facts(wall: Wall) -> BadgesFacts:
    """The latest badges of people and teams, of the last fortnight."""
    award, now = Award, wall.reading.now
    rows = wall.reading.session.execute(
        select(award.id, award.badge, award.rulebook_on, award.person_id, award.team_id, award.awarded_at)
        .where(award.awarded_at > now - _FRESH, award.awarded_at <= now, award.withdrawn_at.is_(None))
        .order_by(award.awarded_at.desc(), award.id.desc())
        .limit(_MOST_BADGES * _PEOPLE_LEFT_OUT)
    ).all()
    names = names_of(wall, {row.person_id for row in rows if row.person_id is not None})
    found = [badge for row in rows if (badge := _badge(wall, row, names)) is not None]
    return BadgesFacts(tuple(found[:_MOST_BADGES]), now)


def _badge(wall: Wall, row: Any, names: dict[int, str]) -> FreshBadge | None:
    ground = wall.reading.ground
    mark = badge_mark(ground.book, row.badge, row.rulebook_on, 1)
    if row.person_id is None:
        name = ground.placement.roster.team_name(ground.team_ids.get(row.team_id, ""))
        shown = wall.shows(row.team_id) and bool(name)
        return FreshBadge(row.id, name, None, mark, row.awarded_at, SubjectKind.TEAM) if shown else None
    team_key, team = wall.team_of(row.person_id, row.awarded_at)
    if row.person_id not in names or not wall.shows(team_key):
        return None
    return FreshBadge(row.id, names[row.person_id], team, mark, row.awarded_at, SubjectKind.REP)


def today_facts(wall: Wall) -> TodayFacts:
    """What was met and exceeded since the last midnight: the newest of it by name, and how much it is in all."""
    today = wall.reading.ground.book.calendar.date_at(wall.reading.now)
    rows = _done_rows(wall, midnight(today, wall.reading.ground.book.calendar.zone))
    names = names_of(wall, {row.person_id for row in rows})
    done = [_done(wall, row, names[row.person_id]) for row in rows if row.person_id in names]
    exceeded, met = _counted(wall, today.isoformat())
    return TodayFacts(today, tuple(done[:_MOST_DONE]), exceeded, met)


def _done_rows(wall: Wall, since: Instant) -> Sequence[Any]:
    outcome = Outcome
    columns = (
        outcome.id, outcome.person_id, outcome.team_id, outcome.service_level, outcome.rating, outcome.at,
        outcome.elapsed_us, outcome.rulebook_on,
    )  # fmt: skip
    good = (Rating.MET.value, Rating.EXCEEDED.value)
    statement = select(*columns).where(
        outcome.id > latest_outcomes(wall), outcome.at >= since, outcome.at <= wall.reading.now,
        outcome.rating.in_(good), outcome.counted == true(), outcome.person_id.is_not(None),
    )  # fmt: skip
    if wall.teams:
        statement = statement.where(outcome.team_id.in_(sorted(wall.teams)))
    newest = statement.order_by(outcome.at.desc(), outcome.id.desc()).limit(_MOST_DONE * _PEOPLE_LEFT_OUT)
    return wall.reading.session.execute(newest).all()


def latest_outcomes(wall: Wall) -> int:
    """The key after which the outcomes that were stored last lie: a wall looks at these, never at a whole month."""
    newest: int | None = wall.reading.session.scalar(select(func.max(Outcome.id)))
    return (newest or 0) - _LOOKED_AT


def _done(wall: Wall, row: Any, name: str) -> Done:
    ground = wall.reading.ground
    team = None if row.team_id is None else ground.team_ids.get(row.team_id)
    return Done(
        key=row.id,
        name=name,
        team=None if team is None else ground.placement.roster.team_name(team),
        service_level=level_name(wall.reading, row.service_level, row.rulebook_on),
        is_exceeded=row.rating == Rating.EXCEEDED.value,
        at=row.at,
        elapsed_us=row.elapsed_us,
        in_working_time=in_working_time(wall.reading, row.service_level, row.rulebook_on),
    )


def _counted(wall: Wall, day: str) -> tuple[int, int]:
    statement = select(func.sum(DaySum.exceeded), func.sum(DaySum.met)).where(
        DaySum.day == day, DaySum.person_id != 0
    )
    if wall.teams:
        statement = statement.where(DaySum.team_id.in_(sorted(wall.teams)))
    exceeded, met = wall.reading.session.execute(statement).one()
    return int(exceeded or 0), int(met or 0)
