"""Tables to take away: CSV that a spreadsheet opens and that cannot make it do anything."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

# As text these begin a formula; so do their full-width forms in some programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def csv_answer(name: str, rows: Iterable[Sequence[str | int]]) -> Response:
    """A download. With a byte order mark, without which spreadsheets take it for another encoding."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([cell if isinstance(cell, int) else harmless(cell) for cell in row])
    response = Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def harmless(cell: str) -> str:
    """A text that a spreadsheet takes for a text; numbers stay numbers, and do not come this way."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
