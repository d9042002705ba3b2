"""The kept sums made anew from what they sum: the repair for when the nightly self-check says that they differ.

One transaction: pages show the sums as they were until it is committed. Memory goes with how many sums there are for
a month, not with how many entries there are. Nothing is settled again: sums are not what points follow from.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import case, delete, func, literal, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.measures import EXACT, plain
from leaderboard.domain.periods import PeriodCalendar
from leaderboard.persistence.bulk import Row, insert_rows, small_cache, stream
from leaderboard.persistence.db import is_sqlite, without_timeouts, writer_lock, writing_session
from leaderboard.persistence.models import (
    Contribution,
    CountSum,
    DaySum,
    LedgerEntry,
    MonthSum,
    Outcome,
    Tally,
)
from leaderboard.services.rules import current_rules

_WHO = ("person_id", "team_id")
_COUNTED = ("exceeded", "met", "missed")
_AMOUNTS = ("points", *_COUNTED, "entries")
_PLACES = {"exceeded": 1, "met": 2, "missed": 3}
_AT_ONCE = 2_000
_Sums = dict[tuple[Any, ...], list[int]]


def rebuild_sums() -> int:
    """Replaces the sums of days and months, tallies and counts; how many months have any."""
    session = writing_session()
    writer_lock(session)
    without_timeouts(session)
    rules = current_rules(session)
    if rules is None:
        session.rollback()
        return 0
    with small_cache(session):
        rebuild_tallies(session)
        months = rebuild_months(session)
        rebuild_days(session, rules.book.calendar, months)
        rebuild_counts(session)
    session.commit()
    return len(months)


def rebuild_tallies(session: Session) -> None:
    """Counts the outcomes that count, by month, service level and who held them."""
    sums: _Sums = defaultdict(lambda: [0] * 3)
    columns = (Outcome.month, Outcome.service_level, Outcome.person_id, Outcome.team_id, Outcome.rating)
    number = literal(1) if is_sqlite(session) else func.count()
    statement = select(*columns, number).where(Outcome.counted == true(), Outcome.person_id.is_not(None))
    for month, level, person_id, team_id, rating, count in _grouped(session, statement, columns):
        sums[month, level, person_id, team_id or 0][_PLACES[rating] - 1] += count
    session.execute(delete(Tally))
    _insert(session, Tally, ("month", "service_level", *_WHO, *_COUNTED), sums)


def rebuild_months(session: Session) -> list[str]:
    """Adds up the ledger by month, in one pass, beside the outcomes that the tallies have; the months there are."""
    if not is_sqlite(session):
        session.connection().exec_driver_sql(_REPLACE_MONTHS)
        return list(session.scalars(select(MonthSum.month).distinct().order_by(MonthSum.month)))
    sums: _Sums = defaultdict(lambda: [0] * 5)
    _add_entries(session, sums, LedgerEntry.month)
    counted = (Tally.exceeded, Tally.met, Tally.missed)
    tallies = select(Tally.month, Tally.person_id, Tally.team_id, *counted)
    for month, person_id, team_id, exceeded, met, missed in stream(session, tallies):
        into = sums[month, person_id, team_id]
        into[1] += exceeded
        into[2] += met
        into[3] += missed
    session.execute(delete(MonthSum))
    _insert(session, MonthSum, ("month", *_WHO, *_AMOUNTS), sums)
    return sorted({key[0] for key in sums})


# PostgreSQL adds up quicker than it sends, and writes only what differs. SQLite would sort all entries for it.
_REPLACE_MONTHS = """
WITH parts AS (
    SELECT month, coalesce(person_id, 0) AS person_id, coalesce(team_id, 0) AS team_id, sum(points) AS points,
        0 AS exceeded, 0 AS met, 0 AS missed, count(*) - 2 * count(takes_back) AS entries
    FROM ledger GROUP BY 1, 2, 3
    UNION ALL SELECT month, person_id, team_id, 0, exceeded, met, missed, 0 FROM tallies
), rebuilt AS MATERIALIZED (
    SELECT month, person_id, team_id, sum(points)::bigint AS points, sum(exceeded)::bigint AS exceeded,
        sum(met)::bigint AS met, sum(missed)::bigint AS missed, sum(entries)::bigint AS entries
    FROM parts GROUP BY month, person_id, team_id
    HAVING sum(points) <> 0 OR sum(exceeded) <> 0 OR sum(met) <> 0 OR sum(missed) <> 0 OR sum(entries) <> 0
), gone AS (
    DELETE FROM month_sums AS kept WHERE NOT EXISTS (
        SELECT FROM rebuilt
        WHERE (rebuilt.month, rebuilt.person_id, rebuilt.team_id) = (kept.month, kept.person_id, kept.team_id))
)
INSERT INTO month_sums (month, person_id, team_id, points, exceeded, met, missed, entries)
SELECT rebuilt.* FROM rebuilt LEFT JOIN month_sums AS kept USING (month, person_id, team_id)
WHERE (kept.points, kept.exceeded, kept.met, kept.missed, kept.entries)
    IS DISTINCT FROM (rebuilt.points, rebuilt.exceeded, rebuilt.met, rebuilt.missed, rebuilt.entries)
ON CONFLICT (month, person_id, team_id) DO UPDATE SET points = excluded.points, exceeded = excluded.exceeded,
    met = excluded.met, missed = excluded.missed, entries = excluded.entries
"""


def rebuild_days(session: Session, calendar: PeriodCalendar, months: Iterable[str]) -> None:
    """Adds up ledger and outcomes by local day, a month at a time."""
    session.execute(delete(DaySum))
    for month in months:
        sums: _Sums = defaultdict(lambda: [0] * 5)
        _add_entries(session, sums, LedgerEntry.day, LedgerEntry.month == month)
        outcomes = select(Outcome.at, Outcome.person_id, Outcome.team_id, Outcome.rating).where(
            Outcome.counted == true(), Outcome.person_id.is_not(None), Outcome.month == month
        )
        for at, person_id, team_id, rating in stream(session, outcomes):
            sums[calendar.date_at(at).isoformat(), person_id, team_id or 0][_PLACES[rating]] += 1
        _insert(session, DaySum, ("day", *_WHO, *_AMOUNTS), sums)


def rebuild_counts(session: Session) -> None:
    """Adds up the contributions that count. Exactly, so here and not in the database."""
    item = Contribution
    sums: dict[tuple[Any, ...], tuple[Decimal, int]] = {}
    statement = select(
        item.month, item.service_level, item.side, item.person_id, item.team_id, item.value
    ).where(item.counted == true(), item.person_id.is_not(None))
    for month, level, side, person_id, team_id, value in stream(session, statement):
        key = (month, level, side, person_id, team_id or 0)
        total, events = sums.get(key, (Decimal(0), 0))
        sums[key] = (EXACT.add(total, Decimal(value)), events + 1)
    session.execute(delete(CountSum))
    keys = ("month", "service_level", "side", *_WHO)
    told = {key: (plain(value), events) for key, (value, events) in sums.items()}
    _insert(session, CountSum, (*keys, "value", "events"), told)


def _add_entries(session: Session, sums: _Sums, when: Any, *conditions: Any) -> None:
    """The ledger's points, and how many entries stand: one taken back goes, and so does the one that takes it back."""
    columns = (when, LedgerEntry.person_id, LedgerEntry.team_id)
    if is_sqlite(session):
        stands: Any = case((LedgerEntry.takes_back.is_(None), 1), else_=-1)
        statement = select(*columns, LedgerEntry.points, stands).where(*conditions)
    else:
        stands = func.count() - 2 * func.count(LedgerEntry.takes_back)
        statement = select(*columns, func.sum(LedgerEntry.points), stands).where(*conditions)
    seen: dict[Any, Any] = {}
    for key, person_id, team_id, points, entries in _grouped(session, statement, columns):
        whose = (key, person_id or 0, team_id or 0)
        into = sums.get(whose)
        if into is None:
            # The driver makes every text and number anew: kept once each, they take half of the memory.
            into = sums[tuple([seen.setdefault(part, part) for part in whose])] = [0] * 5
        into[0] += points
        into[4] += entries


def _grouped(session: Session, statement: Any, columns: Iterable[Any]) -> Iterator[Row]:
    """On PostgreSQL grouped by the database. SQLite would sort all rows for it: adding them up here is quicker."""
    return stream(session, statement if is_sqlite(session) else statement.group_by(*columns))


def _insert(
    session: Session, model: Any, columns: tuple[str, ...], sums: Mapping[Any, Sequence[Any]]
) -> None:
    """In the order of their keys, which is that of the table. What comes to nothing at all is left out."""
    keys = sorted(key for key, amounts in sums.items() if any(amounts))
    for start in range(0, len(keys), _AT_ONCE):
        rows = [(*key, *sums[key]) for key in keys[start : start + _AT_ONCE]]
        insert_rows(session, model, columns, rows)
