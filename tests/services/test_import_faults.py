"""Imports that are killed, and imports at the same time: every event once, whatever happens."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from leaderboard.persistence import models
from leaderboard.persistence.db import current_session
from leaderboard.settings import ROOT
from tests.databases import Database

ROWS, CHUNK = 4_000, 200
PROGRAM = f"""
import sys
from pathlib import Path
from leaderboard.app import create_app
from leaderboard.services import event_import, import_chunks

event_import.CHUNK = {CHUNK}
import_chunks.WORTH_A_PROCESS = 0
app = create_app()
with app.app_context():
    print("ready", flush=True)
    tell = lambda file: print("chunk", flush=True)
    summary = event_import.import_events(Path(sys.argv[1]), on_progress=tell)
    print(summary.read, summary.accepted, summary.duplicates, summary.rejected, flush=True)
"""


@pytest.fixture
def given(tmp_path: Path) -> Path:
    """A file in no order, in which some rows are wrong, some come twice and some contradict an earlier one."""
    chance = random.Random(5)
    rows = [
        f"e{number},crm,lead.assigned,2026-08-03T10:00:{number % 60:02d}Z,L{number % 900},rep-{number % 40}"
        for number in range(ROWS)
    ]
    chance.shuffle(rows)
    rows[1_000:1_000] = [f"bad-{number},crm,Nonsense,2026,L1," for number in range(10)]
    rows += [row.replace("rep-", "other-") for row in chance.sample(rows[:900], 20)] + rows[50:60]
    path = tmp_path / "events.csv"
    path.write_text("id,source,type,time,lead,rep\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def start(database: Database, path: Path, instance_dir: Path) -> subprocess.Popen[str]:
    environment = os.environ | {
        "DATABASE_URL": database.url.replace("+psycopg", ""),
        "INSTANCE_DIR": str(instance_dir),
        "LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-c", PROGRAM, str(path)]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def last_line(process: subprocess.Popen[str]) -> str:
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return out.splitlines()[-1]


def check_store() -> None:
    session = current_session()
    assert session.scalar(select(func.count()).select_from(models.Event)) == ROWS
    assert session.scalar(select(func.count()).select_from(models.Lead)) == 900
    conflicts = session.scalars(select(models.IntakeProblem.kind)).all()
    assert (conflicts.count("conflict"), conflicts.count("rejected")) == (20, 10)
    assert session.scalar(text("SELECT count(*) FROM people WHERE rep_id LIKE 'other-%'")) == 0


@pytest.mark.slow
def test_killed_again_and_again_it_stores_every_row_once(
    app: Flask, database: Database, given: Path, tmp_path: Path
) -> None:
    chance = random.Random(11)
    for _ in range(4):
        process = start(database, given, tmp_path)
        assert process.stdout is not None
        for _ in range(chance.randrange(1, 8)):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.communicate()
    read, accepted, duplicates, rejected = map(int, last_line(start(database, given, tmp_path)).split())
    assert (read, accepted + duplicates, rejected) == (ROWS + 40, ROWS + 10, 30)
    lines = given.with_name("events.csv.rejected.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 31
    with app.app_context():
        check_store()


@pytest.mark.slow
def test_two_at_once_store_every_row_once(
    app: Flask, database: Database, given: Path, tmp_path: Path
) -> None:
    copies = [given.with_name(f"copy-{number}.csv") for number in range(2)]
    for copy in copies:
        copy.write_bytes(given.read_bytes())
    running = [start(database, copy, tmp_path) for copy in copies]
    results = [tuple(map(int, last_line(process).split())) for process in running]
    assert sum(accepted for _, accepted, _, _ in results) == ROWS
    assert {rejected for *_, rejected in results} == {30}
    with app.app_context():
        session = current_session()
        assert session.scalar(select(func.count()).select_from(models.Event)) == ROWS
