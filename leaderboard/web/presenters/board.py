"""The leaderboard as it is shown to one viewer.

Praise in public, criticism in private: everybody with a login sees ranks, points, badges and shares in
time; a climb is shown of anybody, a fall only to the person concerned and to managers. Teams are shown whole.
"""

from dataclasses import dataclass
from enum import StrEnum

from flask import url_for

from leaderboard.domain.instants import SECOND
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board_page import (
    BadgeMark,
    BoardPage,
    BoardRow,
    PeriodFacts,
    PeriodState,
    Stake,
)
from leaderboard.web.charts import Spark, permille, spark
from leaderboard.web.formats import ago, date_span, money, number, ordinal
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.badge_signs import sign_of_mark
from leaderboard.web.presenters.digest import digest
from leaderboard.web.presenters.viewer import Viewer, initials

LIVE = (PeriodState.OPEN, PeriodState.ENDED)
"""In these a page may change while one looks at it."""
_SCOPE_IN_URL = {SubjectKind.REP: "reps", SubjectKind.TEAM: "teams"}


class Direction(StrEnum):
    """Where a row has moved since yesterday."""

    UP = "up"
    DOWN = "down"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Move:
    """A movement since yesterday: sign, number, words."""

    direction: Direction
    places: int
    words: str


@dataclass(frozen=True, slots=True)
class BadgeView:
    """A badge's icon and what it says."""

    icon: str
    label: str
    times: int


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a standing, ready to be shown."""

    id: str
    key: int
    rank: int
    name: str
    initials: str
    team: str | None
    members: str | None
    is_me: bool
    points: int
    kept: int
    outcomes: int
    share: float
    move: Move | None
    spark: Spark | None
    badges: tuple[BadgeView, ...]
    href: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A link of a switch or a picker."""

    label: str
    href: str
    is_current: bool
    period: PeriodFacts | None = None


@dataclass(frozen=True, slots=True)
class StakeView:
    """What can be won, in two pieces: the prize, and by whom."""

    prize: str
    words: str


@dataclass(frozen=True, slots=True)
class BoardView:
    """The leaderboard for one viewer."""

    page: BoardPage
    scopes: tuple[Choice, ...]
    kinds: tuple[Choice, ...]
    periods: tuple[Choice, ...]
    days_left: int
    dates: str
    waiting: str | None
    stakes: tuple[StakeView, ...]
    leaders: tuple[RowView, ...]
    rows: tuple[RowView, ...]
    around: tuple[RowView, ...]
    mine: RowView | None
    behind: int | None
    from_row: int
    to_row: int
    previous_href: str | None
    next_href: str | None
    digest: str
    live_href: str | None
    """None where nothing can change any more."""

    @property
    def is_rep_scope(self) -> bool:
        """Whether people are ranked, not teams."""
        return self.page.scope is SubjectKind.REP


def present_board(page: BoardPage, viewer: Viewer) -> BoardView:
    """The view of a board page."""
    address = _Address(page)
    seen = _digest(page)
    is_live = page.period.state in LIVE
    last = min(page.first + page.page_size, page.total)
    return BoardView(
        page=page,
        scopes=_scopes(page, address),
        kinds=_kinds(page, address),
        periods=tuple(
            Choice("", address.to(period=choice.name), choice.name == page.period.name, choice)
            for choice in page.choices
        ),
        days_left=max(0, (page.period.last_on - page.today).days),
        dates=date_span(page.period.first_on, page.period.last_on),
        waiting=waiting_words(page.freshness.waiting, page.freshness.oldest_waiting_at, page.freshness.as_of),
        stakes=tuple(present_stake(stake, page.scope) for stake in page.stakes),
        leaders=tuple(present_row(row, page.scope, viewer, page.mine, "lead") for row in page.leaders),
        rows=tuple(present_row(row, page.scope, viewer, page.mine) for row in page.rows),
        around=tuple(present_row(row, page.scope, viewer, page.mine, "near") for row in page.around),
        mine=present_row(page.mine, page.scope, viewer, page.mine, "mine") if page.mine else None,
        behind=page.ahead.points - page.mine.points if page.ahead and page.mine else None,
        from_row=page.first + 1 if page.total else 0,
        to_row=last,
        previous_href=address.to(first=max(0, page.first - page.page_size)) if page.first else None,
        next_href=address.to(first=last) if last < page.total else None,
        digest=seen,
        live_href=address.to(first=page.first, seen=seen) if is_live else None,
    )


def present_row(
    row: BoardRow, scope: SubjectKind, viewer: Viewer, mine: BoardRow | None, prefix: str = "row"
) -> RowView:
    """A row; `prefix` keeps the ids of one subject's appearances on a page apart."""
    is_me = mine is not None and row.key == mine.key
    sees_falls = scope is SubjectKind.TEAM or is_me or viewer.manages
    return RowView(
        id=f"{prefix}-{row.key}",
        key=row.key,
        rank=row.rank,
        name=row.name,
        initials=initials(row.name),
        team=row.team,
        members=None if row.members is None else ngettext("%(num)s rep", "%(num)s reps", row.members),
        is_me=is_me,
        points=row.points,
        kept=row.kept,
        outcomes=row.outcomes,
        share=permille(row.kept, row.outcomes),
        move=move(row.rank, row.rank_before, sees_falls),
        spark=spark(row.daily),
        badges=tuple(present_badge(badge) for badge in row.badges),
        href=_page_of(row, scope, viewer, is_me),
    )


def move(rank: int, before: int | None, sees_falls: bool) -> Move | None:
    """A movement; None where there is nothing to compare with, or nothing that this viewer should see.

    Who may not see a fall does not see 'same place' either: its absence would tell.
    """
    if before is None:
        return None
    places = before - rank
    if places > 0:
        return Move(
            Direction.UP, places, ngettext("up %(num)s since yesterday", "up %(num)s since yesterday", places)
        )
    if not sees_falls:
        return None
    if places < 0:
        words = ngettext("down %(num)s since yesterday", "down %(num)s since yesterday", -places)
        return Move(Direction.DOWN, -places, words)
    return Move(Direction.SAME, 0, gettext("same place as yesterday"))


def present_badge(badge: BadgeMark) -> BadgeView:
    """A badge with its name, and how many times."""
    times = gettext("%(badge)s, %(times)s times", badge=badge.name, times=number(badge.times))
    return BadgeView(sign_of_mark(badge), times if badge.times > 1 else badge.name, badge.times)


def waiting_words(waiting: int, oldest_at: int | None, now: int) -> str | None:
    """How far behind a page is; None where everything received is counted."""
    if not waiting:
        return None
    text = ngettext("%(number)s lead waiting", "%(number)s leads waiting", waiting, number=number(waiting))
    if oldest_at is None or now - oldest_at < SECOND:
        return text
    return gettext("%(leads)s, for %(time)s", leads=text, time=ago(now - oldest_at))


def headline(rank: int, of: int) -> str:
    """`4th of 39`."""
    return gettext("%(rank)s of %(total)s", rank=ordinal(rank), total=number(of))


def present_stake(stake: Stake, scope: SubjectKind) -> StakeView:
    """The prize, and by whom it can be won."""
    prize = (
        money(stake.bonus, stake.currency)
        if stake.bonus is not None
        else stake.name or gettext("Recognition")
    )
    if scope is SubjectKind.TEAM:
        words = ngettext("for the winning team", "for each of the first %(num)s teams", stake.places)
    else:
        words = ngettext("for the first", "for each of the first %(num)s", stake.places)
    return StakeView(prize, words)


@dataclass(frozen=True, slots=True)
class _Address:
    page: BoardPage

    def to(
        self,
        scope: SubjectKind | None = None,
        period: str | None = None,
        first: int = 0,
        seen: str | None = None,
    ) -> str:
        return url_for(
            "board.standing",
            scope=_SCOPE_IN_URL[scope or self.page.scope],
            period=period or self.page.period.name,
            after=first or None,
            seen=seen,
        )


def _scopes(page: BoardPage, address: _Address) -> tuple[Choice, ...]:
    names = {SubjectKind.REP: gettext("Reps"), SubjectKind.TEAM: gettext("Teams")}
    return tuple(Choice(names[one], address.to(scope=one), one is page.scope) for one in names)


def _kinds(page: BoardPage, address: _Address) -> tuple[Choice, ...]:
    """To the present month and quarter: whoever looks at an old one wants to come back with one press."""
    kind = page.period.kind
    return (
        Choice(gettext("Month"), address.to(period=page.this_month), kind is PeriodKind.MONTH),
        Choice(gettext("Quarter"), address.to(period=page.this_quarter), kind is PeriodKind.QUARTER),
    )


def _page_of(row: BoardRow, scope: SubjectKind, viewer: Viewer, is_me: bool) -> str | None:
    if scope is SubjectKind.TEAM:
        return None
    if is_me:
        return url_for("me.mine")
    return url_for("me.rep", person_key=row.key) if viewer.may_open(row.manager_key) else None


def _digest(page: BoardPage) -> str:
    return digest(
        page.freshness, page.period, page.leaders, page.rows, page.around, page.mine, page.ahead, page.total
    )
