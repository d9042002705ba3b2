"""Public holidays: which regions the package `holidays` knows, and the dates it gives.

The package changes; so the dates are resolved once, when a version is applied, and kept with it.
"""

import datetime as dt
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

from leaderboard.domain.rulebook import Calendar, HolidayRegion, Rulebook
from leaderboard.files.values import Section, Value, Wrong, line_of_text

YEARS_BEFORE = 1
YEARS_AFTER = 15
_MOST_NAMED = 30

ResolvedHolidays: TypeAlias = Mapping[str, Mapping[dt.date, str]]
"""Calendar id -> date -> the holiday's name."""


@lru_cache(maxsize=1)
def _subdivisions() -> Mapping[str, list[str]]:
    import holidays  # here and below, and not above: it would take a sixth of every process's start

    return holidays.list_supported_countries(include_aliases=True)


def read_region(value: Value) -> HolidayRegion:
    """`{country: BR, subdivision: SP}`, both known to the package."""
    section = Section(value)
    country = section.required("country", _country, "")
    # A subdivision cannot be judged without its country.
    reader = (lambda one: _subdivision(one, country)) if country else line_of_text
    subdivision = section.optional("subdivision", reader, None)
    section.finish()
    return HolidayRegion(country, subdivision)


def _country(value: Value) -> str:
    written = line_of_text(value)
    if written not in _subdivisions():
        raise Wrong("unknown_country", found=value.found)
    return written


def _subdivision(value: Value, country: str) -> str:
    import holidays

    written = line_of_text(value)
    try:
        holidays.country_holidays(country, subdiv=written)
    except NotImplementedError:
        known = _subdivisions()[country]
        if known:
            listed = ", ".join(known[:_MOST_NAMED]) + ("…" if len(known) > _MOST_NAMED else "")
            raise Wrong("unknown_subdivision_of", found=value.found, country=country, known=listed) from None
        raise Wrong("unknown_subdivision", found=value.found, country=country) from None
    return written


def holidays_of(region: HolidayRegion, effective_from: dt.date) -> dict[dt.date, str]:
    """The region's holidays from the year before a version comes into force to 15 years after."""
    import holidays

    first = effective_from.year - YEARS_BEFORE
    years = range(first, effective_from.year + YEARS_AFTER + 1)
    # Left out, the language would be the environment's, and the names not the same on every machine.
    language = holidays.country_holidays(region.country).default_language
    with warnings.catch_warnings():
        # Of some countries it knows only some years, and says so; it gives what it knows.
        warnings.simplefilter("ignore", UserWarning)
        found = holidays.country_holidays(
            region.country, subdiv=region.subdivision, years=years, language=language
        )
        return {day: found[day] for day in sorted(found)}


def countries() -> tuple[str, ...]:
    """The codes of all countries that the package knows, each once."""
    import holidays

    return tuple(sorted(holidays.list_supported_countries(include_aliases=False)))


def subdivisions(country: str) -> tuple[tuple[str, str], ...]:
    """The parts of a country that have holidays of their own: code and name, by name; none where it is not known."""
    import holidays

    if country not in _subdivisions():
        return ()
    found = holidays.country_holidays(country)
    names = {code: name for name, code in getattr(found, "subdivisions_aliases", {}).items()}
    listed = [(code, names.get(code, code)) for code in found.subdivisions]
    return tuple(sorted(listed, key=lambda one: one[1]))


def spoken_holidays(region: HolidayRegion, years: Iterable[int], language: str) -> dict[dt.date, str]:
    """A region's holidays of some years, named in a language where the package speaks it, else in the country's own.

    Only to be shown: what is kept with a version bears the names of the country. The region must be known.
    """
    import holidays

    spoken = holidays.country_holidays(region.country)
    own = language.partition("_")[0]
    near = [one for one in spoken.supported_languages if one.partition("_")[0] == own]
    chosen = language if language in near else next(iter(near), spoken.default_language)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        found = holidays.country_holidays(
            region.country, subdiv=region.subdivision, years=years, language=chosen
        )
        return {day: found[day] for day in sorted(found)}


def resolve_holidays(rulebook: Rulebook) -> dict[str, dict[dt.date, str]]:
    """The dates to keep with a version: for each calendar that names a region, its holidays."""
    return {
        calendar.id: holidays_of(calendar.region, rulebook.effective_from)
        for calendar in rulebook.calendars.values()
        if calendar.region is not None
    }


def with_holidays(rulebook: Rulebook, resolved: ResolvedHolidays) -> Rulebook:
    """The rulebook with the kept dates in its calendars."""
    return replace(
        rulebook,
        calendars={
            name: replace(calendar, holidays=dict(resolved.get(name, {})))
            for name, calendar in rulebook.calendars.items()
        },
    )


def resolved_calendar(calendar: Calendar, effective_from: dt.date) -> Calendar:
    """A calendar with the holidays its region gives today."""
    if calendar.region is None:
        return calendar
    return replace(calendar, holidays=holidays_of(calendar.region, effective_from))
