"""Revisions taken back and made again under a ledger that is in use: the same entries, sums, triggers and tables.

From the newest one back to the three before it, and to every sixth from there. `FAULTS_FULL=1` does it for each, with
50,000 entries.
"""

import hashlib
import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, inspect, text

from leaderboard.domain.events import Event
from leaderboard.domain.instants import MINUTE, parse_rfc3339
from leaderboard.persistence.db import MIGRATIONS, current_session, db
from leaderboard.persistence.guards import expected_triggers
from leaderboard.services import clock, login_sessions, users
from leaderboard.services.closing import close_period
from leaderboard.services.intake import accept
from leaderboard.services.rebuild_sums import rebuild_sums
from tests.databases import Database, migrate
from tests.faults.stage import found_acme
from tests.persistence.test_migrations import differences, schema_of, triggers
from tests.services.invariants import check_invariants

pytestmark = pytest.mark.slow

IS_FULL = "FAULTS_FULL" in os.environ
LEADS = 50_000 if IS_FULL else 800
AT_ONCE = 5_000
FIRST, NOW = parse_rfc3339("2026-03-02T00:00:00Z"), parse_rfc3339("2026-09-10T00:00:00Z")
NEWEST_FIRST = [revision.revision for revision in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
STEPS = list(pairwise(NEWEST_FIRST))
CHOSEN = STEPS if IS_FULL else STEPS[:3] + STEPS[3:-1:6] + STEPS[-1:]
KEPT_ROWS = ("events", "people", "rep_keys", "teams", "roster_versions", "rulebook_revisions", "ledger", "outcomes",
             "awards", "seals", "users", "sessions", "audit")  # fmt: skip
"""What everything else follows from, and the records: as long as a revision does not drop them, not a byte changes."""


@pytest.fixture
def filled(make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Half a year of leads, the first two months closed."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    app = make_app()
    with app.app_context():
        found_acme()
        step = (NOW - FIRST) // LEADS
        for start in range(0, LEADS, AT_ONCE):
            numbers = range(start, min(start + AT_ONCE, LEADS))
            accept(current_session(), [one for number in numbers for one in lead(number, step)], NOW)
            current_session().commit()
        for month in ("2026-03", "2026-04"):
            close_period(month, "test", NOW)
        log_in()
        check_invariants(current_session())
        db.session.remove()
    return app


def log_in() -> None:
    """So that there is a login and a session."""
    session = current_session()
    user_id = users.insert(session, "ada@example.com", "admin", None, None, NOW)
    login_sessions.begin(session, user_id, NOW)
    session.commit()


def lead(number: int, step: int) -> list[Event]:
    at, rep = FIRST + number * step, ("ana", "ben")[number % 2]
    return [
        Event("crm", f"{number}a", "lead.assigned", at, f"L{number}", rep),
        Event("crm", f"{number}b", "lead.contacted", at + number % 80 * MINUTE, f"L{number}", rep),
    ]


def test_a_revision_down_and_up_again_leaves_entries_sums_and_triggers_as_they_were(
    filled: Flask, database: Database, tmp_path: Path
) -> None:
    with filled.app_context():
        schema, sums = look(schema_of), look(points)
        assert all(rows for rows, _ in look(prints).values())
    for revision, before in CHOSEN:
        with filled.app_context():
            there = look(prints)
            flask_migrate.downgrade(revision=before)
            left = look(tables)
        migrate(database, tmp_path)
        with filled.app_context():
            after = look(prints)
            assert {name: after[name] for name in left & after.keys()} == {
                name: there[name] for name in left & after.keys()
            }, revision
            assert look(schema_of) == schema
            assert look(differences) == []
            assert look(triggers) == expected_triggers(database.kind)
            check_points(left, sums)


def check_points(left: set[str], sums: object) -> None:
    """The same sums as before, where the ledger was left; where they were dropped, made anew from it.

    What a closed month handed on (streaks, ladders) is not made again: who goes back so far has lost it.
    """
    if "ledger" not in left:
        return
    if "month_sums" not in left:
        rebuild_sums()
    assert look(points) == sums
    if "streak_runs" in left:
        check_invariants(current_session())
        assert look(points) == sums


def look(by: Callable[[Connection], Any]) -> Any:
    """On a connection that knows nothing of the tables before."""
    db.session.remove()
    db.engine.dispose()
    with db.engine.connect() as connection:
        found = by(connection)
    db.engine.dispose()
    return found


def tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def prints(connection: Connection) -> dict[str, tuple[int, str]]:
    """How many rows, and the hash of all of them."""
    return {name: _print(connection, name) for name in KEPT_ROWS}


def _print(connection: Connection, table: str) -> tuple[int, str]:
    key = "token_hash" if table == "sessions" else "seq" if table == "events" else "1"
    rows = connection.execute(text(f"SELECT * FROM {table} ORDER BY {key}")).all()
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


def points(connection: Connection) -> list[tuple[Any, ...]]:
    """What everybody has: by the ledger, and by the kept sums."""
    of_ledger = "SELECT month, person_id, team_id, sum(points) FROM ledger GROUP BY month, person_id, team_id"
    of_sums = "SELECT month, person_id, team_id, points FROM month_sums WHERE points <> 0"
    found = [connection.execute(text(statement)).all() for statement in (of_ledger, of_sums)]
    return [sorted((*map(str, row),) for row in rows) for rows in found]  # type: ignore[misc]
