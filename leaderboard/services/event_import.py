"""A file of events comes in, chunk by chunk: killed anywhere and run again, it ends the same (interfaces.md)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.files.event_files import open_events
from leaderboard.files.events import EventFile, Rejected, RejectedFile
from leaderboard.files.profiles import Profile
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Import
from leaderboard.services import clock, problems
from leaderboard.services.import_chunks import Chunk, chunks
from leaderboard.services.intake import accept_normal

CHUNK = 10_000
"""Events a transaction: enough to be quick, few enough that nobody waits long for the database."""

_MOST_PROBLEMS = 1_000
"""Rejected rows of one import that data health keeps; all of them are in the rejected file."""


@dataclass(slots=True)
class ImportSummary:
    """What became of a file. `read` counts the events offered; `rejected_file` is None where none was rejected."""

    read: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    rejected_file: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How a file is read: the source of events that name none, the zone of times without offset, a profile."""

    source: str | None = None
    zone: ZoneInfo | None = None
    profile: Profile | None = None


class Progress(NamedTuple):
    """How many bytes of a file were taken in."""

    size: int
    bytes_read: int


def import_events(
    path: Path,
    options: ReadingOptions = ReadingOptions(),
    on_progress: Callable[[Progress], None] = lambda _progress: None,
) -> ImportSummary:
    """Stores the file's good events, a chunk a transaction, and writes the rejected rows beside it.

    `on_progress` is told after each chunk. Raises FileProblems for a file that cannot be read at all.
    """
    with (
        _opened(path, options) as file,
        RejectedFile(path, file.form) as rejected,
    ):
        run = _Run(current_session(), file, rejected, clock.now(), options)
        for chunk in chunks(file, CHUNK, lambda: _opened(path, options)):
            run.take(chunk, clock.now())
            on_progress(Progress(file.size, chunk.bytes_read))
        return run.finish(clock.now())


def _opened(path: Path, options: ReadingOptions) -> EventFile:
    return open_events(path, options.source, options.zone, options.profile)


class _Run:
    """One run of an import, and how far it has come."""

    def __init__(
        self, session: Session, file: EventFile, rejected: RejectedFile, at: Instant, options: ReadingOptions
    ) -> None:
        self._session = session
        self._rejected = rejected
        self._name = Path(file.name).name
        self._problems = 0
        self._summary = ImportSummary()
        row = insert(Import).values(file_name=self._name, source=options.source, started_at=at)
        self._key = session.execute(row.returning(Import.id)).scalar_one()
        session.commit()

    def take(self, chunk: Chunk, received_at: Instant) -> None:
        """Stores a chunk in one transaction."""
        lines, bad = chunk.lines, chunk.bad
        result = accept_normal(
            self._session, chunk.good, received_at, origin=lambda index: self._origin(lines[index])
        )
        for refused in bad:
            self._rejected.add(refused.line, refused.row, refused.reasons)
        rows = chunk.originals() if result.conflicts else ()
        for conflict in result.conflicts:
            self._rejected.add(lines[conflict.index], rows[conflict.index], (conflict.reason,))
        self._count(chunk.read, result.accepted, result.duplicates, len(bad) + len(result.conflicts))
        self._note(bad, received_at)
        self._session.execute(update(Import).where(Import.id == self._key).values(**self._counts()))
        self._session.commit()
        self._rejected.flush()

    def finish(self, at: Instant) -> ImportSummary:
        """Puts the rejected file in place and notes the end."""
        path = self._rejected.finish()
        self._summary.rejected_file = None if path is None else str(path)
        self._session.execute(update(Import).where(Import.id == self._key).values(finished_at=at))
        self._session.commit()
        return self._summary

    def _count(self, read: int, accepted: int, duplicates: int, rejected: int) -> None:
        self._summary.read += read
        self._summary.accepted += accepted
        self._summary.duplicates += duplicates
        self._summary.rejected += rejected

    def _counts(self) -> dict[str, int]:
        summary = self._summary
        return {
            "read": summary.read,
            "accepted": summary.accepted,
            "duplicates": summary.duplicates,
            "rejected": summary.rejected,
        }

    def _note(self, bad: list[Rejected], at: Instant) -> None:
        kept = bad[: max(0, _MOST_PROBLEMS - self._problems)]
        self._problems += len(kept)
        problems.note(self._session, [self._problem(refused) for refused in kept], at)

    def _problem(self, refused: Rejected) -> problems.Problem:
        row = refused.row if isinstance(refused.row, str) else ",".join(refused.row)
        return problems.Problem(
            kind=problems.REJECTED,
            reasons=refused.reasons,
            origin=self._origin(refused.line),
            payload=_storable(row[:_LONGEST_PAYLOAD]),
        )

    def _origin(self, line: int) -> str:
        return f"{self._name}:{line}"


_LONGEST_PAYLOAD = 2_000


def _storable(text: str) -> str:
    """A bad row may hold what no database takes: half characters and NULs."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
