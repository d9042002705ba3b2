"""CSV for people: nothing in it is taken for a formula."""

import csv
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.files.csv_out import csv_lines, safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "−", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠"])
def test_text_that_could_begin_a_formula_gets_an_apostrophe(start: str) -> None:
    assert safe_cell(start + "cmd|' /C calc'!A0") == "'" + start + "cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["Ana", "", "1", "a=b", " =1", "'=1", "x@y"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_numbers_stay_numbers_and_text_of_digits_stays_text() -> None:
    assert [safe_cell(v) for v in (-5, 0, Decimal("-0.50"), Decimal("1E+3"), None)] == [
        "-5",
        "0",
        "-0.5",
        "1000",
        "",
    ]
    assert safe_cell("-5") == "'-5"


@given(
    st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\x00\r")) | st.integers(), min_size=1
        )
    )
)
def test_lines_are_read_back_cell_by_cell(rows: list[list[str | int]]) -> None:
    lines = list(csv_lines(["a", "b"], rows))
    assert len(lines) == len(rows) + 1
    back = list(csv.reader(lines, strict=True))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in back] == [
        [safe_cell(cell).removeprefix("'") for cell in row] for row in rows
    ]
