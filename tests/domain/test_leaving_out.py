"""The rules less a service level, and how much a standing changes by it."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaderboard.domain.leaving_out import Pairs, fold_without, pairs, without_level
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.rulebook import (
    Badge,
    CleanMonthBadge,
    Consequence,
    Contest,
    CountBadge,
    MeasureKind,
    PrizeRule,
    Recognition,
    Rulebook,
    StepMeasure,
    StreakBadge,
    SubjectKind,
    Suspension,
)
from tests.domain.build import at, day, event, fold, response, rulebook, volume

NOTIFY = ((StepMeasure(MeasureKind.NOTIFY_REP),),)
JULY = (day("2026-07-01"), day("2026-07-31"))


def contest(name: str, *levels: str) -> Contest:
    return Contest(name, name, *JULY, levels, PrizeRule(10))


def suspension(*consequences: str) -> Suspension:
    return Suspension(*JULY, "outage", consequences or None)


def whole() -> Rulebook:
    return rulebook(
        response(),
        response("disposition", stop="accepted"),
        Badge("quick", "Quick", CountBadge("first-contact", 3)),
        Badge("unbroken", "Unbroken", StreakBadge("first-contact", 3)),
        Badge("tidy", "Tidy", StreakBadge("disposition", 3)),
        Badge("clean", "Clean", CleanMonthBadge(3)),
        Recognition("fast", PeriodKind.MONTH, SubjectKind.REP, 1, badge="quick"),
        Recognition("neat", PeriodKind.MONTH, SubjectKind.REP, 1, badge="clean"),
        Recognition("bare", PeriodKind.MONTH, SubjectKind.REP, 1),
        Consequence("late", "first-contact", NOTIFY),
        Consequence("sloppy", "disposition", NOTIFY),
        contest("race", "first-contact"),
        contest("both", "first-contact", "disposition"),
        suspension("late"),
        suspension("late", "sloppy"),
        suspension(),
    )


class TestTheRulesWithoutIt:
    def test_what_names_it_goes_with_it(self) -> None:
        left = without_level(whole(), "first-contact")
        assert list(left.service_levels) == ["disposition"]
        assert list(left.badges) == ["tidy", "clean"]
        assert list(left.consequences) == ["sloppy"]
        assert {key: one.service_levels for key, one in left.contests.items()} == {"both": ("disposition",)}
        assert [one.consequences for one in left.suspensions] == [("sloppy",), None]

    def test_places_stay_but_not_the_badge_that_is_gone(self) -> None:
        left = without_level(whole(), "first-contact").recognition
        assert {key: rule.badge for key, rule in left.items()} == {
            "fast": None,
            "neat": "clean",
            "bare": None,
        }

    def test_one_that_there_is_not_changes_nothing(self) -> None:
        assert without_level(whole(), "another") == whole()


def test_what_it_counted_before_is_left() -> None:
    found = fold(
        [
            event("assigned", "10:00", rep="ana"),
            event("contacted", "10:05"),
            event("marketing_qualified", "08-20 10:00", rep="ana"),
        ],
        response(),
        volume(),
    )
    assert fold_without(found, "first-contact", at("10:06")) == found
    less = fold_without(found, "first-contact", at("10:05"))
    assert (less.outcomes, less.contributions) == ((), found.contributions)
    assert fold_without(found, "mqls", at("10:00")).contributions == ()
    assert fold_without(found, "mqls", at("10:00")).outcomes == found.outcomes


class TestPairs:
    @pytest.mark.parametrize(
        ("after", "found", "tau"),
        [
            ((1, 2, 3, 4), (6, 0, 0), Fraction(1)),
            ((4, 3, 2, 1), (0, 6, 0), Fraction(-1)),
            ((2, 1, 3, 4), (5, 1, 0), Fraction(2, 3)),
            ((1, 1, 3, 4), (5, 0, 1), Fraction(5, 6)),
        ],
    )
    def test_by_hand(self, after: tuple[int, ...], found: tuple[int, ...], tau: Fraction) -> None:
        counted = pairs(dict(zip("abcd", (1, 2, 3, 4), strict=True)), dict(zip("abcd", after, strict=True)))
        assert (tuple(counted), counted.tau) == (found, tau)

    def test_one_alone_makes_no_pair(self) -> None:
        assert pairs({"a": 1}, {"a": 1}) == Pairs(0, 0, 0)
        assert Pairs(0, 0, 0).tau == 1

    @given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=25))
    def test_as_one_counts_them_pair_by_pair(self, ranks: list[tuple[int, int]]) -> None:
        signs = [(a[0] - b[0]) * (a[1] - b[1]) for a, b in combinations(ranks, 2)]
        before, after = ({str(who): rank[side] for who, rank in enumerate(ranks)} for side in (0, 1))
        assert pairs(before, after) == (
            sum(sign > 0 for sign in signs), sum(sign < 0 for sign in signs), signs.count(0),
        )  # fmt: skip
