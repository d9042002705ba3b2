"""The head of a rulebook: the organization, the agreement, the calendars."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from leaderboard.domain.rulebook import Agreement, Calendar, Organization, Party, Window
from leaderboard.files.rulebook.regions import read_region
from leaderboard.files.rulebook.rule_values import day_in_force, windows
from leaderboard.files.values import (
    Section,
    Value,
    Wrong,
    by_id,
    date,
    line_of_text,
    list_of,
    map_of,
    number_from_zero,
    text,
    whole,
    zone,
)

UTC = ZoneInfo("UTC")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_LOCALE = re.compile(r"[a-z]{2,3}(?:[_-][A-Z][a-z]{3})?(?:[_-](?:[A-Z]{2}|\d{3}))?", re.ASCII)
_MOST_CLOSING_DAYS = 3_650
_CLOSING_AFTER_DAYS = 3


def effective_from(value: Value) -> dt.date:
    """The first day of a month."""
    day = day_in_force(value)
    if day.day != 1:
        raise Wrong("not_first_of_month", example=day.replace(day=1).isoformat())
    return day


def organization(value: Value) -> Organization:
    """Who they are, and how they cut time."""
    section = Section(value)
    result = Organization(
        name=section.required("name", line_of_text, ""),
        zone=section.required("timezone", zone, UTC),
        currency=section.required("currency", _currency, "XXX"),
        locale=section.optional("locale", _locale, "en"),
        fiscal_year_start=section.optional("fiscal_year_start", whole(1, 12), 1),
        point_value=section.optional("point_value", number_from_zero, None),
        closing_after_days=section.optional("closing", _closing, _CLOSING_AFTER_DAYS),
    )
    section.finish()
    return result


def _currency(value: Value) -> str:
    written = value.scalar("bad_currency").strip()
    if not _CURRENCY.fullmatch(written):
        raise Wrong("bad_currency", found=value.found)
    return written


def _locale(value: Value) -> str:
    written = value.scalar("bad_locale").strip()
    if not _LOCALE.fullmatch(written):
        raise Wrong("bad_locale", found=value.found)
    return written.replace("-", "_")


def _closing(value: Value) -> int:
    section = Section(value)
    days = section.optional("after_days", whole(0, _MOST_CLOSING_DAYS), _CLOSING_AFTER_DAYS)
    section.finish()
    return days


def agreement(value: Value) -> Agreement:
    """The document both sides sign; every part of it may be left out."""
    section = Section(value)
    result = Agreement(
        title=section.optional("title", line_of_text, None),
        parties=section.optional("parties", _parties, {}),
        definitions=section.optional("definitions", map_of(text, ""), {}),
        handover=section.optional("handover", list_of(text, ""), ()),
        review_on=section.optional("review_on", day_in_force, None),
    )
    section.finish()
    return result


def _parties(value: Value) -> dict[Party, str]:
    section = Section(value)
    read = {party: section.optional(party.value, text, None) for party in Party}
    section.finish()
    return {party: name for party, name in read.items() if name is not None}


def calendars(value: Value, organization_zone: ZoneInfo) -> dict[str, Calendar]:
    """The calendars by id; only those without a problem of their own, for the others are not looked into further."""

    def read_one(name: str, one: Value) -> Calendar | None:
        noted = len(one.problems)
        calendar = _calendar(name, one, organization_zone)
        return calendar if len(one.problems) == noted else None

    return by_id(value, read_one)


def _calendar(name: str, value: Value, organization_zone: ZoneInfo) -> Calendar:
    section = Section(value)
    result = Calendar(
        id=name,
        zone=section.optional("timezone", zone, organization_zone),
        week=section.optional("hours", _week, ((),) * len(DAYS)),
        region=section.optional("holidays", read_region, None),
        closed=frozenset(section.optional("closed", list_of(date, dt.date.min), ())),
    )
    section.finish()
    return result


def _week(value: Value) -> tuple[tuple[Window, ...], ...]:
    section = Section(value)
    week = tuple(section.optional(day, windows, ()) for day in DAYS)
    section.finish()
    return week
