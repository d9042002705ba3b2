"""The bell: after the commit, by listed names, and never in anybody's way."""

import time
from collections.abc import Callable

import pytest
from flask import Flask
from redis import Redis
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import text
from sqlalchemy.orm import Session

from jobs.worker import QueueWorker
from leaderboard import job_queue
from leaderboard.job_queue import DEFAULT, Bell, ListedJob, UnknownJob
from leaderboard.services import heartbeats
from tests.valkey import ValkeyServer

MakeApp = Callable[..., Flask]


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What was rung for, with its arguments."""
    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr(Bell, "ring", lambda _self, *call: calls.append(call) or True)
    return calls


def test_a_job_is_rung_for_after_the_commit_and_once(
    session: Session, rung: list[tuple[object, ...]]
) -> None:
    session.execute(text("SELECT 1"))
    for _ in range(3):
        job_queue.enqueue_after_commit(session, "evaluate_due")
    job_queue.enqueue_after_commit(session, "tidy", 7)
    assert rung == []
    session.commit()
    assert rung == [("evaluate_due",), ("tidy", 7)]
    session.execute(text("SELECT 1"))
    session.commit()
    assert len(rung) == 2


def test_a_savepoints_end_rings_for_nothing_yet(session: Session, rung: list[tuple[object, ...]]) -> None:
    with session.begin_nested():
        job_queue.enqueue_after_commit(session, "evaluate_due")
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        _ = 1 / 0
    assert rung == []
    session.commit()
    assert rung == [("evaluate_due",)]


def test_what_is_rolled_back_is_not_rung_for(session: Session, rung: list[tuple[object, ...]]) -> None:
    session.execute(text("SELECT 1"))
    job_queue.enqueue_after_commit(session, "evaluate_due")
    session.rollback()
    session.execute(text("SELECT 1"))
    session.commit()
    assert rung == []


def test_a_name_that_is_not_listed_is_refused_before_anything_is_sent(session: Session) -> None:
    with pytest.raises(UnknownJob, match=r"os\.system"):
        job_queue.enqueue_after_commit(session, "os.system", "true")
    with pytest.raises(UnknownJob, match=r"os\.system"):
        job_queue.ring("os.system")


def test_a_bell_that_nobody_hears_costs_little_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    bell = Bell("redis://127.0.0.1:1")
    began = time.monotonic()
    assert [bell.ring("tidy") for _ in range(1_000)] == [False] * 1_000
    assert time.monotonic() - began < 1
    assert len(caplog.records) == 1
    assert not bell.answers()


def test_the_bell_is_heard_again_when_redis_is_back(
    valkey: ValkeyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_queue, "_SILENCE_SECONDS", 0.0)
    bell = Bell(valkey.url)
    assert bell.ring("tidy")
    valkey.stop()
    assert not bell.ring("tidy")
    valkey.start()
    assert bell.ring("tidy")
    assert bell.waiting() == {"evaluation": 0, "default": 1}
    bell.close()


def test_ringing_again_for_a_job_that_waits_adds_nothing(valkey: ValkeyServer) -> None:
    bell = Bell(valkey.url)
    assert all(bell.ring("tidy") for _ in range(20))
    assert bell.waiting()["default"] == 1
    bell.close()


def test_what_is_rung_for_while_a_job_runs_is_run_after_it(valkey: ValkeyServer) -> None:
    bell = Bell(valkey.url)
    with Redis.from_url(valkey.url) as client:
        bell.ring("tidy")
        job_queue.begin(client, "tidy")
        bell.ring("tidy")
    assert bell.waiting()["default"] == 2
    bell.close()


def work_off(app: Flask, queue_name: str = DEFAULT) -> None:
    """A worker runs what waits, in forked processes as it does in earnest, and ends."""
    QueueWorker(app, queue_name, app.extensions["settings"].bell_url).work(
        burst=True, logging_level="CRITICAL"
    )


def test_a_worker_runs_listed_jobs_and_shows_its_life(make_app: MakeApp, valkey: ValkeyServer) -> None:
    app = make_app(redis_url=valkey.url)
    with app.app_context():
        assert job_queue.ring("tidy")
    work_off(app)
    with app.app_context():
        assert {"job tidy", "worker default"} <= set(heartbeats.last_seen())
        assert job_queue.bell().waiting() == {"evaluation": 0, "default": 0}
        job_queue.bell().close()


def test_a_worker_refuses_what_is_not_listed(
    make_app: MakeApp, valkey: ValkeyServer, tmp_path: object
) -> None:
    app = make_app(redis_url=valkey.url)
    victim = f"{tmp_path}/touched"
    with Redis.from_url(valkey.url) as client:
        # As somebody would who can write to Redis: RQ's own queue takes any dotted name.
        forged = Queue(DEFAULT, connection=client, serializer=JSONSerializer)
        jobs = [
            forged.enqueue("os.system", f"touch {victim}"),
            forged.enqueue("jobs.tidy.tidy"),
            forged.enqueue("subprocess.getoutput", f"touch {victim}"),
        ]
        work_off(app)
        assert [job.get_status(refresh=True).value for job in jobs] == ["failed", "failed", "failed"]
    with app.app_context():
        assert "job tidy" not in heartbeats.last_seen()
    with pytest.raises(FileNotFoundError):
        open(victim).close()


def test_a_listed_job_brings_no_callbacks_or_webhooks(valkey: ValkeyServer) -> None:
    with Redis.from_url(valkey.url) as client:
        forged = Job.create(
            "tidy", connection=client, serializer=JSONSerializer, on_success=None, on_failure=None
        )
        forged.save()
        client.hset(
            forged.key, mapping={"success_callback_name": "os.abort", "failure_callback_name": "os.abort"}
        )
        read = ListedJob.fetch(forged.id, connection=client, serializer=JSONSerializer)
        assert (read.success_callback, read.failure_callback, read.stopped_callback) == (None, None, None)
        assert read.webhooks == []
        assert read.func is job_queue.resolve("tidy")


def test_a_payload_in_pickle_is_not_read(make_app: MakeApp, valkey: ValkeyServer, tmp_path: object) -> None:
    app = make_app(redis_url=valkey.url)
    with Redis.from_url(valkey.url) as client:
        job = Queue(DEFAULT, connection=client).enqueue("os.system", f"touch {tmp_path}/touched")
        work_off(app)
        assert job.get_status(refresh=True).value != "finished"
    with pytest.raises(FileNotFoundError):
        open(f"{tmp_path}/touched").close()
