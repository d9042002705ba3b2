"""A process that evaluates is frozen in its work, somebody else does it, and it wakes up: nothing is doubled.

Whoever evaluates holds the writer's lock from before it reads until its commit. So one that is frozen outside a
transaction finds, when it wakes, nothing left to do; and one that is frozen within has either kept everybody out
(SQLite), or was thrown out by the server (PostgreSQL), and then its first word after waking up is refused.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError

from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, MINUTE
from leaderboard.persistence.db import current_session, db, read_only
from leaderboard.persistence.models import LedgerEntry
from leaderboard.services import clock
from leaderboard.services.evaluation import bring_up_to_date, pending_count
from leaderboard.services.intake import accept
from leaderboard.settings import ROOT
from tests.databases import Database
from tests.faults.stage import check_all_stored_once, until
from tests.jobs.test_faults import contents

LEADS, AT_ONCE = 60, 20
PLACES = {
    "before it writes": "INSERT INTO outcomes",
    "before it books": "INSERT INTO ledger",
    "before it keeps the sums": "INSERT INTO day_sums",
    "before it notes how far it came": "UPDATE leads",
}
PROGRAM = f"""
import os, re, signal, sys
from leaderboard.persistence import db as database
from leaderboard.persistence import sqlite_rules

# The server gives up on who is silent in a transaction after minutes; here, after a second or two.
args = database._POSTGRESQL["connect_args"]
args["options"] = args["options"].replace("session_timeout=120s", "session_timeout=1s")
assert "session_timeout=1s" in args["options"]
database._LONGEST_WRITING = "2s"

import psycopg
import sqlalchemy
from leaderboard.app import create_app
from leaderboard.persistence import bulk
from leaderboard.services import clock, evaluation

evaluation.fold_pending.__defaults__ = ({AT_ONCE},)
app = create_app()
place = sys.argv[1]
seen = 0
taken = []  # by the transactions before

def freeze():
    os.kill(os.getpid(), signal.SIGSTOP)

def at_statement(_connection, _cursor, statement, *_rest):
    global seen
    words = statement.replace('"', "").replace("COPY", "INSERT INTO")
    if taken and words.startswith(place):
        seen += 1
        if seen == 1:
            freeze()

with app.app_context():
    sqlalchemy.event.listen(database.db.engine, "before_cursor_execute", at_statement)
    copied = bulk.insert_rows
    def insert_rows(session, model, columns, rows):
        if rows:
            at_statement(None, None, "INSERT INTO " + model.__tablename__)
        copied(session, model, columns, rows)
    if database.db.engine.dialect.name == "postgresql":
        from leaderboard.services import ledger, new_rows, outcome_store
        for module in (ledger, new_rows, outcome_store):
            module.insert_rows = insert_rows
    now = clock.now()
    taken.append(evaluation.fold_pending(now))
    if place == "between":
        freeze()
    try:
        while taken[-1]:
            taken.append(evaluation.fold_pending(now))
    except (sqlalchemy.exc.DBAPIError, psycopg.Error):
        print("refused")
    else:
        print("done", *taken)
"""


@pytest.fixture
def sent(acme: Flask) -> list[str]:
    """Leads that are assigned and answered, and not evaluated."""
    first = clock.now() - 3 * DAY
    events = []
    for number in range(LEADS):
        at, rep = first + number * 10 * MINUTE, ("ana", "ben")[number % 2]
        answered_at = at + (number % 90) * MINUTE
        events.append(Event("crm", f"{number}a", "lead.assigned", at, f"L{number}", rep))
        events.append(Event("crm", f"{number}b", "lead.contacted", answered_at, f"L{number}", rep))
    with acme.app_context():
        accept(current_session(), events, clock.now())
        current_session().commit()
        db.session.remove()
    return [one.id for one in events]


@pytest.fixture
def freezer(database: Database, tmp_path: Path) -> Iterator[Callable[[str], subprocess.Popen[str]]]:
    """Starts a process that evaluates, and waits until it has frozen itself at the place."""
    started: list[subprocess.Popen[str]] = []
    environment = os.environ | {
        "DATABASE_URL": database.url,
        "INSTANCE_DIR": str(tmp_path),
        "LOG_LEVEL": "ERROR",
    }

    def start(place: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", PROGRAM, place]
        process = subprocess.Popen(command, env=environment, cwd=ROOT, text=True, stdout=subprocess.PIPE)
        started.append(process)
        until(lambda: is_frozen(process), "it to freeze")
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def is_frozen(process: subprocess.Popen[str]) -> bool:
    assert process.poll() is None, "it ended before it came to that place"
    return psutil.Process(process.pid).status() == psutil.STATUS_STOPPED


def be_impatient(connection: Any, _record: object) -> None:
    """Only as far as SQLite goes: it would try for ten seconds."""
    if not isinstance(connection, psycopg.Connection):
        connection.execute("PRAGMA busy_timeout=100")


def wake(process: subprocess.Popen[str]) -> list[str]:
    process.send_signal(signal.SIGCONT)
    out, _ = process.communicate(timeout=60)
    return out.split()


def test_frozen_between_two_transactions_it_finds_nothing_left_to_do(
    acme: Flask, sent: list[str], freezer: Callable[[str], subprocess.Popen[str]]
) -> None:
    process = freezer("between")
    with acme.app_context():
        bring_up_to_date(clock.now())
        done = contents(current_session())
        assert wake(process) == ["done", str(AT_ONCE), "0"]
        assert contents(current_session()) == done
        db.session.remove()
    check_all_stored_once(acme, sent)


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_frozen_within_a_transaction_its_write_touches_nothing_that_others_did(
    acme: Flask,
    database: Database,
    sent: list[str],
    freezer: Callable[[str], subprocess.Popen[str]],
    place: str,
) -> None:
    process = freezer(place)
    with acme.app_context():
        db.engine.dispose()
        event.listen(db.engine, "connect", be_impatient)
        if database.kind == "postgresql":
            # The others wait until the server has thrown it out, and do its work.
            bring_up_to_date(clock.now())
            done = contents(current_session())
            assert wake(process)[0] == "refused"
            assert contents(current_session()) == done
        else:
            check_nobody_else_writes()
            assert wake(process)[0] == "done"
        assert pending_count(current_session(), clock.now()) == 0
        db.session.remove()
    check_all_stored_once(acme, sent)


def check_nobody_else_writes() -> None:
    """SQLite's lock is the process's own: others read on, and are told that they cannot write now."""
    with pytest.raises(OperationalError, match="locked"):
        bring_up_to_date(clock.now())
    db.session.remove()
    read_only(current_session())
    booked = select(func.count()).where(LedgerEntry.kind == "each")
    assert current_session().scalar(booked) == AT_ONCE
    db.session.remove()
