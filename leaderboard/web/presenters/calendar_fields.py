"""A calendar of a rulebook's document as the fields of a form, and back: texts in, texts out.

A day is one line of text, `09:00–12:00, 13:00–18:00`, whether it was typed or drawn. Nothing is judged here: what is
no window stays the text that was typed, and the reader of rulebooks says what is wrong.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from leaderboard.files.plain import PlainText
from leaderboard.files.rulebook.organization import DAYS
from leaderboard.web.presenters.entry_values import list_of, map_of, text_of

Data: TypeAlias = dict[str, Any]

CLOSED_ALL_WEEK = ("",) * len(DAYS)
_WORKDAYS = 5
_DASHES = re.compile(r"\s*(?:[-‐-―−]|\bto\b|\baté\b|\bàs\b|\ba\b)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"[,;\s]+")
_WINDOW = re.compile(r"(\d{1,2})(?:[:.h](\d{2})?)?-(\d{1,2})(?:[:.h](\d{2})?)?", re.ASCII | re.IGNORECASE)
_CANONICAL = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class CalendarFields:
    """Everything that the form of a calendar asks, as it was typed; `week` are the days from Monday on."""

    id: str = ""
    zone: str = ""
    week: tuple[str, ...] = CLOSED_ALL_WEEK
    country: str = ""
    subdivision: str = ""
    closed: tuple[str, ...] = ()


NEW = CalendarFields(week=("09:00–12:00, 13:00–18:00",) * _WORKDAYS + ("", ""))


def fields_of(calendar_id: str, data: Mapping[str, Any]) -> CalendarFields:
    """The form's fields of an entry of the document, whatever is wrong with it."""
    hours, region = map_of(data.get("hours")), map_of(data.get("holidays"))
    return CalendarFields(
        id=calendar_id,
        zone=text_of(data.get("timezone")),
        week=tuple(", ".join(_shown(one) for one in list_of(hours.get(day))) for day in DAYS),
        country=text_of(region.get("country")),
        subdivision=text_of(region.get("subdivision")),
        closed=list_of(data.get("closed")),
    )


def entry_of(fields: CalendarFields, before: Mapping[str, Any]) -> Data:
    """The entry of the document: what the form knows as it was typed, anything else as it was before."""
    was = fields_of(fields.id, before)
    made = dict(before)
    if fields.zone != was.zone:
        _put(made, "timezone", fields.zone)
    if fields.week != was.week:
        _put(made, "hours", _hours(fields.week, was.week, map_of(before.get("hours"))))
    if (fields.country, fields.subdivision) != (was.country, was.subdivision):
        region = {"country": fields.country, "subdivision": fields.subdivision}
        _put(made, "holidays", {key: value for key, value in region.items() if value})
    if set(fields.closed) != set(was.closed):
        _put(made, "closed", [_date(one) for one in fields.closed])
    return made


def copied_to(fields: CalendarFields, act: str) -> CalendarFields:
    """Monday's hours for the other working days (`copy.5`), or for all days (`copy.7`); else as it was."""
    days = {"copy.5": _WORKDAYS, "copy.7": len(DAYS)}.get(act, 0)
    week = tuple(fields.week[0] if number < days else day for number, day in enumerate(fields.week))
    return replace(fields, week=week)


def windows_of(day: str) -> list[str]:
    """What was typed of a day, window by window, as the rulebook writes them: `9-12 e 13h30–18` is two."""
    joined = _DASHES.sub("-", re.sub(r"\b(?:and|e)\b", " ", day))
    return [_canonical(one) for one in _BETWEEN.split(joined) if one]


def bars_of(day: str) -> tuple[tuple[int, int], ...]:
    """Where a day is open, as first minute and length, for its picture; what cannot be read is left out."""
    found = []
    for window in windows_of(day):
        read = _CANONICAL.fullmatch(window)
        if read is None:
            continue
        hour, minute, end_hour, end_minute = (int(part) for part in read.groups())
        start, end = hour * 60 + minute, end_hour * 60 + end_minute
        if start < end <= _DAY_MINUTES:
            found.append((start, end - start))
    return tuple(found)


def weekday_of(text: str) -> dt.date | None:
    """The date that a closed date is; None for what is none."""
    if not _DATE.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _hours(week: Sequence[str], was: Sequence[str], before: Mapping[str, Any]) -> Data:
    made = dict(before)
    for day, text, old in zip(DAYS, week, was, strict=True):
        if text != old:
            _put(made, day, windows_of(text))
    return made


def _put(made: Data, key: str, value: Any) -> None:
    if value:
        made[key] = value
    else:
        made.pop(key, None)


def _canonical(window: str) -> str:
    found = _WINDOW.fullmatch(window)
    if found is None:
        return window
    hour, minute, end_hour, end_minute = found.groups()
    return f"{int(hour):02d}:{minute or '00'}-{int(end_hour):02d}:{end_minute or '00'}"


def _shown(window: str) -> str:
    """With the dash that people read, where it is a window."""
    return window.replace("-", "–") if _CANONICAL.fullmatch(window) else window


def _date(text: str) -> str:
    return PlainText(text) if _DATE.fullmatch(text) else text
