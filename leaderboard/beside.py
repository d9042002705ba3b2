"""A generator at work in a process of its own, a step ahead of whoever takes what it gives.

The process is a fork, bound to its parent: it is ended when the parent no longer listens, dies with it however that
dies, and holds at most what a pipe holds and the one thing it is at.
"""

import ctypes
import fcntl
import gc
import marshal
import os
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO, NoReturn

import structlog

from leaderboard.leash import end_with_parent

log = structlog.get_logger(__name__)

_PIPE_BYTES = 1 << 20
_SIZE = struct.Struct("<Q")
_END = _SIZE.pack(0)


class WorkerLost(Exception):
    """The process ended before it had given all: something was raised in it, or it was killed."""


def can_work_beside() -> bool:
    """Whether a second process helps and does no harm: there are processors for two, and no thread is cut in half."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


@contextmanager
def ahead(make: Callable[[], Iterable[Any]]) -> Iterator[Iterator[Any]]:
    """What `make` gives, made in a process beside this one. Only plain values can be handed over: see `marshal`.

    It must not use connections of this process. Whoever takes what it gives is told by WorkerLost if it failed.
    """
    reader, writer = os.pipe()
    with suppress(OSError):  # a smaller one will do
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    gc.freeze()  # a collection writes to all pages, which then are no longer shared
    _give_back_memory()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _work(make, writer)
    os.close(writer)
    try:
        with open(reader, "rb") as pipe:
            yield _received(pipe)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        gc.unfreeze()


def _give_back_memory() -> None:
    """What is free goes back to the system, else it would be in memory twice once it is used again."""
    with suppress(AttributeError, OSError):  # a C library of another make has no such function
        ctypes.CDLL(None).malloc_trim(0)


def _work(make: Callable[[], Iterable[Any]], writer: int) -> NoReturn:
    """The child. It leaves by this door only, past all that its parent would do at its end."""
    try:
        end_with_parent(signal.SIGKILL)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends this one
        for item in make():
            made = marshal.dumps(item)
            _send(writer, _SIZE.pack(len(made)) + made)
        _send(writer, _END)
    except BrokenPipeError:
        pass  # nobody wants more
    except Exception:
        log.exception("working ahead failed")
    finally:
        os._exit(0)


def _send(writer: int, message: bytes) -> None:
    left = memoryview(message)
    while left:
        left = left[os.write(writer, left) :]


def _received(pipe: BinaryIO) -> Iterator[Any]:
    while size := _SIZE.unpack(_read(pipe, _SIZE.size))[0]:
        yield marshal.loads(_read(pipe, size))  # noqa: S302 -- it comes from our own fork


def _read(pipe: BinaryIO, size: int) -> bytes:
    read = pipe.read(size)
    if len(read) < size:
        raise WorkerLost
    return read
