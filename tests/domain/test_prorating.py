"""Targets of volumes, scaled by the working days on which a rep was there."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.domain.facts import MonthFacts, Sum, SumKey
from leaderboard.domain.periods import Month
from leaderboard.domain.ratings import month_ratings, presence, working_days
from leaderboard.domain.roster import Rep
from leaderboard.domain.versions import Side
from tests.domain.build import book, desk, points, rep, roster, span, volume

AUGUST = Month(2026, 8)  # 21 working days: it begins on a Saturday
LEVEL = volume(target="21", exceed="42", prorate="desk", month=points(exceeded=5, met=3, missed=-1))
DESK = desk()


def there(one: Rep, *closed: str) -> tuple[int, int]:
    version = book(LEVEL, desk(closed=closed)).versions[0]
    found = presence(LEVEL, one.id, working_days(version, LEVEL, AUGUST), roster(one))
    return (found.days, found.of)


def rated(
    value: str, one: Rep, level: object = LEVEL, calendar: object = DESK
) -> tuple[str, str | None, int]:
    facts = MonthFacts(
        AUGUST, {}, {SumKey("mqls", Side.VOLUME, one.id, "north"): Sum(Decimal(value), 1)}, AUGUST
    )
    [found] = month_ratings(book(level, calendar).versions[0], facts, roster(one))
    return (str(found.rating), found.value, found.points)


class TestPresence:
    def test_who_was_there_all_along_was_there_on_every_working_day(self) -> None:
        assert there(rep("ana", span("north"))) == (21, 21)

    def test_working_days_are_those_on_which_the_calendar_has_hours(self) -> None:
        assert there(rep("ana", span("north")), "2026-08-03", "2026-08-04", "2026-08-08") == (19, 19)

    def test_whoever_joined_or_left_was_there_in_between(self) -> None:
        assert there(rep("ana", span("north", "2026-08-17"))) == (11, 21)
        assert there(rep("ana", span("north", "2026-01-01", "2026-08-03"))) == (1, 21)
        both = [span("north", "2026-01-01", "2026-08-03"), span("south", "2026-08-31")]
        assert there(rep("ana", *both)) == (2, 21)

    def test_teams_of_the_other_department_do_not_count(self) -> None:
        spans = [span("demand", "2026-01-01", "2026-08-16"), span("north", "2026-08-17")]
        assert there(rep("ana", *spans)) == (11, 21)

    def test_days_off_are_no_presence(self) -> None:
        away = rep("ana", span("north"), off=[("2026-08-03", "2026-08-09"), ("2026-08-31", "2026-09-02")])
        assert there(away) == (15, 21)


class TestRatings:
    HALF = rep(
        "ana", span("north"), off=[("2026-08-03", "2026-08-04"), ("2026-08-05", "2026-08-11")]
    )  # 14 of 21

    @pytest.mark.parametrize(
        ("value", "rating"),
        [("14", "met"), ("13.999", "missed"), ("27.9", "met"), ("28", "exceeded"), ("0", "missed")],
    )
    def test_target_and_exceed_are_scaled_exactly(self, value: str, rating: str) -> None:
        assert rated(value, self.HALF)[0] == rating

    def test_a_third_is_no_rounded_number(self) -> None:
        away = rep("ana", span("north"), off=[("2026-08-05", "2026-08-31")])  # 2 of 21
        level = volume(target="10", prorate="desk")
        assert rated("0.95238095238095238095238095", away, level)[0] == "missed"
        assert rated("0.95238095238095238095238096", away, level)[0] == "met"

    def test_the_value_and_the_points_stay_what_they_are(self) -> None:
        assert rated("14", self.HALF) == ("met", "14", 3)

    def test_who_was_never_there_is_not_rated(self) -> None:
        away = rep("ana", span("north"), off=[("2026-08-01", "2026-08-31")])
        assert rated("99", away) == ("None", "99", 0)

    def test_a_month_without_working_days_is_not_scaled(self) -> None:
        shut = desk(closed=[f"2026-08-{n:02d}" for n in range(1, 32)])
        assert rated("21", rep("ana", span("north", "2026-08-31")), calendar=shut)[0] == "met"
        assert rated("20", rep("ana", span("north", "2026-08-31")), calendar=shut)[0] == "missed"

    def test_without_prorate_nothing_is_scaled(self) -> None:
        assert rated("20", rep("ana", span("north", "2026-08-31")), volume(target="21"))[0] == "missed"


@given(st.decimals(-50, 100, places=3), st.decimals(-50, 50, places=2))
def test_who_was_there_all_along_is_rated_as_without(value: Decimal, target: Decimal) -> None:
    ana = rep("ana", span("north"))
    plain, scaled = (volume(target=target, prorate=name) for name in (None, "desk"))
    assert rated(str(value), ana, plain) == rated(str(value), ana, scaled)
