"""The kept sums, computed once more from the ledger, the outcomes and the contributions."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.measures import EXACT, plain
from leaderboard.domain.periods import PeriodCalendar
from leaderboard.domain.points import EntryKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence import models

_Key = tuple[Any, ...]
_PLACES = {"exceeded": 1, "met": 2, "missed": 3}


def compare_sums(session: Session, calendar: PeriodCalendar) -> Iterable[str]:
    """A line for every kept sum that is not what it should be."""
    days = _day_sums(session, calendar)
    months: dict[_Key, list[int]] = defaultdict(lambda: [0] * 5)
    for (day, *rest), amounts in days.items():
        into = months[day[:7], *rest]
        for place, amount in enumerate(amounts):
            into[place] += amount
    columns = ("points", "exceeded", "met", "missed", "entries")
    who = ("person_id", "team_id")
    yield from _differing("day sum", days, _kept(session, models.DaySum, ("day", *who), columns))
    yield from _differing("month sum", months, _kept(session, models.MonthSum, ("month", *who), columns))
    keys: tuple[str, ...] = ("month", "service_level", *who)
    yield from _differing("tally", _tallies(session), _kept(session, models.Tally, keys, columns[1:4]))
    keys = ("month", "service_level", "side", *who)
    yield from _differing(
        "count", _counts(session), _kept(session, models.CountSum, keys, ("value", "events"))
    )
    yield from _differing("points of outcomes", _points_of_outcomes(session), _booked_for_outcomes(session))


def _kept(session: Session, model: Any, keys: tuple[str, ...], columns: tuple[str, ...]) -> dict[_Key, _Key]:
    rows = session.execute(select(*(getattr(model, name) for name in (*keys, *columns))))
    return {tuple(row[: len(keys)]): tuple(row[len(keys) :]) for row in rows}


def _differing(what: str, wanted: Mapping[_Key, Any], kept: Mapping[_Key, _Key]) -> Iterable[str]:
    for key in sorted(wanted.keys() | kept.keys()):
        right, stored = tuple(wanted.get(key, ())), kept.get(key, ())
        if right != stored and not (_is_nothing(right) and _is_nothing(stored)):
            yield f"{what} {key}: kept {stored}, should be {right}"


def _is_nothing(amounts: _Key) -> bool:
    return all(amount in (0, "0") for amount in amounts)


def _day_sums(session: Session, calendar: PeriodCalendar) -> dict[_Key, list[int]]:
    sums: dict[_Key, list[int]] = defaultdict(lambda: [0] * 5)
    entry = models.LedgerEntry
    columns = (entry.day, entry.person_id, entry.team_id)
    booked = (func.sum(entry.points), func.count(), func.count(entry.takes_back))
    for day, person_id, team_id, points, entries, takers in session.execute(
        select(*columns, *booked).group_by(*columns)
    ):
        into = sums[day, person_id or 0, team_id or 0]
        into[0] += int(points)
        into[4] += entries - 2 * takers
    outcome = models.Outcome
    rows = session.execute(
        select(outcome.at, outcome.person_id, outcome.team_id, outcome.rating)
        .where(outcome.counted == true(), outcome.person_id.is_not(None))
        .execution_options(yield_per=10_000)
    )
    for at, person_id, team_id, rating in rows:
        sums[calendar.date_at(at).isoformat(), person_id, team_id or 0][_PLACES[rating]] += 1
    return sums


def _points_of_outcomes(session: Session) -> dict[_Key, _Key]:
    """What the outcomes of each month come to; of those for teams, no person is told."""
    outcome = models.Outcome
    person = case((outcome.subject == SubjectKind.REP.value, outcome.person_id))
    columns = (outcome.month, outcome.service_level, person, outcome.team_id)
    return _grouped_points(session, columns, outcome.points, outcome.counted == true())


def _booked_for_outcomes(session: Session) -> dict[_Key, _Key]:
    entry = models.LedgerEntry
    columns = (entry.month, entry.service_level, entry.person_id, entry.team_id)
    return _grouped_points(session, columns, entry.points, entry.kind == EntryKind.EACH.value)


def _grouped_points(
    session: Session, columns: Sequence[Any], points: Any, condition: ColumnElement[bool]
) -> dict[_Key, _Key]:
    rows = session.execute(select(*columns, func.sum(points)).where(condition).group_by(*columns))
    return {(row[0], row[1], row[2] or 0, row[3] or 0): (int(row[4]),) for row in rows}


def _tallies(session: Session) -> dict[_Key, list[int]]:
    tallies: dict[_Key, list[int]] = defaultdict(lambda: [0] * 3)
    outcome = models.Outcome
    columns = (outcome.month, outcome.service_level, outcome.person_id, outcome.team_id, outcome.rating)
    for month, service_level, person_id, team_id, rating, number in session.execute(
        select(*columns, func.count())
        .where(outcome.counted == true(), outcome.person_id.is_not(None))
        .group_by(*columns)
    ):
        tallies[month, service_level, person_id, team_id or 0][_PLACES[rating] - 1] += number
    return tallies


def _counts(session: Session) -> dict[_Key, tuple[str, int]]:
    sums: dict[_Key, tuple[Decimal, int]] = {}
    item = models.Contribution
    for row in session.scalars(select(item).where(item.counted == true(), item.person_id.is_not(None))):
        key = (row.month, row.service_level, row.side, row.person_id, row.team_id or 0)
        value, events = sums.get(key, (Decimal(0), 0))
        sums[key] = (EXACT.add(value, Decimal(row.value)), events + 1)
    return {key: (plain(value), events) for key, (value, events) in sums.items()}
