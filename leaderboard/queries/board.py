"""The leaderboard's page, out of kept sums: a constant number of statements, whatever the ledger's size."""

from collections import Counter
from collections.abc import Mapping

from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.domain.roster import Team
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board_page import BoardPage, BoardRow, Stake
from leaderboard.queries.freshness import freshness
from leaderboard.queries.ground import Memo, Reading
from leaderboard.queries.marks import Marks, marks
from leaderboard.queries.periods import choices, kept_periods, period_facts
from leaderboard.queries.places import Place, Places, places

PAGE_SIZE = 50
_MOST_LEADERS = 5
_NEIGHBOURS = 2
_memo = Memo(64)


def board_page(
    reading: Reading, period: Period, scope: SubjectKind, person_key: int | None, first: int = 0
) -> BoardPage:
    """The standing of a period from its `first` row on, as `person_key` (None: nobody's) finds it."""
    kept = kept_periods(reading)
    standing = places(reading, kept, period, scope)
    first = min(max(0, first), max(0, len(standing) - 1)) // PAGE_SIZE * PAGE_SIZE
    mine = None if standing.is_empty else standing.of(my_key(reading, scope, person_key))
    shown = standing.between(first, first + PAGE_SIZE)
    leaders = leaders_of(standing) if not first else ()
    near = neighbours(standing, mine) if mine is not None and mine not in shown else ()
    beside = marks(reading, standing, period, scope, [row.key for row in (*shown, *leaders, *near)])
    rows = Rows(reading, period, scope, beside)
    ahead = ahead_of(standing, mine)
    calendar = reading.ground.book.calendar
    version = reading.ground.book.at(period.last_second_at)
    organization = None if version is None else version.rulebook.organization
    return BoardPage(
        scope=scope,
        period=period_facts(reading, kept, period),
        choices=choices(reading, kept, period.kind, period),
        this_month=calendar.at(PeriodKind.MONTH, reading.now).name,
        this_quarter=calendar.at(PeriodKind.QUARTER, reading.now).name,
        today=calendar.date_at(reading.now),
        freshness=freshness(reading),
        leaders=rows.of(leaders),
        rows=rows.of(shown),
        total=len(standing),
        first=first,
        page_size=PAGE_SIZE,
        mine=rows.row(mine) if mine else None,
        ahead=rows.row(ahead) if ahead else None,
        around=rows.of(near),
        stakes=stakes(reading, period, scope),
        is_empty=standing.is_empty,
        has_history=bool(kept.months),
        counts_from=reading.ground.book.versions[0].effective_from,
        money_per_point=None if organization is None else organization.point_value,
        currency=None if organization is None else organization.currency,
    )


def my_key(reading: Reading, scope: SubjectKind, person_key: int | None) -> int | None:
    """Whose row is 'mine': the person's own, or the team's that the person is in."""
    if scope is SubjectKind.REP or person_key is None:
        return person_key
    ground = reading.ground
    team = ground.placement.team_at(ground.rep_ids.get(person_key), reading.now)
    return None if team is None else ground.team_keys.get(team)


def leaders_of(standing: Places) -> tuple[Place, ...]:
    """Those of rank 3 or better with more than 0 points; where ties make them too many, of rank 2 or 1 only."""
    first = standing.between(0, _MOST_LEADERS + 1)
    for rank in (3, 2, 1):
        found = tuple(row for row in first if row.rank <= rank and row.points > 0)
        if len(found) <= _MOST_LEADERS:
            return found
    return ()


def neighbours(standing: Places, mine: Place) -> tuple[Place, ...]:
    """The places around mine, and mine."""
    at = standing.order[mine.key]
    return standing.between(at - _NEIGHBOURS, at + _NEIGHBOURS + 1)


def ahead_of(standing: Places, mine: Place | None) -> Place | None:
    """The nearest place above mine that has more points."""
    if mine is None:
        return None
    row = mine
    while row.rank > 1:
        # The last of those whose rank is better.
        row = standing.at(row.rank - 2)
        if row.points > mine.points:
            return row
    return None


class Rows:
    """Makes rows of places, with what stands beside them."""

    def __init__(self, reading: Reading, period: Period, scope: SubjectKind, beside: Marks) -> None:
        self._ground = reading.ground
        self._at = min(reading.now, period.last_second_at)
        self._is_rep = scope is SubjectKind.REP
        self._beside = beside
        self._members = None if self._is_rep else members(reading, period)

    def of(self, found: tuple[Place, ...]) -> tuple[BoardRow, ...]:
        """Rows of places, in their order."""
        return tuple(self.row(place) for place in found)

    def row(self, place: Place) -> BoardRow:
        """The row of a place."""
        team = self._team(place.id)
        return BoardRow(
            key=place.key,
            name=place.name,
            team=None if team is None else team.name,
            rank=place.rank,
            rank_before=place.rank_before,
            points=place.points,
            exceeded=place.tally.exceeded,
            met=place.tally.met,
            missed=place.tally.missed,
            daily=self._beside.lines.get(place.key, ()),
            badges=self._beside.badges.get(place.key, ()),
            members=None if self._members is None else self._members.get(place.id, 0),
            manager_key=None if team is None else self._ground.person_keys.get(team.manager or ""),
        )

    def _team(self, rep_id: str) -> Team | None:
        """Of a rep, the team then."""
        placement = self._ground.placement
        team = placement.team_at(rep_id, self._at) if self._is_rep else None
        return None if team is None else placement.roster.teams.get(team)


def members(reading: Reading, period: Period) -> Mapping[str, int]:
    """How many reps each team has in the period; counted again only when the roster has changed."""
    roster = reading.ground.placement.roster

    def count() -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for rep in roster.reps.values():
            found.update({span.team for span in rep.teams if span.touches(period.first_on, period.last_on)})
        return found

    return _memo.get(reading.session, (reading.ground.version, period.name), count)


def stakes(reading: Reading, period: Period, scope: SubjectKind) -> tuple[Stake, ...]:
    """What can be won in the period, by the version that will be in force at its end."""
    version = reading.ground.book.at(period.last_second_at)
    if version is None:
        return ()
    rulebook = version.rulebook
    return tuple(
        Stake(rule.name, rule.places, rule.bonus, rulebook.organization.currency)
        for rule in rulebook.recognition.values()
        if rule.period is period.kind and rule.scope is scope
    )
