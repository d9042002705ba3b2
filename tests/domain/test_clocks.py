"""A response clock from its opening to its outcome (rulebook.md, `measure: response`)."""

import pytest

from leaderboard.domain.instants import HOUR, MINUTE
from leaderboard.domain.rulebook import PointsTable, SubjectKind
from tests.domain.build import (
    at,
    desk,
    event,
    fold,
    outcomes,
    points,
    rep,
    response,
    roster,
    rulebook,
    span,
)

CLOCK = response(exceed_within="15m")
ASSIGNED = event("assigned", "10:00", rep="ana")


def contacted(time: str) -> list[object]:
    return outcomes([ASSIGNED, event("contacted", time)], CLOCK)


class TestClosing:
    def test_within_exceed_within_it_is_exceeded_at_the_closing(self) -> None:
        assert contacted("10:15") == [("exceeded", "08-03 10:15", "ana")]

    def test_later_it_is_met_up_to_the_due_instant_itself(self) -> None:
        assert contacted("10:15:01") == [("met", "08-03 10:15:01", "ana")]
        assert contacted("11:00") == [("met", "08-03 11:00", "ana")]

    def test_later_than_due_it_is_missed_when_it_was_due(self) -> None:
        assert contacted("2026-08-03T11:00:00.000001Z") == [("missed", "08-03 11:00", "ana")]

    def test_without_exceed_within_nothing_is_exceeded(self) -> None:
        events = [ASSIGNED, event("contacted", "10:00")]
        assert outcomes(events, response()) == [("met", "08-03 10:00", "ana")]

    def test_the_stop_may_bear_the_time_of_the_opening(self) -> None:
        assert contacted("10:00") == [("exceeded", "08-03 10:00", "ana")]

    def test_a_stop_before_the_opening_in_the_leads_order_closes_nothing(self) -> None:
        events = [event("graded", "10:00", grade="A"), ASSIGNED]
        assert outcomes(events, response(stop="graded")) == [("missed", "08-03 11:00", "ana")]

    def test_any_type_of_a_list_stops(self) -> None:
        level = response(stop=["accepted", "disqualified"])
        assert outcomes([ASSIGNED, event("disqualified", "10:30")], level) == [("met", "08-03 10:30", "ana")]


class TestStillOpen:
    def test_at_its_due_instant_it_is_not_overdue(self) -> None:
        found = fold([ASSIGNED], CLOCK, as_of="11:00")
        assert found.outcomes == ()
        assert found.due_at == at("11:00")

    def test_at_every_later_instant_it_is_missed_once(self) -> None:
        for as_of in ("2026-08-03T11:00:00.000001Z", "2026-09-01 00:00"):
            assert outcomes([ASSIGNED], CLOCK, as_of=as_of) == [("missed", "08-03 11:00", "ana")]

    def test_events_after_the_as_of_instant_do_not_exist_yet(self) -> None:
        events = [ASSIGNED, event("contacted", "10:30")]
        assert outcomes(events, CLOCK, as_of="10:29:59") == []
        assert outcomes(events, CLOCK, as_of="10:30") == [("met", "08-03 10:30", "ana")]

    def test_a_missed_clock_stays_open_so_that_a_start_opens_no_other(self) -> None:
        again = event("assigned", "12:00", rep="ana")
        assert outcomes([ASSIGNED, again], CLOCK) == [("missed", "08-03 11:00", "ana")]

    def test_once_stopped_a_missed_clock_makes_room_for_another(self) -> None:
        events = [ASSIGNED, event("contacted", "12:00"), event("assigned", "13:00", rep="ana")]
        assert outcomes(events, CLOCK) == [("missed", "08-03 11:00", "ana"), ("missed", "08-03 14:00", "ana")]


class TestOpening:
    def test_while_it_runs_a_start_opens_no_other(self) -> None:
        level = response(start=["assigned", "returned"])
        events = [ASSIGNED, event("returned", "10:30"), event("contacted", "10:45")]
        assert outcomes(events, level) == [("met", "08-03 10:45", "ana")]

    def test_after_closing_a_later_start_opens_another(self) -> None:
        level = response(start="returned")
        events = [event(name, time) for name, time in (
            ("returned", "10:00"), ("contacted", "10:05"), ("returned", "10:10"), ("contacted", "10:15"))]  # fmt: skip
        assert outcomes(events, level) == [("met", "08-03 10:05", None), ("met", "08-03 10:15", None)]

    def test_the_event_that_closes_a_clock_opens_none_of_that_service_level(self) -> None:
        level = response(start="touched.base", stop="touched.base")
        events = [event("touched.base", time) for time in ("10:00", "10:10", "10:30")]
        found = fold(events, level, as_of="10:40")
        assert [outcome.at for outcome in found.outcomes] == [at("10:10")]
        assert [clock.opened_at for clock in found.running] == [at("10:30")]

    def test_the_event_that_closes_a_clock_opens_one_of_another(self) -> None:
        levels = [response(stop="accepted"), response("next", start="accepted", stop="qualified")]
        events = [ASSIGNED, event("accepted", "10:10")]
        assert outcomes(events, *levels) == [("met", "08-03 10:10", "ana"), ("missed", "08-03 11:10", "ana")]

    def test_the_holder_is_the_starts_rep(self) -> None:
        level = response(start="returned")
        events = [ASSIGNED, event("returned", "10:10", rep="ben")]
        assert outcomes(events, level) == [("missed", "08-03 11:10", "ben")]

    def test_else_the_owner_at_that_time_wherever_he_stands_in_the_order(self) -> None:
        level = response(start="created")
        events = [event("created", "10:00"), event("assigned", "10:00", rep="ben")]
        assert outcomes(events, level) == [("missed", "08-03 11:00", "ben")]

    def test_only_an_assignment_makes_an_owner(self) -> None:
        level = response(start="returned")
        events = [ASSIGNED, event("contacted", "10:05", rep="ben"), event("returned", "10:10")]
        assert outcomes(events, level) == [("missed", "08-03 11:10", "ana")]

    def test_else_nobody(self) -> None:
        level = response(start="created")
        events = [event("created", "10:00")]
        assert outcomes(events, level) == [("missed", "08-03 11:00", None)]

    def test_an_alias_means_the_rep(self) -> None:
        people = roster(rep("ana", span("north"), aliases=("asouza",)))
        events = [event("assigned", "10:00", rep="asouza"), event("assigned", "10:30", rep="ana")]
        assert outcomes(events, CLOCK, among=people) == [("missed", "08-03 11:00", "ana")]

    def test_a_clock_is_a_leads_so_an_event_without_one_opens_none(self) -> None:
        level = response(start="outcome.recorded")
        alone = event("outcome.recorded", "10:00", lead=None, rep="ana")
        assert outcomes([alone], level) == []
        assert outcomes([alone._replace(lead="L1")], level) == [("missed", "08-03 11:00", "ana")]

    def test_within_0_it_is_due_at_its_opening(self) -> None:
        assert outcomes([ASSIGNED], response(within="0m")) == [("missed", "08-03 10:00", "ana")]
        events = [ASSIGNED, event("contacted", "10:00")]
        assert outcomes(events, response(within="0m")) == [("met", "08-03 10:00", "ana")]


class TestGrades:
    LEVEL = response(within={"A": "30m", "otherwise": "4h"}, exceed_within={"A": "10m"})

    def test_the_limit_is_that_of_the_grade_at_the_opening(self) -> None:
        events = [event("graded", "09:00", grade="A"), ASSIGNED]
        assert outcomes(events, self.LEVEL) == [("missed", "08-03 10:30", "ana")]

    def test_a_grade_of_the_same_time_counts_wherever_it_stands_in_the_order(self) -> None:
        events = [ASSIGNED, event("qualified", "10:00", grade="A")]
        assert outcomes(events, self.LEVEL) == [("missed", "08-03 10:30", "ana")]

    def test_any_event_may_bear_the_grade_and_the_last_one_counts(self) -> None:
        events = [event("created", "09:00", grade="A"), event("graded", "09:30", grade="C"), ASSIGNED]
        assert outcomes(events, self.LEVEL) == [("missed", "08-03 14:00", "ana")]

    def test_a_later_grade_changes_nothing(self) -> None:
        events = [ASSIGNED, event("graded", "10:01", grade="A")]
        assert outcomes(events, self.LEVEL) == [("missed", "08-03 14:00", "ana")]

    def test_where_exceed_within_lacks_the_grade_nothing_is_exceeded(self) -> None:
        prompt = event("contacted", "10:05")
        assert outcomes([ASSIGNED, prompt], self.LEVEL) == [("met", "08-03 10:05", "ana")]
        graded = event("graded", "09:00", grade="A")
        assert outcomes([graded, ASSIGNED, prompt], self.LEVEL) == [("exceeded", "08-03 10:05", "ana")]

    @pytest.mark.parametrize("grade", ["B", "a", None])
    def test_where_within_lacks_the_grade_no_clock_opens(self, grade: str | None) -> None:
        level = response(within={"A": "30m"})
        graded = [event("graded", "09:00", grade=grade)] if grade else []
        assert outcomes([*graded, ASSIGNED], level) == []

    def test_then_a_later_start_may_open_one(self) -> None:
        level = response(within={"A": "30m"})
        events = [ASSIGNED, event("graded", "11:00", grade="A"), event("assigned", "12:00", rep="ana")]
        assert outcomes(events, level) == [("missed", "08-03 12:30", "ana")]


class TestOpenTime:
    LEVEL = response(calendar="desk", exceed_within="15m")

    def test_only_the_calendars_hours_count(self) -> None:
        events = [event("assigned", "16:30", rep="ana"), event("contacted", "2026-08-04 09:30")]
        assert outcomes(events, desk(), self.LEVEL) == [("met", "08-04 09:30", "ana")]

    def test_it_is_due_at_the_end_of_the_day_and_overdue_in_the_evening(self) -> None:
        opened = event("assigned", "16:00", rep="ana")
        in_time, late = event("contacted", "17:00"), event("contacted", "17:00:01")
        assert outcomes([opened, in_time], desk(), self.LEVEL) == [("met", "08-03 17:00", "ana")]
        assert outcomes([opened, late], desk(), self.LEVEL) == [("missed", "08-03 17:00", "ana")]

    def test_opened_while_shut_it_starts_to_run_at_the_opening(self) -> None:
        events = [event("assigned", "20:00", rep="ana"), event("contacted", "2026-08-04 09:15")]
        assert outcomes(events, desk(), self.LEVEL) == [("exceeded", "08-04 09:15", "ana")]

    def test_the_holders_time_off_does_not_count_even_without_a_calendar(self) -> None:
        people = roster(rep("ana", off=[("2026-08-04", "2026-08-05")]))
        opened = event("assigned", "23:30", rep="ana")
        assert outcomes([opened], CLOCK, among=people) == [("missed", "08-06 00:30", "ana")]
        assert outcomes([opened], CLOCK) == [("missed", "08-04 00:30", "ana")]

    def test_time_off_is_local_to_the_organization(self) -> None:
        people = roster(rep("ana", off=[("2026-08-04", "2026-08-04")]))
        opened = event("assigned", "2026-08-03T14:30:00Z", rep="ana")
        found = outcomes([opened], CLOCK, among=people, zone="Asia/Tokyo")
        assert found == [("missed", "08-04 15:30", "ana")]

    def test_what_is_never_due_stays_open(self) -> None:
        people = roster(rep("ana", off=[("2026-08-01", "9999-12-31")]))
        found = fold([ASSIGNED], CLOCK, among=people)
        assert found.outcomes == ()
        assert [clock.due_at for clock in found.running] == [None]
        assert found.due_at is None


class TestVersions:
    OLD = rulebook(response(each=points(missed=-1)), from_on="2026-04-01")
    NEW = rulebook(response(within="30m", each=points(missed=-4)), from_on="2026-08-01")

    def test_the_version_at_the_opening_judges(self) -> None:
        [late] = fold([event("assigned", "2026-07-31 23:30", rep="ana")], self.OLD, self.NEW).outcomes
        assert (late.at, late.points, str(late.rulebook_on)) == (at("2026-08-01 00:30"), -1, "2026-04-01")
        [late] = fold([event("assigned", "2026-08-01 00:00", rep="ana")], self.OLD, self.NEW).outcomes
        assert (late.at, late.points, str(late.rulebook_on)) == (at("2026-08-01 00:30"), -4, "2026-08-01")

    def test_a_clock_of_the_old_version_is_open_on_the_lead_under_the_new(self) -> None:
        events = [
            event("assigned", "2026-07-31 23:59", rep="ana"),
            event("assigned", "2026-08-01 00:01", rep="ana"),
        ]
        assert outcomes(events, self.OLD, self.NEW) == [("missed", "08-01 00:59", "ana")]

    def test_before_the_first_version_nothing_opens(self) -> None:
        assert outcomes([event("assigned", "2026-03-31 23:59:59", rep="ana")], self.OLD) == []

    def test_but_owner_and_grade_are_read_from_then(self) -> None:
        level = response(start="returned", within={"A": "1h"})
        events = [event("assigned", "2026-03-01 10:00", rep="ana", grade="A"), event("returned", "10:00")]
        assert outcomes(events, level, from_on="2026-04-01") == [("missed", "08-03 11:00", "ana")]


def test_the_outcome_tells_what_it_rests_on() -> None:
    level = response(exceed_within="15m", subject="team", each=points(met=2))
    opening, closing = event("assigned", "10:00", rep="ana", id="o"), event("contacted", "10:20", id="c")
    [found] = fold([opening, closing], level).outcomes
    assert (found.lead, found.team, found.subject, found.points) == ("L1", "north", SubjectKind.TEAM, 2)
    assert (found.opening.id, found.closing and found.closing.id) == ("o", "c")
    assert (found.opened_at, found.due_at, found.elapsed_us) == (at("10:00"), at("11:00"), 20 * MINUTE)
    assert (found.within_us, found.exceed_within_us) == (HOUR, 15 * MINUTE)


def test_a_missed_outcome_has_used_up_its_limit_and_names_no_closing() -> None:
    [found] = fold([ASSIGNED, event("contacted", "12:00")], response()).outcomes
    assert (found.closing, found.elapsed_us, found.due_at) == (None, HOUR, at("11:00"))
    assert found.exceed_within_us is None
    assert found.points == PointsTable().missed


def test_a_running_clock_tells_how_it_runs() -> None:
    [clock] = fold([ASSIGNED], CLOCK, as_of="10:30").running
    assert (clock.service_level, clock.lead, clock.holder) == ("first-contact", "L1", "ana")
    assert (clock.opened_at, clock.due_at, clock.paused) == (at("10:00"), at("11:00"), False)
    assert (clock.within_us, clock.exceed_within_us) == (HOUR, 15 * MINUTE)
    assert (clock.opening.id, str(clock.rulebook_on)) == (ASSIGNED.id, "2026-01-01")


def test_the_next_due_instant_of_a_lead_is_that_of_its_first_clock() -> None:
    levels = [response(), response("sooner", within="10m"), response("later", within="2h")]
    assert fold([ASSIGNED], *levels, as_of="10:05").due_at == at("10:10")
    assert fold([ASSIGNED], *levels, as_of="10:30").due_at == at("11:00")
    assert fold([ASSIGNED], *levels).due_at is None


def test_a_paused_clock_leaves_the_others_their_due_instant() -> None:
    levels = [response(), response("steady", within="2h", pause=[])]
    assert fold([ASSIGNED, event("paused", "10:10")], *levels, as_of="10:30").due_at == at("12:00")
