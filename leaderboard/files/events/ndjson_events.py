"""Events from NDJSON (one object a line) and from a JSON document (one event or a list of them)."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from leaderboard.domain.events import Event
from leaderboard.files.events.forms import NdjsonForm, without_our_reason
from leaderboard.files.events.json_events import NotJson, event_from_json, json_items, parse_json
from leaderboard.files.events.lines import MOST_LINE, LineBlocks
from leaderboard.files.events.offered import Accepted, Offered, Rejected
from leaderboard.files.events.reasons import Reason, Refusal
from leaderboard.files.events.records import RecordReader
from leaderboard.files.opening import opened_text
from leaderboard.files.problems import WHOLE_FILE, FileProblems, Problem, refuse
from leaderboard.files.yaml_nodes import read_bounded

MOST_DOCUMENT_BYTES = 20_000_000
"""A JSON document is read whole; what is larger comes as NDJSON."""

_UNDECODED = re.compile("[\udc00-\udcff]")
_LINE_BREAKS = re.compile(r"\s*[\r\n]\s*")


class NdjsonEvents:
    """An open NDJSON file of events. A bad line is rejected alone."""

    def __init__(self, path: Path, source: str | None = None, zone: ZoneInfo | None = None) -> None:
        self.name = str(path)
        self._file, self.size = opened_text(path)
        self._lines = LineBlocks(self._file, "utf-8-sig")
        self._records = RecordReader(source, zone)
        self._undecoded = RecordReader(source, zone, "UTF-8")
        self._is_rejected = self.name.lower().endswith(NdjsonForm.suffix)
        self.form = NdjsonForm()

    @property
    def bytes_read(self) -> int:
        """How far reading has come, of `size`."""
        return self._lines.bytes_read

    def __iter__(self) -> Iterator[Offered]:
        with self:
            for block in self._lines:
                if block.too_long:
                    reason = Reason("row_too_long", {"most": MOST_LINE})
                    yield Rejected(block.first_line, (reason,), block.lines[0])
                    continue
                for line, text in enumerate(block.lines, block.first_line):
                    if text.strip():
                        yield self._offered(line, without_our_reason(text) if self._is_rejected else text)

    def _offered(self, line: int, text: str) -> Offered:
        try:
            value = parse_json(text)
        except NotJson as error:
            return Rejected(line, (Reason("json_syntax", error.reason.params),), text)
        records = self._undecoded if _UNDECODED.search(text) else self._records
        return _offered(line, event_from_json(value, records), text)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _offered(line: int, read: Event | Refusal, row: str) -> Offered:
    if isinstance(read, Refusal):
        return Rejected(line, read.reasons, row)
    return Accepted(line, read, row)


class JsonEvents:
    """A JSON document of one event or a list. Raises FileProblems if it is no JSON or over 20 MB."""

    def __init__(self, path: Path, source: str | None = None, zone: ZoneInfo | None = None) -> None:
        self.name = str(path)
        content = read_bounded(path, MOST_DOCUMENT_BYTES)
        self.size = len(content)
        self.bytes_read = 0
        self.form = NdjsonForm()
        records = RecordReader(source, zone)
        try:
            text = content.decode("utf-8-sig")
            self._offered = list(_from_document(text, records))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise refuse(self.name, "not_utf8", line, byte=f"0x{content[error.start]:02X}") from error
        except NotJson as error:
            problem = Problem(None, WHOLE_FILE, "not_json", error.reason.params)
            raise FileProblems(self.name, [problem]) from error

    def __iter__(self) -> Iterator[Offered]:
        yield from self._offered
        self.bytes_read = self.size

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is open: the document was read whole."""


def _from_document(text: str, records: RecordReader) -> Iterator[Offered]:
    line, place = 1, 0
    for start, end, value in json_items(text):
        line, place = line + text.count("\n", place, start), start
        # White space within JSON strings has no line breaks, so this touches only the layout.
        row = _LINE_BREAKS.sub(" ", text[start:end])
        yield _offered(line, event_from_json(value, records), row)
