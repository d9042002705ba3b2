"""The process that answers 12 months and 4 quarters, three ways in turns; tells JSON. See bench/standings.py."""

import gc
import json
import sys
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import select

from bench.memory import peak_mb
from bench.plain_standings import plain_sql
from leaderboard.domain.periods import Month, Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Standing
from leaderboard.persistence import db as database
from leaderboard.persistence.bulk import small_cache
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import MonthSum, Person, Team
from leaderboard.services.directory import Directory
from leaderboard.services.kept_standings import kept_standing
from leaderboard.services.rebuild_sums import rebuild_months
from leaderboard.services.rules import Rules, current_rules

_Standings = dict[tuple[str, str], list[Standing]]


def main() -> None:
    """Arguments: URL of the database; `kept`, `rebuild` or `sql`, which also fails where the answers differ."""
    url, what = sys.argv[1:3]
    app = Flask("bench")
    database.init_app(app, url)
    # As the product does (leaderboard.app); all of it would bring the web along, and its memory.
    gc.set_threshold(100_000, 20, 100)
    with app.app_context():
        print(json.dumps({"kept": _kept, "rebuild": _rebuild, "sql": _sql}[what]()))


def _kept() -> dict[str, float]:
    rules = _rules()
    periods = _periods(rules)
    return {"kept": _timed(lambda: _standings(rules, periods))[0]}


def _rebuild() -> dict[str, float]:
    """The months' sums out of the ledger, and the memory of the process that makes them."""
    session = current_session()

    def rebuild() -> None:
        with small_cache(session):
            rebuild_months(session)
        session.commit()

    return {"rebuild": _timed(rebuild)[0], "memory_mb": peak_mb()}


def _sql() -> dict[str, float]:
    rules = _rules()
    periods = _periods(rules)
    quarters = {str(m): p.name for p in periods if len(p.months) == 3 for m in p.months}
    months = [period.name for period in periods if len(period.months) == 1]
    statement = plain_sql(months, quarters)
    seconds, rows = _timed(lambda: current_session().connection().exec_driver_sql(statement).all())
    theirs = {(row[0], row[1], row[2]): (int(row[3]), row[4]) for row in rows}
    if theirs != _by_key(_standings(rules, periods)):
        raise SystemExit("the standings differ from those of the SQL")
    return {"sql": seconds}


def _rules() -> Rules:
    rules = current_rules(current_session())
    assert rules is not None
    current_session().rollback()
    return rules


def _periods(rules: Rules) -> list[Period]:
    """All months there are, and the last four quarters."""
    calendar = rules.book.calendar
    names = current_session().scalars(select(MonthSum.month).distinct().order_by(MonthSum.month))
    months = [Month.parse(name) for name in names]
    quarters = {calendar.quarter_of(month) for month in months}
    latest = sorted(quarters, key=lambda period: period.start_at)[-4:]
    return [calendar.month(month) for month in months] + latest


def _standings(rules: Rules, periods: list[Period]) -> _Standings:
    session = current_session()
    directory = Directory(session)
    found = {
        (period.name, scope.value): kept_standing(session, rules, period, scope, directory)
        for period in periods
        for scope in SubjectKind
    }
    session.rollback()
    return found


def _by_key(standings: _Standings) -> dict[tuple[str, str, int], tuple[int, int]]:
    """Points and rank by period, scope and key, of those who have any entry."""
    session = current_session()
    keys = {row.rep_id: row.id for row in session.execute(select(Person.rep_id, Person.id))}
    keys |= {row.team_id: row.id for row in session.execute(select(Team.team_id, Team.id))}
    return {
        (period, scope, keys[row.score.id]): (row.score.points, row.rank)
        for (period, scope), rows in standings.items()
        for row in rows
        if row.score.tally.total
    }


def _timed(do: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    made = do()
    return time.perf_counter() - began, made


if __name__ == "__main__":
    main()
