"""How often something came about in a group, and how sure that is."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.domain.chances import Bands, Case, Group, split, wilson
from tests.domain.build import period

AUGUST = period("2026-08")
Z_SQUARED = Fraction("1.96") ** 2
STEP = Fraction(1, 10_000)


def cases(key: str, hits: int, of: int, subjects: int = 2, outcomes: int = 1) -> list[Case]:
    """So many cases of a group, its letter being that of its subjects."""
    return [Case(f"{key}{place % subjects}", AUGUST, place < hits, outcomes) for place in range(of)]


def letters(*groups: list[Case], minimum: int = 1, least_subjects: int = 2) -> tuple[Group, ...]:
    found = [case for group in groups for case in group]
    return split(found, lambda case: case.subject[0], minimum, least_subjects)


def stands(*groups: list[Case], **more: int) -> list[tuple[str, str | None]]:
    return [(group.key, group.stand) for group in letters(*groups, **more)]


class TestTheInterval:
    @pytest.mark.parametrize(
        ("hits", "of", "low", "high"),
        [
            (0, 0, "0", "1"),
            (0, 10, "0", "0.2776"),
            (10, 10, "0.7224", "1"),
            (5, 10, "0.2365", "0.7635"),
            (41, 90, "0.3565", "0.5582"),
        ],
    )
    def test_by_hand(self, hits: int, of: int, low: str, high: str) -> None:
        assert wilson(hits, of) == (Decimal(low), Decimal(high))

    @given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
    def test_its_ends_are_the_last_shares_that_do_not_contradict_the_cases(
        self, found: tuple[int, int]
    ) -> None:
        """Wilson: p is within as long as (k/n - p)² ≤ z² p(1 - p)/n. Checked exactly."""
        hits, of = found
        share = Fraction(hits, of)

        def is_within(p: Fraction) -> bool:
            return (share - p) ** 2 <= Z_SQUARED * p * (1 - p) / of

        low, high = (Fraction(end) for end in wilson(hits, of))
        assert 0 <= low <= share <= high <= 1
        assert is_within(low + STEP) or low + STEP > share
        assert is_within(high - STEP) or high - STEP < share
        assert low == 0 or not is_within(low) or is_within(low) == (low == share)
        assert high == 1 or not is_within(high)

    @given(st.integers(1, 300).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
    def test_it_is_the_same_of_what_did_not_come_about(self, found: tuple[int, int]) -> None:
        hits, of = found
        there, not_there = wilson(hits, of), wilson(of - hits, of)
        assert there == (1 - not_there.high, 1 - not_there.low)

    @given(st.integers(1, 100).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
    def test_more_of_the_same_makes_it_narrower(self, found: tuple[int, int]) -> None:
        hits, of = found
        few, many = wilson(hits, of), wilson(10 * hits, 10 * of)
        assert few.low <= many.low <= many.high <= few.high


class TestGroups:
    def test_the_best_come_first_and_are_told_apart_where_it_is_not_chance(self) -> None:
        found = stands(cases("a", 10, 40), cases("b", 36, 40), cases("c", 22, 40))
        assert found == [("b", "more"), ("c", "alike"), ("a", "less")]

    def test_what_may_be_chance_is_told_as_that(self) -> None:
        assert stands(cases("a", 3, 6), cases("b", 4, 6)) == [("b", "alike"), ("a", "alike")]

    @pytest.mark.parametrize(
        "few", [cases("z", 4, 4), cases("z", 9, 9, subjects=1), cases("z", 9, 9, outcomes=0)]
    )
    def test_of_too_little_nothing_is_said_and_it_is_ranked_nowhere(self, few: list[Case]) -> None:
        assert stands(few, cases("a", 2, 30), cases("b", 4, 30)) == [
            ("b", "alike"), ("a", "alike"), ("z", None),
        ]  # fmt: skip

    def test_fewer_outcomes_than_the_minimum_are_too_little(self) -> None:
        few = cases("a", 6, 6, outcomes=3)
        assert stands(few, cases("b", 0, 40), minimum=18)[0] == ("a", "more")
        assert stands(few, cases("b", 0, 40), minimum=19)[-1] == ("a", None)

    def test_nobody_is_told_apart_from_too_few_others(self) -> None:
        assert stands(cases("a", 40, 40), cases("b", 0, 4)) == [("a", "alike"), ("b", None)]
        assert stands(cases("a", 40, 40), cases("b", 0, 40, subjects=1)) == [("a", "alike"), ("b", None)]

    def test_a_team_may_be_a_group_of_itself(self) -> None:
        found = stands(cases("a", 12, 12, subjects=1), cases("b", 0, 12, subjects=1), least_subjects=1)
        assert found == [("a", "more"), ("b", "less")]

    def test_what_a_group_would_have_by_its_head_count(self) -> None:
        inbound, outbound = letters(cases("i", 6, 10), cases("o", 3, 20))
        assert (inbound.hits, inbound.expected, inbound.share) == (6, 3, Fraction(3, 5))
        assert (outbound.hits, outbound.expected) == (3, 6)

    @given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans(), st.booleans()), max_size=60))
    def test_groups_add_up(self, drawn: list[tuple[str, bool, bool]]) -> None:
        found = [Case(f"{key}1", AUGUST, is_hit, 1, is_lost) for key, is_hit, is_lost in drawn]
        groups = letters(found)
        assert sum(group.cases for group in groups) == len(found)
        assert sum(group.hits for group in groups) == sum(group.expected for group in groups)
        assert sum(group.lost for group in groups) == sum(case.is_lost for case in found)
        assert all(group.stand is None for group in groups), "each is one person"


class TestThirds:
    def test_of_counts(self) -> None:
        bands = Bands.of([9, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0])
        assert bands == (3, 6)
        assert [bands.band(count) for count in (0, 1, 3, 4, 6, 7, 99) if bands] == [
            "none", "few", "few", "middle", "middle", "many", "many",
        ]  # fmt: skip

    def test_equal_counts_stay_together(self) -> None:
        assert Bands.of([5, 5, 5, 5]) == (5, 5)
        assert Bands.of([5]) == (5, 5)

    def test_of_nothing_there_are_none(self) -> None:
        assert Bands.of([0, 0]) is None
        assert Bands.of([]) is None
