"""Instants: whole microseconds since 1970-01-01T00:00Z.

An integer has one meaning on every database, no zone to forget and no daylight saving in its
differences. It becomes a date only by naming the zone, and text only at the edge.
"""

import datetime as dt
import re
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo

Instant: TypeAlias = int
"""Microseconds since the epoch, UTC."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
_FIRST = (dt.datetime.min.replace(tzinfo=dt.UTC) - _EPOCH) // _MICROSECOND
_LAST = (dt.datetime.max.replace(tzinfo=dt.UTC) - _EPOCH) // _MICROSECOND
# RFC 3339 §5.6: the letters may be lower case, a space may stand for the T.
_RFC3339 = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))",
    re.ASCII,
)


def from_datetime(moment: dt.datetime) -> Instant:
    """The instant of an aware datetime. Raises TypeError for a naive one."""
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(instant: Instant, zone: dt.tzinfo = dt.UTC) -> dt.datetime:
    """The aware datetime of an instant, in `zone`; the first or last that can be written, where it is beyond."""
    moment = _EPOCH + dt.timedelta(microseconds=instant)
    try:
        return moment.astimezone(zone)
    except OverflowError:
        # Systems write 0001-01-01 for "never"; west of Greenwich that is a date no calendar has.
        return dt.datetime.min.replace(tzinfo=zone) if instant < 0 else dt.datetime.max.replace(tzinfo=zone)


def local_date(instant: Instant, zone: ZoneInfo) -> dt.date:
    """The calendar date that a clock in `zone` shows at the instant."""
    return to_datetime(instant, zone).date()


@lru_cache(maxsize=8192)
def midnight(day: dt.date, zone: ZoneInfo) -> Instant:
    """The instant of 00:00 on that local date (fold=0, as everywhere in the spec)."""
    return from_datetime(dt.datetime(day.year, day.month, day.day, tzinfo=zone))


def midnight_after(day: dt.date, zone: ZoneInfo) -> Instant:
    """The instant at which that local date is over."""
    return midnight(day + dt.timedelta(days=1), zone)


def parse_rfc3339(text: str) -> Instant:
    """The instant that an RFC 3339 §5.6 date-time names; digits beyond microseconds are cut.

    Raises ValueError for anything else: no offset, second 60, a date that is not in the calendar (of UTC too).
    """
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise ValueError("not an RFC 3339 date-time with offset")
    year, month, day, hour, minute, second, fraction, zulu, sign, off_hours, off_minutes = found.groups()
    moment = dt.datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=dt.UTC)
    instant = from_datetime(moment) + int((fraction or "")[:6].ljust(6, "0"))
    if zulu:
        return instant
    if int(off_hours) > 23 or int(off_minutes) > 59:
        raise ValueError("offset out of range")
    offset = int(off_hours) * HOUR + int(off_minutes) * MINUTE
    instant = instant - offset if sign == "+" else instant + offset
    if not _FIRST <= instant <= _LAST:
        raise ValueError("out of range")
    return instant


def format_instant(instant: Instant) -> str:
    """`YYYY-MM-DDTHH:MM:SSZ`, with a fraction only where there is one (interfaces.md)."""
    text = to_datetime(instant).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    fraction = instant % SECOND
    return f"{text}.{fraction:06d}".rstrip("0") + "Z" if fraction else text + "Z"
