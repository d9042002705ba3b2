"""All parts of a running product, under one supervisor, until Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from leaderboard import leash
from leaderboard.cli import alone, programs
from leaderboard.settings import ROOT, Settings

_START_SECONDS = 60


@contextmanager
def in_its_place(settings: Settings) -> Iterator[None]:
    """Alone in the instance, at a port that is free, and bound to the `make` that started it. Raises ClickException."""
    if "MAKELEVEL" in os.environ:
        leash.end_with_parent()
    with alone.started_once(settings.instance_dir):
        alone.ensure_port_free(settings.host, settings.port)
        yield


def run(settings: Settings, is_demo: bool, setup_code: str | None) -> None:
    """Runs the supervisor until it ends or we are told to stop; nothing of it is left when this returns."""
    supervisor = _start(settings, is_demo)

    def stop(_number: int, _frame: FrameType | None) -> None:
        supervisor.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if _is_up(settings, supervisor):
        _announce(settings, setup_code)
    code = supervisor.wait()
    if code != 0:
        raise click.ClickException(f"the supervisor ended ({code}); see {settings.instance_dir / 'logs'}")
    click.echo("Stopped.", err=True)


def _start(settings: Settings, is_demo: bool) -> subprocess.Popen[bytes]:
    valkey = None
    if settings.redis_url is None:
        valkey = programs.find_valkey()
        if valkey is None:
            click.echo("No Valkey or Redis runs here: points are booked each minute, not at once.", err=True)
        else:
            programs.write_valkey_config(settings)
    running = programs.programs(settings, valkey=valkey, is_demo=is_demo)
    config = programs.write_supervisor_config(settings, running)
    command = programs.leashed((sys.executable, "-m", "leaderboard.cli.supervisord", "-c", config))
    environment = os.environ | {alone.MARK: str(settings.instance_dir), "PYTHONUNBUFFERED": "1"}
    # A process group of its own: Ctrl-C comes to us, and we tell the supervisor once.
    return subprocess.Popen(command, cwd=ROOT, env=environment, process_group=0, stdin=subprocess.DEVNULL)


def _is_up(settings: Settings, supervisor: subprocess.Popen[bytes]) -> bool:
    """Waits until the web answers; False, with a word on it, where it does not."""
    deadline = time.monotonic() + _START_SECONDS
    while supervisor.poll() is None:
        if _answers(settings):
            return True
        if time.monotonic() > deadline:
            click.echo(
                f"The web process does not answer; see {settings.instance_dir / 'logs' / 'web.log'}", err=True
            )
            return False
        time.sleep(0.1)
    return False


def _announce(settings: Settings, setup_code: str | None) -> None:
    click.echo(f"\n  {settings.base_url}\n")
    if setup_code is not None:
        click.echo(f"The first visit creates the administrator. Its one-time code: {setup_code}\n")
    click.echo(f"Ctrl-C stops everything. Logs: {_short(settings.instance_dir / 'logs')}")


def _answers(settings: Settings) -> bool:
    host = programs.reachable(settings.host)
    try:
        with urllib.request.urlopen(f"http://{host}:{settings.port}/healthz", timeout=2):
            return True
    except urllib.error.HTTPError as answer:
        answer.close()  # a connection left open would hold up the stop
        return True  # it speaks HTTP; that it does not know this host's name is another matter
    except OSError:
        return False


def _short(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
