"""A version of the rules that runs silently beside the one in force: from which month, until when, over which periods.

What it gives is no rule of its own: it is the comparison of docs/simulation.md, with the version in force from the
first day of the month from which the trial counts (docs/trial.md).
"""

import datetime as dt
from collections.abc import Iterator

from leaderboard.domain.instants import Instant, midnight
from leaderboard.domain.periods import Month, Period, PeriodCalendar

LONGEST = dt.timedelta(weeks=26)
USUAL = dt.timedelta(weeks=4)


def months_to_count_from(calendar: PeriodCalendar, first: Month, now: Instant) -> tuple[Month, ...]:
    """Those of the present quarter that have begun (and have rules: `first` is the first such month), and the next."""
    present = calendar.month_at(now)
    begun = [month for month in calendar.quarter_of(present).months if first <= month <= present]
    return (*begun, present.plus(1))


def ends_at(calendar: PeriodCalendar, last_on: dt.date) -> Instant:
    """When a trial is over whose last day this is: the day is part of it."""
    return midnight(last_on + dt.timedelta(days=1), calendar.zone)


def last_day(calendar: PeriodCalendar, end_at: Instant) -> dt.date:
    """The last day of a trial that is over at an instant."""
    return calendar.date_at(end_at - 1)


def compared_periods(calendar: PeriodCalendar, since: Month, as_of: Instant) -> tuple[Period, ...]:
    """The months from that one on, with their quarters, that have begun before the instant; months first."""
    months = [calendar.month(month) for month in _months(since, calendar.month_at(as_of - 1))]
    quarters = dict.fromkeys(calendar.quarter_of(month.first_month) for month in months)
    return (*months, *quarters)


def _months(first: Month, last: Month) -> Iterator[Month]:
    return map(Month.from_ordinal, range(first.ordinal, last.ordinal + 1))
