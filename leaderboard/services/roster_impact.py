"""What another roster would mean for what is booked: counted by indexes, not worked out anew.

A count says how many outcomes change hands or may fall due at another instant, not how many points that makes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant, midnight, midnight_after
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.roster import Placement, Rep, Roster, TimeOff
from leaderboard.persistence.bulk import among
from leaderboard.persistence.models import Outcome, RepKey, RunningClock, Seal

_MOST_SPANS = 60
_LONG_AGO = -(2**62)
_FOREVER = 2**62


@dataclass(frozen=True, slots=True)
class Span:
    """Of whose outcomes, from when until (not with) when. `text` is how events name the person."""

    text: str
    start_at: Instant
    end_at: Instant


@dataclass(frozen=True, slots=True)
class Count:
    """Outcomes of months that are open, and of those that are closed."""

    open: int = 0
    closed: int = 0


@dataclass(frozen=True, slots=True)
class Impact:
    """`moved`: would be another team's or another person's. `shifted`: lie in time off that is new or is taken back.

    `is_exact` is False where there were too many changes to count each: then the counts are the most it can be.
    """

    moved: Count = Count()
    shifted: Count = Count()
    running: int = 0
    closed_months: tuple[str, ...] = ()
    is_exact: bool = True

    @property
    def is_none(self) -> bool:
        """Whether nothing that is booked or running is touched."""
        return not (
            self.moved.open or self.moved.closed or self.shifted.open or self.shifted.closed or self.running
        )


def impact_of(session: Session, before: Roster, after: Roster, zone: ZoneInfo) -> Impact:
    """At most six statements, however much changes."""
    moved = [*_changed_teams(before, after, zone), *_changed_names(before, after)]
    shifted = list(_changed_times_off(before, after, zone))
    if not moved and not shifted:
        return Impact()
    keys = _person_keys(session, {span.text for span in (*moved, *shifted)})
    closed = _closed_months(session)
    outcome = Outcome
    by_moved = _by_month(session, _within(session, moved, keys, outcome.at, outcome.at))
    begun = func.coalesce(outcome.opened_at, outcome.at)
    by_shifted = _by_month(session, _within(session, shifted, keys, begun, outcome.at))
    return Impact(
        _count(by_moved, closed),
        _count(by_shifted, closed),
        _running(session, keys),
        tuple(sorted((by_moved.keys() | by_shifted.keys()) & closed)),
        len(moved) <= _MOST_SPANS and len(shifted) <= _MOST_SPANS,
    )


def _changed_teams(before: Roster, after: Roster, zone: ZoneInfo) -> Iterator[Span]:
    """The spans in which somebody's team is another one, as outcomes ask for it: the last one stays until the next."""
    changed = [
        rep_id for rep_id in before.reps.keys() | after.reps.keys() if _spans_differ(before, after, rep_id)
    ]
    was = Placement(_only(before, changed), zone)
    now = Placement(_only(after, changed), zone)
    for rep_id in sorted(changed):
        starts = {
            midnight(span.from_on, zone) for roster in (before, after) for span in _rep(roster, rep_id).teams
        }
        cuts = [*sorted(starts), _FOREVER]
        for start_at, end_at in pairwise(cuts):
            if was.team_at(rep_id, start_at) != now.team_at(rep_id, start_at):
                yield Span(rep_id, start_at, end_at)


def _rep(roster: Roster, rep_id: str) -> Rep:
    return roster.reps.get(rep_id) or Rep(rep_id, rep_id)


def _spans_differ(before: Roster, after: Roster, rep_id: str) -> bool:
    return _rep(before, rep_id).teams != _rep(after, rep_id).teams


def _only(roster: Roster, rep_ids: Iterable[str]) -> Roster:
    return Roster(roster.teams, {rep_id: _rep(roster, rep_id) for rep_id in rep_ids})


def _changed_times_off(before: Roster, after: Roster, zone: ZoneInfo) -> Iterator[Span]:
    for rep_id in sorted(before.reps.keys() | after.reps.keys()):
        was, now = _rep(before, rep_id).time_off, _rep(after, rep_id).time_off
        if was != now:
            for off in sorted(set(was) ^ set(now), key=lambda one: one.from_on):
                yield Span(rep_id, midnight(off.from_on, zone), _end(off, zone))


def _end(off: TimeOff, zone: ZoneInfo) -> Instant:
    try:
        return midnight_after(off.until_on, zone)
    except OverflowError:
        return _FOREVER


def _changed_names(before: Roster, after: Roster) -> Iterator[Span]:
    """Texts that events bear and that are somebody else's from now on: all of their outcomes."""
    texts = {
        text
        for roster, other in ((before, after), (after, before))
        for rep in roster.reps.values()
        for text in rep.aliases
        if other.resolve(text) != rep.id
    }
    for text in sorted(texts):
        yield Span(text, _LONG_AGO, _FOREVER)


def _person_keys(session: Session, texts: Iterable[str]) -> dict[str, int]:
    rows = session.execute(
        select(RepKey.text, RepKey.person_id).where(among(session, RepKey.text, sorted(texts)))
    )
    return {text: person_id for text, person_id in rows if text is not None}


def _within(
    session: Session, spans: list[Span], keys: dict[str, int], begun: Any, ended: Any
) -> ColumnElement[bool]:
    """The outcomes of these people that touch the spans; of very many, all since the first of them."""
    known = [span for span in spans if span.text in keys]
    if not known:
        return false()
    if len(known) > _MOST_SPANS:
        people = among(session, Outcome.person_id, sorted({keys[span.text] for span in known}))
        return and_(people, ended >= min(span.start_at for span in known))
    return or_(
        *(
            and_(Outcome.person_id == keys[span.text], ended >= span.start_at, begun < span.end_at)
            for span in known
        )
    )


def _by_month(session: Session, condition: ColumnElement[bool]) -> dict[str, int]:
    counted = select(Outcome.month, func.count()).where(Outcome.counted == true(), condition)
    return {row[0]: row[1] for row in session.execute(counted.group_by(Outcome.month))}


def _closed_months(session: Session) -> set[str]:
    return set(session.scalars(select(Seal.period).where(Seal.kind == PeriodKind.MONTH.value)))


def _count(by_month: dict[str, int], closed: set[str]) -> Count:
    late = sum(number for month, number in by_month.items() if month in closed)
    return Count(sum(by_month.values()) - late, late)


def _running(session: Session, keys: dict[str, int]) -> int:
    if not keys:
        return 0
    clocks = select(func.count()).select_from(RunningClock)
    return (
        session.scalar(clocks.where(among(session, RunningClock.person_id, sorted(set(keys.values()))))) or 0
    )
