"""What make starts: everything comes up, what dies is restarted, and nothing is left behind. Real processes."""

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

# One after the other: each start uses all there is of the machine.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve")]

_PATIENCE_SECONDS = 90
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
            [sys.executable, "-m", "leaderboard.cli.start"],
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

    def wait_until_ended(self, pids: set[int]) -> None:
        until(lambda: pids.isdisjoint(found.pid for found in self.processes()), "what was left to be ended")

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


def until(holds: Callable[[], bool], what: str, seconds: float = _PATIENCE_SECONDS) -> None:
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


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One that several tests look at, each leaving all its parts running."""
    installation = Served(tmp_path_factory.mktemp("running") / "instance")
    installation.start()
    installation.wait_until_up()
    yield installation
    installation.end()


def test_ctrl_c_stops_everything_and_leaves_no_process(served: Served) -> None:
    process = served.start()
    served.wait_until_up()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=_PATIENCE_SECONDS)
    assert (process.returncode, served.processes()) == (0, []), err
    assert f"http://127.0.0.1:{served.port}\n" in out
    assert "one-time code: " in out


def test_nobody_else_can_open_the_embedded_server_or_read_the_instance(running: Served) -> None:
    listening = running.part("valkey.conf")
    assert listening is not None
    assert list(listening.net_connections("inet")) == []
    assert running.instance.stat().st_mode & 0o077 == 0


def test_what_is_killed_is_restarted(running: Served) -> None:
    victims = {words: running.part(words) for words in PARTS}
    for victim in victims.values():
        assert victim is not None
        victim.kill()
    until(lambda: all(running.part(words) not in (None, victims[words]) for words in PARTS), "all to be back")
    running.wait_until_up()


def test_a_second_start_beside_a_running_one_is_refused(running: Served) -> None:
    beside = Served(running.instance)
    refused = beside.start()
    _, errors = refused.communicate(timeout=_PATIENCE_SECONDS)
    assert refused.returncode == 1
    assert errors == f"Error: already running from {running.instance}; stop it first\n"
    assert running.running() == set(PARTS)


def test_after_any_kill_the_next_start_works(served: Served) -> None:
    process = served.start()
    served.wait_until_up()
    assert "flask serve" in command(psutil.Process(process.pid)), "there was a database to make"
    for killed in ("the first", "supervisord", "everything"):
        before = {found.pid for found in served.processes()}
        for victim in victims_of(killed, process, served):
            victim.kill()
        process = served.start()
        served.wait_until_ended(before)
        served.wait_until_up()
        assert "leaderboard.cli.start" in command(psutil.Process(process.pid)), "nothing had to be done first"
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=_PATIENCE_SECONDS)
    assert process.returncode == 0
    assert "one-time code: " in out, "nobody has a login yet"


def victims_of(killed: str, process: subprocess.Popen[str], served: Served) -> list[psutil.Process]:
    first, supervisor = psutil.Process(process.pid), served.part("supervisord")
    assert supervisor is not None
    return {"the first": [first], "supervisord": [supervisor]}.get(killed, [first, *served.processes()])


def test_a_port_that_is_taken_is_one_clear_line(served: Served) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", served.port))
        taken.listen()
        process = served.start()
        _, errors = process.communicate(timeout=_PATIENCE_SECONDS)
    assert process.returncode == 1
    assert errors == (
        f"Error: cannot listen on 127.0.0.1:{served.port}: Address already in use; "
        "stop what listens there, or set PORT to another\n"
    )
