"""The kinds of value that only a rulebook has: durations, event types, limits, opening hours."""

import datetime as dt
import re
from collections.abc import Callable, Iterable

from leaderboard.domain.rulebook import Limit, PointsTable, Rating, Window
from leaderboard.files.messages import shown
from leaderboard.files.values import LARGEST_WHOLE, Section, Value, Wrong, date, id_text, list_of, whole
from leaderboard.files.yaml_nodes import ListNode, MapNode

OTHERWISE = "otherwise"
FIRST_YEAR, LAST_YEAR = 1970, 2200
EVENT_TYPE = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+", re.ASCII)
LONGEST_EVENT_TYPE = 200
_MOST_SECONDS = 36_500 * 86_400

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_DURATION = re.compile(r"(\d+)([smhd])", re.ASCII)
_WINDOW = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})", re.ASCII)
_DAY_MINUTES = 24 * 60


def day_in_force(value: Value) -> dt.date:
    """A date on which a version of the rules can be in force."""
    day = date(value)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Wrong("date_out_of_range", first=FIRST_YEAR, last=LAST_YEAR)
    return day


def span(section: Section) -> tuple[dt.date, dt.date]:
    """`from` and `until`, both required, both included; what cannot be read is no date that ever comes."""
    from_on = section.required("from", day_in_force, dt.date.max)
    until_on = section.required("until", day_in_force, dt.date.max)
    until = section.value("until")
    if until is not None and until_on < from_on < dt.date.max:
        until.note("until_before_from", date=from_on.isoformat())
    return from_on, until_on


def ids(value: Value) -> tuple[str, ...]:
    """At least one id of something that this file does not define, such as a team; each counts once."""
    return tuple(sorted(set(_some(value, list_of(id_text, "")(value)))))


def event_type(value: Value) -> str:
    """A lower-case dotted name."""
    written = value.scalar("bad_event_type").strip()
    if not EVENT_TYPE.fullmatch(written) or len(written) > LONGEST_EVENT_TYPE:
        raise Wrong("bad_event_type", found=value.found)
    return written


def event_types(value: Value) -> frozenset[str]:
    """One event type or a list of them."""
    if isinstance(value.node, ListNode):
        return frozenset(_some(value, list_of(event_type, "")(value)))
    return frozenset({event_type(value)})


def _some(value: Value, items: tuple[str, ...]) -> Iterable[str]:
    if not items:
        raise Wrong("empty_list")
    return items


def duration(days: bool) -> Callable[[Value], int]:
    """A reader of durations, in seconds; days only where there is no calendar."""

    def read(value: Value) -> int:
        found = _DURATION.fullmatch(value.scalar("need_duration").strip())
        if found is None:
            raise Wrong("need_duration", found=value.found)
        if found[2] == "d" and not days:
            raise Wrong("day_with_calendar")
        digits = found[1].lstrip("0") or "0"
        if len(digits) > len(str(_MOST_SECONDS)) or int(digits) * _SECONDS[found[2]] > _MOST_SECONDS:
            raise Wrong("too_large_number", most=f"{_MOST_SECONDS // _SECONDS[found[2]]}{found[2]}")
        return int(digits) * _SECONDS[found[2]]

    return read


def limit(days: bool) -> Callable[[Value], Limit]:
    """A reader of `1h` or `{A: 30m, otherwise: 4h}`."""
    one = duration(days)

    def read(value: Value) -> Limit:
        if not isinstance(value.node, MapNode):
            return Limit(otherwise=one(value))
        seconds = {grade: entry.read(one, 0) for grade, entry in graded(value).items()}
        otherwise = seconds.pop(OTHERWISE, None)
        return Limit(seconds, otherwise)

    return read


def graded(value: Value) -> dict[str, Value]:
    """The entries of a mapping by grade, at least one."""
    entries = value.entries()
    if not entries:
        raise Wrong("empty_list")
    for name, entry in entries.items():
        if not name.strip():
            entry.note_key("need_text", found="nothing")
    return {name.strip(): entry for name, entry in entries.items()}


def points_table(value: Value) -> PointsTable:
    """`{exceeded: 3, met: 2, missed: -1}`, each 0 where left out."""
    section = Section(value)
    reader = whole(-LARGEST_WHOLE, LARGEST_WHOLE)
    by_rating = {rating: section.optional(rating.value, reader, 0) for rating in Rating}
    section.finish()
    return PointsTable(by_rating[Rating.EXCEEDED], by_rating[Rating.MET], by_rating[Rating.MISSED])


def window(value: Value) -> Window:
    """`09:00-18:00` as minutes of the day; the end may be 24:00."""
    found = _WINDOW.fullmatch(value.scalar("bad_window").strip())
    if found is None:
        raise Wrong("bad_window", found=value.found)
    start_hour, start_minute, end_hour, end_minute = (int(part) for part in found.groups())
    start, end = start_hour * 60 + start_minute, end_hour * 60 + end_minute
    if start_minute > 59 or end_minute > 59 or start >= _DAY_MINUTES or end > _DAY_MINUTES:
        raise Wrong("bad_window", found=value.found)
    if end <= start:
        raise Wrong("window_past_midnight")
    return Window(start, end)


def windows(value: Value) -> tuple[Window, ...]:
    """A day's windows in order; none may overlap another."""
    read: list[Window] = []
    for item in value.items():
        one = item.read(window, None)
        if one is None:
            continue
        other = next((w for w in read if _overlap(w, one)), None)
        if other is not None:
            item.note("windows_overlap", other=shown(clock_range(other)))
        read.append(one)
    return tuple(sorted(read, key=lambda w: w.start_minute))


def _overlap(one: Window, other: Window) -> bool:
    return one.start_minute < other.end_minute and other.start_minute < one.end_minute


def clock_range(one: Window) -> str:
    """A window as it is written in a rulebook."""
    return f"{_clock(one.start_minute)}-{_clock(one.end_minute)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
