"""Several processes evaluate, settle and close at once: nothing is doubled, and nobody fails because of another."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import LedgerEntry, Seal
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.verification import verify_period
from leaderboard.settings import ROOT
from tests.databases import Database
from tests.services.acme import ROSTER, RULEBOOK, SetClock, send
from tests.services.invariants import check_invariants

PROGRAM = """
import sys
from leaderboard.app import create_app
from leaderboard.services import clock, evaluation
from leaderboard.services.closing import close_due

evaluation.fold_pending.__defaults__ = (7,)
app = create_app()
print("ready", flush=True)
for line in sys.stdin:
    now = int(line)
    clock.now = lambda: now
    with app.app_context():
        print(*(closed.period for closed in close_due()), flush=True)
"""
PROCESSES, LEADS = 3, 90


@pytest.fixture
def others(database: Database, tmp_path: Path) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that bring all up to date and close what is due whenever they are told an instant."""
    environment = os.environ | {
        "DATABASE_URL": database.url.replace("+psycopg", ""),
        "INSTANCE_DIR": str(tmp_path),
        "LOG_LEVEL": "ERROR",
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    for process in started:
        assert told(process) == "ready"
    yield started
    for process in started:
        process.communicate(timeout=60)


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, "a process failed"
    return line.strip()


def all_at_once(others: list[subprocess.Popen[str]], instant: str) -> list[str]:
    for process in others:
        assert process.stdin is not None
        process.stdin.write(f"{parse_rfc3339(instant)}\n")
        process.stdin.flush()
    return sorted(name for process in others for name in told(process).split())


def test_many_at_once_close_each_period_once(
    app: Flask, others: list[subprocess.Popen[str]], at: SetClock
) -> None:
    with app.app_context():
        now = at("2026-07-01T00:00:00Z")
        apply_rulebook(RULEBOOK, "rulebook.yaml", now, "test")
        import_roster(ROSTER, "roster.yaml", now, "test")
        session = current_session()
        for number in range(LEADS):
            day, lead, rep = f"2026-07-{number % 28 + 1:02}", f"L{number}", ("ana", "ben")[number % 2]
            answered_at = f"{day}T10:{number % 60:02}:00Z"
            send(session, (f"{lead}a", "lead.assigned", f"{day}T09:30:00Z", lead, rep))
            send(session, (f"{lead}b", "lead.contacted", answered_at, lead, rep))
        assert all_at_once(others, "2026-08-03T00:00:00Z") == []
        each = select(func.count()).where(LedgerEntry.kind == "each")
        assert session.scalar(each) == LEADS
        session.rollback()
        at("2026-08-03T12:00:00Z")
        send(session, ("late", "event.voided", "2026-08-03T00:00:00Z", ""), voids="L3b")
        assert all_at_once(others, "2026-08-04T00:00:00Z") == ["2026-07"]
        assert all_at_once(others, "2026-10-04T00:00:00Z") == ["2026-08", "2026-09", "2026-Q3"]
        at("2026-10-04T00:00:00Z")
        assert session.scalars(select(Seal.position).order_by(Seal.position)).all() == [1, 2, 3, 4]
        session.rollback()
        assert verify_period("2026-Q3") == []
        check_invariants(session)
