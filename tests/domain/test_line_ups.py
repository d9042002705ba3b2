"""What a screen shows at an hour, and when it is night for it."""

import datetime as dt

import pytest

from leaderboard.domain.line_ups import STANDARD, LineUp, Slide, SlideKind, is_night
from leaderboard.files.line_ups import read_line_up, write_line_up

MONDAY_NOON = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def test_a_slide_is_on_from_its_first_minute_until_before_its_last() -> None:
    slide = Slide(SlideKind.NOTE, 10, frozenset({1}), 9 * 60, 12 * 60 + 30, "Lunch")
    at = [
        MONDAY_NOON.replace(hour=hour, minute=minute)
        for hour, minute in ((8, 59), (9, 0), (12, 29), (12, 30))
    ]
    assert [slide.is_on(one) for one in at] == [False, True, True, False]
    assert not slide.is_on(MONDAY_NOON + dt.timedelta(days=1))


def test_a_wall_is_never_dark_because_nothing_is_on() -> None:
    sunday_only = LineUp((Slide(SlideKind.REPS, 20, frozenset({7})),))
    assert [slide.kind for slide in sunday_only.on_at(MONDAY_NOON)] == [SlideKind.TEAMS]
    assert [slide.kind for slide in STANDARD.on_at(MONDAY_NOON)] == [slide.kind for slide in STANDARD.slides]


def test_of_several_alike_the_one_that_is_on_is_asked_for() -> None:
    sunday, monday = (Slide(SlideKind.REPS, 20, frozenset({day})) for day in (7, 1))
    cake, tea = (Slide(SlideKind.NOTE, 20, frozenset({7}), title=title) for title in ("Cake", "Tea"))
    line_up = LineUp((sunday, monday, cake, tea))
    assert line_up.asked_for("reps", "", "", MONDAY_NOON) == monday
    assert line_up.asked_for("note", "Tea", "", MONDAY_NOON) == tea
    assert line_up.asked_for("note", "", "", MONDAY_NOON) is None


@pytest.mark.parametrize(
    ("minute", "night", "dim"),
    [
        (23 * 60, (22 * 60, 6 * 60), True),
        (5 * 60 + 59, (22 * 60, 6 * 60), True),
        (6 * 60, (22 * 60, 6 * 60), False),
        (13 * 60, (12 * 60, 14 * 60), True),
        (14 * 60, (12 * 60, 14 * 60), False),
        (0, (8 * 60, 8 * 60), False),
    ],
)
def test_a_night_may_run_past_midnight(minute: int, night: tuple[int, int], dim: bool) -> None:
    assert is_night(minute, *night) is dim
    assert not is_night(minute, None, None)


def test_what_is_kept_of_a_line_up_is_the_line_up() -> None:
    other = LineUp(
        (Slide(SlideKind.NOTE, 30, frozenset({1, 5}), 60, 120, "Olá", "Zweite Zeile\nmit “Zeichen”"),)
    )
    for line_up in (STANDARD, other):
        assert read_line_up(write_line_up(line_up)) == line_up
