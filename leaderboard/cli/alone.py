"""One installation, started once: the lock, what an earlier start left behind, and the port."""

import errno
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click
import psutil

MARK = "LEADERBOARD_INSTANCE"
"""In the environment of every process that we start: by it what was left behind is known."""

_PATIENCE_SECONDS = 8.0


@contextmanager
def started_once(instance_dir: Path) -> Iterator[None]:
    """Holds the instance's lock, after ending what an earlier start that was killed left running.

    A start that is just ending is waited for. Raises ClickException when another one keeps running.
    """
    with (instance_dir / "serve.lock").open("a+") as lock:
        _take(lock.fileno(), instance_dir)
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        end_leftovers(instance_dir)
        try:
            yield
        finally:
            end_leftovers(instance_dir)


def _take(lock: int, instance_dir: Path) -> None:
    """The kernel lets go of the lock when its holder dies, so a stale file holds nobody up."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise click.ClickException(f"already running from {instance_dir}; stop it first") from None
            time.sleep(0.1)


def end_leftovers(instance_dir: Path) -> None:
    """Ends every process that bears this instance's mark: politely, and after some seconds for good."""
    left = leftovers(instance_dir)
    for process in left:
        _signal(process, force=False)
    _, stubborn = psutil.wait_procs(left, timeout=_PATIENCE_SECONDS / 2)
    for process in stubborn:
        _signal(process, force=True)
    psutil.wait_procs(stubborn, timeout=_PATIENCE_SECONDS / 2)


def leftovers(instance_dir: Path) -> list[psutil.Process]:
    """The processes that were started for this instance, but for this one and its ancestors."""
    own = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [
        found for found in psutil.process_iter() if found.pid not in own and _bears(found, str(instance_dir))
    ]


def _bears(process: psutil.Process, mark: str) -> bool:
    try:
        return process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE
    except (psutil.Error, OSError):
        return False  # another user's, or gone


def _signal(process: psutil.Process, *, force: bool) -> None:
    with suppress(psutil.NoSuchProcess):
        process.kill() if force else process.terminate()


def ensure_port_free(host: str, port: int) -> None:
    """Raises ClickException with one line when nobody could listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            advice = (
                "stop what listens there, or set PORT to another"
                if error.errno == errno.EADDRINUSE
                else "see HOST and PORT"
            )
            raise click.ClickException(
                f"cannot listen on {host}:{port}: {error.strerror}; {advice}"
            ) from None
