"""Open time and due instants (rulebook.md, `measure: response`, rules 2 and 3)."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.domain.business_time import ALWAYS, HORIZON, OpenHours, offers_enough
from leaderboard.domain.instants import DAY, HOUR, MINUTE, Instant
from leaderboard.domain.roster import Placement, Rep, Roster, TimeOff
from tests.domain.calendars import (
    at,
    calendar,
    calendars_near_a_change,
    durations,
    instants_near,
    times_off,
    windows,
)

SP = "America/Sao_Paulo"
NY = "America/New_York"
LUNCH = windows("09:00-12:00", "13:00-18:00")
WORKING = dict.fromkeys(range(5), LUNCH)
ALL_DAY = dict.fromkeys(range(7), windows("00:00-24:00"))
YEAR_1 = at("0001-01-01T00:00:00Z")


def every_day(zone: str, *texts: str, closed: tuple[str, ...] = ()) -> OpenHours:
    return OpenHours(calendar(zone, dict.fromkeys(range(7), windows(*texts)), closed))


def desk(closed: tuple[str, ...] = (), holidays: tuple[str, ...] = ()) -> OpenHours:
    """Monday to Friday with a lunch break. 2026-07-06 is a Monday."""
    return OpenHours(calendar(SP, WORKING, closed, holidays))


def sp(text: str) -> Instant:
    return at(text, SP)


class TestWithinOneWeek:
    def test_time_before_opening_lunch_and_evening_do_not_count(self) -> None:
        assert desk().between(sp("2026-07-06 00:00"), sp("2026-07-07 00:00")) == 8 * HOUR
        assert desk().between(sp("2026-07-06 11:30"), sp("2026-07-06 13:30")) == HOUR
        assert desk().between(sp("2026-07-06 18:00"), sp("2026-07-07 09:00")) == 0

    def test_a_microsecond_counts(self) -> None:
        noon = sp("2026-07-06 12:00")
        assert desk().between(noon - 1, noon + 1) == 1
        assert desk().add(noon - 1, 1) == noon
        assert desk().add(noon - 1, 2) == sp("2026-07-06 13:00") + 1

    def test_nothing_lies_between_an_instant_and_an_earlier_one(self) -> None:
        assert desk().between(sp("2026-07-06 11:00"), sp("2026-07-06 10:00")) == 0
        assert ALWAYS.between(2, 1) == 0

    def test_due_is_the_end_of_a_window_and_not_the_beginning_of_the_next(self) -> None:
        assert desk().add(sp("2026-07-06 11:00"), HOUR) == sp("2026-07-06 12:00")
        assert desk().add(sp("2026-07-10 17:00"), HOUR) == sp("2026-07-10 18:00")

    def test_while_shut_time_starts_to_run_at_opening(self) -> None:
        assert desk().add(sp("2026-07-04 15:00"), HOUR) == sp("2026-07-06 10:00")
        assert desk().add(sp("2026-07-06 12:00"), MINUTE) == sp("2026-07-06 13:01")
        assert desk().add(sp("2026-07-10 18:00"), MINUTE) == sp("2026-07-13 09:01")

    def test_a_duration_of_nothing_is_reached_at_once_open_or_shut(self) -> None:
        assert desk().add(sp("2026-07-04 15:00"), 0) == sp("2026-07-04 15:00")
        assert ALWAYS.add(5, 0) == 5

    def test_a_negative_duration_is_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            desk().add(0, -1)

    def test_closed_dates_and_holidays_are_shut(self) -> None:
        hours = desk(closed=("2026-07-07",), holidays=("2026-07-08",))
        assert hours.add(sp("2026-07-06 17:30"), HOUR) == sp("2026-07-09 09:30")

    def test_a_window_is_open_from_its_first_instant_and_shut_at_its_last(self) -> None:
        opens_at, closes_at = sp("2026-07-06 09:00"), sp("2026-07-06 12:00")
        answers = [desk().is_open_at(at) for at in (opens_at - 1, opens_at, closes_at - 1, closes_at)]
        assert answers == [False, True, True, False]

    def test_windows_that_touch_are_one_span(self) -> None:
        hours = every_day(SP, "00:00-10:00", "10:00-24:00")
        assert list(hours.spans(0, 9 * DAY)) == [(0, 9 * DAY)]

    def test_spans_are_cut_to_what_was_asked_for(self) -> None:
        spans = desk().spans(sp("2026-07-06 10:00"), sp("2026-07-07 09:30"))
        assert list(spans) == [
            (sp("2026-07-06 10:00"), sp("2026-07-06 12:00")),
            (sp("2026-07-06 13:00"), sp("2026-07-06 18:00")),
            (sp("2026-07-07 09:00"), sp("2026-07-07 09:30")),
        ]
        assert list(desk().spans(5, 5)) == list(ALWAYS.spans(5, 5)) == []


class TestTimeOff:
    def test_a_reps_dates_off_do_not_count(self) -> None:
        away = (
            TimeOff(dt.date(2026, 7, 7), dt.date(2026, 7, 8)),
            TimeOff(dt.date(2026, 7, 13), dt.date(2026, 7, 13)),
        )
        off = Placement(Roster(reps={"ana": Rep("ana", "Ana", time_off=away)}), ZoneInfo(SP)).off("ana")
        assert desk().add(sp("2026-07-06 17:00"), 2 * HOUR, off) == sp("2026-07-09 10:00")
        assert desk().add(sp("2026-07-06 17:00"), HOUR, off) == sp("2026-07-06 18:00")
        assert desk().add(sp("2026-07-08 10:00"), 17 * HOUR, off) == sp("2026-07-14 10:00")
        assert desk().between(sp("2026-07-06 17:00"), sp("2026-07-14 10:00"), off) == 18 * HOUR
        assert ALWAYS.add(sp("2026-07-06 23:00"), 2 * HOUR, off) == sp("2026-07-09 01:00")

    def test_an_instant_of_time_off_is_not_open(self) -> None:
        off = ((sp("2026-07-06 10:00"), sp("2026-07-06 11:00")),)
        times = ("2026-07-06 09:59", "2026-07-06 10:00", "2026-07-06 11:00")
        assert [desk().is_open_at(sp(time), off) for time in times] == [True, False, True]

    def test_spans_go_around_time_off(self) -> None:
        off = ((1, 1), (2, 4), (6, 8), (12, 20), (30, 40))
        assert list(ALWAYS.spans(3, 15, off)) == [(4, 6), (8, 12)]
        assert list(ALWAYS.spans(0, 2, off)) == [(0, 2)]
        assert list(ALWAYS.spans(8, 25, off)) == [(8, 12), (20, 25)]

    def test_time_off_long_past_is_passed_over(self) -> None:
        off = tuple((day * DAY, day * DAY + HOUR) for day in range(0, 10_000, 2))
        assert ALWAYS.add(9_998 * DAY - 1, 2, off) == 9_998 * DAY + HOUR + 1


class TestWhenClocksChange:
    def test_an_hour_that_is_skipped_or_repeated_changes_the_day(self) -> None:
        hours = OpenHours(calendar(NY, ALL_DAY))
        assert hours.between(at("2026-03-08 00:00", NY), at("2026-03-09 00:00", NY)) == 23 * HOUR
        assert hours.between(at("2026-11-01 00:00", NY), at("2026-11-02 00:00", NY)) == 25 * HOUR

    def test_a_window_in_the_skipped_hour_is_as_zoneinfo_reads_it(self) -> None:
        early, late = every_day(NY, "02:00-02:30"), every_day(NY, "02:30-03:00")
        day = at("2026-03-08 00:00", NY), at("2026-03-09 00:00", NY)
        assert list(early.spans(*day)) == [(at("2026-03-08T07:00:00Z"), at("2026-03-08T07:30:00Z"))]
        assert list(late.spans(*day)) == []

    def test_instants_of_two_windows_count_once(self) -> None:
        hours = every_day(NY, "02:00-02:30", "03:00-04:00")
        assert hours.between(at("2026-03-08 00:00", NY), at("2026-03-09 00:00", NY)) == HOUR

    def test_a_window_in_the_repeated_hour_is_its_first_one(self) -> None:
        hours = every_day(NY, "01:15-01:45")
        day = at("2026-11-01 00:00", NY), at("2026-11-02 00:00", NY)
        assert list(hours.spans(*day)) == [(at("2026-11-01T05:15:00Z"), at("2026-11-01T05:45:00Z"))]

    def test_a_midnight_that_is_skipped_or_repeated_ends_the_day_before(self) -> None:
        hours = every_day(SP, "22:00-24:00")
        assert hours.between(sp("2017-02-18 12:00"), sp("2017-02-19 12:00")) == 3 * HOUR
        assert hours.between(sp("2017-10-14 12:00"), sp("2017-10-15 12:00")) == 2 * HOUR

    def test_the_hours_of_a_date_that_never_was_fall_on_the_next(self) -> None:
        apia = "Pacific/Apia"
        day = at("2011-12-29 18:00", apia), at("2012-01-01 00:00", apia)
        hours = {4: windows("09:00-17:00"), 5: windows("13:00-18:00")}
        assert OpenHours(calendar(apia, hours)).between(*day) == 9 * HOUR
        assert OpenHours(calendar(apia, hours, ("2011-12-30",))).between(*day) == 5 * HOUR
        assert OpenHours(calendar(apia, hours, ("2011-12-31",))).between(*day) == 0

    def test_hours_that_clocks_skip_into_a_closed_date_are_shut(self) -> None:
        nuuk = "America/Nuuk"
        day = at("2024-03-30 12:00", nuuk), at("2024-03-31 12:00", nuuk)
        assert every_day(nuuk, "23:15-23:45").between(*day) == 30 * MINUTE
        assert every_day(nuuk, "23:15-23:45", closed=("2024-03-31",)).between(*day) == 0


class TestFarAway:
    @pytest.mark.parametrize("start_at", [YEAR_1 - DAY, YEAR_1, 0, at("2026-07-06T12:00:00Z")])
    def test_hours_that_never_open_are_never_due(self, start_at: Instant) -> None:
        assert OpenHours(calendar(SP, {})).add(start_at, 1) is None

    def test_nothing_is_due_after_the_last_year(self) -> None:
        assert desk().add(0, HORIZON) is None
        assert desk().add(HORIZON - 30 * DAY, 30 * 8 * HOUR) is None
        assert desk().add(HORIZON, 1) is None
        assert desk().add(HORIZON + 9_999 * DAY, 1) is None
        assert ALWAYS.add(HORIZON - 1, 1) == HORIZON
        assert ALWAYS.add(HORIZON, 1) is None
        assert every_day("Etc/GMT+12", "00:00-24:00").add(HORIZON - 1, 1) == HORIZON
        assert every_day("Etc/GMT+12", "00:00-24:00").add(HORIZON - 1, 2) is None

    def test_time_off_to_the_end_of_time_is_never_due(self) -> None:
        assert desk().add(0, HOUR, ((0, HORIZON), (HORIZON + 1, HORIZON + 2))) is None

    def test_the_first_and_last_years_have_hours_too(self) -> None:
        assert desk().between(YEAR_1, at("0001-02-01T00:00:00Z")) == 23 * 8 * HOUR
        assert desk().between(at("9999-12-01T00:00:00Z"), at("9999-12-31T00:00:00Z")) == 22 * 8 * HOUR
        assert desk().add(YEAR_1 - 400 * DAY, HOUR) == desk().add(YEAR_1, HOUR)

    def test_centuries_add_up(self) -> None:
        # In New York the hours before two on a Sunday are two, or three when the clocks go back.
        hours = OpenHours(calendar(NY, {6: windows("00:00-02:00")}))
        since, until = at("2100-01-01 00:00", NY), at("9900-01-01 00:00", NY)
        sundays = sum(1 for day in range(since // DAY, until // DAY) if (day + 3) % 7 == 6)
        assert hours.between(since, until) == sundays * 2 * HOUR + 7_800 * HOUR
        assert hours.add(since, sundays * 2 * HOUR + 7_800 * HOUR) == at("9899-12-31 02:00", NY)
        past = at("0002-01-01T00:00:00Z"), at("1602-01-01T00:00:00Z")
        assert hours.between(*past) == 1_600 * 146_097 // 400 // 7 * 2 * HOUR

    def test_a_date_closed_in_a_far_century_counts_there_only(self) -> None:
        since, until = sp("2300-01-01 00:00"), sp("4300-01-01 00:00")
        thursdays = {3: windows("09:00-10:00")}
        whole = OpenHours(calendar(SP, thursdays)).between(since, until)
        assert whole - OpenHours(calendar(SP, thursdays, ("3026-07-06",))).between(since, until) == HOUR

    def test_what_is_remembered_stays_small(self) -> None:
        hours = desk()
        for year in range(1000, 3000, 8):
            assert (
                hours.between(at(f"{year}-03-01T00:00:00Z"), at(f"{year}-03-31T23:00:00Z")) >= 20 * 8 * HOUR
            )
        assert len(hours._blocks) <= 128

    def test_a_span_over_many_years_is_one(self) -> None:
        hours = OpenHours(calendar(SP, ALL_DAY))
        assert list(hours.spans(-9_999 * DAY, 9_999 * DAY)) == [(-9_999 * DAY, 9_999 * DAY)]
        assert list(hours.spans(HORIZON - DAY, HORIZON + DAY)) == [(HORIZON - DAY, HORIZON)]


class TestOfferingEnough:
    def test_five_years_are_looked_at(self) -> None:
        rare = calendar(SP, dict.fromkeys(range(7), windows("09:00-10:00")))
        days = 5 * 365 + 1
        assert offers_enough(rare, dt.date(2026, 1, 1), days * 3600)
        assert not offers_enough(rare, dt.date(2026, 1, 1), days * 3600 + 1)

    def test_closed_dates_are_not_offered(self) -> None:
        dates = [dt.date(2026, 1, 1) + dt.timedelta(days) for days in range(5 * 365 + 1)]
        shut = calendar(SP, ALL_DAY, [day.isoformat() for day in dates])
        assert not offers_enough(shut, dt.date(2026, 1, 1), 1)
        assert offers_enough(shut, dt.date(2026, 2, 1), 1)

    def test_the_end_of_the_calendar_is_no_error(self) -> None:
        assert offers_enough(calendar(SP, WORKING), dt.date(9998, 1, 1), 3600)


def test_threads_may_share_hours() -> None:
    hours, starts = desk(), [at(f"{year}-05-05T12:00:00Z") for year in range(1500, 2500, 40)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda start_at: hours.add(start_at, 9 * HOUR), starts * 4))
    assert answers == [desk().add(start_at, 9 * HOUR) for start_at in starts] * 4


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_as_much_time_lies_between_as_was_added(data: st.DataObject) -> None:
    days, change_at = data.draw(calendars_near_a_change())
    hours, off = OpenHours(days), data.draw(times_off(change_at) | st.just(()))
    start_at, duration_us = data.draw(instants_near(change_at)), data.draw(durations())
    reached_at = hours.add(start_at, duration_us, off)
    if reached_at is None:
        assert hours.between(start_at, HORIZON, off) < duration_us
        return
    assert hours.between(start_at, reached_at, off) == duration_us
    # And no earlier instant would do.
    if duration_us:
        assert hours.between(start_at, reached_at - 1, off) == duration_us - 1
        assert hours.is_open_at(reached_at - 1, off)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_time_adds_up_however_it_is_cut(data: st.DataObject) -> None:
    days, change_at = data.draw(calendars_near_a_change())
    hours, off = OpenHours(days), data.draw(times_off(change_at))
    first, middle, last = sorted(data.draw(instants_near(change_at)) for _ in range(3))
    whole = hours.between(first, last, off)
    assert whole == hours.between(first, middle, off) + hours.between(middle, last, off)
    assert whole == sum(until - since for since, until in hours.spans(first, last, off))
    assert 0 <= whole <= last - first


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_more_time_is_never_due_sooner(data: st.DataObject) -> None:
    days, change_at = data.draw(calendars_near_a_change())
    hours, off = OpenHours(days), data.draw(times_off(change_at))
    start_at, longer_us, more_us = (
        data.draw(instants_near(change_at)),
        data.draw(durations()),
        data.draw(durations()),
    )
    sooner, later = hours.add(start_at, longer_us, off), hours.add(start_at, longer_us + more_us, off)
    assert later is None or (sooner is not None and start_at <= sooner <= later)
