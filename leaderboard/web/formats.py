"""Instants, durations, numbers and money as people read them: the templates' filters.

Instants are microseconds in UTC and are shown in the organization's zone, in the reader's language.
"""

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache

from babel import Locale, dates, numbers
from flask import Flask, current_app

from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant, to_datetime
from leaderboard.domain.periods import PeriodKind
from leaderboard.queries.board_page import PeriodFacts
from leaderboard.services import clock
from leaderboard.web.languages import gettext, locale, ngettext, zone

_DECIMAL = re.compile(r"[+-]?\d+\.\d+", re.ASCII)
_NO_BREAK = "\N{NO-BREAK SPACE}"
_NOW = "formats_now"
_WEEKDAYS_TELL = 6 * DAY
_ENGLISH_TEENS = (11, 12, 13)
_ENGLISH_ENDS = {1: "st", 2: "nd", 3: "rd"}


def init_app(app: Flask, now: Callable[[], Instant] = clock.now) -> None:
    """Makes them filters of the templates; by `now` they know which year need not be said."""
    app.extensions[_NOW] = now
    for filter_ in (
        clock_time,
        day,
        weekday_time,
        moment,
        date_span,
        duration,
        number,
        signed,
        percent,
        money,
        ordinal,
        period_title,
        ago,
        machine_time,
        short_day,
        in_field,
    ):
        app.add_template_filter(filter_, filter_.__name__)


def clock_time(instant: Instant) -> str:
    """`14:32`."""
    return dates.format_time(_local(instant), _patterns()["time"], locale=locale())


def weekday_time(instant: Instant) -> str:
    """`Fri 16:52`."""
    return dates.format_datetime(_local(instant), "EEE HH:mm", locale=locale())


def weekday_date(instant: Instant) -> str:
    """`Thursday, 3 September`, as inside a sentence."""
    return day_within(_local(instant))


def far_or_near(instant: Instant, other: Instant) -> str:
    """`Fri 16:52`; where it lies a week or more from the other one, which is told with it, `2 May, 16:52`."""
    return weekday_time(instant) if abs(instant - other) < _WEEKDAYS_TELL else moment(instant)


def moment(instant: Instant) -> str:
    """`20 November, 14:32`, with the year where it is not this one's."""
    local = _local(instant)
    pattern = "moment" if local.year == _local(current_app.extensions[_NOW]()).year else "moment_year"
    return dates.format_datetime(local, _patterns()[pattern], locale=locale())


def exact_moment(instant: Instant) -> str:
    """`20 November, 14:32:08`: where somebody counts it over again."""
    return moment(instant) + dates.format_time(_local(instant), ":ss", locale=locale())


def day(on: dt.date) -> str:
    """`Friday, 20 November`."""
    return _sentence_case(day_within(on))


def day_within(on: dt.date) -> str:
    """`Friday, 20 November`, as inside a sentence."""
    return dates.format_date(on, _patterns()["day"], locale=locale())


def short_day(on: dt.date) -> str:
    """`20 Nov 2026`."""
    return dates.format_date(on, "medium", locale=locale())


def weekday_names() -> tuple[str, ...]:
    """`Mon` to `Sun`."""
    names = dates.get_day_names("abbreviated", locale=locale())
    return tuple(str(names[place]) for place in range(7))


def machine_time(instant: Instant) -> str:
    """For the `datetime` attribute of `<time>`."""
    return to_datetime(instant).isoformat(timespec="seconds").replace("+00:00", "Z")


def date_span(first_on: dt.date, last_on: dt.date) -> str:
    """`1 – 30 November`, `1 October – 31 December`."""
    pattern = _patterns()["day_month"]
    last = _unbroken(dates.format_date(last_on, pattern, locale=locale()))
    if (first_on.year, first_on.month) == (last_on.year, last_on.month):
        return f"{first_on.day}{_NO_BREAK}–{_NO_BREAK}{last}"
    return f"{_unbroken(dates.format_date(first_on, pattern, locale=locale()))} – {last}"


def period_title(period: PeriodFacts, with_year: bool = True) -> str:
    """`November 2026`, `4th quarter 2026`."""
    return _sentence_case(period_name(period, with_year))


def period_name(period: PeriodFacts, with_year: bool = True) -> str:
    """As inside a sentence: Portuguese months begin with a small letter there."""
    year = period.name[:4]
    if period.kind is PeriodKind.QUARTER:
        name = gettext("%(ordinal)s quarter", ordinal=ordinal(int(period.name[-1])))
        return gettext("%(quarter)s %(year)s", quarter=name, year=year) if with_year else name
    pattern = _patterns()["month_year"] if with_year else "LLLL"
    return dates.format_date(period.first_on, pattern, locale=locale())


def duration(length_us: int) -> str:
    """`45 s`, `22 min`, `1 h 57`, `2 d 4 h`: two figures at most, cut, never rounded up."""
    if length_us < MINUTE:
        return f"{length_us // SECOND}{_NO_BREAK}s"
    if length_us < HOUR:
        return f"{length_us // MINUTE}{_NO_BREAK}min"
    if length_us < 3 * DAY:
        hours, minutes = divmod(length_us // MINUTE, 60)
        return f"{hours}{_NO_BREAK}h" + (f"{_NO_BREAK}{minutes:02d}" if minutes else "")
    days, hours = divmod(length_us // HOUR, 24)
    return f"{days}{_NO_BREAK}d" + (f"{_NO_BREAK}{hours}{_NO_BREAK}h" if hours else "")


def exact_duration(length_us: int) -> str:
    """`1 h 17 min 42 s`: to the second, which is cut."""
    minutes, seconds = divmod(length_us // SECOND, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{value}{_NO_BREAK}{unit}" for value, unit in parts if value) or f"0{_NO_BREAK}s"


def ago(length_us: int) -> str:
    """How long something has been waiting, in words that a sentence can end with: `12 seconds`, `3 hours`."""
    if length_us < MINUTE:
        return ngettext("%(num)s second", "%(num)s seconds", max(0, length_us // SECOND))
    if length_us < HOUR:
        return ngettext("%(num)s minute", "%(num)s minutes", length_us // MINUTE)
    if length_us < 2 * DAY:
        return ngettext("%(num)s hour", "%(num)s hours", length_us // HOUR)
    return ngettext("%(num)s day", "%(num)s days", length_us // DAY)


def number(value: int | Decimal) -> str:
    """`4,812`, `−47`: with a true minus sign."""
    return _number(value, str(locale()))


def decimal_sign() -> str:
    """What the reader writes before decimals."""
    return str(numbers.get_decimal_symbol(locale()))


def in_field(text: str) -> str:
    """A number of a rulebook as it stands in a field, `0,50`; any other text as it is."""
    return text.replace(".", decimal_sign()) if _DECIMAL.fullmatch(text) else text


def signed(points: int) -> str:
    """`+100`, `−20`, with a true minus sign."""
    return f"+{number(points)}" if points > 0 else number(points)


def percent(part: int | Decimal, whole: int | Decimal) -> str:
    """`87 %`: cut, so that nothing short of all is ever 100 %."""
    share = 0 if not whole else int(Decimal(part) * 100 / Decimal(whole))
    return numbers.format_percent(Decimal(share) / 100, locale=locale())


def money(amount: Decimal, currency: str) -> str:
    """`R$ 1,500`, `R$ 64.50`: without cents where there are none."""
    pattern = "¤\N{NO-BREAK SPACE}#,##0.00" if amount % 1 else "¤\N{NO-BREAK SPACE}#,##0"
    return numbers.format_currency(amount, currency, pattern, locale=locale(), currency_digits=False)


def ordinal(place: int) -> str:
    """`4th`; in Portuguese `4º` (Brazil) and `4.º` (Portugal)."""
    spoken = locale()
    if spoken.language == "pt":
        return f"{place}.º" if spoken.territory == "PT" else f"{place}º"
    end = "th" if place % 100 in _ENGLISH_TEENS else _ENGLISH_ENDS.get(place % 10, "th")
    return f"{place}{end}"


@lru_cache(maxsize=4096)
def _number(value: int | Decimal, locale_name: str) -> str:
    return str(numbers.format_decimal(value, locale=locale_name)).replace("-", "−")


def _local(instant: Instant) -> dt.datetime:
    return to_datetime(instant, zone())


def _unbroken(text: str) -> str:
    return text.replace(" ", _NO_BREAK)


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


_ENGLISH = {
    "time": "HH:mm",
    "moment": "d MMMM, HH:mm",
    "moment_year": "d MMMM y, HH:mm",
    "day": "EEEE, d MMMM",
    "day_month": "d MMMM",
    "month_year": "LLLL y",
}
_PORTUGUESE = {
    "time": "HH:mm",
    "moment": "d 'de' MMMM, HH:mm",
    "moment_year": "d 'de' MMMM 'de' y, HH:mm",
    "day": "EEEE, d 'de' MMMM",
    "day_month": "d 'de' MMMM",
    "month_year": "LLLL 'de' y",
}


def _patterns() -> dict[str, str]:
    spoken: Locale = locale()
    return _PORTUGUESE if spoken.language == "pt" else _ENGLISH
