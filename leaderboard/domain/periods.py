"""Months and quarters, cut in the organization's time zone (rulebook.md, Periods)."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Self
from zoneinfo import ZoneInfo

from leaderboard.domain.instants import MINUTE, SECOND, Instant, local_date, midnight

_QUARTER_HOUR = 15 * MINUTE
_SINCE_WHEN_OFFSETS_ARE_ROUND = 1_325_376_000 * SECOND  # 2012-01-01T00:00Z
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)


class PeriodKind(StrEnum):
    """What a standing, a rank badge or a recognition goes by."""

    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, `2026-08`."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError unless the text is `YYYY-MM`."""
        found = _MONTH.fullmatch(text)
        if found is None or found[1] == "0000":
            raise ValueError(f"{text!r} is not a month such as 2026-08")
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of_date(cls, day: dt.date) -> Self:
        """The month that a date lies in."""
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def ordinal(self) -> int:
        """Months since year 0, for arithmetic."""
        return self.year * 12 + self.number - 1

    @classmethod
    def from_ordinal(cls, ordinal: int) -> Self:
        """The inverse of `ordinal`."""
        return cls(ordinal // 12, ordinal % 12 + 1)

    def plus(self, months: int) -> "Month":
        """That many months later (or earlier)."""
        return Month.from_ordinal(self.ordinal + months)

    @property
    def first_on(self) -> dt.date:
        """Its first date."""
        return dt.date(self.year, self.number, 1)

    @property
    def last_on(self) -> dt.date:
        """Its last date."""
        return self.plus(1).first_on - dt.timedelta(days=1)


LAST_MONTH = Month(9999, 9)
"""The last of which every organization's quarter ends within the calendar."""


@dataclass(frozen=True, slots=True)
class Period:
    """A month or a quarter with its bounds: from `start_at` to just before `end_at`."""

    name: str
    kind: PeriodKind
    first_month: Month
    start_at: Instant
    end_at: Instant

    @property
    def months(self) -> tuple[Month, ...]:
        """Its months in order: one, or three."""
        length = 1 if self.kind is PeriodKind.MONTH else 3
        return tuple(self.first_month.plus(i) for i in range(length))

    @property
    def last_second_at(self) -> Instant:
        """Where month points are booked and rank badges awarded."""
        return self.end_at - SECOND

    @property
    def first_on(self) -> dt.date:
        """Its first local date."""
        return self.first_month.first_on

    @property
    def last_on(self) -> dt.date:
        """Its last local date."""
        return self.months[-1].last_on

    def __contains__(self, instant: Instant) -> bool:
        return self.start_at <= instant < self.end_at


@dataclass(frozen=True, slots=True)
class PeriodCalendar:
    """How an organization cuts time: its zone and the month its fiscal year starts in."""

    zone: ZoneInfo
    fiscal_year_start: int = 1

    def month_at(self, instant: Instant) -> Month:
        """The month that an instant lies in."""
        return _month_of(self.date_at(instant))

    def date_at(self, instant: Instant) -> dt.date:
        """The local date of an instant."""
        if instant < _SINCE_WHEN_OFFSETS_ARE_ROUND:
            return local_date(instant, self.zone)
        return _date_of_quarter_hour(instant // _QUARTER_HOUR, self.zone)

    def day_at(self, instant: Instant) -> str:
        """The same as `2026-08-31`; its first seven characters name the month."""
        if instant < _SINCE_WHEN_OFFSETS_ARE_ROUND:
            return local_date(instant, self.zone).isoformat()
        return _day_of_quarter_hour(instant // _QUARTER_HOUR, self.zone)

    def month(self, month: Month) -> Period:
        """A month as a period."""
        return _period(self, PeriodKind.MONTH, month)

    def quarter_of(self, month: Month) -> Period:
        """The quarter that a month lies in; a fiscal year bears the number of the year in which it ends."""
        first = Month.from_ordinal(month.ordinal - (month.number - self.fiscal_year_start) % 3)
        return _period(self, PeriodKind.QUARTER, first)

    def parse(self, name: str) -> Period:
        """The period of that name. Raises ValueError for anything but `2026-08` and `2026-Q3`."""
        found = _QUARTER.fullmatch(name)
        if found is None:
            try:
                return self.month(Month.parse(name))
            except ValueError:
                raise ValueError(f"{name!r} is not a period: a month is 2026-08, a quarter 2026-Q3") from None
        if not 2 <= int(found[1]) <= 9997:
            raise ValueError(f"{name!r} is out of range")
        fiscal_start = Month(int(found[1]) - (1 if self.fiscal_year_start > 1 else 0), self.fiscal_year_start)
        return self.quarter_of(fiscal_start.plus(3 * (int(found[2]) - 1)))

    def at(self, kind: PeriodKind, instant: Instant) -> Period:
        """The month or quarter that an instant lies in."""
        month = self.month_at(instant)
        return self.month(month) if kind is PeriodKind.MONTH else self.quarter_of(month)

    def before(self, period: Period) -> Period:
        """The period of the same kind that ends where this one starts."""
        step = 1 if period.kind is PeriodKind.MONTH else 3
        return _period(self, period.kind, period.first_month.plus(-step))

    def after(self, period: Period) -> Period:
        """The period of the same kind that starts where this one ends."""
        step = 1 if period.kind is PeriodKind.MONTH else 3
        return _period(self, period.kind, period.first_month.plus(step))


@lru_cache(maxsize=65536)
def _date_of_quarter_hour(number: int, zone: ZoneInfo) -> dt.date:
    """Every zone's offset has been a multiple of a quarter of an hour since 2012, and so has every change."""
    return local_date(number * _QUARTER_HOUR, zone)


@lru_cache(maxsize=65536)
def _day_of_quarter_hour(number: int, zone: ZoneInfo) -> str:
    return _date_of_quarter_hour(number, zone).isoformat()


@lru_cache(maxsize=8192)
def _month_of(day: dt.date) -> Month:
    return Month.of_date(day)


@lru_cache(maxsize=4096)
def _period(calendar: PeriodCalendar, kind: PeriodKind, first: Month) -> Period:
    length = 1 if kind is PeriodKind.MONTH else 3
    start_at = midnight(first.first_on, calendar.zone)
    end_at = midnight(first.plus(length).first_on, calendar.zone)
    return Period(_name(calendar, kind, first), kind, first, start_at, end_at)


def _name(calendar: PeriodCalendar, kind: PeriodKind, first: Month) -> str:
    if kind is PeriodKind.MONTH:
        return str(first)
    number = ((first.number - calendar.fiscal_year_start) % 12) // 3 + 1
    fiscal_start = first.plus(-3 * (number - 1))
    year = fiscal_start.year + (1 if calendar.fiscal_year_start > 1 else 0)
    return f"{year:04d}-Q{number}"
