"""Monthly ratings."""

from decimal import Decimal
from fractions import Fraction

import pytest

from leaderboard.domain.facts import MonthFacts, Sum, SumKey, Tally, TallyKey
from leaderboard.domain.periods import Month
from leaderboard.domain.ratings import MonthRating, department_subjects, four_places, month_ratings, rate
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import Party, Rating, SubjectKind
from leaderboard.domain.versions import Side
from tests.domain.build import book, points, ratio, recorded, rep, response, roster, span, volume

AUGUST = Month(2026, 8)
REP, TEAM = SubjectKind.REP, SubjectKind.TEAM


def rated(facts: MonthFacts, *levels: object, among: Roster | None = None) -> list[MonthRating]:
    return month_ratings(book(*levels).versions[0], facts, among or roster())


def tallied(**tallies: Tally) -> MonthFacts:
    """Outcomes of first-contact by rep; Ana is in north, Ben in south."""
    teams = {"ana": "north", "ben": "south"}
    keys = {TallyKey("first-contact", who, teams.get(who)): tally for who, tally in tallies.items()}
    return MonthFacts(AUGUST, keys, {}, AUGUST)


def summed(
    *sums: tuple[str, str, str | None, str, int], level: str = "mqls", first: Month | None = AUGUST
) -> MonthFacts:
    """Sums by side, rep, team, value and number of events."""
    found = {
        SumKey(level, Side(side), who, team): Sum(Decimal(value), n) for side, who, team, value, n in sums
    }
    return MonthFacts(AUGUST, {}, found, first)


def in_short(ratings: list[MonthRating]) -> list[tuple[str, str, str | None]]:
    return [(one.id, str(one.rating), one.value) for one in ratings]


class TestOfOutcomes:
    LEVEL = response(target="0.75", exceed="0.95", minimum=2, month=points(missed=-20))

    @pytest.mark.parametrize(
        ("tally", "rating", "value"),
        [
            (Tally(19, 0, 1), "exceeded", "0.9500"),
            (Tally(18, 0, 1), "met", "0.9474"),
            (Tally(1, 2, 1), "met", "0.7500"),
            (Tally(0, 2, 1), "missed", "0.6667"),
            (Tally(0, 0, 2), "missed", "0.0000"),
            (Tally(0, 2, 0), "exceeded", "1.0000"),
        ],
    )
    def test_the_share_of_kept_ones_is_compared_with_exceed_and_target(
        self, tally: Tally, rating: str, value: str
    ) -> None:
        assert in_short(rated(tallied(ana=tally), self.LEVEL)) == [("ana", rating, value)]

    def test_fewer_than_the_minimum_are_not_rated_but_listed(self) -> None:
        [found] = rated(tallied(ana=Tally(0, 1, 0)), self.LEVEL)
        assert (found.rating, found.value, found.outcomes, found.points) == (None, "1.0000", 1, 0)

    def test_a_share_of_a_third_is_compared_exactly(self) -> None:
        one_third = tallied(ana=Tally(0, 1, 2))
        assert in_short(rated(one_third, response(target="0.3333")))[0][1] == "met"
        assert (
            in_short(rated(one_third, response(target="0.33333333333333333333333333333334")))[0][1]
            == "missed"
        )

    def test_without_exceed_nothing_is_exceeded(self) -> None:
        assert in_short(rated(tallied(ana=Tally(9, 0, 0)), response(target="0.5")))[0][1] == "met"

    def test_without_target_there_is_no_rating(self) -> None:
        assert rated(tallied(ana=Tally(9, 0, 0)), response(exceed="0.5")) == []

    def test_a_team_is_rated_over_the_outcomes_its_reps_brought_it(self) -> None:
        facts = MonthFacts(AUGUST, {
            TallyKey("first-contact", "ana", "north"): Tally(0, 3, 0),
            TallyKey("first-contact", "ben", "north"): Tally(0, 0, 1),
            TallyKey("first-contact", "ben", "south"): Tally(0, 0, 1),
            TallyKey("first-contact", "zoe", None): Tally(0, 0, 9),
            TallyKey("other", "ana", "north"): Tally(0, 0, 9),
        })  # fmt: skip
        level = response(subject="team", target="0.75")
        assert in_short(rated(facts, level)) == [("north", "met", "0.7500"), ("south", "missed", "0.0000")]

    def test_points_go_by_the_rating(self) -> None:
        level = response(target="0.5", exceed="0.9", month=points(exceeded=150, met=100, missed=-20))
        facts = tallied(ana=Tally(1, 0, 0), ben=Tally(0, 0, 1), zoe=Tally(0, 1, 1))
        assert [one.points for one in rated(facts, level)] == [150, -20, 100]

    def test_the_list_is_in_the_order_of_service_level_then_id(self) -> None:
        facts = MonthFacts(AUGUST, {TallyKey(level, who, None): Tally(0, 1, 0)
                                    for level in ("b", "a") for who in ("zoe", "ana")})  # fmt: skip
        found = rated(facts, recorded("b", target="0.5"), recorded("a", target="0.5"))
        assert [(one.service_level, one.id) for one in found] == [
            ("a", "ana"), ("a", "zoe"), ("b", "ana"), ("b", "zoe")
        ]  # fmt: skip

    def test_an_empty_tally_is_no_outcome(self) -> None:
        assert rated(tallied(ana=Tally()), self.LEVEL) == []


class TestOfVolumes:
    LEVEL = volume(target="8", exceed="12", month=points(met=200), minimum=99)

    @pytest.mark.parametrize(
        ("value", "rating"),
        [("12", "exceeded"), ("11.99", "met"), ("8.0", "met"), ("7.99", "missed"), ("-1", "missed")],
    )
    def test_the_sum_is_compared_with_exceed_and_target_whatever_the_minimum(
        self, value: str, rating: str
    ) -> None:
        found = rated(summed(("volume", "ana", "north", value, 3)), self.LEVEL)
        assert (found[0].rating, found[0].outcomes) == (rating, 3)

    def test_all_reps_of_the_department_are_rated_even_without_events(self) -> None:
        assert in_short(rated(summed(), self.LEVEL)) == [("ana", "missed", "0"), ("ben", "missed", "0")]

    def test_only_those_of_the_partys_department(self) -> None:
        people = roster(rep("ana", span("north")), rep("dia", span("demand")))
        facts = summed(("volume", "ana", "north", "20", 1))
        assert in_short(rated(facts, volume(party="marketing"), among=people)) == [("dia", "missed", "0")]

    def test_a_teams_value_is_what_its_reps_brought_while_in_it(self) -> None:
        people = roster(rep("ana", span("north")), rep("ben", span("north")))
        facts = summed(("volume", "ana", "south", "5", 1), ("volume", "ana", "north", "3.5", 1),
                       ("volume", "ben", "north", "4.50", 2), ("volume", "zoe", None, "9", 1))  # fmt: skip
        [found] = rated(facts, volume(subject="team", target="8"), among=people)
        assert (found.id, found.subject, found.value, found.outcomes) == ("north", TEAM, "8", 3)

    def test_each_service_level_has_sums_of_its_own(self) -> None:
        facts = summed(("volume", "ana", "north", "20", 5), level="other")
        for level in (self.LEVEL, volume(subject="team")):
            assert {one.value for one in rated(facts, level)} == {"0"}

    def test_nobody_is_rated_before_the_month_of_the_first_event(self) -> None:
        assert rated(summed(first=Month(2026, 9)), self.LEVEL) == []
        assert rated(summed(first=None), self.LEVEL) == []
        assert len(rated(summed(first=Month(2020, 1)), self.LEVEL)) == 2

    def test_a_number_of_any_length_is_rated(self) -> None:
        [found, _] = rated(summed(("volume", "ana", "north", "9" * 6000, 1)), self.LEVEL)
        assert (found.rating, found.value) == (Rating.EXCEEDED, "9" * 6000)


class TestOfRatios:
    LEVEL = ratio(target="0.5", exceed="1", minimum=2, month=points(met=30, missed=-3))

    def judged(self, above: str, below: str, **changes: object) -> tuple[str, str | None]:
        facts = summed(
            ("numerator", "ana", "north", above, 7),
            ("denominator", "ana", "north", below, 3),
            level="win-rate",
        )
        level = ratio(target="0.5", exceed="1", **{"minimum": 2, **changes})  # type: ignore[arg-type]
        [found, _] = rated(facts, level)
        return (str(found.rating), found.value)

    def test_the_quotient_is_compared_with_exceed_and_target(self) -> None:
        assert self.judged("3", "3") == ("exceeded", "1.0000")
        assert self.judged("2.99", "3") == ("met", "0.9967")
        assert self.judged("1.5", "3") == ("met", "0.5000")
        assert self.judged("1", "3") == ("missed", "0.3333")
        assert self.judged("-1", "3") == ("missed", "-0.3333")
        assert self.judged("0.5", "3") == ("missed", "0.1667")
        assert self.judged("2", "0.5", minimum=0) == ("exceeded", "4.0000")

    def test_a_denominator_below_the_minimum_is_not_rated(self) -> None:
        assert self.judged("1", "1.99") == ("None", "0.5025")
        assert self.judged("1", "2") == ("met", "0.5000")

    def test_without_denominator_there_is_no_value(self) -> None:
        assert self.judged("1", "0") == ("None", None)
        assert self.judged("1", "0.00", minimum=0) == ("None", None)

    def test_a_negative_denominator_is_below_every_minimum(self) -> None:
        assert self.judged("-4", "-2", minimum=0) == ("None", "2.0000")
        assert self.judged("4", "-2", minimum=0) == ("None", "-2.0000")

    def test_the_events_are_the_denominators(self) -> None:
        facts = summed(
            ("numerator", "ana", "north", "1", 7), ("denominator", "ana", "north", "2", 3), level="win-rate"
        )
        assert [one.outcomes for one in rated(facts, self.LEVEL)] == [3, 0]

    def test_the_whole_department_is_listed(self) -> None:
        assert in_short(rated(summed(), self.LEVEL)) == [("ana", "None", None), ("ben", "None", None)]

    def test_a_quotient_of_any_length_has_four_places(self) -> None:
        assert self.judged("1" + "0" * 6000, "3") == ("exceeded", "3" * 6000 + ".3333")

    def test_a_huge_quotient_is_found_quickly(self) -> None:
        rating, value = self.judged("7" * 400_000, "3" * 200_000 + "." + "1" * 1000)
        assert (rating, len(str(value))) == ("exceeded", 200_001 + 5)


class TestDepartments:
    def test_a_reps_span_must_cover_the_months_last_date(self) -> None:
        people = roster(
            rep("left", span("north", "2026-01-01", "2026-08-30")),
            rep("stayed", span("north", "2026-01-01", "2026-08-31")),
            rep("came", span("north", "2026-08-31")),
            rep("comes", span("north", "2026-09-01")),
            rep("moved", span("north", "2026-01-01", "2026-08-15"), span("demand", "2026-08-16")),
            rep("free"),
        )
        assert department_subjects(people, Party.SALES, REP, AUGUST) == ["came", "stayed"]
        assert department_subjects(people, Party.MARKETING, REP, AUGUST) == ["moved"]

    def test_a_team_is_a_subject_that_has_such_a_rep(self) -> None:
        people = roster(rep("ana", span("north")), rep("ben", span("south", "2026-01-01", "2026-08-30")))
        assert department_subjects(people, Party.SALES, TEAM, AUGUST) == ["north"]
        assert department_subjects(people, Party.MARKETING, TEAM, AUGUST) == []


def test_ratings_are_compared_without_rounding() -> None:
    level = response(target="0.1", exceed="0.3")
    assert rate(level, Decimal("0.3")) is Rating.EXCEEDED
    assert rate(level, Decimal(1), Decimal(10)) is Rating.MET
    assert rate(level, Decimal(1), Decimal("10.00000000000000000000000000001")) is Rating.MISSED


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(12, 13), "0.9231"),
        (Fraction(1, 20_000), "0.0001"),
        (Fraction(9999, 200_000_000), "0.0000"),
        (Fraction(-1, 20_000), "-0.0001"),
        (Fraction(-1, 30_000), "0.0000"),
        (Fraction(99_999, 100_000), "1.0000"),
        (Fraction(-5, 2), "-2.5000"),
        (Fraction(0), "0.0000"),
    ],
)
def test_shares_are_rounded_half_up_to_four_places(value: Fraction, text: str) -> None:
    assert four_places(value) == text
