"""The product's own processes on an instance of the bench's own: gunicorn, and where asked for, a worker and Valkey."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from leaderboard import job_queue
from leaderboard.app import create_app
from leaderboard.cli import programs
from leaderboard.persistence.db import current_session, db
from leaderboard.services import api_tokens, clock, login_sessions, users
from leaderboard.settings import NAMES, ROOT, Settings, load_settings
from tests.databases import Database

WORKERS, THREADS = 2, 8
"""Of every gunicorn here, ours and those beside it: what the product takes by default."""
_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Stack:
    """A running instance, and what opens it."""

    settings: Settings
    environment: Mapping[str, str]
    cookie: str
    """Of a manager's browser."""
    token: str
    """Of a program that may send events."""

    @property
    def port(self) -> int:
        return self.settings.port


@contextlib.contextmanager
def running(database: Database, folder: Path, names: Sequence[str] = ("web",)) -> Iterator[Stack]:
    """Runs these of the product's programs (`web`, `valkey`, `worker-evaluation`, `scheduler`) until the block ends."""
    instance = folder / f"instance-{secrets.token_hex(3)}"
    given = {
        "INSTANCE_DIR": str(instance),
        "DATABASE_URL": database.url,
        "SECRET_KEY": secrets.token_urlsafe(40),
        "PORT": str(free_port()),
        "LOG_LEVEL": "ERROR",
        "API_REQUESTS_PER_MINUTE": "0",
        "WEB_WORKERS": str(WORKERS),
        "WEB_THREADS": str(THREADS),
    }
    settings = load_settings(given)
    environment = _without_settings() | given
    cookie, token = _accounts(settings)
    programs.write_valkey_config(settings)
    commands = programs.programs(settings, valkey=programs.find_valkey(), is_demo=False)
    with contextlib.ExitStack() as until_the_end:
        # Valkey goes first and ends last.
        for name in sorted(names, key=lambda name: name != "valkey"):
            command = [str(part) for part in commands[name]]
            until_the_end.enter_context(process(command, ROOT, environment, instance / f"{name}.log"))
            if name == "valkey":
                _wait(lambda: settings.bell_socket.exists())
        if "web" in names:
            wait_for_web(settings.port)
        yield Stack(settings, environment, cookie, token)


@contextlib.contextmanager
def plain_web(app: str, folder: Path, environment: Mapping[str, str]) -> Iterator[int]:
    """Another WSGI application in the same gunicorn, with as many workers and threads; its port."""
    port = free_port()
    command = [
        sys.executable, "-m", "gunicorn", "-c", "python:bench.plain_gunicorn", "-b", f"127.0.0.1:{port}",
        "-w", str(WORKERS), "--threads", str(THREADS), app,
    ]  # fmt: skip
    path = {"PYTHONPATH": str(ROOT)}
    with process(command, folder, {**environment, **path}, folder / f"{app.rpartition(':')[2]}.log"):
        wait_for_web(port)
        yield port


@contextlib.contextmanager
def process(command: Sequence[str], cwd: Path, environment: Mapping[str, str], log: Path) -> Iterator[None]:
    """Runs a program until the block ends; nothing of it is left then. Raises RuntimeError where it ended before."""
    with log.open("wb") as output:
        started = subprocess.Popen(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            process_group=0,
        )  # fmt: skip
        try:
            yield
            if started.poll() is not None:
                raise RuntimeError(f"{command} ended: {log.read_text()[-2000:]}")
        finally:
            _end(started)


def _end(started: subprocess.Popen[bytes]) -> None:
    """The program first, which ends its own children; what is left of its group after some seconds goes hard."""
    with contextlib.suppress(ProcessLookupError):
        started.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        started.wait(_PATIENCE_SECONDS / 2)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(started.pid, signal.SIGKILL)
    started.wait()


def wait_for_web(port: int) -> None:
    """Waits until it speaks HTTP. Raises TimeoutError."""

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return True
        except urllib.error.HTTPError as answer:
            answer.close()
            return True
        except OSError:
            return False

    _wait(answers)


def free_port() -> int:
    """A port of the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(is_there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not is_there():
        if time.monotonic() > deadline:
            raise TimeoutError("a program of the bench did not start")
        time.sleep(0.05)


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in NAMES}


def _accounts(settings: Settings) -> tuple[str, str]:
    """A browser's cookie in which a manager is logged in, and a token that may send events."""
    app = create_app(settings)
    with app.app_context():
        job_queue.bell().hush()
        session, now = current_session(), clock.now()
        user_id = users.insert(
            session, f"bench-{secrets.token_hex(3)}@example.com", "manager", None, None, now
        )
        login = login_sessions.begin(session, user_id, now)
        session.commit()
        token = api_tokens.create("bench", [api_tokens.EVENTS_WRITE], [], actor="bench", now=now)
        db.session.remove()
        db.engine.dispose()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    signed = serializer.dumps({"login": login, "_permanent": True})
    return f"{app.config['SESSION_COOKIE_NAME']}={signed}", token
