"""The forms of calendars, and the list of them: the week as a picture, the year's holidays, what a clock would do."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from babel import dates

from leaderboard.domain.business_time import OpenHours
from leaderboard.domain.instants import Instant, from_datetime, local_date, to_datetime
from leaderboard.domain.rulebook import Calendar, Response, Rulebook
from leaderboard.files.problems import Problem
from leaderboard.files.rulebook.organization import DAYS
from leaderboard.files.rulebook.regions import (
    countries,
    resolved_calendar,
    spoken_holidays,
    subdivisions,
)
from leaderboard.files.yaml_nodes import path_of
from leaderboard.services.draft_entries import CALENDARS, Tried, naming_calendar
from leaderboard.web.formats import day as day_words
from leaderboard.web.formats import duration
from leaderboard.web.languages import gettext, language, locale
from leaderboard.web.presenters import rule_terms as terms
from leaderboard.web.presenters.calendar_fields import CalendarFields, bars_of, weekday_of
from leaderboard.web.presenters.draft_form import DraftForm
from leaderboard.web.presenters.entry_values import map_of
from leaderboard.web.presenters.form_faults import by_field, fault_words, mistakes
from leaderboard.web.presenters.ladder_forms import title_of
from leaderboard.web.presenters.rule_problems import ProblemView, present_problems

_BEFORE_CLOSING = 10
_HOUR_SECONDS = 3_600
_WEEKS_TRIED = 10
_FAR = dt.timedelta(days=6)
_YEARS_SHOWN = 2


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the week: its key, its names, what was typed, and where it is open for its picture."""

    key: str
    name: str
    short: str
    text: str
    bars: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ShutDay:
    """A date on which nothing is open: which, and why. `is_idle` says that it is closed on that weekday anyway."""

    words: str
    why: str
    is_idle: bool


@dataclass(frozen=True, slots=True)
class ShutYear:
    """The holidays and closed dates of a year."""

    year: int
    days: tuple[ShutDay, ...]


@dataclass(frozen=True, slots=True)
class CalendarBeside:
    """What stands beside the form: what the calendar comes to, and what hinders it."""

    open_words: str = ""
    due_words: str = ""
    years: tuple[ShutYear, ...] = ()
    problems: tuple[str, ...] = ()
    others: tuple[ProblemView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarForm(DraftForm):
    """The page of one calendar's form. `calendar_id` is the key under which it is kept, "" for a new one."""

    calendar_id: str
    fields: CalendarFields
    days: tuple[DayRow, ...]
    closed: tuple[tuple[str, str], ...]
    countries: tuple[tuple[str, str], ...]
    subdivisions: tuple[tuple[str, str], ...]
    organization_zone: str
    zones: tuple[str, ...]
    beside: CalendarBeside
    copied_from: str = ""

    @property
    def is_new(self) -> bool:
        """Whether it is not in the draft yet."""
        return not self.calendar_id


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One calendar of a draft's list."""

    id: str
    days: tuple[DayRow, ...]
    words: tuple[str, ...]
    named_by: tuple[str, ...]
    faults: int


@dataclass(frozen=True, slots=True)
class CalendarsPage:
    """All calendars of a draft."""

    draft_id: int
    draft_name: str
    rows: tuple[CalendarRow, ...]
    is_readable: bool


def day_rows(week: Sequence[str]) -> tuple[DayRow, ...]:
    """The days from Monday on."""
    spoken = locale()
    names = (spoken.days["stand-alone"]["wide"], spoken.days["format"]["abbreviated"])
    return tuple(
        DayRow(key, _capital(names[0][number]), _capital(names[1][number]), text, bars_of(text))
        for number, (key, text) in enumerate(zip(DAYS, week, strict=True))
    )


def closed_rows(closed: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Closed dates, each with its weekday."""
    return tuple((one, _weekday(weekday_of(one))) for one in closed)


def country_choices() -> tuple[tuple[str, str], ...]:
    """All countries whose holidays are known, by name in the reader's language."""
    names = locale().territories
    return tuple(sorted(((code, names.get(code, code)) for code in countries()), key=lambda one: one[1]))


def subdivision_choices(country: str) -> tuple[tuple[str, str], ...]:
    """The parts of a country."""
    return tuple((code, name if name == code else f"{name} ({code})") for code, name in subdivisions(country))


def calendar_of(tried: Tried, calendar_id: str) -> Calendar | None:
    """The calendar with its holidays; None where it cannot be read."""
    if tried.rulebook is None or calendar_id not in tried.rulebook.calendars:
        return None
    return resolved_calendar(tried.rulebook.calendars[calendar_id], tried.rulebook.effective_from)


def present_beside(
    tried: Tried | None, calendar_id: str, data: Mapping[str, Any], now: Instant
) -> CalendarBeside:
    """What stands beside the form; `tried` is None for one that nobody filled in yet.

    `data` is the document's, for the names in it.
    """
    if tried is None:
        return CalendarBeside()
    problems = mistakes(tried.own, partial(_told, levels=map_of(data.get("service_levels"))))
    others = present_problems(tried.others, tried.spliced.document)
    calendar = calendar_of(tried, calendar_id)
    if calendar is None or tried.rulebook is None:
        return CalendarBeside(problems=problems, others=others)
    return CalendarBeside(
        open_words=open_words(calendar),
        due_words=_due_words(calendar, tried.rulebook, now),
        years=_years(calendar, now),
        problems=problems,
        others=others,
    )


def open_words(calendar: Calendar) -> str:
    """`Open 44 h a week`."""
    minutes = sum(one.end_minute - one.start_minute for day in calendar.week for one in day)
    if not minutes:
        return gettext("Never open")
    hours, rest = divmod(minutes, 60)
    told = f"{hours}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{rest:02d}" if rest else "")
    return gettext("Open %(hours)s a week", hours=told)


def _due_words(calendar: Calendar, rulebook: Rulebook, now: Instant) -> str:
    """When a clock that starts shortly before the week's end would be due; "" for a calendar that is never open."""
    start_at = _before_closing(calendar, max(local_date(now, calendar.zone), rulebook.effective_from))
    if start_at is None:
        return ""
    levels = [
        one
        for one in rulebook.service_levels.values()
        if isinstance(one, Response) and one.calendar == calendar.id and one.within.longest
    ]
    level = levels[0] if levels else None
    seconds = _HOUR_SECONDS if level is None else level.within.otherwise or level.within.longest
    due_at = OpenHours(calendar).add(start_at, seconds * 1_000_000)
    if due_at is None:
        return ""
    start, due = _local(start_at, start_at, calendar), _local(due_at, start_at, calendar)
    if level is None:
        return gettext(
            "A clock of one hour that starts on %(start)s would be due on %(due)s.", start=start, due=due
        )
    return gettext(
        "“%(level)s”, within %(time)s: what starts on %(start)s would be due on %(due)s.",
        level=level.name,
        time=duration(seconds * 1_000_000),
        start=start,
        due=due,
    )


def _before_closing(calendar: Calendar, first_on: dt.date) -> Instant | None:
    """Ten minutes before the last closing of a week in which, and after which, no date is shut; else of the first."""
    last = next((number for number in range(len(DAYS) - 1, -1, -1) if calendar.week[number]), None)
    if last is None:
        return None
    minute = max(calendar.week[last][-1].start_minute, calendar.week[last][-1].end_minute - _BEFORE_CLOSING)
    day = first_on + dt.timedelta(days=(last - first_on.weekday()) % len(DAYS))
    weeks = [day + dt.timedelta(weeks=number) for number in range(_WEEKS_TRIED)]
    shut = calendar.closed.union(calendar.holidays)
    chosen = next((one for one in weeks if not any(one + dt.timedelta(n) in shut for n in range(8))), None)
    if chosen is None:
        chosen = next((one for one in weeks if one not in shut), weeks[0])
    at = dt.datetime.combine(chosen, dt.time(minute // 60, minute % 60), calendar.zone)
    return from_datetime(at)


def _local(at: Instant, beside: Instant, calendar: Calendar) -> str:
    """`Friday 17:50`, in the calendar's zone; with its date where it is a week or more away."""
    local, other = to_datetime(at, calendar.zone), to_datetime(beside, calendar.zone)
    far = "EEEE, d MMM, HH:mm" if local - other >= _FAR else "EEEE HH:mm"
    return str(dates.format_datetime(local, far, locale=locale()))


def _years(calendar: Calendar, now: Instant) -> tuple[ShutYear, ...]:
    first = local_date(now, calendar.zone).year
    years = range(first, first + _YEARS_SHOWN)
    found: dict[dt.date, str] = {}
    if calendar.region is not None:
        found = spoken_holidays(calendar.region, years, language().code)
    own = {day: gettext("closed date") for day in calendar.closed if day.year in years}
    days = {**own, **found}
    return tuple(
        ShutYear(year, tuple(_shut(on, days[on], calendar) for on in sorted(days) if on.year == year))
        for year in years
        if any(on.year == year for on in days)
    )


def _shut(on: dt.date, why: str, calendar: Calendar) -> ShutDay:
    return ShutDay(day_words(on), why, not calendar.week[on.weekday()])


def present_row(
    calendar_id: str, fields: CalendarFields, rulebook: Rulebook | None, data: Mapping[str, Any], faults: int
) -> CalendarRow:
    """A calendar of the list."""
    calendar = None if rulebook is None else rulebook.calendars.get(calendar_id)
    words = () if calendar is None else (open_words(calendar), *_facts(calendar))
    named = tuple(title for _, title in naming(data, calendar_id))
    return CalendarRow(calendar_id, day_rows(fields.week), words, named, faults)


def _facts(calendar: Calendar) -> Iterable[str]:
    yield gettext("Time zone %(zone)s", zone=calendar.zone.key)
    if calendar.region is not None:
        yield gettext("Closed on the holidays of %(region)s.", region=terms.region(calendar.region))


def naming(data: Mapping[str, Any], calendar_id: str) -> tuple[tuple[str, str], ...]:
    """The service levels that name a calendar: key and name."""
    levels = data.get("service_levels") or {}
    named = dict.fromkeys(level for level, _ in naming_calendar(data, calendar_id))
    return tuple((level, title_of(level, levels[level])) for level in named)


def calendar_faults(
    problems: Iterable[Problem], calendar_id: str, data: Mapping[str, Any]
) -> dict[str, tuple[str, ...]]:
    """What is wrong, by the field that it belongs to; `data` is the document's, for the names in it."""
    told = partial(_told, levels=map_of(data.get("service_levels")))
    return by_field(problems, lambda one: _field(one.key, calendar_id), told)


def _told(problem: Problem, levels: Mapping[str, Any]) -> str:
    if problem.code == "too_little_open_time":
        # Its key is the service level's: `service_levels.first-contact.within`.
        level = problem.key.split(".", 1)[1].rsplit(".", 1)[0]
        return gettext(
            "In five years it offers less open time than “%(level)s” gives for one lead.",
            level=title_of(level, levels.get(level)),
        )
    if problem.code == "bad_window":
        return gettext("Please write opening hours such as 09:00–12:00, 13:00–18:00.")
    return fault_words(problem)


def _field(key: str, calendar_id: str) -> str:
    """`hours.monday.2` belongs to Monday, `closed.3` to the third closed date."""
    prefix = path_of(CALENDARS, calendar_id)
    if not f"{key}.".startswith(f"{prefix}."):
        return "hours"
    first, *rest = key.removeprefix(prefix).removeprefix(".").split(".")
    if first in ("hours", "closed") and rest:
        return f"{first}.{rest[0]}"
    if first == "holidays":
        return "subdivision" if rest == ["subdivision"] else "country"
    return {"timezone": "zone", "": "id"}.get(first, first)


def _weekday(on: dt.date | None) -> str:
    return "" if on is None else _capital(dates.format_date(on, "EEEE", locale=locale()))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
