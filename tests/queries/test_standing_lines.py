"""Standings changed in a few places: what comes out is what sorting all anew gives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leaderboard.domain.standings import Amounts
from leaderboard.queries import standing_lines
from leaderboard.queries.standing_lines import Ordered, lines_of, merits_of

NAMES = {key: (f"Name {key % 3}", f"id-{key}") for key in range(12)}
COUNTS = st.sampled_from([0, 1, 2, 3, 2**26])
AMOUNTS = st.tuples(st.integers(-3, 3), COUNTS, COUNTS, COUNTS)
STANDINGS = st.dictionaries(st.sampled_from(sorted(NAMES)), AMOUNTS, max_size=12)


@settings(max_examples=300)
@given(st.lists(STANDINGS, min_size=2, max_size=4))
def test_one_after_the_other_is_as_each_made_anew(standings: list[dict[int, Amounts]]) -> None:
    lines, merits = lines_of(standings[0], NAMES), merits_of(standings[0])
    for amounts in standings[1:]:
        lines, merits = lines_of(amounts, NAMES, lines), merits_of(amounts, merits)
        assert lines == lines_of(amounts, NAMES)
        assert merits == merits_of(amounts)


@pytest.mark.parametrize(
    ("then", "is_patched"),
    [
        ({1: (5, 0, 0, 0)}, True),
        ({7: (1, 1, 0, 0)}, True),
        ({}, True),
        (dict.fromkeys(range(3), (9, 0, 0, 0)), False),
        ({1: (5, 2**26, 0, 0)}, False),
    ],
)
def test_only_a_few_changes_are_made_one_by_one(
    monkeypatch: pytest.MonkeyPatch, then: dict[int, Amounts], is_patched: bool
) -> None:
    monkeypatch.setattr(standing_lines, "_FEW", 2)
    patched = list[int]()
    patch = standing_lines._patched

    def noted(
        last: Ordered[standing_lines.Line], amounts: dict[int, Amounts], few: dict[int, standing_lines.Line]
    ):  # type: ignore[no-untyped-def]
        patched.append(len(few))
        return patch(last, amounts, few)

    monkeypatch.setattr(standing_lines, "_patched", noted)
    amounts = {key: (key, 1, 0, 1) for key in range(6)}
    after = {**amounts, **then}
    assert lines_of(after, NAMES, lines_of(amounts, NAMES)) == lines_of(after, NAMES)
    assert patched == ([len(then)] if is_patched else [])


def test_who_is_gone_is_in_no_line() -> None:
    amounts = {key: (key, 1, 0, 1) for key in range(6)}
    after = {key: has for key, has in amounts.items() if key != 3} | {8: (1, 0, 0, 0)}
    assert lines_of(after, NAMES, lines_of(amounts, NAMES)) == lines_of(after, NAMES)
