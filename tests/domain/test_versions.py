"""Which version of the rules is in force."""

import pytest

from leaderboard.domain.periods import Month
from leaderboard.domain.versions import Book
from tests.domain.build import at, book, day, desk, ratio, recorded, response, rulebook, volume

OLD = rulebook(response(), from_on="2026-04-01", zone="America/Sao_Paulo")
NEW = rulebook(recorded("first-contact"), from_on="2026-07-01", zone="America/Sao_Paulo")
BOTH = book(NEW, OLD)


def test_a_version_is_in_force_from_its_first_midnight_until_the_nexts() -> None:
    def in_force(instant: str) -> object:
        version = BOTH.at(at(instant))
        return version and version.rulebook

    assert in_force("2026-04-01T02:59:59Z") is None
    assert in_force("2026-04-01T03:00:00Z") is OLD
    assert in_force("2026-07-01T02:59:59Z") is OLD
    assert in_force("2026-07-01T03:00:00Z") is NEW
    assert in_force("2036-07-01T03:00:00Z") is NEW


def test_a_month_has_one_version_or_none() -> None:
    assert BOTH.in_month(Month(2026, 3)) is None
    assert BOTH.in_month(Month(2026, 6)) is BOTH.versions[0]
    assert BOTH.in_month(Month(2026, 7)) is BOTH.versions[1]
    assert BOTH.first_month == Month(2026, 4)


def test_the_months_with_rules_are_told_with_their_versions() -> None:
    months = [(str(month), version.rulebook) for month, version in BOTH.months_until(Month(2026, 8))]
    assert months == [(f"2026-0{number}", OLD if number < 7 else NEW) for number in range(4, 9)]
    assert list(BOTH.months_until(Month(2026, 3))) == []


def test_a_version_is_found_by_its_first_day() -> None:
    assert BOTH.on(day("2026-07-01")).rulebook is NEW
    with pytest.raises(KeyError):
        BOTH.on(day("2026-07-02"))


def test_there_are_no_rules_without_a_rulebook() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Book([])


@pytest.mark.parametrize("other", [{"zone": "UTC"}, {"fiscal_year_start": 4}])
def test_all_versions_cut_time_alike(other: dict[str, object]) -> None:
    more = {"zone": "America/Sao_Paulo", **other}
    with pytest.raises(ValueError, match="same timezone and fiscal_year_start"):
        book(OLD, rulebook(response(), from_on="2026-07-01", **more))  # type: ignore[arg-type]


def test_periods_are_cut_as_the_rulebook_says() -> None:
    calendar = book(response(), zone="Asia/Tokyo", fiscal_year_start=4).calendar
    assert calendar.parse("2027-Q1").start_at == at("2026-03-31T15:00:00Z")


def test_a_service_level_is_found_by_what_it_measures() -> None:
    version = book(response(), recorded(), volume(), ratio()).versions[0]
    assert version.response("first-contact") == response()
    assert version.recorded("quality") == recorded()
    for name in ("quality", "mqls", "win-rate", "unheard-of"):
        assert version.response(name) is None
    for name in ("first-contact", "mqls", "win-rate", "unheard-of"):
        assert version.recorded(name) is None


def test_event_types_lead_to_the_clocks_they_start_and_the_sums_they_count_in() -> None:
    levels = [
        response(start=["assigned", "returned"]),
        response("again", start="returned"),
        volume(),
        ratio(),
    ]
    version = book(*levels).versions[0]
    assert [level.id for level in version.starts["lead.returned"]] == ["first-contact", "again"]
    assert [level.id for level in version.starts["lead.assigned"]] == ["first-contact"]
    sides = {(c.service_level, c.side.value) for found in version.counters.values() for c in found}
    assert sides == {("mqls", "volume"), ("win-rate", "numerator"), ("win-rate", "denominator")}


def test_without_a_calendar_every_second_counts() -> None:
    always, nine_to_five = response(), response("office", calendar="desk")
    version = book(desk(), always, nine_to_five).versions[0]
    night = (at("2026-08-03 20:00"), at("2026-08-04 08:00"))
    assert version.hours(always).between(*night) == 12 * 3600 * 1_000_000
    assert version.hours(nine_to_five).between(*night) == 0
