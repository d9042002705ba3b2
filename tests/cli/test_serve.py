"""`flask serve`: everything starts, what dies is restarted, and nothing is left behind. Real processes."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from leaderboard.cli import alone
from leaderboard.settings import ROOT

PARTS = ("gunicorn", "valkey.conf", "jobs.worker evaluation", "jobs.worker default", "jobs.scheduler")


class Served:
    """One installation that can be started, looked at and killed."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.port = free_port()
        self._started: list[subprocess.Popen[str]] = []

    def start(self, **environ: str) -> subprocess.Popen[str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DATABASE_URL", "REDIS_URL", "MAKELEVEL")
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "serve"],
            cwd=ROOT,
            env=kept
            | {"INSTANCE_DIR": str(self.instance), "PORT": str(self.port), "WEB_WORKERS": "1", **environ},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        self._started.append(process)
        return process

    def processes(self) -> list[psutil.Process]:
        return [*alone.leftovers(self.instance)]

    def part(self, words: str) -> psutil.Process | None:
        """The process of a part that is its own: not gunicorn's workers."""
        found = [process for process in self.processes() if words in command(process)]
        return min(found, key=lambda process: process.pid, default=None)

    def running(self) -> set[str]:
        return {words for words in PARTS if self.part(words) is not None}

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                return True
        except urllib.error.HTTPError as error:
            error.close()
            return True
        except OSError:
            return False

    def wait_until_up(self) -> None:
        until(lambda: self.answers() and self.running() == set(PARTS), "everything to run")

    def end(self) -> None:
        for started in self._started:
            started.kill()
            started.communicate()
        for process in self.processes():
            process.kill()


def command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def until(holds: Callable[[], bool], what: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    installation = Served(tmp_path / "instance")
    yield installation
    installation.end()


def test_ctrl_c_stops_everything_and_leaves_no_process(served: Served) -> None:
    process = served.start()
    served.wait_until_up()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, served.processes()) == (0, []), err
    assert f"http://127.0.0.1:{served.port}\n" in out


def test_what_is_killed_is_restarted(served: Served) -> None:
    served.start()
    served.wait_until_up()
    victims = {words: served.part(words) for words in PARTS}
    for victim in victims.values():
        assert victim is not None
        victim.kill()
    until(lambda: all(served.part(words) not in (None, victims[words]) for words in PARTS), "all to be back")
    until(served.answers, "the web to answer")


@pytest.mark.parametrize("killed", ["flask serve", "supervisord", "everything"])
def test_after_a_kill_the_next_start_works(served: Served, killed: str) -> None:
    first = served.start()
    served.wait_until_up()
    before = {process.pid for process in served.processes()}
    victims = {
        "flask serve": lambda: [psutil.Process(first.pid)],
        "supervisord": lambda: [served.part("supervisord")],
        "everything": lambda: [psutil.Process(first.pid), *served.processes()],
    }[killed]()
    for victim in victims:
        victim.kill()
    second = served.start()
    until(
        lambda: before.isdisjoint({process.pid for process in served.processes()}),
        "what was left to be ended",
    )
    served.wait_until_up()
    first.communicate(timeout=20)
    second.send_signal(signal.SIGTERM)
    assert second.wait(timeout=20) == 0


def test_a_second_start_beside_a_running_one_is_refused(served: Served) -> None:
    served.start()
    served.wait_until_up()
    beside = Served(served.instance)
    refused = beside.start()
    _, errors = refused.communicate(timeout=30)
    assert refused.returncode == 1
    assert errors == f"Error: already running from {served.instance}; stop it first\n"
    assert served.running() == set(PARTS)


def test_a_port_that_is_taken_is_one_clear_line(served: Served) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", served.port))
        taken.listen()
        process = served.start()
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert errors == (
        f"Error: cannot listen on 127.0.0.1:{served.port}: Address already in use; "
        "stop what listens there, or set PORT to another\n"
    )


def test_with_a_redis_url_no_server_is_embedded(served: Served) -> None:
    process = served.start(REDIS_URL="redis://127.0.0.1:1")
    until(lambda: served.answers() and served.running() == set(PARTS) - {"valkey.conf"}, "the rest to run")
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0


def test_nobody_else_can_open_the_embedded_server_or_read_the_instance(served: Served) -> None:
    process = served.start()
    served.wait_until_up()
    listening = served.part("valkey.conf")
    assert listening is not None
    assert list(listening.net_connections("inet")) == []
    assert served.instance.stat().st_mode & 0o077 == 0
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
