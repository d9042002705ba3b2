"""Starts a program that ends with its parent: `python leash.py SECONDS ADDRESS PROGRAM ARGUMENTS…`.

The program starts when somebody listens at the address (HOST:PORT), or after so many seconds. This is run by its
path, so it imports nothing of the product. Where the system has no such signal (macOS) the program simply starts;
what then outlives its parent is found at the next start.
"""

import ctypes
import os
import signal
import socket
import sys
import time

_PR_SET_PDEATHSIG = 1
_LOOK_SECONDS = 0.1


def end_with_parent(number: int = signal.SIGTERM) -> None:
    """Has the kernel send this process a signal when its parent dies, however that dies."""
    parent = os.getppid()
    if parent == 1 or not sys.platform.startswith("linux"):
        return  # in a container the first process may be a real parent, but all ends with it anyway
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)  # it died while we asked


def await_listener(address: str, seconds: float) -> None:
    """Returns when somebody listens there, or after so many seconds."""
    host, _, port = address.rpartition(":")
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=1).close()
            break
        except OSError:
            time.sleep(_LOOK_SECONDS)


def main() -> None:
    end_with_parent()
    await_listener(sys.argv[2], float(sys.argv[1]))
    os.execvp(sys.argv[3], sys.argv[3:])  # noqa: S606 -- no shell is the point


if __name__ == "__main__":
    main()
