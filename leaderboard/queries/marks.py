"""What stands beside a place: the line of its points so far, and its badges."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import func, select

from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import (
    BadgeRule,
    CleanMonthBadge,
    CountBadge,
    RankBadge,
    StreakBadge,
    SubjectKind,
)
from leaderboard.domain.versions import Book
from leaderboard.persistence.models import Award, DaySum
from leaderboard.queries.board_page import BadgeKind, BadgeMark
from leaderboard.queries.ground import Memo, Reading
from leaderboard.queries.places import Places

_MOST_POINTS_OF_A_LINE = 31
_memo = Memo(128)


@dataclass(frozen=True, slots=True)
class Marks:
    """Of the subjects asked for, by key."""

    lines: Mapping[int, tuple[int, ...]]
    badges: Mapping[int, tuple[BadgeMark, ...]]


def marks(
    reading: Reading, standing: Places, period: Period, scope: SubjectKind, keys: Iterable[int]
) -> Marks:
    """Two statements, or one where the standing has not changed since: badges may come without any sum changing."""
    wanted = tuple(sorted(set(keys)))
    lines = _memo.get(
        reading.session, (standing.version, wanted), lambda: _lines(reading, period, scope, wanted)
    )
    return Marks(lines, badge_marks(reading, period, scope, wanted))


def _lines(
    reading: Reading, period: Period, scope: SubjectKind, keys: Sequence[int]
) -> dict[int, tuple[int, ...]]:
    key = DaySum.person_id if scope is SubjectKind.REP else DaySum.team_id
    today = reading.ground.book.calendar.date_at(reading.now)
    last = min(today, period.last_on)
    rows = reading.session.execute(
        select(key, DaySum.day, func.sum(DaySum.points))
        .where(key.in_(keys), DaySum.day >= period.first_on.isoformat(), DaySum.day <= last.isoformat())
        .group_by(key, DaySum.day)
    )
    days = max(0, (last - period.first_on).days + 1)
    booked: dict[int, list[int]] = defaultdict(lambda: [0] * days)
    for subject, day, points in rows:
        booked[subject][(dt.date.fromisoformat(day) - period.first_on).days] = int(points)
    return {subject: _thinned(tuple(accumulate(points, initial=0))) for subject, points in booked.items()}


def _thinned(line: tuple[int, ...]) -> tuple[int, ...]:
    """Every n-th point, counted from the last: that one must be there."""
    step = -(-len(line) // _MOST_POINTS_OF_A_LINE)
    return line[::-1][::step][::-1] if step else line


def badge_marks(
    reading: Reading, period: Period, scope: SubjectKind, keys: Sequence[int]
) -> dict[int, tuple[BadgeMark, ...]]:
    """The badges awarded to these subjects in the period, each once with how many times."""
    key = Award.person_id if scope is SubjectKind.REP else Award.team_id
    rows = reading.session.execute(
        select(key, Award.badge, Award.rulebook_on)
        .where(
            Award.subject == scope.value,
            key.in_(keys),
            Award.awarded_at >= period.start_at,
            Award.awarded_at < period.end_at,
            Award.withdrawn_at.is_(None),
        )
        .order_by(Award.awarded_at)
    )
    found: dict[int, Counter[tuple[str, str]]] = defaultdict(Counter)
    for subject, badge, rulebook_on in rows:
        assert subject is not None
        found[subject][badge, rulebook_on] += 1
    book = reading.ground.book
    return {
        subject: tuple(badge_mark(book, badge, on, times) for (badge, on), times in badges.items())
        for subject, badges in found.items()
    }


def badge_name(book: Book, badge: str, rulebook_on: str) -> str:
    """What the version in force then calls it; its id where that version is gone."""
    try:
        return book.on(dt.date.fromisoformat(rulebook_on)).rulebook.badges[badge].name
    except KeyError:
        return badge


def badge_mark(book: Book, badge: str, rulebook_on: str, times: int) -> BadgeMark:
    """A badge as the version in force then has it, with its symbol."""
    try:
        found = book.on(dt.date.fromisoformat(rulebook_on)).rulebook.badges[badge]
    except KeyError:
        return BadgeMark(badge, badge, BadgeKind.GIVEN, times)
    icon = None if found.icon is None else found.icon.value
    return BadgeMark(badge, found.name, badge_kind(found.rule), times, icon)


def badge_kind(rule: BadgeRule | None) -> BadgeKind:
    """What kind a badge is of; one without a rule is given."""
    if isinstance(rule, CountBadge):
        return BadgeKind.COUNT
    if isinstance(rule, StreakBadge):
        return BadgeKind.STREAK
    if isinstance(rule, CleanMonthBadge):
        return BadgeKind.CLEAN_MONTH
    return BadgeKind.RANK if isinstance(rule, RankBadge) else BadgeKind.GIVEN
