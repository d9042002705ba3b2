"""The rulebook's own values."""

import pytest

from leaderboard.domain.rulebook import Limit, Rating
from tests.domain.build import limit, points


def test_missed_is_less_than_met_and_met_less_than_exceeded() -> None:
    order = [Rating.MISSED, Rating.MET, Rating.EXCEEDED]
    for place, rating in enumerate(order):
        for other_place, other in enumerate(order):
            assert rating.at_least(other) is (place >= other_place)


def test_a_promise_is_kept_that_is_met_or_exceeded() -> None:
    assert [rating for rating in Rating if rating.is_kept] == [Rating.EXCEEDED, Rating.MET]


def test_points_go_by_rating_and_are_0_where_left_out() -> None:
    table = points(exceeded=3, missed=-1)
    assert [table.of(rating) for rating in Rating] == [3, 0, -1]


@pytest.mark.parametrize(
    ("written", "grade", "seconds"),
    [
        ("1h", None, 3600),
        ("1h", "A", 3600),
        ({"A": "30m", "otherwise": "4h"}, "A", 1800),
        ({"A": "30m", "otherwise": "4h"}, "B", 14400),
        ({"A": "30m", "otherwise": "4h"}, None, 14400),
        ({"A": "30m"}, "a", None),
        ({"A": "30m"}, None, None),
    ],
)
def test_a_limit_is_that_of_the_grade_or_else_of_all_others(
    written: object, grade: str | None, seconds: int | None
) -> None:
    assert limit(written).seconds_for(grade) == seconds  # type: ignore[arg-type]


def test_the_longest_limit_is_known() -> None:
    assert limit({"A": "5h", "otherwise": "4h"}).longest == 18000
    assert limit({"A": "5h"}).longest == 18000
    assert limit("1d").longest == 86400
    assert Limit().longest == 0
