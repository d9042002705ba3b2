"""The systems that send us events: when each was last heard, and whether its silence is out of the ordinary."""

from itertools import pairwise
from typing import Any

from sqlalchemy import func, literal, select

from leaderboard.domain.business_time import ALWAYS, OpenTime
from leaderboard.domain.instants import DAY, HOUR, Instant
from leaderboard.domain.rulebook import Response
from leaderboard.persistence.models import Event
from leaderboard.queries.data_health_page import SourceFacts
from leaderboard.queries.ground import Reading

_MOST_SOURCES = 50
_SAMPLE = 200
_SHORTEST = 8 * HOUR
"""Of open time: less than a working day's silence is never called one."""
_TIMES_USUAL = 3


def sources(reading: Reading) -> tuple[SourceFacts, ...]:
    """Three statements, whatever the number of events: sources are found by leaps through an index."""
    names = _names(reading)
    if not names:
        return ()
    counts = _counts(reading, names)
    samples = _samples(reading, names)
    hours = _hours(reading)
    return tuple(
        _facts(name, counts[name], samples[name], hours, reading.now) for name in names if name in samples
    )


def _names(reading: Reading) -> list[str]:
    """Each source by a leap over all entries of the one before: a DISTINCT would walk through all events."""
    first = select(func.min(Event.source).label("source")).cte("leaps", recursive=True)
    following = select(func.min(Event.source)).where(Event.source > first.c.source).scalar_subquery()
    leaps = first.union_all(select(following).where(first.c.source.is_not(None)))
    found = reading.session.scalars(
        select(leaps.c.source).where(leaps.c.source.is_not(None)).limit(_MOST_SOURCES)
    )
    return [name for name in found if name is not None]


def _counts(reading: Reading, names: list[str]) -> dict[str, tuple[int, int]]:
    calendar = reading.ground.book.calendar
    today_at = calendar.month(calendar.month_at(reading.now)).start_at
    midnight = reading.now - (reading.now - today_at) % DAY
    week = reading.now - 7 * DAY
    today = func.count().filter(Event.received_at >= midnight)
    rows = reading.session.execute(
        select(Event.source, today, func.count())
        .where(Event.source.in_(names), Event.received_at >= week)
        .group_by(Event.source)
    )
    found = {source: (today, in_week) for source, today, in_week in rows}
    return {name: found.get(name, (0, 0)) for name in names}


def _samples(reading: Reading, names: list[str]) -> dict[str, list[Instant]]:
    """The last deliveries of each source, newest first."""
    parts: list[Any] = []
    for name in names:
        last = (
            select(literal(name).label("source"), Event.received_at)
            .where(Event.source == name)
            .order_by(Event.received_at.desc())
            .limit(_SAMPLE)
            .subquery()
        )
        parts.append(select(last.c.source, last.c.received_at))
    rows = reading.session.execute(parts[0].union_all(*parts[1:]) if len(parts) > 1 else parts[0])
    found: dict[str, list[Instant]] = {}
    for source, received_at in rows:
        found.setdefault(source, []).append(received_at)
    return {name: sorted(times, reverse=True) for name, times in found.items()}


def _hours(reading: Reading) -> OpenTime:
    """Silence is measured in open time, by the first clock that has a calendar: a night is nobody's silence."""
    version = reading.ground.book.at(reading.now) or reading.ground.book.versions[-1]
    levels = (level for level in version.service_levels.values() if isinstance(level, Response))
    return next((version.hours(level) for level in levels if level.calendar is not None), ALWAYS)


def _facts(
    name: str, counts: tuple[int, int], times: list[Instant], hours: OpenTime, now: Instant
) -> SourceFacts:
    days = {time // DAY for time in times}
    gaps = [hours.between(earlier, later) for later, earlier in pairwise(times)]
    # A file imported once is no source that could fall silent.
    usual = max(gaps) if gaps and len(days) > 1 else None
    silence = hours.between(times[0], now)
    is_silent = usual is not None and silence > max(_SHORTEST, _TIMES_USUAL * usual)
    return SourceFacts(name, counts[0], counts[1], times[0], is_silent, usual, silence)
