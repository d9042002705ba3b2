"""The slide of contests: what can be won until when, and who is ahead."""

from collections.abc import Mapping
from decimal import Decimal

from leaderboard.domain.contests import ContestPlace, ContestRun, contest_standing, running_contests
from leaderboard.domain.instants import SECOND
from leaderboard.domain.rulebook import ContestScore, SubjectKind
from leaderboard.queries.ground import Memo
from leaderboard.queries.wall_ground import Wall, names_of
from leaderboard.queries.wall_page import ContestLeader, ContestsFacts, WallContest
from leaderboard.services.contest_facts import efforts_in
from leaderboard.services.directory import Directory

_MOST_LEADERS = 3
_LOOKS_EVERY = 10 * SECOND
"""A contest's standing rests on all outcomes of its span: it is not asked for at every change."""

_memo = Memo(32)


def contests_facts(wall: Wall) -> ContestsFacts:
    """The contests that run, the next to end first."""
    reading = wall.reading
    runs = sorted(
        running_contests(reading.ground.book, reading.now), key=lambda run: (run.end_at, run.contest.id)
    )
    return ContestsFacts(tuple(_contest(wall, run) for run in runs), reading.now)


def _contest(wall: Wall, run: ContestRun) -> WallContest:
    contest, levels = run.contest, run.version.service_levels
    return WallContest(
        id=contest.id,
        name=contest.name,
        scope=contest.scope,
        ends_at=run.end_at,
        until_on=contest.until_on,
        levels=tuple(levels[level].name for level in contest.service_levels if level in levels),
        places=contest.places,
        points=contest.prize.points,
        money=contest.prize.money,
        currency=run.version.rulebook.organization.currency,
        leaders=_leaders(wall, run),
        is_share=contest.by is ContestScore.SHARE,
    )


def _leaders(wall: Wall, run: ContestRun) -> tuple[ContestLeader, ...]:
    """The first three, and of people never more than half of those who take part."""
    reading = wall.reading
    look = reading.now // _LOOKS_EVERY
    standing = _memo.get(
        reading.session, (reading.ground.version, run.key, look), lambda: _standing(wall, run)
    )
    if run.contest.scope is SubjectKind.TEAM:
        return tuple(_team(wall, place) for place in standing[:_MOST_LEADERS] if place.score > 0)
    limit = min(_MOST_LEADERS, len(standing) // 2)
    # As everywhere: of those who share a place at the cut, none.
    cut = standing[limit].rank if limit < len(standing) else None
    first = [place for place in standing[:limit] if place.score > 0 and place.rank != cut]
    keys = {place.id: reading.ground.person_keys.get(place.id, 0) for place in first}
    names = names_of(wall, keys.values())
    is_share = run.contest.by is ContestScore.SHARE
    return tuple(_person(place, keys, names, is_share) for place in first if keys[place.id] in names)


def _standing(wall: Wall, run: ContestRun) -> list[ContestPlace]:
    reading = wall.reading
    book, placement = reading.ground.book, reading.ground.placement
    efforts = efforts_in(reading.session, run, book.calendar, Directory(reading.session))
    return contest_standing(run.contest, efforts, placement)


def _team(wall: Wall, place: ContestPlace) -> ContestLeader:
    ground = wall.reading.ground
    name = ground.placement.roster.team_name(place.id)
    return ContestLeader(ground.team_keys.get(place.id, 0), name, place.rank, _score(place))


def _person(
    place: ContestPlace, keys: Mapping[str, int], names: Mapping[int, str], is_share: bool
) -> ContestLeader:
    key = keys[place.id]
    return ContestLeader(key, names[key], place.rank, None if is_share else _score(place))


def _score(place: ContestPlace) -> Decimal:
    score = place.score
    return score if isinstance(score, Decimal) else Decimal(score.numerator) / Decimal(score.denominator)
