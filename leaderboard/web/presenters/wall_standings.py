"""Who stands where, for the wall: the quarter's teams, the month's first reps, and those who have climbed."""

from collections.abc import Sequence
from dataclasses import dataclass

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board_page import PeriodFacts
from leaderboard.queries.wall_page import ClimbersFacts, RepsFacts, TeamsFacts, WallRep, WallTeam
from leaderboard.web.charts import Spark, permille, spark
from leaderboard.web.formats import date_span, moment, number, percent, period_title, short_day
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.board import BadgeView, StakeView, present_badge, present_stake
from leaderboard.web.presenters.viewer import initials
from leaderboard.web.presenters.wall_marks import mark
from leaderboard.web.presenters.wall_pages import evenly
from leaderboard.web.presenters.wall_promises import Side, side_by_side

_TEAMS_A_PAGE = 8
_FIRST_REPS, _REPS_A_PAGE = 7, 14
_ON_THE_PODIUM = 3
_MOST_ON_THE_PODIUM = 5
_MOST_CLIMBERS = 6
_MOST_BADGES = 4


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team's row: its bar is as long as its points are of the first one's."""

    id: str
    rank: int
    name: str
    points: int
    facts: tuple[str, ...]
    length: float
    moved: int | None
    is_first: bool
    is_ours: bool


@dataclass(frozen=True, slots=True)
class TeamsView:
    """The quarter's teams, a page of them."""

    title: str
    dates: str
    rows: tuple[TeamRow, ...]
    stakes: tuple[StakeView, ...]
    days_left: int
    still: str | None
    """Where the standing stands still: what there is to know about it."""
    sides: tuple[Side, ...] = ()
    """Beside it, one promise of each party; empty where either has none to show."""
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class RepRow:
    """A rep's row: rank, points, climb, badges; nothing else."""

    id: str
    rank: int
    name: str
    initials: str
    team: str | None
    points: int
    climbed: int
    spark: Spark | None
    badges: tuple[BadgeView, ...]
    height: float = 0.0
    """Of the step on the podium, in hundredths of the first one's."""


@dataclass(frozen=True, slots=True)
class RepsView:
    """The month's first reps: the podium and seven rows, then pages of fourteen."""

    title: str
    as_of: str
    podium: tuple[RepRow, ...]
    rows: tuple[RepRow, ...]
    still: str | None
    among: str = ""
    """Of how many these are the first."""
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class ClimbersView:
    """Who has climbed since yesterday."""

    title: str
    rows: tuple[RepRow, ...]

    @property
    def is_empty(self) -> bool:
        return not self.rows


def present_teams(facts: TeamsFacts) -> Sequence[TeamsView]:
    """Eight to a page, evenly filled."""
    most = max((team.points for team in facts.teams), default=0)
    rows = [_team(team, most) for team in facts.teams]
    title = gettext("%(period)s · teams", period=_title(facts.period))
    dates = date_span(facts.period.first_on, facts.period.last_on)
    stakes = tuple(present_stake(stake, SubjectKind.TEAM) for stake in facts.stakes)
    days_left = max(0, (facts.period.last_on - facts.today).days)
    still = None if facts.frozen_on is None else _still(short_day(facts.frozen_on))
    pages = tuple(evenly(rows, _TEAMS_A_PAGE)) or ((),)
    sides = side_by_side(facts.sides)
    return tuple(
        TeamsView(title, dates, page, stakes, days_left, still, sides, is_empty=not rows) for page in pages
    )


def present_reps(facts: RepsFacts) -> Sequence[RepsView]:
    """The podium comes with the first page only."""
    podium, rest = _podium(facts.reps)
    title = gettext("%(period)s · reps", period=_title(facts.period))
    still = None if facts.frozen_on is None else _still(short_day(facts.frozen_on))
    as_of, among = moment(facts.now), _among(facts)
    rows = [_rep(rep) for rep in rest]
    at_once = _FIRST_REPS if podium else _REPS_A_PAGE
    first = RepsView(title, as_of, podium, tuple(rows[:at_once]), still, among, is_empty=not facts.reps)
    further = evenly(rows[at_once:], _REPS_A_PAGE)
    return (first, *(RepsView(title, as_of, (), page, still, among) for page in further))


def present_climbers(facts: ClimbersFacts) -> Sequence[ClimbersView]:
    """One page: the farthest."""
    title = gettext("Climbing since yesterday")
    return (ClimbersView(title, tuple(_rep(rep) for rep in facts.reps[:_MOST_CLIMBERS])),)


def _among(facts: RepsFacts) -> str:
    return gettext("the first of %(total)s", total=number(facts.of)) if facts.reps else ""


def _title(period: PeriodFacts) -> str:
    return period_title(period, with_year=False)


def _still(day: str) -> str:
    return gettext("Standing still since the end of %(day)s, until the reveal", day=day)


def _team(team: WallTeam, most: int) -> TeamRow:
    facts = [ngettext("%(num)s rep", "%(num)s reps", team.members)]
    if team.outcomes:
        facts.insert(0, gettext("%(share)s in time", share=percent(team.kept, team.outcomes)))
    return TeamRow(
        f"team-{team.key}", team.rank, team.name, team.points, tuple(facts), permille(max(0, team.points), most),
        team.moved, team.rank == 1 and team.points > 0, team.is_ours,
    )  # fmt: skip


def _podium(reps: Sequence[WallRep]) -> tuple[tuple[RepRow, ...], Sequence[WallRep]]:
    """Those of rank 3 or better; where ties make them too many for it, of rank 2 or 1 only."""
    for rank in range(_ON_THE_PODIUM, 0, -1):
        up = [rep for rep in reps if rep.rank <= rank]
        if len(up) <= _MOST_ON_THE_PODIUM:
            most = max((rep.points for rep in up), default=0)
            return tuple(_rep(rep, permille(rep.points, most)) for rep in up), reps[len(up) :]
    return (), reps


def _rep(rep: WallRep, height: float = 0.0) -> RepRow:
    return RepRow(
        mark("rep", rep.key), rep.rank, rep.name, initials(rep.name), rep.team, rep.points, rep.climbed,
        spark(rep.line),
        tuple(present_badge(badge) for badge in rep.badges[:_MOST_BADGES]), height,
    )  # fmt: skip


def points_words(points: int) -> str:
    """`1 point`, `547 points`."""
    return ngettext("%(points)s point", "%(points)s points", points, points=number(points))
