"""Which version of the rules is in force, and what each event type means to it."""

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from leaderboard.domain.business_time import ALWAYS, OpenHours, OpenTime
from leaderboard.domain.instants import Instant, midnight
from leaderboard.domain.periods import LAST_MONTH, Month, PeriodCalendar
from leaderboard.domain.rulebook import (
    Counted,
    Ratio,
    Recorded,
    Response,
    Rulebook,
    ServiceLevel,
    Volume,
)


class Side(StrEnum):
    """Which sum of a volume or ratio an event counts in; or that it says that a task was done."""

    VOLUME = "volume"
    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    TASK = "task"


class Counter(NamedTuple):
    """One sum that an event type counts in."""

    service_level: str
    side: Side
    counted: Counted


class Version:
    """A rulebook, indexed by event type for the fold of a lead."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self.effective_from: dt.date = rulebook.effective_from
        self.service_levels: Mapping[str, ServiceLevel] = rulebook.service_levels
        self.starts: dict[str, list[Response]] = defaultdict(list)
        self.counters: dict[str, list[Counter]] = defaultdict(list)
        self._hours = {name: OpenHours(calendar) for name, calendar in rulebook.calendars.items()}
        for level in rulebook.service_levels.values():
            self._index(level)

    def _index(self, level: ServiceLevel) -> None:
        if isinstance(level, Response):
            for start in level.start:
                self.starts[start].append(level)
        elif isinstance(level, Volume):
            self._count(level.id, Side.VOLUME, level.counted)
        elif isinstance(level, Ratio):
            self._count(level.id, Side.NUMERATOR, level.numerator)
            self._count(level.id, Side.DENOMINATOR, level.denominator)

    def _count(self, service_level: str, side: Side, counted: Counted) -> None:
        for event_type in counted.events:
            self.counters[event_type].append(Counter(service_level, side, counted))

    def hours(self, level: Response) -> OpenTime:
        """The open time of a service level; without a calendar every second counts."""
        return ALWAYS if level.calendar is None else self._hours[level.calendar]

    def response(self, service_level: str) -> Response | None:
        """The service level of that id, if it is a clock here."""
        level = self.service_levels.get(service_level)
        return level if isinstance(level, Response) else None

    def recorded(self, service_level: str) -> Recorded | None:
        """The service level of that id, if it takes verdicts here."""
        level = self.service_levels.get(service_level)
        return level if isinstance(level, Recorded) else None


class Book:
    """The versions of one organization's rulebook, each in force until the next one's first day.

    Raises ValueError for no version at all, or for versions that cut time differently.
    """

    def __init__(self, rulebooks: Iterable[Rulebook]) -> None:
        ordered = sorted(rulebooks, key=lambda rulebook: rulebook.effective_from)
        if not ordered:
            raise ValueError("a book needs at least one rulebook")
        cuts = {(str(r.organization.zone), r.organization.fiscal_year_start) for r in ordered}
        if len(cuts) > 1:
            raise ValueError("all versions have the same timezone and fiscal_year_start")
        organization = ordered[-1].organization
        self.calendar = PeriodCalendar(organization.zone, organization.fiscal_year_start)
        self.versions = tuple(Version(rulebook) for rulebook in ordered)
        self.counted = frozenset(kind for version in self.versions for kind in version.counters)
        """The types of events that count in a sum of any version."""
        self._starts = [midnight(v.effective_from, organization.zone) for v in self.versions]
        self._dates = [v.effective_from for v in self.versions]

    def at(self, instant: Instant) -> Version | None:
        """The version in force; None before the first."""
        place = bisect_right(self._starts, instant)
        return self.versions[place - 1] if place else None

    def in_month(self, month: Month) -> Version | None:
        """The version in force all through a month; None before the first."""
        place = bisect_right(self._dates, month.first_on)
        return self.versions[place - 1] if place else None

    def months_until(self, last: Month) -> Iterator[tuple[Month, Version]]:
        """The months from the first with rules to the last one asked for (or LAST_MONTH), with their versions."""
        for ordinal in range(self.first_month.ordinal, min(last, LAST_MONTH).ordinal + 1):
            month = Month.from_ordinal(ordinal)
            yield month, self.versions[bisect_right(self._dates, month.first_on) - 1]

    def on(self, effective_from: dt.date) -> Version:
        """The version that came into force that day. Raises KeyError."""
        for version in self.versions:
            if version.effective_from == effective_from:
                return version
        raise KeyError(effective_from)

    @property
    def first_month(self) -> Month:
        """The month from which there are rules at all."""
        return Month.of_date(self._dates[0])
