"""Instants: whole microseconds, text at the edge only."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from leaderboard.domain.instants import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    format_instant,
    from_datetime,
    local_date,
    midnight,
    parse_rfc3339,
    to_datetime,
)

TOKYO = ZoneInfo("Asia/Tokyo")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def test_an_instant_counts_microseconds_since_1970() -> None:
    assert parse_rfc3339("1970-01-01T00:00:00Z") == 0
    assert parse_rfc3339("1970-01-02T01:01:01.000001Z") == DAY + HOUR + MINUTE + SECOND + 1
    assert parse_rfc3339("1969-12-31T23:59:59Z") == -SECOND


def test_an_offset_is_taken_off() -> None:
    assert parse_rfc3339("2026-08-03T10:00:00+02:00") == parse_rfc3339("2026-08-03T08:00:00Z")
    assert parse_rfc3339("2026-08-03T10:00:00-05:30") == parse_rfc3339("2026-08-03T15:30:00Z")
    assert parse_rfc3339("2026-08-03T10:00:00-00:00") == parse_rfc3339("2026-08-03T10:00:00Z")
    assert parse_rfc3339("2026-08-03T23:59:00+23:59") == parse_rfc3339("2026-08-03T00:00:00Z")


def test_lower_case_letters_and_a_space_are_rfc_3339_too() -> None:
    assert parse_rfc3339("2026-08-03t10:00:00z") == parse_rfc3339("2026-08-03 10:00:00Z")


def test_digits_beyond_microseconds_are_cut_not_rounded() -> None:
    assert parse_rfc3339("1970-01-01T00:00:00.0000019Z") == 1
    assert parse_rfc3339("1970-01-01T00:00:00.5Z") == 500_000
    assert parse_rfc3339("1969-12-31T23:59:59.9999999Z") == -1


@pytest.mark.parametrize(
    "text",
    [
        "2026-08-03T10:00:00",
        "2026-08-03T10:00Z",
        "2026-08-03",
        "2026-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-08-03T24:00:00Z",
        "2026-08-03T23:59:60Z",
        "2026-08-03T10:00:00.Z",
        "2026-08-03T10:00:00+24:00",
        "2026-08-03T10:00:00+02:60",
        "2026-08-03T10:00:00+0200",
        "0000-01-01T00:00:00Z",
        "20260803T100000Z",
        "٢٠٢٦-08-03T10:00:00Z",
        " 2026-08-03T10:00:00Z",
        "2026-08-03T10:00:00Z\n",
        "",
    ],
)
def test_anything_else_is_no_instant(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_rfc3339(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"])
def test_an_instant_that_utc_cannot_write_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="out of range"):
        parse_rfc3339(text)


def test_an_instant_is_written_in_utc_with_a_fraction_only_where_there_is_one() -> None:
    assert format_instant(parse_rfc3339("2026-08-03T10:00:00+02:00")) == "2026-08-03T08:00:00Z"
    assert format_instant(parse_rfc3339("2026-08-03T10:00:00.120000Z")) == "2026-08-03T10:00:00.12Z"
    assert format_instant(parse_rfc3339("2026-08-03T10:00:00.000001Z")) == "2026-08-03T10:00:00.000001Z"
    assert format_instant(parse_rfc3339("0001-02-03T04:05:06Z")) == "0001-02-03T04:05:06Z"
    assert format_instant(-1) == "1969-12-31T23:59:59.999999Z"


def test_a_datetime_becomes_an_instant_and_back() -> None:
    moment = dt.datetime(2026, 8, 3, 10, tzinfo=TOKYO)
    instant = from_datetime(moment)
    assert format_instant(instant) == "2026-08-03T01:00:00Z"
    assert to_datetime(instant, TOKYO).isoformat() == "2026-08-03T10:00:00+09:00"
    assert to_datetime(instant).utcoffset() == dt.timedelta(0)


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(TypeError):
        from_datetime(dt.datetime(2026, 8, 3))  # noqa: DTZ001


def test_the_date_is_the_zones() -> None:
    instant = parse_rfc3339("2026-08-03T15:00:00Z")
    assert local_date(instant, TOKYO) == dt.date(2026, 8, 4)
    assert local_date(instant - 1, TOKYO) == dt.date(2026, 8, 3)


@pytest.mark.parametrize("zone", [TOKYO, SAO_PAULO, ZoneInfo("UTC")])
def test_the_first_and_last_instants_of_the_calendar_have_a_date_in_every_zone(zone: ZoneInfo) -> None:
    # Systems write them for "never" and "for good".
    assert local_date(parse_rfc3339("0001-01-01T00:00:00Z"), zone) == dt.date(1, 1, 1)
    assert local_date(parse_rfc3339("9999-12-31T23:59:59Z"), zone) == dt.date(9999, 12, 31)


def test_midnight_is_where_the_date_begins() -> None:
    assert midnight(dt.date(2026, 8, 3), TOKYO) == parse_rfc3339("2026-08-02T15:00:00Z")
    # Clocks went from 23:59:59 to 01:00, so the date began at 01:00.
    assert midnight(dt.date(2018, 11, 4), SAO_PAULO) == parse_rfc3339("2018-11-04T01:00:00-02:00")
    # In Havana the first of November 2026 has the hour from midnight twice; it begins with the first.
    havana = ZoneInfo("America/Havana")
    assert midnight(dt.date(2026, 11, 1), havana) == parse_rfc3339("2026-11-01T00:00:00-04:00")
