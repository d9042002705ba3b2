"""Generators at work in processes of their own, a step ahead of whoever takes what they give.

Such a process is a fork, bound to its parent: it is ended when the parent no longer listens, dies with it however that
dies, and holds at most what a pipe holds and the one thing it is at.
"""

import ctypes
import fcntl
import gc
import marshal
import os
import select
import signal
import struct
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from typing import Any, NoReturn

import structlog

from leaderboard.leash import end_with_parent

log = structlog.get_logger(__name__)

_PIPE_BYTES = 1 << 20
_SIZE = struct.Struct("<Q")
_END = _SIZE.pack(0)


class WorkerLost(Exception):
    """The process ended before it had given all: something was raised in it, or it was killed."""


def can_work_beside() -> bool:
    """Whether more processes help and do no harm: there are processors for two, and no thread is cut in half."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


@contextmanager
def ahead(*makes: Callable[[], Iterable[Any]]) -> Iterator[Iterator[Any]]:
    """What each of `makes` gives, in its order, made in as many processes; between them, whichever has something first.

    Only plain values can be handed over: see `marshal`. None of them must use connections of this process. Whoever
    takes what they give is told by WorkerLost if one failed.
    """
    gc.freeze()  # a collection writes to all pages, which then are no longer shared
    _give_back_memory()
    children, pipes = list[int](), list[FileIO]()
    try:
        for make in makes:
            children.append(_fork(make, pipes))
        yield _received(list(pipes))
    finally:
        for pipe in pipes:
            pipe.close()
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        gc.unfreeze()


def _fork(make: Callable[[], Iterable[Any]], pipes: list[FileIO]) -> int:
    """Starts a process, and adds the pipe by which it is heard; which process."""
    reader, writer = os.pipe()
    with suppress(OSError):  # a smaller one will do
        fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    child = os.fork()
    if child == 0:
        # Those of the others too: as long as anybody holds one, who writes into it is not told that nobody reads.
        for fd in (reader, *(pipe.fileno() for pipe in pipes)):
            os.close(fd)
        _work(make, writer)
    os.close(writer)
    pipes.append(FileIO(reader))
    return child


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


def _received(pipes: list[FileIO]) -> Iterator[Any]:
    while pipes:
        for pipe in select.select(pipes, (), ())[0]:
            if size := _SIZE.unpack(_read(pipe, _SIZE.size))[0]:
                yield marshal.loads(_read(pipe, size))  # noqa: S302 -- it comes from our own fork
            else:
                pipes.remove(pipe)


def _read(pipe: FileIO, size: int) -> bytearray:
    read = bytearray(size)
    left = memoryview(read)
    while left:
        count = pipe.readinto(left)
        if not count:
            raise WorkerLost
        left = left[count:]
    return read
