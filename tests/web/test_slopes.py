"""Slope charts: places on both sides, and the lines between."""

import pytest

from leaderboard.web.slopes import MOST_ROWS, Slope, slope_chart


def test_names_stand_in_their_order_on_both_sides() -> None:
    chart = slope_chart([Slope("a", "Ana", 2, 1), Slope("b", "Ben", 1, 2), Slope("c", "Cleo", 3, 3)])
    assert chart is not None
    assert [one.id for one in chart.left] == ["b", "a", "c"]
    assert [one.id for one in chart.right] == ["a", "b", "c"]
    assert (chart.height, chart.left_out) == (30, 0)


def test_what_moves_is_drawn_on_top() -> None:
    places = {"Ana": (3, 1), "Ben": (1, 2), "Cleo": (2, 3), "Dora": (4, 4)}
    chart = slope_chart([Slope(name, name, *place) for name, place in places.items()])
    assert chart is not None
    assert [line.way for line in chart.lines] == ["same", "down", "down", "up"]
    assert chart.lines[-1].path == "M1 25C45 25 55 5 99 5"


def test_a_shared_rank_orders_by_name() -> None:
    chart = slope_chart([Slope("z", "Zoe", 1, 1), Slope("a", "Ana", 1, 1)])
    assert chart is not None
    assert [one.name for one in chart.right] == ["Ana", "Zoe"]


@pytest.mark.parametrize("number", [0, 1])
def test_one_alone_is_no_picture(number: int) -> None:
    assert slope_chart([Slope("a", "Ana", 1, 1)] * number) is None


def test_of_many_the_first_are_drawn() -> None:
    chart = slope_chart([Slope(f"{n:03}", f"{n:03}", 200 - n, n) for n in range(200)])
    assert chart is not None
    assert (len(chart.right), chart.left_out) == (MOST_ROWS, 200 - MOST_ROWS)
    assert {one.id for one in chart.left} == {one.id for one in chart.right}
