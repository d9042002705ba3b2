"""The rows of a CSV file with the lines they begin in, read so that a bad row costs only itself.

A block without a quote has one row a line, and the csv module reads it at full speed. With quotes a
row may run over lines: one that is not finished at the block's end waits for the next, and one that
goes wrong is given up at its first line; reading goes on at the next.
"""

import csv
from collections.abc import Iterable, Iterator
from itertools import count, repeat
from typing import NamedTuple

from leaderboard.files.events.lines import MOST_LINE, Block
from leaderboard.files.events.reasons import Reason

MOST_CELL = 131_072
"""The csv module's own limit on one cell, in characters."""

_MOST_QUICK_LINE = 10_000
"""Lines up to here hold no cell that could be too long for anything (records.LONGEST_ATTRIBUTE)."""

UNSURE = Reason("row_width")
"""Marks a row that is whole but must be read with care (it runs over lines)."""


class Row(NamedTuple):
    """A row's cells; with a doubt it is unsure, or no row at all for that reason."""

    line: int
    cells: list[str]
    doubt: Reason | None


class RowBlock(NamedTuple):
    """Rows; where `clean`, those without a doubt hold no character that need be looked at."""

    rows: Iterable[tuple[int, list[str], Reason | None]]
    clean: bool


class CsvRows:
    """The rows of blocks of lines."""

    def __init__(self, blocks: Iterable[Block], delimiter: str) -> None:
        self._blocks = blocks
        self._delimiter = delimiter
        self._held: list[str] = []
        self._held_from = 0
        self._held_clean = True

    def __iter__(self) -> Iterator[RowBlock]:
        for block in self._blocks:
            yield self._rows(block)
        if self._held:
            yield RowBlock(self._careful(self._held_from, [], last=True), clean=False)

    def _rows(self, block: Block) -> RowBlock:
        if block.too_long:
            return RowBlock(self._with_long_line(block), clean=False)
        clean = block.clean and max(map(len, block.lines)) <= _MOST_QUICK_LINE
        if self._held or block.quoted or not clean:
            lines = [line + "\n" for line in block.lines]
            self._held_clean = clean = clean and (self._held_clean or not self._held)
            return RowBlock(self._careful(block.first_line, lines, last=False), clean)
        reader = csv.reader(block.lines, delimiter=self._delimiter, skipinitialspace=True, strict=True)
        return RowBlock(zip(count(block.first_line), reader, repeat(None)), clean=True)

    def _with_long_line(self, block: Block) -> Iterator[Row]:
        """What is held has an open quote, and runs into a line too long for any row."""
        if self._held:
            yield from self._careful(self._held_from, [], last=True)
        yield Row(block.first_line, list(block.lines), Reason("row_too_long", {"most": MOST_LINE}))

    def _careful(self, first_line: int, lines: list[str], last: bool) -> Iterator[Row]:
        if self._held:
            first_line, lines = self._held_from, self._held + lines
            self._held = []
        place = 0
        while place < len(lines):
            ahead = map(lines.__getitem__, range(place, len(lines)))
            reader = csv.reader(ahead, delimiter=self._delimiter, skipinitialspace=True, strict=True)
            done = 0
            try:
                for cells in reader:
                    doubt = UNSURE if reader.line_num > done + 1 else None
                    yield Row(first_line + place + done, cells, doubt)
                    done = reader.line_num
                return
            except csv.Error as error:
                place += done
                if (
                    not last
                    and "unexpected end" in str(error)
                    and self._hold(first_line + place, lines[place:])
                ):
                    return
                line = lines[place].rstrip("\r\n")
                yield self._mended(first_line + place, line) or Row(
                    first_line + place, [line], _reason(line, error)
                )
                place += 1

    def _hold(self, first_line: int, lines: list[str]) -> bool:
        """Keep an unfinished row for the next block, unless it is too long for any row."""
        if sum(map(len, lines)) > MOST_LINE:
            return False
        self._held, self._held_from = lines, first_line
        return True

    def _mended(self, line: int, text: str) -> Row | None:
        """A row whose only fault is spaces between a closing quote and the delimiter: they are trimmed."""
        tight = _without_spaces_after_quotes(text, self._delimiter)
        if tight == text:
            return None
        try:
            rows = list(csv.reader([tight], delimiter=self._delimiter, skipinitialspace=True, strict=True))
        except csv.Error:
            return None
        return Row(line, rows[0], UNSURE)


def _without_spaces_after_quotes(text: str, delimiter: str) -> str:
    parts = text.split(delimiter)
    return delimiter.join(part.rstrip(" ") if part.rstrip(" ").endswith('"') else part for part in parts)


def _reason(line: str, error: csv.Error) -> Reason:
    if len(line) > MOST_LINE:
        return Reason("row_too_long", {"most": MOST_LINE})
    if "field larger" in str(error) and len(line) > MOST_CELL:
        return Reason("cell_too_long", {"most": MOST_CELL})
    if "new-line" in str(error):
        return Reason("row_return")
    return Reason("row_quote")
