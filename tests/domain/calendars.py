"""Calendars to test with, and the instants near which clocks change."""

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from leaderboard.domain.instants import DAY, MINUTE, SECOND, Instant, parse_rfc3339
from leaderboard.domain.rulebook import Calendar, Window

# The clocks of each zone change at these instants: by an hour at two or at midnight, back over midnight, by half an
# hour, by two hours, by a whole day; once in Kathmandu, by a quarter of an hour; in Nuuk, over the last hour of a date.
CHANGES: dict[str, tuple[str, ...]] = {
    "America/New_York": ("2026-03-08T07:00:00Z", "2026-11-01T06:00:00Z"),
    "America/Sao_Paulo": ("2017-02-19T02:00:00Z", "2017-10-15T03:00:00Z"),
    "Europe/Lisbon": ("2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"),
    "Australia/Lord_Howe": ("2026-04-04T15:00:00Z", "2026-10-03T15:30:00Z"),
    "Asia/Kathmandu": ("1985-12-31T18:30:00Z",),
    "Pacific/Apia": ("2011-12-30T10:00:00Z",),
    "Antarctica/Troll": ("2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"),
    "America/St_Johns": ("2006-04-02T03:31:00Z", "2006-10-29T02:31:00Z"),
    "America/Nuuk": ("2024-03-31T01:00:00Z", "2024-10-27T01:00:00Z"),
}
# Edges of windows: usual hours, and minutes before, in and after the hours that clocks skip or repeat.
MINUTES = (
    0,
    1,
    15,
    45,
    60,
    90,
    105,
    120,
    135,
    150,
    180,
    210,
    540,
    720,
    780,
    1020,
    1320,
    1380,
    1395,
    1425,
    1440,
)


def at(text: str, zone: str | None = None) -> Instant:
    """`2026-03-08 12:30` in a zone (the earlier one of two), or an RFC 3339 text."""
    if zone is None:
        return parse_rfc3339(text)
    moment = dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    return (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def windows(*texts: str) -> tuple[Window, ...]:
    """Windows as a rulebook writes them: `09:00-12:00`."""
    edges = [[int(edge[:2]) * 60 + int(edge[3:]) for edge in text.split("-")] for text in texts]
    return tuple(Window(start, end) for start, end in edges)


def calendar(
    zone: str,
    week: dict[int, tuple[Window, ...]],
    closed: Iterable[str] = (),
    holidays: Iterable[str] = (),
) -> Calendar:
    """A calendar with the windows of each weekday (0 is Monday)."""
    return Calendar(
        "desk",
        ZoneInfo(zone),
        tuple(week.get(day, ()) for day in range(7)),
        closed=frozenset(map(dt.date.fromisoformat, closed)),
        holidays={dt.date.fromisoformat(day): "Holiday" for day in holidays},
    )


@st.composite
def days_of_windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """A day's windows: in order, not overlapping; they may touch."""
    edges = sorted(draw(st.sets(st.sampled_from(MINUTES), min_size=2, max_size=6)))
    pairs = [Window(start, end) for start, end in pairwise(edges)]
    return tuple(window for window in pairs if draw(st.booleans()))


@st.composite
def calendars_near_a_change(draw: st.DrawFn) -> tuple[Calendar, Instant]:
    """Any calendar, some of its dates around a change of clocks shut; and the instant of that change."""
    zone = draw(st.sampled_from(sorted(CHANGES)))
    change_at = at(draw(st.sampled_from(CHANGES[zone])))
    kinds = draw(st.lists(days_of_windows(), min_size=1, max_size=3))
    week = {day: draw(st.sampled_from(kinds)) for day in range(7)}
    near = dt.date(1970, 1, 1).toordinal() + change_at // DAY
    dates = st.integers(near - 4, near + 4).map(lambda day: dt.date.fromordinal(day).isoformat())
    closed, holidays = draw(st.sets(dates, max_size=3)), draw(st.sets(dates, max_size=2))
    return calendar(zone, week, closed, holidays), change_at


def instants_near(instant: Instant) -> st.SearchStrategy[Instant]:
    """Instants up to five days away, as often on a quarter of an hour as on any microsecond."""
    quarters = st.integers(-5 * 96, 5 * 96).map(lambda quarter: instant + quarter * 15 * MINUTE)
    return quarters | st.integers(instant - 5 * DAY, instant + 5 * DAY)


def durations() -> st.SearchStrategy[int]:
    """Microseconds, up to three days."""
    return st.integers(0, 3 * 96).map(lambda quarter: quarter * 15 * MINUTE) | st.integers(
        0, 72 * 3600 * SECOND
    )


@st.composite
def times_off(draw: st.DrawFn, near_at: Instant) -> tuple[tuple[Instant, Instant], ...]:
    """Up to three spans in order, none overlapping; some may be empty or touch the next."""
    edges = sorted(draw(st.lists(instants_near(near_at), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))
