"""Months and quarters, cut in the organization's time zone."""

from zoneinfo import ZoneInfo

import pytest

from leaderboard.domain.instants import SECOND
from leaderboard.domain.periods import Month, PeriodCalendar, PeriodKind
from tests.domain.build import UTC, at, day, period

TOKYO = PeriodCalendar(ZoneInfo("Asia/Tokyo"), 4)
AUGUST = Month(2026, 8)


def test_a_month_is_read_and_written() -> None:
    assert Month.parse("2026-08") == AUGUST
    assert str(AUGUST) == "2026-08"
    assert Month.of_date(day("2026-08-31")) == AUGUST


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "2026-8", "0000-01", "2026-08-01", "٢٠٢٦-08", ""])
def test_anything_else_is_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month"):
        Month.parse(text)


def test_months_are_counted_over_the_years() -> None:
    assert AUGUST.plus(5) == Month(2027, 1)
    assert AUGUST.plus(-8) == Month(2025, 12)
    assert Month.from_ordinal(AUGUST.ordinal) == AUGUST
    assert Month(2026, 12) < Month(2027, 1)


def test_a_month_knows_its_first_and_last_date() -> None:
    assert (AUGUST.first_on, AUGUST.last_on) == (day("2026-08-01"), day("2026-08-31"))
    assert Month(2024, 2).last_on == day("2024-02-29")
    assert Month(2026, 12).last_on == day("2026-12-31")


def test_a_month_runs_from_midnight_to_midnight_where_the_organization_is() -> None:
    august = TOKYO.month(AUGUST)
    assert (august.start_at, august.end_at) == (at("2026-07-31T15:00:00Z"), at("2026-08-31T15:00:00Z"))
    assert august.last_second_at == at("2026-08-31T14:59:59Z")
    assert august.start_at in august
    assert august.end_at - 1 in august
    assert august.end_at not in august
    assert august.start_at - 1 not in august


def test_an_instant_lies_in_the_month_that_the_organizations_clock_shows() -> None:
    assert TOKYO.month_at(at("2026-07-31T15:00:00Z")) == AUGUST
    assert TOKYO.month_at(at("2026-07-31T14:59:59Z")) == Month(2026, 7)
    assert TOKYO.date_at(at("2026-07-31T15:00:00Z")) == day("2026-08-01")


def test_dates_of_long_ago_are_the_zones_too() -> None:
    # Until 1914 the clocks of Sao Paulo were three hours, six minutes and 28 seconds behind Greenwich's.
    long_ago = PeriodCalendar(ZoneInfo("America/Sao_Paulo"))
    assert long_ago.date_at(at("1900-01-01T03:06:27Z")) == day("1899-12-31")
    assert long_ago.date_at(at("1900-01-01T03:06:28Z")) == day("1900-01-01")
    assert long_ago.month_at(at("1900-01-01T03:06:28Z")) == Month(1900, 1)


def test_a_month_in_which_clocks_change_is_longer_or_shorter_by_the_change() -> None:
    march, november = period("2026-03", "America/New_York"), period("2026-11", "America/New_York")
    assert (march.end_at - march.start_at) // SECOND == (31 * 24 - 1) * 3600
    assert (november.end_at - november.start_at) // SECOND == (30 * 24 + 1) * 3600


def test_a_month_whose_first_hour_comes_twice_begins_with_the_first_of_them() -> None:
    havana = PeriodCalendar(ZoneInfo("America/Havana"))
    november = havana.parse("2026-11")
    assert november.start_at == at("2026-11-01T04:00:00Z")
    assert havana.parse("2026-10").end_at == november.start_at
    for instant in ("04:00:00", "04:59:59", "05:00:00", "05:59:59"):
        assert havana.month_at(at(f"2026-11-01T{instant}Z")) == Month(2026, 11)


def test_a_month_whose_first_hour_is_skipped_begins_at_one() -> None:
    asuncion = PeriodCalendar(ZoneInfo("America/Asuncion"))
    october = asuncion.parse("2023-10")
    assert october.start_at == at("2023-10-01T01:00:00-03:00")
    assert asuncion.month_at(october.start_at) == Month(2023, 10)
    assert asuncion.month_at(october.start_at - 1) == Month(2023, 9)


def test_a_quarter_has_three_months() -> None:
    quarter = period("2026-Q3")
    assert quarter.kind is PeriodKind.QUARTER
    assert quarter.months == (Month(2026, 7), AUGUST, Month(2026, 9))
    assert (quarter.first_on, quarter.last_on) == (day("2026-07-01"), day("2026-09-30"))
    assert (quarter.start_at, quarter.end_at) == (at("2026-07-01 00:00"), at("2026-10-01 00:00"))
    assert period("2026-08").months == (AUGUST,)


@pytest.mark.parametrize(
    ("start", "month", "name"),
    [
        (1, Month(2026, 1), "2026-Q1"),
        (1, Month(2026, 12), "2026-Q4"),
        (4, Month(2026, 3), "2026-Q4"),
        (4, Month(2026, 4), "2027-Q1"),
        (4, Month(2026, 12), "2027-Q3"),
        (4, Month(2027, 1), "2027-Q4"),
        (2, Month(2026, 1), "2026-Q4"),
        (2, Month(2026, 2), "2027-Q1"),
        (12, Month(2026, 11), "2026-Q4"),
        (12, Month(2026, 12), "2027-Q1"),
        (12, Month(2027, 2), "2027-Q1"),
    ],
)
def test_a_quarter_bears_the_fiscal_year_in_whose_calendar_year_it_ends(
    start: int, month: Month, name: str
) -> None:
    calendar = PeriodCalendar(UTC, start)
    quarter = calendar.quarter_of(month)
    assert quarter.name == name
    assert month in quarter.months
    assert calendar.parse(name) == quarter


def test_a_period_is_found_by_kind_and_instant() -> None:
    assert TOKYO.at(PeriodKind.MONTH, at("10:00")).name == "2026-08"
    assert TOKYO.at(PeriodKind.QUARTER, at("10:00")).name == "2027-Q2"


def test_periods_follow_each_other() -> None:
    calendar = PeriodCalendar(UTC)
    pairs = [("2025-12", "2026-01"), ("2026-12", "2027-01"), ("2025-Q4", "2026-Q1"), ("2026-Q3", "2026-Q4")]
    for name, following in pairs:
        assert calendar.before(period(following)) == period(name)
        assert calendar.after(period(name)) == period(following)


@pytest.mark.parametrize(
    "name", ["2026", "2026-Q5", "2026-Q0", "2026-q3", "Q3-2026", "2026-08-03", "9999-12"]
)
def test_anything_else_is_no_period(name: str) -> None:
    with pytest.raises(ValueError, match="is not a period"):
        PeriodCalendar(UTC).parse(name)


@pytest.mark.parametrize("name", ["0001-Q1", "9998-Q1"])
def test_a_quarter_at_the_end_of_the_calendar_is_out_of_range(name: str) -> None:
    with pytest.raises(ValueError, match="out of range"):
        PeriodCalendar(UTC, 4).parse(name)
