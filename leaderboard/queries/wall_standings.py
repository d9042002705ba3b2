"""The slides of who stands where: the quarter's teams, the month's first reps, and who has climbed among them."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from itertools import accumulate

from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board import members, stakes
from leaderboard.queries.marks import marks
from leaderboard.queries.periods import period_facts
from leaderboard.queries.places import Place, Places, places, places_until
from leaderboard.queries.wall_ground import FEWEST_MEMBERS, Wall, named, upper_places
from leaderboard.queries.wall_page import ClimbersFacts, RepsFacts, TeamsFacts, WallRep, WallTeam


def teams_facts(wall: Wall) -> TeamsFacts:
    """The teams of the present quarter, all of them."""
    reading = wall.reading
    calendar = reading.ground.book.calendar
    period = calendar.at(PeriodKind.QUARTER, reading.now)
    standing, frozen_on = _standing(wall, period, SubjectKind.TEAM)
    sizes = members(reading, period)
    teams = (
        ()
        if standing.is_empty
        else tuple(_team(wall, place, sizes) for place in standing.between(0, len(standing)))
    )
    today = calendar.date_at(reading.now)
    facts = period_facts(reading, wall.kept, period)
    return TeamsFacts(facts, today, teams, stakes(reading, period, SubjectKind.TEAM), frozen_on)


def reps_facts(wall: Wall) -> RepsFacts:
    """The first reps of the present month, of the teams that the screen shows, with their true ranks."""
    period, standing, frozen_on = _month(wall)
    reps = _reps(wall, period, standing)
    return RepsFacts(
        period_facts(wall.reading, wall.kept, period), wall.reading.now, reps, len(standing), frozen_on
    )


def climbers_facts(wall: Wall) -> ClimbersFacts:
    """Who of them has climbed since the last midnight; nobody while the standing stands still."""
    period, standing, _ = _month(wall)
    climbed = [rep for rep in _reps(wall, period, standing) if rep.climbed]
    farthest = sorted(climbed, key=lambda rep: (-rep.climbed, rep.rank, rep.name))
    return ClimbersFacts(period_facts(wall.reading, wall.kept, period), tuple(farthest))


def frozen_on(wall: Wall, now_on: dt.date) -> dt.date | None:
    """The last day that counts on walls, where the quarter's end is near enough for the standings to stand still."""
    if not wall.frozen_days:
        return None
    quarter = wall.reading.ground.book.calendar.at(PeriodKind.QUARTER, wall.reading.now)
    last = quarter.last_on - dt.timedelta(days=wall.frozen_days)
    return last if now_on > last else None


def _month(wall: Wall) -> tuple[Period, Places, dt.date | None]:
    period = wall.reading.ground.book.calendar.at(PeriodKind.MONTH, wall.reading.now)
    return period, *_standing(wall, period, SubjectKind.REP)


def _standing(wall: Wall, period: Period, scope: SubjectKind) -> tuple[Places, dt.date | None]:
    reading = wall.reading
    still = frozen_on(wall, reading.ground.book.calendar.date_at(reading.now))
    if still is None or period.name in wall.kept.seals:
        return places(reading, wall.kept, period, scope), None
    return places_until(reading, wall.kept, period, scope, still), still


def _team(wall: Wall, place: Place, sizes: Mapping[str, int]) -> WallTeam:
    members = sizes.get(place.id, 0)
    found = WallTeam(
        place.key, place.name, place.rank, place.points, members, is_ours=place.key in wall.teams
    )
    if members < FEWEST_MEMBERS:
        return found
    moved = None if place.rank_before is None else place.rank_before - place.rank
    return replace(found, moved=moved, kept=place.tally.kept, outcomes=place.tally.total)


def _reps(wall: Wall, period: Period, standing: Places) -> tuple[WallRep, ...]:
    at = min(wall.reading.now, period.last_second_at)
    placed = [
        (place, name, wall.team_of(place.key, at))
        for place, name in named(wall, upper_places(standing, wall.top_places))
    ]
    shown = [(place, name, team) for place, name, (key, team) in placed if wall.shows(key)]
    beside = marks(wall.reading, standing, period, SubjectKind.REP, [place.key for place, _, _ in shown])
    return tuple(
        WallRep(
            place.key, name, team, place.rank, place.points, _climbed(place), _rising(beside.lines.get(place.key, ())),
            beside.badges.get(place.key, ()),
        )
        for place, name, team in shown
    )  # fmt: skip


def _climbed(place: Place) -> int:
    return 0 if place.rank_before is None else max(0, place.rank_before - place.rank)


def _rising(line: tuple[int, ...]) -> tuple[int, ...]:
    """A line of points so far that never falls: what was taken off on some day is nobody's business here."""
    return tuple(min(points, line[-1]) for points in accumulate(line, max))
