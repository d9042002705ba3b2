"""An event's time: RFC 3339 with offset, or an ISO local time where the import names a time zone.

`parse_time` reads carefully and says what is wrong. `QuickTimes` reads the usual shapes from look-ups
of their three parts (day, clock, offset), for files of millions of rows, and doubts anything else.
"""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant, from_datetime, parse_rfc3339
from leaderboard.files.events.reasons import Refused
from leaderboard.files.messages import shown

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Outside lies no event, but many a system's "no date" (0001, 1601, 9999)."""

_MOST_KEPT = 100_000
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?", re.ASCII)
_LOCAL = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2})(:\d{2})?(?:\.(\d+))?)?", re.ASCII)
_DAY = re.compile(r"(\d{4})-\d{2}-\d{2}[Tt ]", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)
_OFFSET = re.compile(r"(?:\.(\d+))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))", re.ASCII)
_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()


class Doubt(Exception):
    """The quick way does not vouch for this; the careful one decides."""


def parse_time(text: str, zone: ZoneInfo | None = None) -> Instant:
    """The instant of a trimmed text; without offset it is local to `zone`. Raises Refused."""
    local = _LOCAL.fullmatch(text)
    try:
        instant = parse_rfc3339(text) if local is None else None
    except ValueError:
        # With a date and a clock in front, it is their values or the offset that are wrong.
        code = "time_calendar" if _DATE_TIME.match(text) else "time_shape"
        raise Refused(code, found=shown(text)) from None
    check_year(text)
    if instant is not None:
        return instant
    if zone is None:
        raise Refused("time_no_offset", found=shown(text))
    return _local_instant(text, zone)


def check_year(text: str) -> None:
    """Raises Refused if the year that the text begins with is out of range."""
    if not FIRST_YEAR <= int(text[:4]) <= LAST_YEAR:
        raise Refused("time_range", found=shown(text), first=FIRST_YEAR, last=LAST_YEAR)


def _local_instant(text: str, zone: ZoneInfo) -> Instant:
    found = _LOCAL.fullmatch(text)
    assert found is not None
    day, minute, second, fraction = found.groups()
    if fraction is not None and second is None:
        raise Refused("time_shape", found=shown(text))
    try:
        moment = dt.datetime.fromisoformat(f"{day}T{minute or '00:00'}{second or ':00'}")
    except ValueError:
        raise Refused("time_calendar", found=shown(text)) from None
    return from_datetime(moment.replace(tzinfo=zone)) + _micros(fraction)


def _micros(fraction: str | None) -> int:
    """Digits beyond microseconds are cut."""
    return int((fraction or "")[:6].ljust(6, "0"))


class _Days(dict[str, Instant]):
    """`2026-08-03T` -> the instant of its midnight, UTC."""

    def __missing__(self, text: str) -> Instant:
        found = _DAY.fullmatch(text)
        if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
            raise Doubt
        try:
            ordinal = dt.date.fromisoformat(text[:10]).toordinal()
        except ValueError:
            raise Doubt from None
        self[text] = (ordinal - _EPOCH_DAY) * DAY
        return self[text]


class _Clock(dict[str, Instant]):
    """`10:30:00` -> the microseconds since midnight."""

    def __missing__(self, text: str) -> Instant:
        found = _CLOCK.fullmatch(text)
        if found is None:
            raise Doubt
        self[text] = int(found[1]) * HOUR + int(found[2]) * MINUTE + int(found[3]) * SECOND
        return self[text]


class _Tails(dict[str, Instant]):
    """`Z`, `-03:00`, `.123Z` -> the microseconds that they add."""

    def __missing__(self, text: str) -> Instant:
        found = _OFFSET.fullmatch(text)
        if found is None:
            raise Doubt
        fraction, sign, hours, minutes = found.groups()
        offset = int(hours) * HOUR + int(minutes) * MINUTE if sign else 0
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[text] = _micros(fraction) + (offset if sign == "-" else -offset)
        return self[text]


class QuickTimes:
    """The three look-ups: an instant is `days[t[:11]] + clock[t[11:19]] + tails[t[19:]]`; they raise Doubt.

    Days and clocks are few by nature; the tails are kept within bounds.
    """

    def __init__(self) -> None:
        self.days = _Days()
        self.clock = _Clock()
        self.tails = _Tails()
