"""Holidays to choose from and to look at: countries, their parts, names in a language."""

import datetime as dt

import pytest

from leaderboard.domain.rulebook import HolidayRegion
from leaderboard.files.rulebook.regions import countries, holidays_of, spoken_holidays, subdivisions

TIRADENTES = dt.date(2026, 4, 21)


def test_countries_and_their_parts_can_be_chosen_each_once() -> None:
    assert {"BR", "PT", "US"} <= set(countries())
    assert len(set(countries())) == len(countries())
    assert ("SP", "São Paulo") in subdivisions("BR")
    assert subdivisions("AO") == subdivisions("nowhere") == ()


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Tiradentes' Day"), ("pt_BR", "Tiradentes"), ("pt_PT", "Tiradentes"), ("ja", "Tiradentes")],
)
def test_holidays_are_named_in_a_language_or_in_the_countrys_own(language: str, name: str) -> None:
    assert spoken_holidays(HolidayRegion("BR"), (2026,), language)[TIRADENTES] == name


def test_what_is_kept_bears_the_countrys_own_names_whatever_was_shown() -> None:
    spoken_holidays(HolidayRegion("BR"), (2026,), "en")
    assert holidays_of(HolidayRegion("BR"), dt.date(2026, 1, 1))[TIRADENTES] == "Tiradentes"


def test_a_part_has_holidays_of_its_own() -> None:
    whole, part = (spoken_holidays(HolidayRegion("BR", one), (2026,), "pt_BR") for one in (None, "SP"))
    assert set(part) - set(whole) == {dt.date(2026, 7, 9)}
