"""Which period may be closed, and which closes by itself next and when (rulebook.md, Closing)."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant, midnight
from leaderboard.domain.periods import Month, Period, PeriodKind
from leaderboard.domain.versions import Book
from leaderboard.persistence import models
from leaderboard.services.closed_periods import closed_months, closed_quarters
from leaderboard.services.rules import Rules
from leaderboard.services.timelines import first_event_at

_AFTER_DAYS = 3


class ClosingRefused(Exception):
    """A period cannot be closed (yet); the message says why, and what to do.

    `code` with `params` says the same for other languages.
    """

    def __init__(self, message: str, code: str, **params: str) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


def scheduled_at(book: Book, period: Period) -> Instant:
    """When a period closes by itself: `closing.after_days` days after its last month's end."""
    end_on = period.last_on.toordinal() + 1 + after_days(book, period)
    return midnight(period.last_on.fromordinal(end_on), book.calendar.zone)


def after_days(book: Book, period: Period) -> int:
    """How many days after its end a period closes, by the version in force in its last month."""
    version = book.in_month(period.months[-1])
    return _AFTER_DAYS if version is None else version.rulebook.organization.closing_after_days


def next_to_close(session: Session, book: Book, now: Instant) -> Period | None:
    """The earliest period that closes by itself, due or not; a quarter comes right after its last month.

    None where nothing was ever received. Months and quarters that are history stay.
    """
    received_at = session.scalar(select(func.min(models.Event.received_at)))
    if received_at is None:
        return None
    calendar = book.calendar
    months, quarters = closed_months(session), closed_quarters(session)
    month = max(book.first_month, calendar.month_at(received_at))
    while True:
        if str(month) not in months:
            return calendar.month(month)
        quarter = calendar.quarter_of(month)
        ends = quarter.months[-1] == month and quarter.name not in quarters
        if ends and not missing_months(session, book, quarter):
            return quarter
        month = month.plus(1)


def next_due(session: Session, book: Book, now: Instant) -> Period | None:
    """The one of these whose scheduled instant has come."""
    period = next_to_close(session, book, now)
    return None if period is None or scheduled_at(book, period) > now else period


def refuse_unless_closable(session: Session, rules: Rules, period: Period, now: Instant) -> None:
    """Raises ClosingRefused for a period that is closed, goes on, or whose turn it is not."""
    book, kind = rules.book, period.kind
    closed = closed_months(session) if kind is PeriodKind.MONTH else closed_quarters(session)
    if period.name in closed:
        raise ClosingRefused(f"{period.name} is closed already", "closed", period=period.name)
    if period.end_at > now:
        raise ClosingRefused(f"{period.name} has not ended yet", "not_ended", period=period.name)
    if period.months[-1] < book.first_month:
        raise ClosingRefused(f"{period.name} lies before the first rulebook", "before_rules")
    before = book.calendar.before(period)
    if before.name not in closed and before.months[-1] >= first_month_to_close(session, book):
        raise ClosingRefused(
            f"close {before.name} first: periods are closed in their order", "order", period=before.name
        )
    missing = missing_months(session, book, period) if kind is PeriodKind.QUARTER else []
    if missing:
        raise ClosingRefused(
            f"close {missing[0]} first: a quarter is closed after its months",
            "months_first",
            period=str(missing[0]),
        )


def missing_months(session: Session, book: Book, quarter: Period) -> list[Month]:
    """The months of a quarter that are to be closed before it."""
    first = first_month_to_close(session, book)
    closed = closed_months(session)
    return [month for month in quarter.months if str(month) not in closed and month >= first]


def first_month_to_close(session: Session, book: Book) -> Month:
    """The first month in which there is anything to close: with rules, and with events."""
    first_at = first_event_at(session)
    first = book.first_month
    if first_at is not None:
        first = max(first, book.calendar.month_at(first_at))
    sealed = [Month.parse(name) for name in closed_months(session)]
    return min([first, *sealed])


def closes_with(session: Session, book: Book, month: Period) -> Period | None:
    """The quarter that is closed with its last month; None for another month, and where months are missing."""
    quarter = book.calendar.quarter_of(month.first_month)
    if month.kind is not PeriodKind.MONTH or quarter.months[-1] != month.first_month:
        return None
    if quarter.name in closed_quarters(session):
        return None
    before = book.calendar.before(quarter)
    in_order = before.name in closed_quarters(session) or before.months[-1] < first_month_to_close(
        session, book
    )
    others = [one for one in missing_months(session, book, quarter) if one != month.first_month]
    return quarter if in_order and not others else None
