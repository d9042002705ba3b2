"""What is started waits for whom it was told to wait, and no longer."""

import socket
import subprocess
import sys
import time

import pytest

from leaderboard import leash
from leaderboard.cli.programs import leashed


def test_a_program_starts_when_somebody_listens() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        begun = subprocess.Popen(leashed(("echo", "begun"), address, 60), stdout=subprocess.PIPE, text=True)
        try:
            with_patience = time.monotonic() + 0.7
            while time.monotonic() < with_patience:
                assert begun.poll() is None, "nobody listens yet"
                time.sleep(0.1)
            listener.listen()
            assert begun.communicate(timeout=30) == ("begun\n", None)
        finally:
            begun.kill()


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_nobody_is_waited_for_without_end(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(time, "sleep", lambda seconds: now.__setitem__(0, now[0] + seconds))
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        leash.await_listener(f"{host}:{listener.getsockname()[1]}", 15)
    assert 15 <= now[0] < 16


def test_without_an_address_it_starts_at_once() -> None:
    told = subprocess.run(leashed(("echo", "begun")), capture_output=True, text=True, check=True)
    assert (told.stdout, told.stderr) == ("begun\n", "")
    assert leashed(("echo",))[0] == sys.executable
