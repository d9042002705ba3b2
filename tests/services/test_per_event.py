"""What one event costs the database: as many statements whatever is stored, and none that walks through a big table."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from leaderboard.domain.instants import HOUR, MINUTE
from leaderboard.persistence.db import db, is_sqlite
from leaderboard.services import clock
from leaderboard.services.evaluation import bring_up_to_date
from tests.databases import count_statements
from tests.services.acme import SetClock, send

BIG = (
    "events",
    "leads",
    "outcomes",
    "contributions",
    "ledger",
    "awards",
    "day_sums",
    "streak_runs",
    "rep_settlements",
)
MOST = 65
"""Statements to fold one lead and settle what follows, when a minute's other work is none."""

Statement = tuple[str, Any]


def fill(session: Session, leads: int, at: SetClock) -> None:
    at("2026-07-01T00:00:00Z")
    for number in range(leads):
        day, rep = f"2026-07-{number % 19 + 1:02}", ("ana", "ben")[number % 2]
        events = [(f"{number}a", "lead.assigned", f"{day}T09:00:00Z", f"L{number}", rep)]
        if number % 3:
            events.append(
                (f"{number}b", "lead.contacted", f"{day}T09:{number % 60:02}:00Z", f"L{number}", rep)
            )
        send(session, *events)
    bring_up_to_date(at("2026-07-20T12:00:00Z"))


@contextmanager
def noted() -> Iterator[list[Statement]]:
    seen: list[Statement] = []

    def note(
        _connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool
    ) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "INSERT")):
            seen.append((statement, parameters[0] if many else parameters))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def one_event(session: Session, number: int) -> None:
    """A new lead, an answer to an old one, and what follows from each."""
    now = clock.now()
    send(session, (f"n{number}", "lead.assigned", "2026-07-20T08:00:00Z", f"N{number}", "ana"))
    bring_up_to_date(now)
    send(session, (f"o{number}", "lead.contacted", "2026-07-20T08:10:00Z", f"N{number}", "ana"))
    bring_up_to_date(now)


def test_as_many_statements_for_one_lead_as_for_hundreds(acme: Session, at: SetClock) -> None:
    found = []
    for number, leads in enumerate((3, 150)):
        fill(acme, leads, at)
        one_event(acme, 10 * number)
        with count_statements(db.engine) as statements:
            one_event(acme, 10 * number + 1)
        found.append(len(statements))
    assert found[0] == found[1]
    assert found[1] <= 2 * (MOST + 10)


def test_when_nothing_happened_little_is_asked(acme: Session, at: SetClock) -> None:
    fill(acme, 3, at)
    with count_statements(db.engine) as statements:
        bring_up_to_date(clock.now())
    assert len(statements) <= 25


def test_a_batch_costs_no_more_statements_than_one_event(acme: Session, at: SetClock) -> None:
    fill(acme, 30, at)
    counts: list[int] = []
    for number in (1, 60, 600):
        leads = [f"B{number}-{n}" for n in range(number)]
        send(acme, *((lead, "lead.assigned", "2026-07-20T07:00:00Z", lead, "ben") for lead in leads))
        with count_statements(db.engine) as statements:
            bring_up_to_date(clock.now())
        counts.append(len(statements))
    # Of many leads what follows is settled in a transaction of its own.
    assert counts[1] <= counts[0] + 8
    assert counts[2] <= counts[1] + 2


def test_no_statement_walks_through_a_big_table(acme: Session, at: SetClock) -> None:
    fill(acme, 20, at)
    with noted() as statements:
        one_event(acme, 1)
        bring_up_to_date(clock.now() + 3 * HOUR + MINUTE)
    acme.rollback()
    assert len(statements) > 50
    assert walks(acme, statements) == []
    acme.execute(text("DROP INDEX ix_leads_due_at"))
    acme.commit()
    assert walks(acme, statements) != []


def walks(session: Session, statements: list[Statement]) -> list[tuple[str, str]]:
    explain = sqlite_walks if is_sqlite(session) else postgresql_walks
    return [(walk, one[0]) for one in statements for walk in explain(session, one)]


def sqlite_walks(session: Session, statement: Statement) -> list[str]:
    rows = session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statement[0], statement[1])
    plan = [str(row[-1]) for row in rows]
    # A partial index holds only what waits.
    scans = [step for step in plan if (m := re.match(r"SCAN (\w+)", step)) and m[1] in BIG and "pending" not in step
             and "dirty" not in step]  # fmt: skip
    if not statement[0].startswith("SELECT"):
        return scans
    # Hardly any entry takes another one back: a question that comes in by that index looks at all the others.
    return scans + [step for step in plan if re.match(r"SEARCH ledger .*\(takes_back=\?\)", step)]


def postgresql_walks(session: Session, statement: Statement) -> list[str]:
    session.execute(text("SET LOCAL enable_seqscan = off"))  # else small tables are always read as a whole
    plan = [
        str(row[0]) for row in session.connection().exec_driver_sql("EXPLAIN " + statement[0], statement[1])
    ]
    session.rollback()
    return [step for step in plan if (m := re.search(r"Seq Scan on (\w+)", step)) and m[1] in BIG]
