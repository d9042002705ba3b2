"""Promises and prizes, for the wall: paces, contests, and marketing beside sales."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from leaderboard.domain.instants import DAY, Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.wall_page import (
    ContestLeader,
    ContestsFacts,
    Pace,
    PaceFacts,
    SideFigure,
    SidesFacts,
    WallContest,
)
from leaderboard.web.charts import permille
from leaderboard.web.formats import day_within, duration, money, number, ordinal, percent, period_title
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.wall_pages import evenly

_TEAMS_A_PAGE, _FEW_TARGETS = 6, 3
_TALL_TEAMS_A_PAGE, _MOST_TARGETS = 3, 6
"""Where a team has more targets than few, there are fewer teams to a page, and all of theirs on it."""
_CONTESTS_A_PAGE = 2
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class PaceBar:
    """How far a team is with one target; `mark` is where it would be by now, or the target of a share, in percent."""

    level: str
    value: str
    words: str
    length: float
    mark: float
    tone: str
    sign: str
    told: str
    """How it stands, in a symbol and in words: not by its colour alone."""


@dataclass(frozen=True, slots=True)
class PaceTeam:
    """A team with its targets."""

    id: str
    name: str
    bars: tuple[PaceBar, ...]


@dataclass(frozen=True, slots=True)
class PaceView:
    """Teams on their way, a page of them."""

    title: str
    teams: tuple[PaceTeam, ...]
    is_tall: bool = False

    @property
    def is_empty(self) -> bool:
        return not self.teams


@dataclass(frozen=True, slots=True)
class ContestCard:
    """A contest: what for, until when, who is ahead."""

    id: str
    name: str
    words: str
    prize: str
    left: str
    until: str
    leaders: tuple[tuple[str, str, str], ...]
    """Rank, name, and the figure that counts."""


@dataclass(frozen=True, slots=True)
class ContestsView:
    """Contests, two to a page."""

    title: str
    contests: tuple[ContestCard, ...]

    @property
    def is_empty(self) -> bool:
        return not self.contests


@dataclass(frozen=True, slots=True)
class SideRow:
    """One promise of a party."""

    name: str
    value: str
    words: str
    ring: float
    ring_text: str
    promised: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """A party with its promises."""

    party: str
    name: str | None
    lead: str
    rows: tuple[SideRow, ...]


@dataclass(frozen=True, slots=True)
class SidesView:
    """Marketing beside sales."""

    title: str
    sides: tuple[Side, ...]

    @property
    def is_empty(self) -> bool:
        return not any(side.rows for side in self.sides)


def present_pace(facts: PaceFacts) -> Sequence[PaceView]:
    """Six teams to a page, three of those with more targets than three; of each team six targets at most."""
    title = gettext(
        "%(month)s · on the way to the targets", month=period_title(facts.period, with_year=False)
    )
    by_team = groupby(facts.paces, key=lambda pace: (pace.team_key, pace.team))
    teams = [PaceTeam(f"pace-{key}", name, _bars(paces)) for (key, name), paces in by_team]
    few = [team for team in teams if len(team.bars) <= _FEW_TARGETS]
    many = [team for team in teams if len(team.bars) > _FEW_TARGETS]
    pages = [PaceView(title, page) for page in evenly(few, _TEAMS_A_PAGE)]
    pages += [PaceView(title, page, is_tall=True) for page in evenly(many, _TALL_TEAMS_A_PAGE)]
    return tuple(pages) or (PaceView(title, ()),)


def _bars(paces: Iterable[Pace]) -> tuple[PaceBar, ...]:
    return tuple(_bar(pace) for pace in list(paces)[:_MOST_TARGETS])


def _bar(pace: Pace) -> PaceBar:
    tone = _tone(pace)
    sign, told = _told(tone)
    if pace.is_share:
        words = gettext("target %(share)s", share=percent(pace.target, _ONE))
        return PaceBar(
            pace.level, percent(pace.value, _ONE), words, permille(float(pace.value), 1.0),
            permille(float(pace.target), 1.0), tone, sign, told,
        )  # fmt: skip
    words = gettext("of %(target)s", target=number(_whole(pace.target)))
    return PaceBar(
        pace.level, number(_whole(pace.value)), words, permille(float(pace.value), float(pace.target)),
        permille(float(pace.expected or 0), float(pace.target)), tone, sign, told,
    )  # fmt: skip


def _tone(pace: Pace) -> str:
    """A share that is kept is `met` as long as the month lasts; only what was delivered cannot be lost again."""
    if pace.is_share:
        return "met" if pace.is_reached else "way"
    if pace.is_reached:
        return "gold"
    return "met" if pace.expected is not None and pace.value >= pace.expected else "way"


def _told(tone: str) -> tuple[str, str]:
    return {
        "gold": ("star", gettext("reached")),
        "met": ("check", gettext("as promised so far")),
        "way": ("clock", gettext("below the mark")),
    }[tone]


def _whole(value: Decimal) -> Decimal:
    return value.quantize(_ONE)


def present_contests(facts: ContestsFacts) -> Sequence[ContestsView]:
    """Two to a page, the next to end first."""
    cards = [_contest(contest, facts.now) for contest in facts.contests]
    title = ngettext("A contest is on", "Contests are on", len(cards) or 1)
    pages = tuple(evenly(cards, _CONTESTS_A_PAGE)) or ((),)
    return tuple(ContestsView(title, page) for page in pages)


def _contest(contest: WallContest, now: Instant) -> ContestCard:
    if contest.places > 1:
        words = gettext(
            "The first %(places)s on %(levels)s",
            places=number(contest.places),
            levels=", ".join(contest.levels),
        )
    elif contest.scope is SubjectKind.TEAM:
        words = gettext("The best team on %(levels)s", levels=", ".join(contest.levels))
    else:
        words = gettext("The best rep on %(levels)s", levels=", ".join(contest.levels))
    leaders = tuple((ordinal(one.rank), one.name, _score(one, contest.is_share)) for one in contest.leaders)
    return ContestCard(
        f"contest-{contest.id}", contest.name, words, _prize(contest), _left(contest.ends_at - now),
        day_within(contest.until_on), leaders,
    )  # fmt: skip


def _score(leader: ContestLeader, is_share: bool) -> str:
    if leader.score is None:
        return ""
    return percent(leader.score, _ONE) if is_share else number(leader.score)


def _prize(contest: WallContest) -> str:
    parts = [] if contest.money is None else [money(contest.money, contest.currency)]
    if contest.points:
        parts.append(
            ngettext("%(points)s point", "%(points)s points", contest.points, points=number(contest.points))
        )
    return " + ".join(parts)


def _left(length: int) -> str:
    if length >= 2 * DAY:
        return ngettext("%(num)s day left", "%(num)s days left", length // DAY)
    return gettext("%(time)s left", time=duration(max(0, length)))


def present_sides(facts: SidesFacts) -> Sequence[SidesView]:
    """One page."""
    month = period_title(facts.period, with_year=False)
    return (SidesView(gettext("%(month)s · both sides", month=month), _sides(facts)),)


def side_by_side(facts: SidesFacts | None) -> tuple[Side, ...]:
    """One promise of each party, to stand beside something else: what was delivered, and how soon it was answered."""
    if facts is None or not (facts.marketing and facts.sales):
        return ()
    delivered = next((one for one in facts.marketing if not one.is_share), facts.marketing[0])
    answered = next((one for one in facts.sales if one.median_us is not None), facts.sales[0])
    return _sides(replace(facts, marketing=(delivered,), sales=(answered,)))


def _sides(facts: SidesFacts) -> tuple[Side, ...]:
    return (
        Side("marketing", facts.marketing_name, gettext("Marketing promised"), _rows(facts.marketing)),
        Side("sales", facts.sales_name, gettext("Sales promised"), _rows(facts.sales)),
    )


def _rows(figures: Iterable[SideFigure]) -> tuple[SideRow, ...]:
    return tuple(_share_row(figure) if figure.is_share else _volume_row(figure) for figure in figures)


def _share_row(figure: SideFigure) -> SideRow:
    share = percent(figure.value, _ONE)
    ring = permille(float(figure.value), 1.0)
    promised = ""
    if figure.target is not None:
        promised = gettext("promised: %(share)s", share=percent(figure.target, _ONE))
    if figure.median_us is None:
        return SideRow(figure.name, share, promised, ring, share)
    words = gettext("median working time") if figure.in_working_time else gettext("median time")
    return SideRow(figure.name, duration(figure.median_us), words, ring, share, promised)


def _volume_row(figure: SideFigure) -> SideRow:
    value = number(_whole(figure.value))
    if not figure.target:
        return SideRow(figure.name, value, gettext("this month"), 0.0, "")
    words = gettext("of %(target)s this month", target=number(_whole(figure.target)))
    ring = permille(float(figure.value), float(figure.target))
    return SideRow(figure.name, value, words, ring, percent(figure.value, figure.target))
