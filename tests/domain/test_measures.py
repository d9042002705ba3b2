"""Verdicts of other systems, and what an event counts."""

from decimal import Decimal

import pytest

from leaderboard.domain.measures import parse_number, plain
from leaderboard.domain.rulebook import AttributeWorth, GradeWorth
from tests.domain.build import event, fold, points, ratio, recorded, response, rulebook, verdict, volume


class TestVerdicts:
    LEVEL = recorded(each=points(exceeded=6, met=1, missed=-2))

    @pytest.mark.parametrize(("rating", "earned"), [("exceeded", 6), ("met", 1), ("missed", -2)])
    def test_a_verdict_is_an_outcome_at_its_time(self, rating: str, earned: int) -> None:
        one = verdict("10:00", "ana", rating, lead="L9")
        [found] = fold([one], self.LEVEL).outcomes
        assert (found.service_level, found.rating, found.at, found.points) == (
            "quality",
            rating,
            one.time,
            earned,
        )
        assert (found.holder, found.team, found.lead) == ("ana", "north", "L9")
        assert (found.opened_at, found.opening.id, found.closing) == (one.time, one.id, None)
        assert (found.due_at, found.elapsed_us, found.within_us, found.exceed_within_us) == (None,) * 4

    def test_it_needs_no_lead(self) -> None:
        [found] = fold([verdict("10:00", "ana", "met")], self.LEVEL).outcomes
        assert found.lead is None

    @pytest.mark.parametrize(
        "one",
        [
            verdict("10:00", None, "met"),
            verdict("10:00", "ana", "not_rated"),
            verdict("10:00", "ana", "Met"),
            verdict("10:00", "ana", "met", service_level="first-contact"),
            verdict("10:00", "ana", "met", service_level="unheard-of"),
            event("outcome.recorded", "10:00", rep="ana", rating="met"),
            event("outcome.recorded", "10:00", rep="ana", service_level="quality"),
            verdict("2025-12-31 23:59:59", "ana", "met"),
        ],
        ids=[
            "no rep",
            "unknown rating",
            "other case",
            "a clock",
            "unknown level",
            "no level",
            "no rating",
            "too early",
        ],
    )
    def test_these_are_no_outcomes(self, one: object) -> None:
        assert fold([one], response(), self.LEVEL).outcomes == ()  # type: ignore[list-item]

    def test_the_leads_owner_does_not_stand_in_for_a_missing_rep(self) -> None:
        events = [event("assigned", "09:00", rep="ana"), verdict("10:00", None, "met", lead="L1")]
        assert fold(events, self.LEVEL).outcomes == ()

    def test_the_version_in_force_at_its_time_judges(self) -> None:
        old = rulebook(recorded(each=points(met=1)), from_on="2026-04-01")
        new = rulebook(recorded(each=points(met=5)), from_on="2026-08-01")
        [found] = fold([verdict("2026-07-31 23:59:59", "ana", "met")], old, new).outcomes
        assert (found.points, str(found.rulebook_on)) == (1, "2026-04-01")
        [found] = fold([verdict("2026-08-01 00:00", "ana", "met")], old, new).outcomes
        assert (found.points, str(found.rulebook_on)) == (5, "2026-08-01")


def contributed(events: list[object], *parts: object, **more: object) -> list[tuple[str, str | None, str]]:
    """What a lead's events add: side, for whom, how much."""
    found = fold(events, *parts, **more)  # type: ignore[arg-type]
    return [(item.side.value, item.rep, plain(item.value)) for item in found.contributions]


class TestWhoAndWhich:
    def test_an_event_counts_1_for_its_rep_and_his_team_at_that_instant(self) -> None:
        [found] = fold([event("marketing_qualified", "10:00", rep="ana")], volume()).contributions
        assert (found.service_level, found.side.value, found.rep, found.team) == (
            "mqls",
            "volume",
            "ana",
            "north",
        )
        assert found.value == 1

    def test_else_for_the_owner_at_that_time_wherever_he_stands_in_the_order(self) -> None:
        events = [event("assigned", "10:00", rep="ben"), event("marketing_qualified", "10:00")]
        assert contributed(events, volume()) == [("volume", "ben", "1")]

    def test_the_owner_is_the_last_one_assigned_by_then(self) -> None:
        handed_on = [
            event("assigned", time, rep=who)
            for time, who in (("09:00", "ana"), ("10:00", "ben"), ("11:00", "zoe"))
        ]
        for time, owner in (("09:30", "ana"), ("10:30", "ben"), ("11:30", "zoe")):
            events = [*handed_on, event("marketing_qualified", time)]
            assert contributed(events, volume()) == [("volume", owner, "1")]

    def test_else_for_nobody(self) -> None:
        [found] = fold([event("marketing_qualified", "10:00")], volume()).contributions
        assert (found.rep, found.team) == (None, None)

    def test_only_the_first_of_a_lead_counts(self) -> None:
        events = [
            event("marketing_qualified", time, rep=who) for time, who in (("11:00", "ben"), ("10:00", "ana"))
        ]
        assert contributed(events, volume()) == [("volume", "ana", "1")]

    def test_the_first_of_any_of_the_types(self) -> None:
        events = [event("accepted", "10:00", rep="ana"), event("marketing_qualified", "11:00", rep="ben")]
        assert contributed(events, volume(events=["accepted", "marketing_qualified"])) == [
            ("volume", "ana", "1")
        ]

    def test_the_first_counts_even_if_it_counts_for_nobody(self) -> None:
        events = [event("marketing_qualified", "10:00"), event("marketing_qualified", "11:00", rep="ben")]
        assert contributed(events, volume()) == [("volume", None, "1")]

    def test_or_is_worth_nothing(self) -> None:
        level = volume(events="opportunity.won", worth=AttributeWorth("amount"))
        events = [event("opportunity.won", "10:00", rep="ana"), event("opportunity.won", "11:00", amount="5")]
        assert contributed(events, level) == [("volume", "ana", "0")]

    def test_all_count_where_the_rulebook_says_so(self) -> None:
        events = [event("marketing_qualified", time, rep="ana") for time in ("10:00", "11:00")]
        assert len(contributed(events, volume(once_per_lead=False))) == 2

    def test_each_side_of_a_ratio_has_its_own_first(self) -> None:
        level = ratio(numerator="accepted", denominator="accepted")
        events = [event("accepted", time, rep="ana") for time in ("10:00", "11:00")]
        assert contributed(events, level) == [("numerator", "ana", "1"), ("denominator", "ana", "1")]

    def test_events_without_lead_are_each_a_first(self) -> None:
        level = volume(events="outcome.recorded")
        assert contributed([event("outcome.recorded", "10:00", lead=None, rep="ana")], level) == [
            ("volume", "ana", "1")
        ]


class TestFirstsAcrossVersions:
    EARLY = event("marketing_qualified", "2026-03-01 10:00", rep="ana")
    LATER = event("marketing_qualified", "10:00", rep="ben")

    def test_an_event_before_the_first_version_counts_nowhere_but_is_the_first(self) -> None:
        assert contributed([self.EARLY, self.LATER], volume(), from_on="2026-04-01") == []
        assert contributed([self.LATER], volume(), from_on="2026-04-01") == [("volume", "ben", "1")]

    def test_a_first_under_one_version_is_the_first_under_the_next(self) -> None:
        versions = [rulebook(volume(), from_on=day) for day in ("2026-02-01", "2026-08-01")]
        assert contributed([self.EARLY, self.LATER], *versions) == [("volume", "ana", "1")]

    def test_even_where_the_earlier_version_lacked_the_service_level(self) -> None:
        versions = [rulebook(from_on="2026-02-01"), rulebook(volume(), from_on="2026-08-01")]
        assert contributed([self.EARLY, self.LATER], *versions) == []

    def test_or_counted_them_all(self) -> None:
        old = rulebook(volume(once_per_lead=False), from_on="2026-02-01")
        new = rulebook(volume(), from_on="2026-08-01")
        again = event("marketing_qualified", "2026-03-02 10:00", rep="ana")
        assert contributed([self.EARLY, again, self.LATER], old, new) == [("volume", "ana", "1")] * 2

    def test_what_counts_as_such_an_event_is_told_by_the_version_in_force(self) -> None:
        old = rulebook(volume(events="accepted"), from_on="2026-02-01")
        new = rulebook(volume(events=["accepted", "marketing_qualified"]), from_on="2026-08-01")
        accepted = event("accepted", "2026-03-02 10:00", rep="ana")
        assert contributed([self.EARLY, accepted, self.LATER], old, new) == [("volume", "ana", "1")]
        assert contributed([accepted, self.LATER], old, new) == [("volume", "ana", "1")]
        assert contributed([self.LATER], old, new) == [("volume", "ben", "1")]


class TestWorth:
    BY_GRADE = volume(worth=GradeWorth({"A": Decimal(5), "B": Decimal("2.5")}, Decimal(1)))

    @pytest.mark.parametrize(("grade", "value"), [("A", "5"), ("B", "2.5"), ("C", "1"), (None, "1")])
    def test_an_event_counts_by_the_leads_grade_then(self, grade: str | None, value: str) -> None:
        graded = [event("graded", "09:00", grade=grade)] if grade else []
        events = [*graded, event("marketing_qualified", "10:00"), event("graded", "10:01", grade="Z")]
        assert contributed(events, self.BY_GRADE) == [("volume", None, value)]

    def test_the_event_may_bear_the_grade_itself(self) -> None:
        assert contributed([event("marketing_qualified", "10:00", grade="A")], self.BY_GRADE)[0][2] == "5"

    def test_a_grade_that_the_map_lacks_counts_0_without_otherwise(self) -> None:
        level = volume(worth=GradeWorth({"A": Decimal(5)}))
        assert contributed([event("marketing_qualified", "10:00")], level) == [("volume", None, "0")]
        assert contributed([event("marketing_qualified", "10:00", grade="B")], level) == [
            ("volume", None, "0")
        ]

    def test_an_event_counts_the_number_it_bears(self) -> None:
        level = volume(events="opportunity.won", worth=AttributeWorth("amount"))
        assert contributed([event("opportunity.won", "10:00", amount="-12.50")], level) == [
            ("volume", None, "-12.5")
        ]

    @pytest.mark.parametrize("text", ["0", "12", "+12", "-12", "012.340", "0.1", "9" * 5000])
    def test_a_number_is_a_sign_digits_a_point_and_digits(self, text: str) -> None:
        assert parse_number(text) == Decimal(text)

    @pytest.mark.parametrize(
        "text",
        [
            None,
            "",
            "twelve",
            "1.",
            ".5",
            "1,5",
            "1e3",
            "1_000",
            "٣",
            " 1",
            "1\n",
            "--1",
            "NaN",
            "Infinity",
            "0x10",
        ],
    )
    def test_anything_else_counts_0(self, text: str | None) -> None:
        assert parse_number(text) == 0


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("8.50", "8.5"),
        ("0.30", "0.3"),
        ("100", "100"),
        ("1E+3", "1000"),
        ("-0.0", "0"),
        ("0.00", "0"),
        ("-2.50", "-2.5"),
    ],
)
def test_sums_are_written_plainly(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
