"""Events from any CSV file by an import profile, several a row."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias
from zoneinfo import ZoneInfo

from leaderboard.domain.events import Event
from leaderboard.domain.instants import Instant, from_datetime
from leaderboard.files.events.offered import Accepted, Offered, Rejected
from leaderboard.files.events.reasons import Reason, Refusal, Refused
from leaderboard.files.events.records import RecordReader
from leaderboard.files.events.rows import UNSURE
from leaderboard.files.events.table import Table
from leaderboard.files.events.times import FIRST_YEAR, LAST_YEAR
from leaderboard.files.messages import shown
from leaderboard.files.problems import FileProblems, Problem, refuse
from leaderboard.files.profiles import Condition, EventTemplate, Profile, Template, TimeColumn

Cells: TypeAlias = list[str]

_MOST_TIMES_KEPT = 50_000


class ProfileEvents:
    """An open CSV file read by a profile. Raises FileProblems if it lacks a column that the profile names.

    `source` and `zone`, where given, go before the profile's.
    """

    def __init__(
        self, path: Path, profile: Profile, source: str | None = None, zone: ZoneInfo | None = None
    ) -> None:
        self.table = Table(path, profile.columns, profile.encoding, profile.delimiter)
        self.name, self.size, self.form = self.table.name, self.table.size, self.table.form
        try:
            self._check(profile, source)
        except BaseException:
            self.close()
            raise
        self._width = len(self.table.header)
        encoding = self.table.encoding.upper()
        self._templates = [
            _BoundEvent(event, self.table.header, source or profile.source, zone or profile.zone, encoding)
            for event in profile.events
        ]

    def _check(self, profile: Profile, source: str | None) -> None:
        if not (source or profile.source):
            raise refuse(self.name, "source_nowhere", self.table.header_line)
        problems = [
            Problem(self.table.header_line, "header", "unknown_column", self._unknown(column))
            for column in profile.columns
            if column not in self.table.header
        ]
        if problems:
            raise FileProblems(self.name, problems)

    def _unknown(self, column: str) -> Mapping[str, str]:
        return {"found": shown(column), "known": self.table.columns_shown}

    @property
    def bytes_read(self) -> int:
        """How far reading has come, of `size`."""
        return self.table.bytes_read

    def __iter__(self) -> Iterator[Offered]:
        with self:
            for block in self.table.rows():
                for line, cells, doubt in block.rows:
                    yield from self._row(line, cells, doubt)

    def _row(self, line: int, cells: Cells, doubt: Reason | None) -> Iterator[Offered]:
        if doubt is not None and doubt is not UNSURE:
            yield Rejected(line, (doubt,), cells)
        elif len(cells) != self._width:
            if any(map(str.strip, cells)):
                params = {"found": len(cells), "expected": self._width}
                yield Rejected(line, (Reason("row_width", params),), cells)
        else:
            yield from self._events(line, cells)

    def _events(self, line: int, cells: Cells) -> Iterator[Offered]:
        trimmed = [cell.strip() for cell in cells]
        for template in self._templates:
            read = template.read(trimmed)
            if isinstance(read, Refusal):
                yield Rejected(line, read.reasons, cells)
            elif read is not None:
                yield Accepted(line, read, cells)

    def close(self) -> None:
        """Close the file."""
        self.table.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _BoundEvent:
    """An event's template with its columns found in a header."""

    def __init__(
        self,
        template: EventTemplate,
        header: Sequence[str],
        source: str | None,
        zone: ZoneInfo | None,
        encoding: str,
    ) -> None:
        places = {name: place for place, name in reversed(list(enumerate(header)))}
        self._type = template.type
        self._time = places[template.time.column]
        self._when = [_bound_condition(condition, places) for condition in template.when]
        self._texts = [(name, _bound_template(one, places)) for name, one in template.templates.items()]
        formats = template.time.formats
        read_time = time_reader(template.time, zone) if formats else None
        self._records = RecordReader(source, zone, encoding, read_time)

    def read(self, cells: Cells) -> Event | Refusal | None:
        """The event, a Refusal, or None where the row gives no such event. The cells are trimmed."""
        if not cells[self._time] or not all(holds(cells) for holds in self._when):
            return None
        fields = {name: text(cells) for name, text in self._texts}
        return self._records.read(fields | {"type": self._type, "time": cells[self._time]})


def _bound_condition(condition: Condition, places: Mapping[str, int]) -> Callable[[Cells], bool]:
    place, texts, negated = places[condition.column], condition.texts, condition.negated
    return lambda cells: (cells[place] in texts) != negated


def _bound_template(template: Template, places: Mapping[str, int]) -> Callable[[Cells], str]:
    """What makes the text; where all its columns are empty in a row, the text is not given."""
    pieces = [(literal, None if column is None else places[column]) for literal, column in template.pieces]
    used = [place for _, place in pieces if place is not None]
    translated = template.values or {}

    def text(cells: Cells) -> str:
        if used and not any(cells[place] for place in used):
            return translated.get("", "")
        made = "".join(literal if place is None else literal + cells[place] for literal, place in pieces)
        return translated.get(made, made)

    return text


def time_reader(column: TimeColumn, zone: ZoneInfo | None) -> Callable[[str], Instant]:
    """A reader of times in the first of the column's formats that fits. It raises Refused."""
    formats = ", ".join(column.formats)

    @lru_cache(maxsize=_MOST_TIMES_KEPT)
    def moment_of(text: str) -> dt.datetime | None:
        return next((moment for one in column.formats if (moment := _moment(text, one)) is not None), None)

    def read(text: str) -> Instant:
        moment = moment_of(text)
        if moment is None:
            raise Refused("time_format", found=shown(text), formats=formats)
        if not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise Refused("time_range", found=shown(text), first=FIRST_YEAR, last=LAST_YEAR)
        if moment.tzinfo is None and zone is None:
            raise Refused("time_no_offset", found=shown(text))
        return from_datetime(moment if moment.tzinfo else moment.replace(tzinfo=zone))

    return read


def _moment(text: str, one_format: str) -> dt.datetime | None:
    try:
        return dt.datetime.strptime(text, one_format)  # noqa: DTZ007 (the caller gives it its zone)
    except ValueError:
        return None
