"""A work-horse does job after job, and what goes wrong in it ends with it."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from jobs import work_horse, worker
from jobs.work_horse import Horse
from leaderboard import job_queue
from tests.jobs.test_job_queue import work_off
from tests.valkey import ValkeyServer


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """Where forked processes note their numbers."""
    path = tmp_path / "notes"
    path.touch()
    return path


@pytest.fixture
def horse(notes: Path) -> Iterator[Horse]:
    """It does what its orders say."""

    def perform(order: list[str]) -> bool:
        with notes.open("a") as file:
            file.write(f"{os.getpid()}\n")
        if order[0] == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if order[0] == "raises":
            raise ValueError("as ordered")
        return order[0] != "fails"

    raised = Horse.raised(lambda: None, perform)
    yield raised
    raised.let_go()


def pids(notes: Path) -> list[int]:
    return [int(line) for line in notes.read_text().split()]


def test_it_does_one_job_after_another_in_a_process_of_its_own(horse: Horse, notes: Path) -> None:
    for _ in range(3):
        assert horse.takes(["does"])
        assert horse.is_done()
    assert pids(notes) == [horse.pid] * 3
    assert horse.pid != os.getpid()


@pytest.mark.parametrize(("order", "code"), [("fails", 0), ("raises", 1), ("dies", -signal.SIGKILL)])
def test_it_ends_with_a_job_that_does_not_end_well(horse: Horse, order: str, code: int) -> None:
    assert horse.takes([order])
    assert not horse.is_done()
    assert os.waitstatus_to_exitcode(os.waitpid(horse.pid, 0)[1]) == code
    assert not horse.takes(["does"])


def test_one_that_was_killed_while_it_waited_takes_nothing_more(horse: Horse) -> None:
    os.kill(horse.pid, signal.SIGKILL)
    os.waitpid(horse.pid, 0)
    assert not horse.takes(["does"])


def test_it_ends_after_a_long_job_and_after_many(notes: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_horse, "_MOST_JOBS", 2)
    many = Horse.raised(lambda: None, lambda _: True)
    assert [many.takes(["does"]) and many.is_done() for _ in range(2)] == [True, False]
    many.let_go()
    monkeypatch.setattr(work_horse, "_LONG_SECONDS", 0.0)
    long = Horse.raised(lambda: None, lambda _: True)
    assert long.takes(["does"])
    assert not long.is_done()
    long.let_go()


def test_a_worker_keeps_its_horse_until_a_job_fails(
    make_app: Callable[..., Flask], valkey: ValkeyServer, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(redis_url=valkey.url)

    def run(name: str, *_args: object) -> None:
        with notes.open("a") as file:
            file.write(f"{os.getpid()}\n")
        if name == "close_due":
            raise ValueError("as ordered")

    monkeypatch.setattr(worker, "run", run)
    with app.app_context():
        for name in ("tidy", "standings", "close_due", "propose_payouts"):
            assert job_queue.ring(name)
    work_off(app)
    first, second, third, fourth = pids(notes)
    assert first == second == third != fourth
    assert os.getpid() not in (first, fourth)
    for pid in (first, fourth):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with app.app_context():
        assert job_queue.bell().waiting() == {"evaluation": 0, "default": 0}
        job_queue.bell().close()
