"""The rows of a file of events, a chunk at a time; a large file is read by a process beside the one that stores.

A chunk is the same wherever it was read. If that process is lost, the file is read on by the one that stores.
"""

import marshal
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

import structlog

from leaderboard.beside import WorkerLost, ahead, can_work_beside
from leaderboard.files.events import Accepted, EventFile, Offered, Original, Reason, Rejected
from leaderboard.persistence.db import dispose_before_fork
from leaderboard.services.intake import Normal, in_normal_form

WORTH_A_PROCESS = 1 << 20
"""Bytes of a file that is read beside."""

log = structlog.get_logger(__name__)


class Chunk(NamedTuple):
    """Some rows of a file that follow each other."""

    read: int
    good: Normal
    lines: Sequence[int]
    """Where the good events stand."""
    rows: Sequence[Original] | bytes
    """As they were, those of the good events; packed, for hardly ever is one of them looked at."""
    bad: list[Rejected]
    bytes_read: int
    """How far the file was read."""

    def originals(self) -> Sequence[Original]:
        """The rows of the good events."""
        if isinstance(self.rows, bytes):
            unpacked: Sequence[Original] = marshal.loads(self.rows)  # noqa: S302 -- they come from our own fork
            return unpacked
        return self.rows

    def packed(self) -> tuple[Any, ...]:
        """As plain values, for another process."""
        bad = [
            (line, [(one.code, dict(one.params)) for one in reasons], row) for line, reasons, row in self.bad
        ]
        rows: Any = self.rows
        return self.read, self.good.packed(), self.lines, marshal.dumps(rows), bad, self.bytes_read

    @classmethod
    def unpacked(cls, packed: tuple[Any, ...]) -> "Chunk":
        """The inverse of `packed`."""
        read, good, lines, originals, bad, bytes_read = packed
        rejected = [
            Rejected(line, tuple(Reason(code, params) for code, params in reasons), row)
            for line, reasons, row in bad
        ]
        return cls(read, Normal.unpacked(good), lines, originals, rejected, bytes_read)


def chunks(file: EventFile, size: int, reopened: Callable[[], EventFile]) -> Iterator[Chunk]:
    """All rows of an open file, so many a chunk; `reopened` opens it once more, should the reader be lost."""
    if file.size < WORTH_A_PROCESS or not can_work_beside():
        yield from _read(file, size)
        return
    dispose_before_fork()
    taken = 0
    try:
        with ahead(lambda: (chunk.packed() for chunk in _read(file, size))) as given:
            for packed in given:
                yield Chunk.unpacked(packed)
                taken += 1
    except WorkerLost:
        log.warning("the process that read the file was lost")
        with reopened() as again:
            yield from islice(_read(again, size), taken, None)


def _read(file: EventFile, size: int) -> Iterator[Chunk]:
    offered = iter(file)
    while rows := list(islice(offered, size)):
        yield _chunk(rows, file.bytes_read)


def _chunk(rows: list[Offered], bytes_read: int) -> Chunk:
    good = [row for row in rows if isinstance(row, Accepted)]
    bad = [row for row in rows if isinstance(row, Rejected)] if len(good) < len(rows) else []
    lines, events, originals = zip(*good, strict=True) if good else ((), (), ())
    return Chunk(len(rows), in_normal_form(events), lines, originals, bad, bytes_read)
