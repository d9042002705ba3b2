"""Ladders of consequences."""

from dataclasses import replace

import pytest

from leaderboard.domain.consequences import (
    LadderKey,
    LadderState,
    StepTaken,
    climb,
    deduction_entries,
    in_grace,
    is_suspended,
    lasting,
    month_steps,
)
from leaderboard.domain.decisions import NO_DECISIONS, bonus_withheld
from leaderboard.domain.periods import Month
from leaderboard.domain.points import EntryKind
from leaderboard.domain.ratings import MonthRating
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import (
    Consequence,
    MeasureKind,
    Rating,
    StepMeasure,
    SubjectKind,
    Suspension,
)
from tests.domain.build import at, book, day, period, placement, rep, response, roster, rulebook, span

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
NOTIFY = StepMeasure(MeasureKind.NOTIFY_REP)
DEDUCT = StepMeasure(MeasureKind.DEDUCT, points=10)
NO_BONUS = StepMeasure(MeasureKind.NO_BONUS)
AUGUST = period("2026-08")


JULY = Month(2026, 7)


def ladder(
    *steps: tuple[StepMeasure, ...],
    clears_after: int | None = 2,
    name: str = "slow",
    grace_days: int = 0,
    expires_after: int | None = None,
) -> Consequence:
    return Consequence(
        name, "first-contact", steps or ((NOTIFY,), (DEDUCT,), (NO_BONUS,)), clears_after,
        grace_days=grace_days, expires_after=expires_after,
    )  # fmt: skip


def months(step: int, last: Month = JULY) -> tuple[Month, ...]:
    """As many months in a row, up to the last."""
    return tuple(last.plus(back) for back in range(1 - step, 1))


def state(step: int, clean: int = 0, last: Month = JULY) -> LadderState:
    """A ladder that was climbed month by month."""
    return LadderState(months(step, last), clean)


def climbed(rule: Consequence, story: str) -> list[tuple[int, int]]:
    """The states after months rated `x` (missed), `m` (met) or `e` (exceeded), or not at all (`-`)."""
    ratings = {"x": Rating.MISSED, "m": Rating.MET, "e": Rating.EXCEEDED}
    states = [LadderState()]
    for number, how in enumerate(story):
        month = Month(2026, 1).plus(number)
        stands = lasting(rule, states[-1], month)
        states.append(stands if how == "-" else climb(rule, stands, ratings[how], month))
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
        assert lasting(short, state(4), Month(2026, 8)) == state(2)
        august = Month(2026, 8)
        assert climb(short, state(2), Rating.MISSED, august) == state(2, last=august)
        assert climb(short, state(2), Rating.MET, august) == state(2, 1)


class TestExpiry:
    def test_a_strike_counts_in_its_month_and_the_following_ones(self) -> None:
        rule = ladder(expires_after=3, clears_after=None)
        assert climbed(rule, "x--") == [(1, 0), (1, 0), (1, 0)]
        assert climbed(rule, "x---") == [(1, 0), (1, 0), (1, 0), (0, 0)]

    def test_each_strike_expires_by_itself(self) -> None:
        rule = ladder(expires_after=3, clears_after=None)
        assert climbed(rule, "xx-mm") == [(1, 0), (2, 0), (2, 0), (1, 1), (0, 0)]

    def test_a_strike_that_expires_makes_room_for_the_next(self) -> None:
        assert climbed(ladder(expires_after=2), "xxxx") == [(1, 0), (2, 0), (2, 0), (2, 0)]

    def test_one_that_counts_for_a_month_only_never_leads_further_than_the_first_step(self) -> None:
        assert climbed(ladder(expires_after=1), "xxm") == [(1, 0), (1, 0), (0, 0)]

    def test_a_strike_beyond_the_last_step_keeps_the_subject_there_longer(self) -> None:
        rule = ladder((NOTIFY,), (DEDUCT,), expires_after=4, clears_after=None)
        assert climbed(rule, "xxx----") == [(1, 0), (2, 0), (2, 0), (2, 0), (2, 0), (1, 0), (0, 0)]

    def test_clean_months_lead_to_the_foot_all_the_same(self) -> None:
        assert climbed(ladder(expires_after=9), "xxmmx") == [(1, 0), (2, 0), (2, 1), (0, 0), (1, 0)]


def rating(
    who: str = "ana",
    how: Rating | None = Rating.MISSED,
    kind: SubjectKind = REP,
    level: str = "first-contact",
) -> MonthRating:
    return MonthRating(level, kind, who, how, "0.0000", 1, 0, day("2026-01-01"))


def stepped(
    ratings: list[MonthRating],
    states: dict[LadderKey, LadderState] | None = None,
    *rules: Consequence,
    among: Roster | None = None,
    suspensions: tuple[Suspension, ...] = (),
) -> tuple[list[StepTaken], dict[LadderKey, LadderState]]:
    of = replace(rulebook(response(), *(rules or (ladder(),))), suspensions=suspensions)
    moved = month_steps(book(of).versions[0], AUGUST, ratings, states or {}, among or roster())
    return list(moved.steps), dict(moved.states)


ANA = LadderKey("slow", REP, "ana")
STRUCK = state(1, last=Month(2026, 8))


class TestMonths:
    def test_a_missed_month_applies_the_measures_of_its_step(self) -> None:
        [step], after = stepped([rating()], {ANA: state(1, 1)})
        assert (step.consequence, step.service_level, step.subject, step.id) == (
            "slow",
            "first-contact",
            REP,
            "ana",
        )
        assert (step.month, step.step, step.measures) == ("2026-08", 2, (DEDUCT,))
        assert step.rulebook_on == day("2026-01-01")
        assert after == {ANA: LadderState((JULY, Month(2026, 8)))}

    def test_any_other_rating_applies_none(self) -> None:
        taken, after = stepped([rating(how=Rating.MET)], {ANA: state(1)})
        assert (taken, after) == ([], {ANA: state(1, 1)})

    @pytest.mark.parametrize("ratings", [[], [rating(how=None)], [rating(level="other")]])
    def test_a_month_without_rating_on_the_service_level_changes_nothing(
        self, ratings: list[MonthRating]
    ) -> None:
        assert stepped(ratings, {ANA: state(2, 1)}) == ([], {ANA: state(2, 1)})

    def test_each_subject_has_a_ladder_of_its_own_of_each_consequence(self) -> None:
        states = {ANA: state(1), LadderKey("slow", TEAM, "ana"): state(2)}
        taken, after = stepped([rating(), rating("ben")], states, ladder(), ladder(name="other"))
        assert sorted((step.consequence, step.id, step.step) for step in taken) == [
            ("other", "ana", 1), ("other", "ben", 1), ("slow", "ana", 2), ("slow", "ben", 1)
        ]  # fmt: skip
        assert after[LadderKey("slow", TEAM, "ana")] == state(2)

    def test_a_ladder_ends_with_a_version_that_lacks_the_consequence(self) -> None:
        assert stepped([], {LadderKey("gone", REP, "ana"): state(2)}) == ([], {})

    def test_a_ladder_is_clamped_to_a_version_in_which_nobody_is_rated_too(self) -> None:
        short = ladder((NOTIFY,), (DEDUCT,))
        assert stepped([], {ANA: state(3, 1)}, short) == ([], {ANA: state(2, 1)})

    def test_strikes_expire_in_a_month_in_which_nobody_is_rated_too(self) -> None:
        rule = ladder(expires_after=2)
        assert stepped([], {ANA: state(2)}, rule) == ([], {ANA: state(1)})
        assert stepped([], {ANA: state(1, last=Month(2026, 6))}, rule) == ([], {ANA: LadderState()})

    def test_what_a_rating_moved_is_told(self) -> None:
        version = book(response(), ladder()).versions[0]
        states = {ANA: state(1), LadderKey("slow", REP, "ben"): state(1)}
        moved = month_steps(version, AUGUST, [rating(how=Rating.MET)], states, roster())
        assert moved.moved == {ANA}


class TestGrace:
    NEW = roster(rep("ana", span("north", "2026-07-20"), span("south", "2026-08-20")))

    def test_a_month_that_begins_within_the_days_of_grace_is_no_strike(self) -> None:
        rule = ladder(grace_days=30)
        assert stepped([rating()], {}, rule, among=self.NEW) == ([], {})

    def test_nor_is_it_a_clean_month(self) -> None:
        rule = ladder(grace_days=30)
        found = stepped([rating(how=Rating.MET)], {ANA: state(1)}, rule, among=self.NEW)
        assert found == ([], {ANA: state(1)})

    @pytest.mark.parametrize(("days", "spared"), [(12, False), (13, True), (0, False)])
    def test_it_goes_by_the_first_day_of_the_month_and_of_the_first_team(
        self, days: int, spared: bool
    ) -> None:
        assert in_grace(ladder(grace_days=days), REP, "ana", Month(2026, 8), self.NEW) is spared

    @pytest.mark.parametrize(("kind", "who"), [(TEAM, "north"), (REP, "zoe"), (REP, "cleo")])
    def test_only_a_rep_who_ever_joined_a_team_has_any(self, kind: SubjectKind, who: str) -> None:
        among = roster(rep("ana", span("north", "2026-07-20")), rep("cleo"))
        assert not in_grace(ladder(grace_days=99), kind, who, Month(2026, 8), among)

    def test_others_climb(self) -> None:
        taken, after = stepped([rating("ben")], {}, ladder(grace_days=30), among=self.NEW)
        assert [step.id for step in taken] == ["ben"]
        assert after == {LadderKey("slow", REP, "ben"): STRUCK}


class TestSuspension:
    OUTAGE = Suspension(day("2026-08-31"), day("2026-09-02"), "The phones were down")

    def test_a_month_that_any_of_its_days_touches_moves_no_ladder(self) -> None:
        found = stepped([rating(), rating("ben", Rating.MET)], {ANA: state(1)}, suspensions=(self.OUTAGE,))
        assert found == ([], {ANA: state(1)})

    def test_strikes_expire_all_the_same(self) -> None:
        rule = ladder(expires_after=2)
        assert stepped([], {ANA: state(2)}, rule, suspensions=(self.OUTAGE,)) == ([], {ANA: state(1)})

    def test_it_may_name_the_ladders_that_stand_still(self) -> None:
        named = replace(self.OUTAGE, consequences=("slow",))
        taken, _ = stepped([rating()], {}, ladder(), ladder(name="other"), suspensions=(named,))
        assert [step.consequence for step in taken] == ["other"]

    @pytest.mark.parametrize(
        ("first", "last", "stands"),
        [
            ("2026-08-01", "2026-08-01", True),
            ("2026-07-01", "2026-12-31", True),
            ("2026-07-30", "2026-07-31", False),
            ("2026-09-01", "2026-09-01", False),
        ],
    )
    def test_its_dates_count_both_ends(self, first: str, last: str, stands: bool) -> None:
        of = replace(rulebook(ladder()), suspensions=(Suspension(day(first), day(last), "Outage"),))
        assert is_suspended(book(of).versions[0], "slow", Month(2026, 8)) is stands


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
    assert bonus_withheld(steps, NO_DECISIONS, book(response())) == {(REP, "ana"), (TEAM, "north")}


def test_the_months_version_says_what_applies() -> None:
    versions = book(
        rulebook(response(), ladder((NOTIFY,)), from_on="2026-01-01"),
        rulebook(response(), ladder((NO_BONUS,)), from_on="2026-08-01"),
    )
    [step] = month_steps(versions.versions[1], AUGUST, [rating()], {}, roster()).steps
    assert (step.measures, step.rulebook_on) == ((NO_BONUS,), day("2026-08-01"))
