"""How the rows of a kind of file are written back, each with the reason for which it was rejected.

Original cells stay exactly as they were, so that the file can be corrected and imported again: it is
the sender's own file, and what a spreadsheet would take for a formula is not disarmed in it.
"""

import codecs
import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from leaderboard.files.events.json_events import NotJson, parse_json
from leaderboard.files.events.lines import encoded

REASON = "reason"
_OTHER_REASON = "rejection"
_OUR_REASON = re.compile(r',?\s*"(?:rejection|reason)"\s*:\s*"(?:[^"\\]|\\.)*"\s*\}\s*$')


Original: TypeAlias = list[str] | str
"""A row as it stood in the file: the cells of a CSV row, or a line of NDJSON."""


class RejectedForm(Protocol):
    """What a rejected file is called, how it begins, and how a row stands in it."""

    @property
    def suffix(self) -> str:
        """What is added to the name of the input."""
        ...

    def head(self) -> bytes:
        """What stands before the first row."""
        ...

    def row(self, original: Original, reason: str) -> bytes:
        """A row with its reason."""
        ...


@dataclass(frozen=True, slots=True)
class CsvForm:
    """The original columns and `reason`, in the delimiter and encoding of the input.

    `has_reason`: the input is itself a rejected file; its last column gives way to the new reason.
    """

    header: Sequence[str]
    delimiter: str
    encoding: str
    has_bom: bool = False
    has_reason: bool = False

    suffix = ".rejected.csv"

    def head(self) -> bytes:
        """The header, after a byte order mark if the input had one."""
        columns = list(self.header[:-1] if self.has_reason else self.header)
        mark = encoded("\ufeff", self.encoding) if self.has_bom else b""
        return mark + self._line([*columns, REASON])

    def row(self, original: Original, reason: str) -> bytes:
        """A row with its reason in the column of that name; cells that no column has stand behind it."""
        cells = [original] if isinstance(original, str) else list(original)
        width = len(self.header) - self.has_reason
        if self.has_reason and len(cells) > width:
            del cells[width]
        return self._line([*cells[:width], *[""] * (width - len(cells)), reason, *cells[width:]])

    def _line(self, cells: list[str]) -> bytes:
        written = io.StringIO()
        csv.writer(written, delimiter=self.delimiter, lineterminator="\n").writerow(cells)
        return encoded(written.getvalue(), _without_mark(self.encoding))


def _without_mark(encoding: str) -> str:
    """UTF-16 and UTF-32 would begin each line with a byte order mark of its own."""
    name = codecs.lookup(encoding).name
    return f"{name}-le" if name in ("utf-16", "utf-32") else name


class NdjsonForm:
    """The original object with a further key; what was no object, as text beside the reason."""

    suffix = ".rejected.ndjson"

    def head(self) -> bytes:
        """Nothing: NDJSON has no header."""
        return b""

    def row(self, original: Original, reason: str) -> bytes:
        """The line as it was, the reason spliced in before its end, so that numbers stay as written."""
        line = (original if isinstance(original, str) else " ".join(original)).strip()
        found = _keys(line)
        if found is None:
            text = json.dumps({"line": line, REASON: reason}, ensure_ascii=False)
        else:
            key = _OTHER_REASON if REASON in found else REASON
            comma = "," if found else ""
            text = f"{line[:-1].rstrip()}{comma}{json.dumps(key)}:{json.dumps(reason, ensure_ascii=False)}}}"
        return encoded(text + "\n", "utf-8")


def _keys(line: str) -> set[str] | None:
    try:
        value = parse_json(line)
    except NotJson:
        return None
    return set(value) if isinstance(value, dict) else None


def without_our_reason(line: str) -> str:
    """A line of a rejected NDJSON file less the key that `NdjsonForm` added at its end."""
    return _OUR_REASON.sub("}", line)
