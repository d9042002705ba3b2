"""Schedulers: each slot once, whatever happens to them, to Redis or to the clock."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from jobs import running, scheduler
from jobs.schedule import Entry
from jobs.scheduler import SECOND, Scheduler
from leaderboard import job_queue
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models.operations import Tick
from leaderboard.services import heartbeats, ticks
from leaderboard.settings import ROOT

NOON = 1_800_014_400
EACH_SECOND = Entry(name="each-second", job="tidy", every=1, catch_up=120)
EACH_MINUTE = Entry(name="each-minute", job="tidy", every=60)


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that were rung for; the bell is heard."""
    names: list[str] = []
    monkeypatch.setattr(job_queue.Bell, "ring", lambda _self, name, *_args: names.append(name) or True)
    return names


@pytest.fixture
def unheard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that the scheduler ran by itself; the bell is not heard."""
    names: list[str] = []
    monkeypatch.setattr(job_queue.Bell, "ring", lambda _self, _name, *_args: False)
    monkeypatch.setattr(scheduler, "run", lambda name: names.append(name))
    return names


def test_a_slot_is_run_once(app: Flask, rung: list[str]) -> None:
    one = Scheduler(app, NOON, (EACH_MINUTE,))
    assert [one.run_due(now) for now in (NOON, NOON + 1, NOON + 59)] == [[("each-minute", NOON)], [], []]
    assert one.run_due(NOON + 60) == [("each-minute", NOON + 60)]
    assert rung == ["tidy", "tidy"]


def test_a_scheduler_that_starts_again_does_not_repeat_a_slot(app: Flask, rung: list[str]) -> None:
    Scheduler(app, NOON, (EACH_MINUTE,)).run_due(NOON)
    assert Scheduler(app, NOON, (EACH_MINUTE,)).run_due(NOON + 30) == []
    assert rung == ["tidy"]


def test_of_a_sweep_only_the_newest_missed_slot_is_run(app: Flask, rung: list[str]) -> None:
    one = Scheduler(app, NOON, (EACH_MINUTE,))
    one.run_due(NOON)
    assert one.run_due(NOON + 3_600) == [("each-minute", NOON + 3_600)]


def test_missed_slots_are_caught_up_where_the_entry_says_so(app: Flask, rung: list[str]) -> None:
    one = Scheduler(app, NOON, (EACH_SECOND,))
    one.run_due(NOON)
    assert [slot for _, slot in one.run_due(NOON + 90)] == list(range(NOON + 1, NOON + 91))


@pytest.mark.parametrize("many", [2, 4])
def test_many_schedulers_one_of_them_stopped_for_a_while_run_each_slot_once(
    make_app: Callable[[], Flask], rung: list[str], many: int
) -> None:
    app = make_app()
    claimed: list[tuple[str, int]] = []

    def live(number: int) -> None:
        one = Scheduler(app, NOON, (EACH_SECOND,))
        for now in range(NOON + 120, NOON + 220):
            if number == 0 and now < NOON + 210:
                continue  # stopped for 90 seconds
            claimed.extend(one.run_due(now))

    threads = [threading.Thread(target=live, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slot for _, slot in claimed) == list(range(NOON + 1, NOON + 220))
    with app.app_context():
        assert current_session().scalar(select(func.count()).select_from(Tick)) == 219


def test_a_clock_that_was_far_ahead_blocks_nothing_when_it_is_set_right(app: Flask, rung: list[str]) -> None:
    one = Scheduler(app, NOON, (EACH_MINUTE,))
    one.run_due(NOON + 10 * 365 * 86_400)
    assert one.run_due(NOON) == [("each-minute", NOON)]
    assert one.run_due(NOON + 60) == [("each-minute", NOON + 60)]


def test_where_the_bell_is_not_heard_the_scheduler_does_the_job(app: Flask, unheard: list[str]) -> None:
    Scheduler(app, NOON, (EACH_MINUTE,)).run_due(NOON)
    assert unheard == ["tidy"]


def test_a_job_that_raises_does_not_stop_the_others(
    app: Flask, unheard: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_first(name: str) -> None:
        unheard.append(name)
        if len(unheard) == 1:
            raise RuntimeError("broken")

    monkeypatch.setattr(scheduler, "run", fail_first)
    other = Entry(name="other", job="standings", every=60)
    assert len(Scheduler(app, NOON, (EACH_MINUTE, other)).run_due(NOON)) == 2
    assert unheard == ["tidy", "standings"]
    assert "job failed" in caplog.text


def test_what_no_worker_did_in_time_the_scheduler_does_once(app: Flask, unheard: list[str]) -> None:
    one, two = (Scheduler(app, NOON - 600, (EACH_MINUTE,)) for _ in range(2))
    assert one.run_overdue(NOON) == ["each-minute"]
    assert two.run_overdue(NOON) == []
    assert unheard == ["tidy"]


def test_what_was_done_in_time_is_not_done_again(app: Flask, unheard: list[str]) -> None:
    with app.app_context():
        heartbeats.beat(running.done("tidy"), (NOON - 100) * SECOND)
    assert Scheduler(app, NOON - 600, (EACH_MINUTE,)).run_overdue(NOON) == []


def test_a_scheduler_that_has_only_just_started_gives_the_workers_time(
    app: Flask, unheard: list[str]
) -> None:
    assert Scheduler(app, NOON - 60, (EACH_MINUTE,)).run_overdue(NOON) == []


def test_old_slots_are_forgotten(app: Flask) -> None:
    with app.app_context():
        assert ticks.claim("x", 1, 1)
        assert ticks.claim("x", 2, 2)
        assert ticks.forget_before(2) == 1
        assert not ticks.claim("x", 2, 3)


def test_the_last_sign_of_life_stands(app: Flask) -> None:
    with app.app_context():
        heartbeats.beat("scheduler", 1, "a:1")
        heartbeats.beat("scheduler", 2, "b:2")
        assert heartbeats.last_seen() == {"scheduler": 2}


def test_signs_that_follow_each_other_closely_are_one(app: Flask) -> None:
    with app.app_context():
        for second in (100, 104, 106, 50):  # at last the clock was set back
            heartbeats.beat_seldom("job tidy", second * SECOND)
            if second == 104:
                assert heartbeats.last_seen() == {"job tidy": 100 * SECOND}
            else:
                assert heartbeats.last_seen() == {"job tidy": second * SECOND}


def test_the_process_runs_without_redis_and_stops_when_told(app: Flask) -> None:
    settings = app.extensions["settings"]
    environ = {name: value for name, value in os.environ.items() if name != "REDIS_URL"} | {
        "DATABASE_URL": settings.database_url,
        "INSTANCE_DIR": str(settings.instance_dir),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs.scheduler"], cwd=ROOT, env=environ, stderr=subprocess.PIPE
    )
    try:
        wait_for_life(app)
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    with app.app_context():
        seen = heartbeats.last_seen()
        assert current_session().scalar(select(func.count()).select_from(Tick)) >= 5
    assert {"scheduler", "job tidy"} <= set(seen)


def wait_for_life(app: Flask) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with app.app_context():
            if "scheduler" in heartbeats.last_seen():
                return
        time.sleep(0.1)
    pytest.fail("the scheduler showed no life")
