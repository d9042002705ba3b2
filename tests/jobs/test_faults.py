"""Workers killed, Redis emptied, jobs run twice: nothing doubles and nothing is missed. Real processes."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import psutil
import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from jobs.running import run
from jobs.scheduler import Scheduler
from leaderboard import job_queue, queues
from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, MINUTE, parse_rfc3339
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Lead, LedgerEntry
from leaderboard.services import clock, work_orders
from leaderboard.services.evaluation import pending_count
from leaderboard.services.intake import accept
from leaderboard.services.outbox import touch_everything
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.simulation_runs import Asked, ask_for_simulation
from leaderboard.services.work_orders import CLOSE
from leaderboard.settings import ROOT
from tests.services.acme import ROSTER, RULEBOOK
from tests.services.invariants import check_invariants
from tests.valkey import ValkeyServer

LEADS = 400
FIRST = parse_rfc3339("2026-03-02T08:00:00Z")
UNKEPT = ("ticks", "heartbeats", "alembic_version")

MakeApp = Callable[..., Flask]


@pytest.fixture
def app(make_app: MakeApp, valkey: ValkeyServer) -> Flask:
    return make_app(redis_url=valkey.url)


@pytest.fixture
def received(app: Flask) -> Iterator[Session]:
    """Leads of some months are stored, and none is evaluated."""
    with app.app_context():
        now = clock.now()
        apply_rulebook(RULEBOOK, "rulebook.yaml", now, "test")
        import_roster(ROSTER, "roster.yaml", now, "test")
        session = current_session()
        accept(session, [event for number in range(LEADS) for event in two_events(number)], now)
        session.commit()
        yield session
        job_queue.bell().close()


def two_events(number: int) -> list[Event]:
    """A lead that is assigned, and answered after some minutes or hours."""
    assigned_at = FIRST + number * DAY // 8
    rep, answered_at = ("ana", "ben")[number % 2], assigned_at + (number % 90) * MINUTE
    return [
        Event("crm", f"{number}/a", "lead.assigned", assigned_at, f"L{number}", rep, {}),
        Event("crm", f"{number}/b", "lead.contacted", answered_at, f"L{number}", rep, {}),
    ]


@contextlib.contextmanager
def worker(app: Flask, queue: str) -> Iterator[subprocess.Popen[bytes]]:
    settings = app.extensions["settings"]
    environ = os.environ | {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "INSTANCE_DIR": str(settings.instance_dir),
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen([sys.executable, "-m", "jobs.worker", queue], cwd=ROOT, env=environ)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def waiting(session: Session) -> int:
    session.rollback()
    found = pending_count(session, clock.now())
    session.rollback()
    return found


def until_nothing_waits(session: Session) -> None:
    deadline = time.monotonic() + 120
    while waiting(session):
        assert time.monotonic() < deadline, f"{waiting(session)} leads still wait"
        time.sleep(0.05)


def ledger_size(session: Session) -> int:
    found = session.scalar(select(func.count()).select_from(LedgerEntry)) or 0
    session.rollback()
    return found


def test_work_horses_killed_at_random_book_every_point_once(app: Flask, received: Session) -> None:
    chance = random.Random(11)
    with worker(app, queues.EVALUATION) as process:
        for _ in range(12):
            touch_everything(received)
            received.commit()
            job_queue.bell().ring("evaluate_due", tick=("test", 1))
            kill_a_horse(process.pid, after_seconds=chance.uniform(0, 0.4))
        job_queue.bell().ring("evaluate_due", tick=("test", 1))
        until_nothing_waits(received)
    check_invariants(received)
    assert ledger_size(received) > LEADS


def kill_a_horse(worker_pid: int, after_seconds: float) -> None:
    deadline = time.monotonic() + 20
    while not (horses := psutil.Process(worker_pid).children()):
        if time.monotonic() > deadline:
            return  # it was quicker than we
        time.sleep(0.002)
    time.sleep(after_seconds)
    for horse in horses:
        with contextlib.suppress(psutil.NoSuchProcess):
            horse.kill()


def test_a_worker_killed_is_made_up_for_by_the_scheduler(app: Flask, received: Session) -> None:
    with worker(app, queues.EVALUATION) as process:
        job_queue.ring("evaluate_due")
        process.kill()
    now = clock.now() // 1_000_000
    Scheduler(app, started=now - 3_600).run_overdue(now)
    assert waiting(received) == 0
    check_invariants(received)


def test_redis_emptied_costs_a_minute_and_no_point(
    app: Flask, received: Session, valkey: ValkeyServer
) -> None:
    job_queue.ring("evaluate_due")
    valkey.stop()
    valkey.start()
    assert job_queue.bell().waiting() == {"evaluation": 0, "default": 0}
    with worker(app, queues.EVALUATION):
        Scheduler(app, started=0).run_due(clock.now() // 1_000_000)
        until_nothing_waits(received)
    check_invariants(received)


def test_while_redis_is_away_points_are_booked_all_the_same(
    app: Flask, received: Session, valkey: ValkeyServer
) -> None:
    valkey.stop()
    Scheduler(app, started=0).run_due(clock.now() // 1_000_000)
    assert waiting(received) == 0
    check_invariants(received)


@pytest.mark.parametrize("name", sorted(job_queue.JOBS))
def test_a_job_run_twice_changes_nothing(app: Flask, received: Session, name: str) -> None:
    run("evaluate_due")
    told = {"simulate": asked, "work_order": ordered}
    arguments = (told[name](),) if name in told else ()
    run(name, *arguments)
    once = contents(received)
    run(name, *arguments)
    assert contents(received) == once


def ordered() -> int:
    """To close a month, by a preview that was another: what is asked stands in a row, and so does the answer."""
    return work_orders.ask(CLOSE, "2026-03", "user:1", clock.now(), seen="another")


def asked() -> int:
    """A question in its row."""
    question = Asked(RULEBOOK.decode(), "rulebook.yaml", "2026-03", "user:1")
    return ask_for_simulation(question)


def contents(session: Session) -> dict[str, list[str]]:
    """Every row of every table, but for what says when something was done."""
    session.rollback()
    tables = [table for table in db.metadata.sorted_tables if table.name not in UNKEPT]
    found = {table.name: sorted(str(row) for row in session.execute(select(table))) for table in tables}
    session.rollback()
    return found


def test_two_workers_at_once_book_every_point_once(app: Flask, received: Session) -> None:
    with worker(app, queues.EVALUATION), worker(app, queues.EVALUATION):
        for _ in range(10):
            job_queue.bell().ring("evaluate_due", tick=("test", 1))
        until_nothing_waits(received)
    check_invariants(received)
    assert (
        received.scalar(select(func.count()).select_from(Lead).where(text("folded_seq < touched_seq"))) == 0
    )


def test_a_backlog_that_takes_longer_than_a_job_is_worked_off_job_after_job(
    app: Flask, received: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leaderboard.services.evaluation._SECONDS_A_JOB", 0.0)
    run("evaluate_due")
    assert job_queue.bell().waiting()["evaluation"] == 1
    monkeypatch.setattr("leaderboard.services.evaluation._SECONDS_A_JOB", 600.0)
    job_queue.begin(job_queue.connect(app.extensions["settings"].bell_url), "evaluate_due")
    run("evaluate_due")
    assert job_queue.bell().waiting()["evaluation"] == 1
    assert waiting(received) == 0
