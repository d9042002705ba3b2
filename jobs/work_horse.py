"""A work-horse that stays: a forked process that does one job after another, told by its worker over a socket.

To fork, to connect and to learn what the worker's process never needed took as long as a short job itself. It still
keeps a job apart from the worker, which ends it when it takes too long, and what it gathers goes with it: it ends after
a job that failed or took long, and after some hundred of them.
"""

import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

_MOST_JOBS = 500
_LONG_SECONDS = 2.0
_DONE = b"."


class Horse:
    """A horse, as its worker sees it."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self._channel = channel

    @classmethod
    def raised(cls, begin: Callable[[], None], perform: Callable[[list[str]], bool]) -> "Horse":
        """Forks one. It calls `begin`, then `perform` with each order that it is given; False: the job failed."""
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            ours.close()
            os.setpgrp()
            _serve(theirs, begin, perform)
        theirs.close()
        return cls(pid, ours)

    def takes(self, order: list[str]) -> bool:
        """Gives it something to do; whether it is still there to do it."""
        try:
            self._channel.sendall(json.dumps(order).encode() + b"\n")
        except OSError:
            return False
        return True

    def is_done(self) -> bool:
        """Waits until it has done what it was given; False where it ended with it or over it."""
        with suppress(ConnectionError):  # killed with an order unread
            return self._channel.recv(1) == _DONE
        return False

    def let_go(self) -> None:
        """Tells it that nothing more comes: it ends, if it has not yet."""
        self._channel.close()
        with suppress(ChildProcessError):
            os.waitpid(self.pid, 0)


def _serve(
    channel: socket.socket, begin: Callable[[], None], perform: Callable[[list[str]], bool]
) -> NoReturn:
    """The horse's own life. An exception that left here would make this process a second worker."""
    try:
        begin()
        with channel.makefile("rb") as orders:
            for number, order in enumerate(orders, start=1):
                began = time.monotonic()
                is_well = perform(json.loads(order))
                if not is_well or number >= _MOST_JOBS or time.monotonic() - began > _LONG_SECONDS:
                    break
                channel.sendall(_DONE)
        os._exit(0)
    finally:
        os._exit(1)
