"""Starts a program that ends with its parent: `python leash.py SECONDS PROGRAM ARGUMENTS…`.

The program starts after so many seconds. This is run by its path, so it imports nothing of the product. Where the
system has no such signal (macOS) the program simply starts; what then outlives its parent is found at the next start.
"""

import ctypes
import os
import signal
import sys
import time

_PR_SET_PDEATHSIG = 1


def end_with_parent(number: int = signal.SIGTERM) -> None:
    """Has the kernel send this process a signal when its parent dies, however that dies."""
    parent = os.getppid()
    if parent == 1 or not sys.platform.startswith("linux"):
        return  # in a container the first process may be a real parent, but all ends with it anyway
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)  # it died while we asked


def main() -> None:
    end_with_parent()
    time.sleep(float(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606 -- no shell is the point


if __name__ == "__main__":
    main()
