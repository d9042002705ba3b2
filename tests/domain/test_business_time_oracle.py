"""The quick `OpenHours` against a slow one that can be seen to be right."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leaderboard.domain.business_time import ALWAYS, OpenHours
from leaderboard.domain.instants import DAY, MINUTE, Instant, from_datetime, to_datetime
from leaderboard.domain.rulebook import Calendar
from tests.domain.calendars import calendars_near_a_change, durations, instants_near, times_off

Spans = list[tuple[Instant, Instant]]
_DAY = dt.timedelta(days=1)
_SOON = 20 * DAY


class SlowHours:
    """Looks at every window of every date near, at every stretch between two edges of anything."""

    def __init__(
        self, calendar: Calendar, off: tuple[tuple[Instant, Instant], ...], near_at: Instant
    ) -> None:
        self.open: Spans = []
        self.shut: Spans = list(off)
        middle = to_datetime(near_at, calendar.zone).date()
        for days in range(-10, 35):
            day = middle + days * _DAY
            if day in calendar.closed or day in calendar.holidays:
                self.shut.append((_instant(calendar, day, 0), _instant(calendar, day, 1440)))
            else:
                for window in calendar.week[day.weekday()]:
                    edges = window.start_minute, window.end_minute
                    self.open.append((_instant(calendar, day, edges[0]), _instant(calendar, day, edges[1])))

    def is_open_at(self, instant: Instant) -> bool:
        return _covered(instant, self.open) and not _covered(instant, self.shut)

    def spans(self, start_at: Instant, end_at: Instant) -> Iterator[tuple[Instant, Instant]]:
        edges = {edge for span in self.open + self.shut for edge in span if start_at < edge < end_at}
        stops = sorted({start_at, end_at} | edges)
        for left, right in pairwise(stops):
            if self.is_open_at(left):
                yield left, right

    def between(self, start_at: Instant, end_at: Instant) -> int:
        return sum(right - left for left, right in self.spans(start_at, end_at))

    def add(self, start_at: Instant, duration_us: int) -> Instant | None:
        if duration_us == 0:
            return start_at
        for left, right in self.spans(start_at, start_at + _SOON):
            if duration_us <= right - left:
                return left + duration_us
            duration_us -= right - left
        return None


def _instant(calendar: Calendar, day: dt.date, minute: int) -> Instant:
    """Local midnight as the wall shows it plus so many minutes on the wall, then what `zoneinfo` makes of it."""
    wall = dt.datetime.combine(day, dt.time()) + dt.timedelta(minutes=minute)
    return from_datetime(wall.replace(tzinfo=calendar.zone, fold=0).astimezone(dt.UTC))


def _covered(instant: Instant, spans: Spans) -> bool:
    return any(start_at <= instant < end_at for start_at, end_at in spans)


def _joined(spans: Iterator[tuple[Instant, Instant]]) -> Spans:
    joined: Spans = []
    for left, right in spans:
        if joined and joined[-1][1] == left:
            left = joined.pop()[0]
        joined.append((left, right))
    return joined


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_quick_hours_answer_as_the_slow_ones_do(data: st.DataObject) -> None:
    calendar, change_at = data.draw(calendars_near_a_change())
    off = data.draw(times_off(change_at) | st.just(()))
    start_at, end_at = sorted((data.draw(instants_near(change_at)), data.draw(instants_near(change_at))))
    duration_us = data.draw(durations())
    quick, slow = OpenHours(calendar), SlowHours(calendar, off, change_at)
    assert quick.between(start_at, end_at, off) == slow.between(start_at, end_at)
    assert list(quick.spans(start_at, end_at, off)) == _joined(slow.spans(start_at, end_at))
    assert quick.is_open_at(start_at, off) == slow.is_open_at(start_at)
    reached_at = quick.add(start_at, duration_us, off)
    if reached_at is None or reached_at > start_at + _SOON:
        reached_at = None
    assert reached_at == slow.add(start_at, duration_us)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_while_no_clock_changes_each_minute_counts_as_the_wall_clock_says(data: st.DataObject) -> None:
    calendar, change_at = data.draw(calendars_near_a_change())
    start_at = data.draw(instants_near(change_at)) // MINUTE * MINUTE
    end_at = start_at + data.draw(st.integers(0, 36 * 60)) * MINUTE
    offsets = {
        to_datetime(start_at + hours * 60 * MINUTE, calendar.zone).utcoffset() for hours in range(-25, 62)
    }
    assume(len(offsets) == 1)
    opened = 0
    for instant in range(start_at, end_at, MINUTE):
        local = to_datetime(instant, calendar.zone)
        minute = local.hour * 60 + local.minute
        if local.date() not in calendar.closed and local.date() not in calendar.holidays:
            week = calendar.week[local.weekday()]
            opened += any(window.start_minute <= minute < window.end_minute for window in week)
    assert OpenHours(calendar).between(start_at, end_at) == opened * MINUTE


@given(st.data())
def test_without_a_calendar_all_but_time_off_counts(data: st.DataObject) -> None:
    off = data.draw(times_off(0))
    start_at, end_at = data.draw(instants_near(0)), data.draw(instants_near(0))
    duration_us = data.draw(durations())
    lost = sum(max(0, min(until, end_at) - max(since, start_at)) for since, until in off)
    assert ALWAYS.between(start_at, end_at, off) == max(0, end_at - start_at - lost)
    reached_at = ALWAYS.add(start_at, duration_us, off)
    assert reached_at is not None
    assert ALWAYS.between(start_at, reached_at, off) == duration_us
