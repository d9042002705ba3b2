"""An open CSV file: its delimiter and header, and then its rows."""

import codecs
import csv
from collections.abc import Collection, Iterator
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Self

from leaderboard.files.events.forms import REASON, CsvForm
from leaderboard.files.events.lines import Block, LineBlocks
from leaderboard.files.events.rows import MOST_CELL, CsvRows, RowBlock
from leaderboard.files.messages import shown
from leaderboard.files.opening import opened_text
from leaderboard.files.problems import FileProblems, Problem, refuse

_DELIMITERS = (",", ";")
_MOST_NAMED = 40
_HEADER_FAULTS = {
    "field larger than field limit": f"a name in it is longer than {MOST_CELL:,} characters",
    "unexpected end of data": "a quote is opened and not closed",
}
"""What `csv` says, in words."""


class Table:
    """Reads the header when it is made; gives the rows once. Raises FileProblems if there is no header.

    `needed` are the columns that tell the right delimiter where it is not given.
    """

    def __init__(
        self, path: Path, needed: Collection[str], encoding: str = "utf-8", delimiter: str | None = None
    ) -> None:
        self.name = str(path)
        self.encoding = codecs.lookup(encoding).name
        self._file, self.size = opened_text(path, may_be_utf16=self.encoding.startswith("utf-16"))
        try:
            self.has_bom = self._file.peek(len(codecs.BOM_UTF8)).startswith(codecs.BOM_UTF8)
            self.has_bom = self.has_bom and self.encoding == "utf-8"
            self._lines = LineBlocks(self._file, "utf-8-sig" if self.has_bom else self.encoding)
            self._blocks = iter(self._lines)
            self._read_header(needed, _DELIMITERS if delimiter is None else (delimiter,))
        except BaseException:
            self.close()
            raise

    def _read_header(self, needed: Collection[str], delimiters: Collection[str]) -> None:
        first = next((block for block in self._blocks if any(line.strip() for line in block.lines)), None)
        if first is None:
            raise refuse(self.name, "empty_file")
        if first.too_long:
            raise refuse(self.name, "header_unreadable", 1, detail="it is longer than 1 MB")
        blank = next(place for place, line in enumerate(first.lines) if line.strip())
        block = first.after(blank)
        read = [(_header(block, delimiter), delimiter) for delimiter in delimiters]
        headers = [(header, delimiter) for header, delimiter in read if not isinstance(header, str)]
        if not headers:
            raise refuse(self.name, "header_unreadable", block.first_line, detail=str(read[0][0]))
        (cells, used), self.delimiter = max(headers, key=lambda pair: _likeness(pair[0][0], needed))
        self.header_line = block.first_line
        self.header = self._checked([cell.strip() for cell in cells])
        self._rest = block.after(used)

    def _checked(self, header: list[str]) -> list[str]:
        problems = []
        for place, name in enumerate(header):
            if not all(map(str.isprintable, name)):
                problems.append(self._problem("header_unreadable", detail=shown(name)))
            elif name and name in header[:place] and not self._is_our_reason(header, place):
                problems.append(self._problem("header_twice", found=shown(name)))
        if problems:
            raise FileProblems(self.name, problems)
        return header

    def _problem(self, code: str, **params: str) -> Problem:
        return Problem(self.header_line, "header", code, params)

    def _is_our_reason(self, header: list[str], place: int) -> bool:
        last = place == len(header) - 1 and header[place] == REASON
        return last and self.name.lower().endswith(CsvForm.suffix)

    @property
    def has_our_reason(self) -> bool:
        """Whether the last column is the one we add to a rejected file: what it says is not the event's."""
        return self._is_our_reason(self.header, len(self.header) - 1)

    @property
    def bytes_read(self) -> int:
        """How far reading has come."""
        return self._lines.bytes_read

    def require(self, columns: Collection[str]) -> None:
        """Raises FileProblems unless all columns are there."""
        missing = [name for name in columns if name not in self.header]
        if missing:
            params = {"missing": ", ".join(missing), "known": self.columns_shown}
            raise FileProblems(self.name, [self._problem("header_missing", **params)])

    @property
    def columns_shown(self) -> str:
        """The header for a sentence."""
        shown_names = ", ".join(shown(name).strip("`") for name in self.header[:_MOST_NAMED])
        return shown_names + (" …" if len(self.header) > _MOST_NAMED else "")

    def rows(self) -> Iterator[RowBlock]:
        """The rows after the header."""
        rest = [self._rest] if self._rest.lines else []
        return iter(CsvRows(chain(rest, self._blocks), self.delimiter))

    @property
    def form(self) -> CsvForm:
        """How its rejected rows are written."""
        return CsvForm(self.header, self.delimiter, self.encoding, self.has_bom, self.has_our_reason)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _header(block: Block, delimiter: str) -> tuple[list[str], int] | str:
    """The first row by this delimiter and the lines it takes up, or what is wrong with it."""
    lines = (line + "\n" for line in block.lines)
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        return next(reader), reader.line_num
    except csv.Error as error:
        return _HEADER_FAULTS.get(str(error).partition(" (")[0], str(error))


def _likeness(cells: list[str], needed: Collection[str]) -> tuple[int, int]:
    names = {cell.strip() for cell in cells}
    return len(names.intersection(needed)), len(cells)
