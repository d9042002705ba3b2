"""A generator in a process beside this one: all that it gives, in order, and no process left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from itertools import islice

import pytest

from leaderboard import beside
from leaderboard.beside import WorkerLost, ahead, can_work_beside
from leaderboard.settings import ROOT

LONG = "x" * (3 << 20)


def test_it_gives_all_in_order_from_another_process() -> None:
    def make() -> Iterator[tuple[int, object]]:
        yield from ((os.getpid(), value) for value in (1, "two", None, [3.5, ("é", {"a": -1})], LONG))

    with ahead(make) as given:
        pids, values = zip(*given, strict=True)
    assert values == (1, "two", None, [3.5, ("é", {"a": -1})], LONG)
    assert os.getpid() not in pids


def test_several_give_all_each_in_its_order_and_none_waits_for_another() -> None:
    def slow() -> Iterator[tuple[int, str]]:
        yield os.getpid(), "slow"
        time.sleep(0.5)
        yield os.getpid(), LONG

    def quick() -> Iterator[tuple[int, str]]:
        yield from ((os.getpid(), str(number)) for number in range(5))

    with ahead(slow, quick) as given:
        told = list(given)
    values = [value for _, value in told]
    assert [value for value in values if value.isdigit()] == ["0", "1", "2", "3", "4"]
    assert [value for value in values if not value.isdigit()] == ["slow", LONG]
    assert values[-1] == LONG
    pids = {pid for pid, _ in told}
    assert len(pids) == 2
    assert not any(os.path.exists(f"/proc/{pid}") for pid in pids)


def test_what_is_raised_there_is_told_after_what_was_given_before() -> None:
    def make() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError("over there")

    with ahead(make) as given:
        assert next(given) == 1
        with pytest.raises(WorkerLost):
            next(given)


def test_one_that_was_killed_is_told() -> None:
    def make() -> Iterator[str]:
        yield LONG
        os.kill(os.getpid(), signal.SIGKILL)

    with ahead(make) as given:
        assert next(given) == LONG
        with pytest.raises(WorkerLost):
            next(given)


def test_whoever_leaves_early_leaves_no_process_behind() -> None:
    def make() -> Iterator[object]:
        yield os.getpid()
        while True:
            yield LONG

    with ahead(make) as given:
        pid, *rest = islice(given, 3)
        assert rest == [LONG, LONG]
    assert not os.path.exists(f"/proc/{pid}")


PROGRAM = """
import os, time
from leaderboard.beside import ahead

def make():
    yield os.getpid()
    time.sleep(600)

with ahead(make) as given:
    print(next(given), flush=True)
    next(given)
"""


def test_it_dies_with_its_parent() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PROGRAM], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.communicate()
    ends = time.monotonic() + 10
    while _lives(pid) and time.monotonic() < ends:
        time.sleep(0.01)
    assert not _lives(pid)


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_processor_is_not_shared_by_two_and_threads_are_not_forked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(beside.os, "sched_getaffinity", lambda _: {0, 1})
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert can_work_beside() == (sys.platform == "linux")
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert not can_work_beside()
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    monkeypatch.setattr(beside.os, "sched_getaffinity", lambda _: {0})
    assert not can_work_beside()
