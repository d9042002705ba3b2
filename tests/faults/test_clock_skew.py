"""Processes whose clocks are ten minutes apart: points follow from when things happened, not from who noticed when."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from leaderboard.app import create_app
from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, HOUR, MINUTE, Instant, parse_rfc3339
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import LedgerEntry, Outcome, Seal
from leaderboard.services import clock
from leaderboard.services.closing import close_due
from leaderboard.services.intake import accept
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.settings import ROOT
from tests.databases import Database, Server, settings_for
from tests.services.acme import ROSTER, RULEBOOK
from tests.services.invariants import check_invariants
from tests.services.test_together import told

pytestmark = pytest.mark.slow

# The whole process goes by its own clock, as by a machine that is set wrong.
PROGRAM = """
import sys, time
from leaderboard.app import create_app
from leaderboard.services import clock, evaluation
from leaderboard.services import clock
from leaderboard.services.closing import close_due

at = 0
time.time_ns = lambda: at * 1_000
app = create_app()
print("ready", flush=True)
for line in sys.stdin:
    at = int(line)
    assert clock.now() == at
    with app.app_context():
        print(*(closed.period for closed in close_due()), flush=True)
"""
SKEWS = (-10 * MINUTE, 10 * MINUTE, 0)
BEGIN, END = parse_rfc3339("2026-07-30T12:00:00Z"), parse_rfc3339("2026-08-05T12:00:00Z")
LEADS, STEP = 60, 6 * HOUR
EDGES = [
    parse_rfc3339(edge) + off
    for edge in ("2026-08-01T00:00:00Z", "2026-08-04T00:00:00Z")
    for off in (-5 * MINUTE, 5 * MINUTE)
]
"""Just before and after the month's end, and its closing: there the clocks do not agree."""


def story() -> list[tuple[Instant, Event]]:
    """Leads around the end of a month, and when each of their events comes in: within the hour, or days later."""
    chance = random.Random(5)
    found = []
    for number in range(LEADS):
        at = BEGIN + chance.randrange((END - BEGIN) // MINUTE) * MINUTE
        answered_at = at + chance.choice((5, 55, 59, 60, 61, 65, 70, 600)) * MINUTE
        rep, lead = ("ana", "ben")[number % 2], f"L{number}"
        for name, kind, when in (("a", "lead.assigned", at), ("b", "lead.contacted", answered_at)):
            comes_at = when + chance.choice((0, MINUTE, 8 * MINUTE, 3 * HOUR, 2 * DAY))
            found.append((comes_at, Event("crm", f"{lead}{name}", kind, when, lead, rep)))
    return sorted(found, key=lambda pair: (pair[0], pair[1].id))


@pytest.fixture
def skewed(database: Database, tmp_path: Path) -> Iterator[dict[Instant, subprocess.Popen[str]]]:
    """A process for each clock, by how far it is off."""
    environment = os.environ | {
        "DATABASE_URL": database.url,
        "INSTANCE_DIR": str(tmp_path),
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-c", PROGRAM]
    pipes: dict[str, Any] = {"text": True, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    started = {skew: subprocess.Popen(command, env=environment, cwd=ROOT, **pipes) for skew in SKEWS}
    for process in started.values():
        assert told(process) == "ready"
    yield started
    for process in started.values():
        process.communicate(timeout=60)


def test_processes_with_clocks_ten_minutes_apart_come_to_the_same_ledger_as_one_that_is_right(
    app: Flask,
    database_server: Server,
    tmp_path: Path,
    skewed: dict[Instant, subprocess.Popen[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: END + 3 * DAY)
    by_many = live(app, lambda now: all_at(skewed, now), SKEWS)
    other = database_server.migrated()
    exact = create_app(settings_for(other, tmp_path / "exact"))
    by_one = live(exact, lambda now: [one.period for one in close_due(now)], (0,))
    assert by_many["closed"] == by_one["closed"] == ["2026-07"]
    assert by_many == by_one
    assert len(by_many["outcomes"]) == LEADS
    with exact.app_context():
        db.engine.dispose()
    database_server.drop(other)


def live(app: Flask, evaluate: Any, skews: tuple[Instant, ...]) -> dict[str, Any]:
    """The story, its events received by clocks that are off by turns; how it ends."""
    waiting, closed = story(), []
    with app.app_context():
        apply_rulebook(RULEBOOK, "rulebook.yaml", BEGIN, "test")
        import_roster(ROSTER, "roster.yaml", BEGIN, "test")
        db.session.remove()
        for now in sorted([*range(BEGIN, END, STEP), *EDGES, END + 2 * DAY]):
            due = [event for comes_at, event in waiting if comes_at <= now]
            waiting = [pair for pair in waiting if pair[0] > now]
            for number, event in enumerate(due):
                accept(current_session(), [event], now + skews[number % len(skews)])
                current_session().commit()
            db.session.remove()
            closed += evaluate(now)
        check_invariants(current_session())
        return {"closed": closed, **ending()}


def all_at(skewed: dict[Instant, subprocess.Popen[str]], now: Instant) -> list[str]:
    """All at once, each by its own clock."""
    for skew, process in skewed.items():
        assert process.stdin is not None
        process.stdin.write(f"{now + skew}\n")
        process.stdin.flush()
    return sorted(name for process in skewed.values() for name in told(process).split())


def ending() -> dict[str, Any]:
    """What stands, but for when it was written down."""
    session = current_session()
    entry = LedgerEntry
    taken = select(entry.takes_back).where(entry.takes_back.is_not(None))
    columns = (
        entry.reason_key,
        entry.booked_at,
        entry.points,
        entry.person_id,
        entry.team_id,
        entry.corrects,
    )
    stands = select(*columns).where(entry.takes_back.is_(None), entry.id.not_in(taken))
    outcomes = select(Outcome.outcome_key, Outcome.rating, Outcome.at, Outcome.month).where(Outcome.current)
    found = {
        "ledger": sorted(map(repr, session.execute(stands))),
        "outcomes": sorted(map(repr, session.execute(outcomes))),
        "seals": [seal.period for seal in session.scalars(select(Seal))],
    }
    session.rollback()
    return found
