"""The file of rejected rows beside an input (interfaces.md, "What a bad row gets")."""

from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from leaderboard.files.events.forms import Original, RejectedForm
from leaderboard.files.events.reasons import Reason, joined_reasons

_MOST_HELD = 10_000
_UNFINISHED = ".part"


class RejectedFile:
    """Collects rejected rows, each once with all its reasons, and puts the file in place when finished.

    Rows are held until `flush`, for a further reason may come (a conflict is found later than a row
    that is wrong in itself); the last row is held on, for its events may be still to come.
    """

    def __init__(self, input_path: Path, form: RejectedForm) -> None:
        self.path = input_path.with_name(input_path.name + form.suffix)
        self._part = self.path.with_name(self.path.name + _UNFINISHED)
        self._form = form
        self._file: BinaryIO | None = None
        self._held: dict[int, tuple[Original, tuple[Reason, ...]]] = {}
        self.rows = 0

    def add(self, line: int, row: Original, reasons: tuple[Reason, ...]) -> None:
        """Reject the row that begins in this line, or give it further reasons."""
        _, known = self._held.get(line, (row, ()))
        self._held[line] = (row, known + reasons)
        if len(self._held) > _MOST_HELD:
            self.flush()

    def flush(self) -> None:
        """Write what is held in the order of lines, but for the last row."""
        self._write(sorted(self._held)[:-1])

    def finish(self) -> Path | None:
        """Put the file in place and give its path; None, and a stale one removed, if nothing was rejected."""
        self._write(sorted(self._held))
        if self._file is None:
            self.path.unlink(missing_ok=True)
            return None
        self._file.close()
        self._part.replace(self.path)
        self._file = None
        return self.path

    def _write(self, lines: list[int]) -> None:
        for line in lines:
            row, reasons = self._held.pop(line)
            self._opened().write(self._form.row(row, joined_reasons(reasons)))
            self.rows += 1

    def _opened(self) -> BinaryIO:
        if self._file is None:
            self._file = self._part.open("wb")
            self._file.write(self._form.head())
        return self._file

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no half-written file behind."""
        if self._file is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)
