"""CSV that goes out to people: no text in it is taken for a formula by a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import chain
from typing import TypeAlias

from leaderboard.files.plain import decimal_text

CellValue: TypeAlias = str | int | Decimal | None

# With their full-width forms, and the true minus sign.
_DANGEROUS = tuple("=+-@\t\r\n\x00＝＋－＠−")


def safe_cell(value: CellValue) -> str:
    """A value as a cell: text that could begin a formula gets an apostrophe, numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return decimal_text(value)
    if not isinstance(value, str):
        return str(value)
    return f"'{value}" if value.startswith(_DANGEROUS) else value


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> Iterator[str]:
    """The lines of a CSV file, each with its line end."""
    for row in chain([header], rows):
        written = io.StringIO()
        csv.writer(written).writerow([safe_cell(cell) for cell in row])
        yield written.getvalue()
