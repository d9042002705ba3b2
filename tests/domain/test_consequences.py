"""Ladders of consequences."""

import pytest

from leaderboard.domain.consequences import (
    LadderKey,
    LadderState,
    StepTaken,
    bonus_withheld,
    climb,
    deduction_entries,
    month_steps,
)
from leaderboard.domain.points import EntryKind
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.rulebook import Consequence, MeasureKind, Rating, StepMeasure, SubjectKind
from tests.domain.build import at, book, day, period, placement, rep, response, rulebook, span

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
NOTIFY = StepMeasure(MeasureKind.NOTIFY_REP)
DEDUCT = StepMeasure(MeasureKind.DEDUCT, points=10)
NO_BONUS = StepMeasure(MeasureKind.NO_BONUS)
AUGUST = period("2026-08")


def ladder(*steps: tuple[StepMeasure, ...], clears_after: int | None = 2, name: str = "slow") -> Consequence:
    return Consequence(name, "first-contact", steps or ((NOTIFY,), (DEDUCT,), (NO_BONUS,)), clears_after)


def climbed(rule: Consequence, months: str) -> list[tuple[int, int]]:
    """The states after months rated `x` (missed), `m` (met) or `e` (exceeded)."""
    ratings = {"x": Rating.MISSED, "m": Rating.MET, "e": Rating.EXCEEDED}
    states = [LadderState()]
    for month in months:
        states.append(climb(rule, states[-1], ratings[month]))
    return [(state.step, state.clean) for state in states[1:]]


class TestClimbing:
    def test_each_missed_month_is_one_step_up_and_the_last_step_repeats(self) -> None:
        assert climbed(ladder(), "xxxx") == [(1, 0), (2, 0), (3, 0), (3, 0)]

    def test_clean_months_in_a_row_lead_back_to_the_foot(self) -> None:
        assert climbed(ladder(), "xxmex") == [(1, 0), (2, 0), (2, 1), (0, 0), (1, 0)]

    def test_a_miss_in_between_begins_the_row_anew(self) -> None:
        assert climbed(ladder(), "xmxmm") == [(1, 0), (1, 1), (2, 0), (2, 1), (0, 0)]

    def test_at_the_foot_clean_months_are_not_saved_up(self) -> None:
        assert climbed(ladder(), "mmxm") == [(0, 0), (0, 0), (1, 0), (1, 1)]

    def test_one_clean_month_may_be_enough_or_none_ever(self) -> None:
        assert climbed(ladder(clears_after=1), "xm") == [(1, 0), (0, 0)]
        assert climbed(ladder(clears_after=None), "xmmmx") == [(1, 0), (1, 1), (1, 2), (1, 3), (2, 0)]

    def test_a_step_beyond_a_shorter_ladder_is_its_last(self) -> None:
        short = ladder((NOTIFY,), (DEDUCT,))
        assert climb(short, LadderState(4, 0), Rating.MISSED) == LadderState(2, 0)
        assert climb(short, LadderState(4, 0), Rating.MET) == LadderState(2, 1)


def rating(
    who: str = "ana",
    how: Rating | None = Rating.MISSED,
    kind: SubjectKind = REP,
    level: str = "first-contact",
) -> MonthRating:
    return MonthRating(level, kind, who, how, "0.0000", 1, 0, day("2026-01-01"))


def stepped(
    ratings: list[MonthRating], states: dict[LadderKey, LadderState] | None = None, *rules: Consequence
) -> tuple[list[StepTaken], dict[LadderKey, LadderState]]:
    version = book(response(), *(rules or (ladder(),))).versions[0]
    return month_steps(version, AUGUST, ratings, states or {})


ANA = LadderKey("slow", REP, "ana")


class TestMonths:
    def test_a_missed_month_applies_the_measures_of_its_step(self) -> None:
        [step], after = stepped([rating()], {ANA: LadderState(1, 1)})
        assert (step.consequence, step.service_level, step.subject, step.id) == (
            "slow",
            "first-contact",
            REP,
            "ana",
        )
        assert (step.month, step.step, step.measures) == ("2026-08", 2, (DEDUCT,))
        assert step.rulebook_on == day("2026-01-01")
        assert after == {ANA: LadderState(2, 0)}

    def test_any_other_rating_applies_none(self) -> None:
        taken, after = stepped([rating(how=Rating.MET)], {ANA: LadderState(1, 0)})
        assert (taken, after) == ([], {ANA: LadderState(1, 1)})

    @pytest.mark.parametrize("ratings", [[], [rating(how=None)], [rating(level="other")]])
    def test_a_month_without_rating_on_the_service_level_changes_nothing(
        self, ratings: list[MonthRating]
    ) -> None:
        assert stepped(ratings, {ANA: LadderState(2, 1)}) == ([], {ANA: LadderState(2, 1)})

    def test_each_subject_has_a_ladder_of_its_own_of_each_consequence(self) -> None:
        states = {ANA: LadderState(1, 0), LadderKey("slow", TEAM, "ana"): LadderState(2, 0)}
        taken, after = stepped([rating(), rating("ben")], states, ladder(), ladder(name="other"))
        assert sorted((step.consequence, step.id, step.step) for step in taken) == [
            ("other", "ana", 1), ("other", "ben", 1), ("slow", "ana", 2), ("slow", "ben", 1)
        ]  # fmt: skip
        assert after[LadderKey("slow", TEAM, "ana")] == LadderState(2, 0)

    def test_a_ladder_ends_with_a_version_that_lacks_the_consequence(self) -> None:
        assert stepped([], {LadderKey("gone", REP, "ana"): LadderState(2, 0)}) == ([], {})

    def test_a_ladder_is_clamped_to_a_version_in_which_nobody_is_rated_too(self) -> None:
        short = ladder((NOTIFY,), (DEDUCT,))
        assert stepped([], {ANA: LadderState(3, 1)}, short) == ([], {ANA: LadderState(2, 1)})


class TestDeductions:
    MOVED = placement(rep("ana", span("north", "2026-01-01", "2026-08-30"), span("south", "2026-08-31")))

    def step(self, *measures: StepMeasure, kind: SubjectKind = REP, who: str = "ana") -> StepTaken:
        return StepTaken("slow", "first-contact", kind, who, "2026-08", 2, measures, day("2026-01-01"))

    def test_the_points_are_taken_at_the_months_last_second(self) -> None:
        [entry] = deduction_entries(self.step(NOTIFY, DEDUCT), AUGUST, self.MOVED)
        assert (entry.booked_at, entry.kind, entry.points) == (
            at("2026-08-31 23:59:59"),
            EntryKind.DEDUCTION,
            -10,
        )
        assert (entry.subject, entry.id, entry.team) == (REP, "ana", "south")
        assert (entry.service_level, entry.rating, entry.lead) == ("first-contact", Rating.MISSED, None)

    def test_a_teams_are_the_teams(self) -> None:
        [entry] = deduction_entries(self.step(DEDUCT, kind=TEAM, who="north"), AUGUST, self.MOVED)
        assert (entry.subject, entry.id, entry.team) == (TEAM, "north", "north")

    def test_what_waits_for_approval_is_not_booked_yet(self) -> None:
        waiting = StepMeasure(MeasureKind.DEDUCT, points=10, needs_approval=True)
        assert deduction_entries(self.step(waiting), AUGUST, self.MOVED) == []

    def test_nor_is_anything_but_a_deduction_or_one_of_0_points(self) -> None:
        nothing = StepMeasure(MeasureKind.DEDUCT, points=0)
        assert deduction_entries(self.step(NOTIFY, NO_BONUS, nothing), AUGUST, self.MOVED) == []

    def test_two_deductions_of_one_step_are_two_reasons(self) -> None:
        entries = deduction_entries(self.step(DEDUCT, DEDUCT), AUGUST, self.MOVED)
        assert len({entry.key for entry in entries}) == 2


def test_a_bonus_is_withheld_from_whom_a_step_denies_it_without_waiting_for_approval() -> None:
    def step(who: str, measure: StepMeasure, kind: SubjectKind = REP) -> StepTaken:
        return StepTaken(
            "slow", "first-contact", kind, who, "2026-08", 1, (NOTIFY, measure), day("2026-01-01")
        )

    waiting = StepMeasure(MeasureKind.NO_BONUS, needs_approval=True)
    steps = [step("ana", NO_BONUS), step("ben", DEDUCT), step("cleo", waiting), step("north", NO_BONUS, TEAM)]
    assert bonus_withheld(steps) == {(REP, "ana"), (TEAM, "north")}


def test_the_months_version_says_what_applies() -> None:
    versions = book(
        rulebook(response(), ladder((NOTIFY,)), from_on="2026-01-01"),
        rulebook(response(), ladder((NO_BONUS,)), from_on="2026-08-01"),
    )
    [step], _ = month_steps(versions.versions[1], AUGUST, [rating()], {})
    assert (step.measures, step.rulebook_on) == ((NO_BONUS,), day("2026-08-01"))
