"""Reassignment of a running or overdue clock, and pauses (rulebook.md, `measure: response`, rules 2, 4 and 5)."""

import pytest

from tests.domain.build import (
    at,
    attempts,
    desk,
    event,
    fold,
    outcomes,
    rep,
    response,
    roster,
    rulebook,
    span,
)

RESTART = response()
CONTINUE = response(on_reassign="continue")
TO_ANA = event("assigned", "10:00", rep="ana")


def to(who: str, time: str) -> object:
    return event("assigned", time, rep=who)


class TestRestart:
    def test_the_clock_is_cancelled_and_another_opens_for_the_new_rep(self) -> None:
        assert outcomes([TO_ANA, to("ben", "10:30")], RESTART) == [("missed", "08-03 11:30", "ben")]

    def test_at_the_due_instant_it_is_not_overdue_yet(self) -> None:
        assert outcomes([TO_ANA, to("ben", "11:00")], RESTART) == [("missed", "08-03 12:00", "ben")]

    def test_an_overdue_clock_stays_missed_for_the_old_holder_and_another_opens(self) -> None:
        found = outcomes([TO_ANA, to("ben", "11:00:01")], RESTART)
        assert found == [("missed", "08-03 11:00", "ana"), ("missed", "08-03 12:00:01", "ben")]

    def test_nothing_changes_for_the_holder_himself(self) -> None:
        assert outcomes([TO_ANA, to("ana", "10:30")], RESTART) == [("missed", "08-03 11:00", "ana")]
        assert outcomes([TO_ANA, to("ana", "11:30")], RESTART) == [("missed", "08-03 11:00", "ana")]

    def test_the_new_clock_opens_though_assignment_starts_none(self) -> None:
        level = response(start="returned")
        events = [event("returned", "10:00", rep="ana"), to("ben", "10:30")]
        assert outcomes(events, level) == [("missed", "08-03 11:30", "ben")]

    def test_a_clock_that_nobody_held_starts_again_too(self) -> None:
        level = response(start="created")
        events = [event("created", "10:00"), to("ana", "10:20")]
        assert outcomes(events, level) == [("missed", "08-03 11:20", "ana")]

    def test_an_overdue_clock_that_nobody_held_stays_nobodys(self) -> None:
        level = response(start="created")
        events = [event("created", "10:00"), to("ana", "11:20")]
        assert outcomes(events, level) == [("missed", "08-03 11:00", None), ("missed", "08-03 12:20", "ana")]

    def test_assigned_twice_at_one_time_the_clock_is_the_last_ones(self) -> None:
        level = response(start="created")
        events = [event("created", "10:00"), to("ana", "10:00"), to("ben", "10:00")]
        assert outcomes(events, level) == [("missed", "08-03 11:00", "ben")]

    def test_the_new_clock_has_the_limit_of_the_grade_then(self) -> None:
        level = response(within={"A": "30m", "otherwise": "1h"})
        events = [TO_ANA, event("graded", "10:10", grade="A"), to("ben", "10:20")]
        assert outcomes(events, level) == [("missed", "08-03 10:50", "ben")]

    def test_where_the_grade_then_has_no_limit_none_opens(self) -> None:
        level = response(within={"A": "30m"})
        events = [
            event("graded", "09:00", grade="A"),
            TO_ANA,
            event("graded", "10:10", grade="B"),
            to("ben", "10:20"),
        ]
        assert outcomes(events, level) == []

    def test_the_new_clock_begins_unpaused_and_unattempted(self) -> None:
        events = [TO_ANA, event("paused", "10:10"), to("ben", "10:30")]
        assert outcomes(events, RESTART) == [("missed", "08-03 11:30", "ben")]


class TestRestartAcrossVersions:
    OLD = rulebook(response(), from_on="2026-04-01")
    OPENED = event("assigned", "2026-07-31 23:30", rep="ana")
    HANDED_OVER = event("assigned", "2026-08-01 00:10", rep="ben")

    def test_the_new_clock_is_the_new_versions(self) -> None:
        new = rulebook(response(within="30m"), from_on="2026-08-01")
        [found] = fold([self.OPENED, self.HANDED_OVER], self.OLD, new).outcomes
        assert (found.at, str(found.rulebook_on)) == (at("2026-08-01 00:40"), "2026-08-01")

    @pytest.mark.parametrize("other", [[], [response("another", start="returned")]])
    def test_where_the_new_version_lacks_the_service_level_none_opens(self, other: list[object]) -> None:
        new = rulebook(*other, from_on="2026-08-01")  # type: ignore[arg-type]
        assert outcomes([self.OPENED, self.HANDED_OVER], self.OLD, new) == []

    def test_the_version_at_the_opening_says_what_reassignment_does(self) -> None:
        old = rulebook(CONTINUE, from_on="2026-04-01")
        new = rulebook(RESTART, from_on="2026-08-01")
        assert outcomes([self.OPENED, self.HANDED_OVER], old, new) == [("missed", "08-01 00:30", "ben")]


class TestContinue:
    def test_the_new_rep_becomes_the_holder_and_the_elapsed_time_stays(self) -> None:
        assert outcomes([TO_ANA, to("ben", "10:30")], CONTINUE) == [("missed", "08-03 11:00", "ben")]

    def test_at_the_due_instant_the_clock_still_changes_hands(self) -> None:
        assert outcomes([TO_ANA, to("ben", "11:00")], CONTINUE) == [("missed", "08-03 11:00", "ben")]

    def test_once_overdue_nothing_further_happens(self) -> None:
        found = fold([TO_ANA, to("ben", "11:00:01"), to("cleo", "12:00")], CONTINUE)
        assert [(o.at, o.holder) for o in found.outcomes] == [(at("11:00"), "ana")]
        assert found.running == ()

    def test_a_clock_that_nobody_held_finds_a_holder(self) -> None:
        level = response(start="created", on_reassign="continue")
        events = [event("created", "10:00"), to("ana", "10:20")]
        assert outcomes(events, level) == [("missed", "08-03 11:00", "ana")]

    def test_each_holders_time_off_counts_while_he_holds_it(self) -> None:
        people = roster(
            rep("ana", off=[("2026-08-04", "2026-08-04")]), rep("ben", off=[("2026-08-05", "2026-08-05")])
        )
        # An hour on the 3rd, none on Ana's 4th, an hour of Ben's 4th, none on his 5th.
        level = response(within="3h", on_reassign="continue")
        events = [event("assigned", "23:00", rep="ana"), event("assigned", "2026-08-04 23:00", rep="ben")]
        assert outcomes(events, level, among=people) == [("missed", "08-06 01:00", "ben")]

    def test_attempts_before_the_handover_count(self) -> None:
        level = response(stop=attempts(2), on_reassign="continue")
        tries = [event("contact_attempted", time) for time in ("10:10", "10:50")]
        events = [TO_ANA, tries[0], to("ben", "10:30"), tries[1]]
        assert outcomes(events, level) == [("met", "08-03 10:50", "ben")]

    def test_a_paused_clock_stays_paused_in_other_hands(self) -> None:
        events = [TO_ANA, event("paused", "10:20"), to("ben", "10:30"), event("resumed", "11:00")]
        assert outcomes(events[:3], CONTINUE) == []
        assert outcomes(events, CONTINUE) == [("missed", "08-03 11:40", "ben")]

    def test_the_team_is_the_last_holders(self) -> None:
        [found] = fold(
            [TO_ANA, to("ben", "10:30")], CONTINUE, among=roster(rep("ben", span("south")))
        ).outcomes
        assert found.team == "south"


class TestStoppingGoesBeforeReassignment:
    def test_an_assignment_that_stops_closes_the_clock_for_the_old_holder(self) -> None:
        level = response(start="marketing_qualified", stop="assigned")
        events = [event("marketing_qualified", "10:00", rep="dia"), to("ana", "10:30")]
        assert outcomes(events, level) == [("met", "08-03 10:30", "dia")]

    def test_and_opens_none_though_it_is_a_start_too(self) -> None:
        level = response(start="assigned", stop="assigned")
        assert outcomes([TO_ANA, to("ben", "10:30")], level) == [("met", "08-03 10:30", "ana")]

    def test_an_assignment_that_is_not_yet_the_last_stop_wanted_reassigns(self) -> None:
        level = response(start="created", stop=attempts(2, events="assigned"), on_reassign="continue")
        events = [event("created", "10:00"), to("ana", "10:10"), to("ben", "10:30")]
        assert outcomes(events, level) == [("met", "08-03 10:30", "ana")]


class TestPauses:
    def test_a_pause_takes_its_time_out(self) -> None:
        events = [TO_ANA, event("paused", "10:30"), event("resumed", "12:00"), event("contacted", "12:30")]
        assert outcomes(events, RESTART) == [("met", "08-03 12:30", "ana")]
        assert outcomes(events[:3], RESTART) == [("missed", "08-03 12:30", "ana")]

    def test_paused_and_never_resumed_it_has_no_outcome(self) -> None:
        found = fold([TO_ANA, event("paused", "10:30")], RESTART)
        assert found.outcomes == ()
        assert [(clock.due_at, clock.paused, clock.elapsed_us) for clock in found.running] == [
            (None, True, 1_800_000_000)
        ]

    def test_a_stop_in_a_pause_closes_with_the_time_before_it(self) -> None:
        level = response(exceed_within="30m")
        events = [TO_ANA, event("paused", "10:30"), event("contacted", "2026-08-09 10:00")]
        assert outcomes(events, level) == [("exceeded", "08-09 10:00", "ana")]

    def test_a_pause_before_the_opening_does_not_count(self) -> None:
        events = [event("paused", "09:59"), TO_ANA]
        assert outcomes(events, RESTART) == [("missed", "08-03 11:00", "ana")]

    def test_a_pause_at_the_opening_counts_as_it_comes_later_in_the_order(self) -> None:
        assert outcomes([TO_ANA, event("paused", "10:00")], RESTART) == []

    def test_one_that_comes_earlier_in_the_order_does_not(self) -> None:
        level = response(start="meeting.asked")
        events = [event("paused", "10:00"), event("meeting.asked", "10:00", rep="ana")]
        assert outcomes(events, level) == [("missed", "08-03 11:00", "ana")]

    def test_a_second_pause_and_a_second_resumption_change_nothing(self) -> None:
        events = [TO_ANA, event("paused", "10:10"), event("paused", "10:20"), event("resumed", "11:10"),
                  event("resumed", "11:20")]  # fmt: skip
        assert outcomes(events, RESTART) == [("missed", "08-03 12:00", "ana")]

    def test_several_pauses_add_up(self) -> None:
        events = [TO_ANA, event("paused", "10:10"), event("resumed", "11:10"), event("paused", "11:20"),
                  event("resumed", "12:20")]  # fmt: skip
        assert outcomes(events, RESTART) == [("missed", "08-03 13:00", "ana")]

    def test_one_type_that_pauses_and_resumes_does_it_by_turns(self) -> None:
        level = response(pause="hold.toggled", resume="hold.toggled")
        events = [TO_ANA, event("hold.toggled", "10:10"), event("hold.toggled", "11:10")]
        assert outcomes(events, level) == [("missed", "08-03 12:00", "ana")]

    def test_paused_at_its_due_instant_it_is_due_all_the_same(self) -> None:
        events = [TO_ANA, event("paused", "11:00"), event("resumed", "12:00")]
        for some in (events[:2], events):
            assert outcomes(some, RESTART) == [("missed", "08-03 11:00", "ana")]

    def test_paused_resumed_and_stopped_at_its_due_instant_it_is_met(self) -> None:
        level = response(stop="meeting.held")
        events = [TO_ANA, event("paused", "11:00"), event("resumed", "11:00"), event("meeting.held", "11:00")]
        assert outcomes(events, level) == [("met", "08-03 11:00", "ana")]

    def test_a_pause_after_it_was_due_comes_too_late(self) -> None:
        events = [TO_ANA, event("paused", "11:00:01"), event("resumed", "12:00"), event("contacted", "12:01")]
        assert outcomes(events, RESTART) == [("missed", "08-03 11:00", "ana")]

    def test_a_clock_paused_while_the_calendar_is_shut_loses_nothing(self) -> None:
        level = response(calendar="desk")
        events = [
            event("assigned", "16:30", rep="ana"),
            event("paused", "20:00"),
            event("resumed", "2026-08-05 08:00"),
        ]
        assert outcomes(events, desk(), level) == [("missed", "08-05 09:30", "ana")]
