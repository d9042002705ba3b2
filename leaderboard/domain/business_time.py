"""Open time: how much of a stretch of time counts, and when an amount of it has been used up.

rulebook.md, `measure: response`, rules 2 and 3. Everything is in whole microseconds and exact.
"""

import datetime as dt
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from leaderboard.domain.instants import DAY, SECOND, Instant, from_datetime, midnight
from leaderboard.domain.rulebook import Calendar

Span: TypeAlias = tuple[Instant, Instant]
"""From an instant up to, and without, another."""

HORIZON: Instant = from_datetime(dt.datetime(9999, 12, 31, tzinfo=dt.UTC))
"""Nothing is due later: the last instant that every zone can still write as a date."""

_BLOCK_DAYS = 189
_BLOCK = _BLOCK_DAYS * DAY
# Exactly 400 Gregorian years, after which dates, weekdays and rules of daylight saving repeat.
_CYCLE = 773
_EPOCH_ORDINAL = dt.date(1970, 1, 1).toordinal()
_FIRST_BLOCK = (dt.date.min.toordinal() - _EPOCH_ORDINAL) // _BLOCK_DAYS
_LAST_BLOCK = HORIZON // _BLOCK
# No zone's table of clock changes begins before the one year or goes beyond the other; then fixed rules hold.
_OLD_BLOCK = (dt.date(1800, 1, 1).toordinal() - _EPOCH_ORDINAL) // _BLOCK_DAYS
_NEW_BLOCK = (dt.date(2200, 1, 1).toordinal() - _EPOCH_ORDINAL) // _BLOCK_DAYS
# How many days from its date, taken in UTC, a window's instants may lie: offsets and skipped dates.
_REACH_DAYS = 3
_KEPT_BLOCKS = 128


class OpenTime(ABC):
    """When time counts. `off` are spans in which it does not: sorted, none overlapping (`Placement.off`)."""

    def between(self, start_at: Instant, end_at: Instant, off: tuple[Span, ...] = ()) -> int:
        """Open microseconds from one instant up to another; 0 where that is not the later one."""
        opened = self._opened(start_at, end_at)
        for off_from, off_until in _ending_after(off, start_at):
            if off_from >= end_at:
                break
            opened -= self._opened(max(off_from, start_at), min(off_until, end_at))
        return opened

    def add(self, start_at: Instant, duration_us: int, off: tuple[Span, ...] = ()) -> Instant | None:
        """The first instant at which the open time since `start_at` equals the duration (rule 3).

        So it is the end of a window rather than the beginning of the next, and `start_at` itself for a
        duration of 0. None where it would be later than HORIZON. Raises ValueError for a negative duration.
        """
        if duration_us <= 0:
            if duration_us < 0:
                raise ValueError("a duration cannot be negative")
            return start_at
        reached_at = self._reached(start_at, duration_us)
        # Usually it is reached before the next time off, so the answer without any is tried first.
        for off_from, off_until in _ending_after(off, start_at):
            if reached_at is None or reached_at <= off_from:
                break
            duration_us -= self._opened(start_at, off_from)
            start_at = max(start_at, off_until)
            reached_at = self._reached(start_at, duration_us)
        return reached_at

    def is_open_at(self, instant: Instant, off: tuple[Span, ...] = ()) -> bool:
        """Whether time counts from this instant on."""
        return self.between(instant, instant + 1, off) == 1

    def spans(self, start_at: Instant, end_at: Instant, off: tuple[Span, ...] = ()) -> Iterator[Span]:
        """The open spans from one instant up to another, in order, none touching the next."""
        for span in self._open_spans(start_at, end_at):
            yield from _less(span, off)

    @abstractmethod
    def _opened(self, start_at: Instant, end_at: Instant) -> int:
        """`between` without time off."""

    @abstractmethod
    def _reached(self, start_at: Instant, open_us: int) -> Instant | None:
        """`add` without time off, for more than 0."""

    @abstractmethod
    def _open_spans(self, start_at: Instant, end_at: Instant) -> Iterator[Span]:
        """`spans` without time off."""


class AlwaysOpen(OpenTime):
    """Every second counts: a service level without a calendar."""

    def _opened(self, start_at: Instant, end_at: Instant) -> int:
        return max(0, end_at - start_at)

    def _reached(self, start_at: Instant, open_us: int) -> Instant | None:
        reached_at = start_at + open_us
        return reached_at if reached_at <= HORIZON else None

    def _open_spans(self, start_at: Instant, end_at: Instant) -> Iterator[Span]:
        if start_at < end_at:
            yield start_at, end_at


ALWAYS = AlwaysOpen()


class _Block(NamedTuple):
    """The open spans of a fixed stretch of time, as columns to search in.

    The first span is an empty one at the block's beginning, so that each instant lies in or after a span.
    """

    starts: list[Instant]
    ends: list[Instant]
    after: list[int]
    """Open time from the block's beginning to each span's end."""


class OpenHours(OpenTime):
    """Time that counts inside a calendar's hours.

    Spans are worked out a block of about half a year at a time, when first asked for, and searched from then
    on. A block is whole before it is shared and never altered, so threads may use the same hours; at worst
    two of them work out the same block.
    """

    def __init__(self, calendar: Calendar) -> None:
        self._zone = calendar.zone
        self._week = calendar.week
        self._shut = calendar.closed.union(calendar.holidays)
        days = [day.toordinal() - _EPOCH_ORDINAL for day in self._shut]
        reach = (-_REACH_DAYS, _REACH_DAYS)
        self._shut_blocks = {(day + way) // _BLOCK_DAYS for day in days for way in reach}
        self._blocks: dict[int, _Block] = {}
        self._totals: dict[int | tuple[bool, int], int] = {}

    def _opened(self, start_at: Instant, end_at: Instant) -> int:
        if end_at <= start_at:
            return 0
        first, last = start_at // _BLOCK, end_at // _BLOCK
        opened = self._opened_within(last, end_at) - self._opened_within(first, start_at)
        if first == last:
            return opened
        return opened + sum(map(self._total, range(max(first, _FIRST_BLOCK), min(last, _LAST_BLOCK + 1))))

    def _opened_within(self, block: int, instant: Instant) -> int:
        """Open time from the beginning of the instant's block."""
        starts, ends, after = self._blocks.get(block) or self._block(block)
        place = bisect_right(starts, instant) - 1
        return after[place] - max(0, ends[place] - instant)

    def _reached(self, start_at: Instant, open_us: int) -> Instant | None:
        block = start_at // _BLOCK
        starts, ends, after = self._blocks.get(block) or self._block(block)
        place = bisect_right(starts, start_at) - 1
        target = open_us + after[place]
        if start_at < ends[place]:
            target -= ends[place] - start_at
        if target > after[-1]:
            return self._reached_from(block + 1, target - after[-1])
        place = bisect_left(after, target, place)
        return ends[place] - (after[place] - target)

    def _reached_from(self, block: int, open_us: int) -> Instant | None:
        """The first instant with so much open time since the block's beginning."""
        if open_us > HORIZON - block * _BLOCK:
            return None
        for later in range(max(block, _FIRST_BLOCK), _LAST_BLOCK + 1):
            total = self._total(later)
            if open_us <= total:
                _, ends, after = self._block(later)
                place = bisect_left(after, open_us)
                return ends[place] - (after[place] - open_us)
            open_us -= total
        return None

    def _open_spans(self, start_at: Instant, end_at: Instant) -> Iterator[Span]:
        # Joined again, for a span that runs over the edge of a block was cut there.
        return _joined(self._pieces(start_at, end_at))

    def _pieces(self, start_at: Instant, end_at: Instant) -> Iterator[Span]:
        first, last = max(start_at // _BLOCK, _FIRST_BLOCK), min(end_at // _BLOCK, _LAST_BLOCK)
        for number in range(first, last + 1):
            block = self._block(number)
            first_place = max(1, bisect_right(block.ends, start_at))
            for place in range(first_place, bisect_left(block.starts, end_at)):
                yield max(block.starts[place], start_at), min(block.ends[place], end_at)

    def _total(self, number: int) -> int:
        """A block's open time. It is kept for good: there are under two thousand different ones."""
        key = self._key(number)
        total = self._totals.get(key)
        if total is None:
            total = self._totals[key] = self._made(number).after[-1]
        return total

    def _key(self, number: int) -> int | tuple[bool, int]:
        """The same for blocks whose open time must be the same."""
        is_alone = _OLD_BLOCK <= number <= _NEW_BLOCK or number in (_FIRST_BLOCK, _LAST_BLOCK)
        return number if is_alone or number in self._shut_blocks else (number < _OLD_BLOCK, number % _CYCLE)

    def _block(self, number: int) -> _Block:
        block = self._blocks.get(number)
        if block is None:
            block = self._made(number)
            newest = list(self._blocks.items())[1 - _KEPT_BLOCKS :]
            self._blocks = dict([*newest, (number, block)])
        return block

    def _made(self, number: int) -> _Block:
        begins_at, ends_at = number * _BLOCK, min((number + 1) * _BLOCK, HORIZON)
        block = _Block([begins_at], [begins_at], [0])
        for start_at, end_at in _joined(sorted(self._windows_near(number))):
            start_at, end_at = max(start_at, begins_at), min(end_at, ends_at)
            if start_at < end_at:
                block.starts.append(start_at)
                block.ends.append(end_at)
                block.after.append(block.after[-1] + end_at - start_at)
        return block

    def _windows_near(self, number: int) -> Iterator[Span]:
        """The windows of all dates that can have open time in the block, by date."""
        first = _EPOCH_ORDINAL + number * _BLOCK_DAYS
        days = range(
            max(first - _REACH_DAYS, dt.date.min.toordinal()),
            min(first + _BLOCK_DAYS + _REACH_DAYS, dt.date.max.toordinal()) + 1,
        )
        for day, next_day in pairwise(map(dt.date.fromordinal, days)):
            if day not in self._shut:
                yield from self._windows_on(day, next_day)

    def _windows_on(self, day: dt.date, next_day: dt.date) -> Iterator[Span]:
        """A date's windows as instants; where clocks are put forward, a window's edges may change places.

        Where clocks skip a date's last hour (or all of it), windows in that hour become instants of the next
        date; if that one is shut, so are they.
        """
        for window in self._week[day.weekday()]:
            start_at, end_at = self._instant(day, window.start_minute), self._instant(day, window.end_minute)
            if next_day in self._shut:
                end_at = min(end_at, midnight(next_day, self._zone))
            if start_at < end_at:
                yield start_at, end_at

    def _instant(self, day: dt.date, minute: int) -> Instant:
        if minute == 1440:
            return midnight(day + dt.timedelta(days=1), self._zone)
        hour, minute = divmod(minute, 60)
        return from_datetime(dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=self._zone))


def offers_enough(calendar: Calendar, effective_from: dt.date, seconds: int) -> bool:
    """Whether the calendar offers that much open time in the 5 years from a month's first day on (rule 3)."""
    until_on = effective_from.replace(year=min(effective_from.year + 5, dt.MAXYEAR))
    start_at, end_at = midnight(effective_from, calendar.zone), midnight(until_on, calendar.zone)
    # Nearly always the first weeks do, so no more is worked out than it takes.
    missing = seconds * SECOND
    for open_from, open_until in OpenHours(calendar).spans(start_at, end_at):
        if missing <= 0:
            break
        missing -= open_until - open_from
    return missing <= 0


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans sorted by their start as the same stretches of time, apart from each other."""
    joined: Span | None = None
    for span in spans:
        if joined is None:
            joined = span
        elif span[0] <= joined[1]:
            joined = joined[0], max(joined[1], span[1])
        else:
            yield joined
            joined = span
    if joined is not None:
        yield joined


def _ending_after(off: tuple[Span, ...], instant: Instant) -> tuple[Span, ...]:
    """The spans of which a part lies at or after the instant."""
    place = bisect_left(off, (instant, instant))
    if place and off[place - 1][1] > instant:
        place -= 1
    return off[place:]


def _less(span: Span, off: tuple[Span, ...]) -> Iterator[Span]:
    """What is left of a span."""
    start_at, end_at = span
    for off_from, off_until in _ending_after(off, start_at):
        if off_from >= end_at:
            break
        # One may be empty: a date off that clocks skipped.
        if max(start_at, off_from) < off_until:
            if start_at < off_from:
                yield start_at, off_from
            start_at = off_until
    if start_at < end_at:
        yield start_at, end_at
