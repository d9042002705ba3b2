"""Events from a CSV file, one a row (interfaces.md, CSV): hundreds of thousands a second.

The quick way vouches for a row only if every part of it is of a known shape, and takes all that is
repeated (types, sources, reps, days) from look-ups. Anything else goes the careful way, which alone
decides what is wrong.
"""

from collections.abc import Callable, Iterator
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from leaderboard.domain.events import EVENT_VOIDED, LEAD_ASSIGNED, NO_ATTRIBUTES, Event
from leaderboard.files.events.offered import Accepted, Offered, Rejected
from leaderboard.files.events.reasons import Reason, Refusal
from leaderboard.files.events.records import (
    EVENT_TYPE,
    FIELDS,
    LONGEST_ATTRIBUTE_NAME,
    LONGEST_ID,
    LONGEST_SOURCE,
    LONGEST_TYPE,
    MOST_ATTRIBUTES,
    RecordReader,
)
from leaderboard.files.events.rows import UNSURE, RowBlock
from leaderboard.files.events.table import Table
from leaderboard.files.events.times import Doubt, QuickTimes
from leaderboard.files.problems import refuse

_NEEDED = ("id", "type", "time")
_MOST_KEPT = 20_000


class _Kept(dict[str, str]):
    """Cells that were looked at once, trimmed: an enum of types, sources or reps. Raises Doubt."""

    def __init__(self, is_good: Callable[[str], bool]) -> None:
        super().__init__()
        self._is_good = is_good
        self.fixed: dict[str, str] = {}

    def __missing__(self, cell: str) -> str:
        trimmed = self.fixed.get(cell, cell.strip())
        if not self._is_good(trimmed):
            raise Doubt
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[cell] = trimmed
        return trimmed


class CsvEvents:
    """An open CSV file of events. Raises FileProblems where it cannot be read as one at all."""

    def __init__(self, path: Path, source: str | None = None, zone: ZoneInfo | None = None) -> None:
        self.table = Table(path, FIELDS)
        self.name, self.size = self.table.name, self.table.size
        try:
            self.table.require(_NEEDED)
            if "source" not in self.table.header and source is None:
                raise refuse(self.name, "source_needed", self.table.header_line)
        except BaseException:
            self.close()
            raise
        self.form = self.table.form
        self._columns = _Columns(self.table)
        self._records = RecordReader(source, zone, self.table.encoding.upper())
        self._times = QuickTimes()
        self._kinds = _Kept(_is_simple_type)
        self._reps = _Kept(lambda rep: len(rep) <= LONGEST_ID)
        self._sources = _Kept(lambda name: 0 < len(name) <= LONGEST_SOURCE)
        if "source" not in self.table.header:
            self._sources.fixed[""] = source or ""

    @property
    def bytes_read(self) -> int:
        """How far reading has come, of `size`."""
        return self.table.bytes_read

    def __iter__(self) -> Iterator[Offered]:
        with self:
            for block in self.table.rows():
                if block.clean and self._columns.are_simple:
                    yield from self._quick(block)
                else:
                    for line, cells, doubt in block.rows:
                        yield from self._careful(line, cells, doubt)

    def _quick(self, block: RowBlock) -> Iterator[Offered]:
        """Rows of beyond-doubt characters. One loop without calls, for it runs once a row."""
        event_of, accepted_of = tuple.__new__, tuple.__new__
        days, clock, tails = self._times.days, self._times.clock, self._times.tails
        sources, kinds, reps = self._sources, self._kinds, self._reps
        columns = self._columns
        pick, width, extras, padding = columns.pick, columns.width, columns.extras, columns.padding
        for line, cells, doubt in block.rows:
            try:
                if doubt is not None or len(cells) != width:
                    raise Doubt
                event_id, source, kind, time, lead, rep = pick(cells + padding if padding else cells)
                at = days[time[:11]] + clock[time[11:19]] + tails[time[19:]]
                kind = kinds[kind]
                rep = reps[rep] or None
                event_id = event_id.strip()
                lead = lead.strip()
                if not (0 < len(event_id) <= LONGEST_ID and 0 < len(lead) <= LONGEST_ID):
                    raise Doubt
                if rep is None and kind == LEAD_ASSIGNED:
                    raise Doubt
                found = {name: text for place, name in extras if (text := cells[place].strip())}
                parts = (sources[source], event_id, kind, at, lead, rep, found or NO_ATTRIBUTES)
            except Doubt:
                yield from self._careful(line, cells, doubt)
                continue
            yield accepted_of(Accepted, (line, event_of(Event, parts), cells))

    def _careful(self, line: int, cells: list[str], doubt: Reason | None) -> Iterator[Offered]:
        """A row with all that is wrong with it; a blank line is no row."""
        if doubt is not None and doubt is not UNSURE:
            yield Rejected(line, (doubt,), cells)
        elif any(map(str.strip, cells)) or len(cells) > 1:
            yield self._record(line, cells)

    def _record(self, line: int, cells: list[str]) -> Offered:
        reasons = self._columns.objections(cells)
        read = Refusal(reasons) if reasons else self._records.read(self._columns.fields(cells))
        return (
            Rejected(line, read.reasons, cells) if isinstance(read, Refusal) else Accepted(line, read, cells)
        )

    def close(self) -> None:
        """Close the file."""
        self.table.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _is_simple_type(text: str) -> bool:
    """Whether a type asks for a lead and, at most, a rep."""
    return text != EVENT_VOIDED and len(text) <= LONGEST_TYPE and EVENT_TYPE.fullmatch(text) is not None


class _Columns:
    """Where the fields and attributes stand in a row."""

    def __init__(self, table: Table) -> None:
        self.width = len(table.header)
        used = table.header[:-1] if table.has_our_reason else table.header
        self._named = [(place, name) for place, name in enumerate(used) if name]
        self._unnamed = [place for place, name in enumerate(used) if not name]
        self.extras = [(place, name) for place, name in self._named if name not in FIELDS]
        places = {name: place for place, name in self._named}
        self.pick = itemgetter(*(places.get(name, self.width) for name in FIELDS))
        self.padding = [] if all(name in places for name in FIELDS) else [""]
        names_fit = all(len(name) <= LONGEST_ATTRIBUTE_NAME for _, name in self.extras)
        self.are_simple = not self._unnamed and names_fit and len(self.extras) <= MOST_ATTRIBUTES

    def objections(self, cells: list[str]) -> tuple[Reason, ...]:
        """What is wrong with the row as a row."""
        if len(cells) != self.width:
            return (Reason("row_width", {"found": len(cells), "expected": self.width}),)
        if any(cells[place].strip() for place in self._unnamed):
            return (Reason("cell_without_column"),)
        return ()

    def fields(self, cells: list[str]) -> dict[str, str | None]:
        """The cells by their columns' names."""
        return {name: cells[place] for place, name in self._named}
