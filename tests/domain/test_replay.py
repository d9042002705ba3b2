"""Everything together: what follows from rulebooks, roster and events by an instant."""

from decimal import Decimal

import pytest

from leaderboard.domain.events import Event
from leaderboard.domain.instants import SECOND
from leaderboard.domain.periods import Month
from leaderboard.domain.replay import World
from leaderboard.domain.rulebook import (
    Badge,
    Consequence,
    CountBadge,
    MeasureKind,
    PeriodKind,
    RankBadge,
    Recognition,
    StepMeasure,
    StreakBadge,
    SubjectKind,
)
from tests.domain.build import (
    at,
    awards,
    event,
    ledger,
    met,
    missed,
    points,
    recorded,
    rep,
    response,
    roster,
    rulebook,
    span,
    standing,
    verdict,
    volume,
    world,
)

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
LEVEL = response(each=points(met=2, missed=-1))
MONTHLY = response(target="0.5", each=points(met=2, missed=-1), month=points(met=10, missed=-5))


def monthly(pattern: str, who: str = "ana", first: int = 6) -> list[Event]:
    """A lead each month from June on: `m`et or `x` missed; `.` none."""
    leads = {"m": met, "x": missed}
    return [
        one
        for place, what in enumerate(pattern, start=first)
        if what != "."
        for one in leads[what](f"{who}{place}", who, f"2026-{place:02d}-10 10:00")
    ]


class TestAsOf:
    EVENTS = monthly("mx")

    def test_outcomes_appear_when_they_happen(self) -> None:
        assert ledger(world(self.EVENTS, LEVEL, as_of="2026-06-10 09:59")) == []
        assert ledger(world(self.EVENTS, LEVEL, as_of="2026-07-10 11:00")) == [
            ("06-10 10:00", "ana", 2, "each")
        ]
        assert len(ledger(world(self.EVENTS, LEVEL, as_of="2026-07-10 11:01"))) == 2

    def test_month_points_once_the_month_has_ended(self) -> None:
        assert len(ledger(world(self.EVENTS, MONTHLY, as_of="2026-06-30 23:59:59"))) == 1
        found = world(self.EVENTS, MONTHLY, as_of="2026-07-01 00:00")
        assert ledger(found)[-1] == ("06-30 23:59:59", "ana", 10, "month")
        assert list(found.ratings)[-1] == Month(2026, 6)

    def test_a_voiding_later_than_it_has_not_happened(self) -> None:
        events = [*self.EVENTS, event("event.voided", "2026-06-20 10:00", None, voids=self.EVENTS[1].id)]
        assert ledger(world(events, LEVEL, as_of="2026-06-19 10:00")) == [("06-10 10:00", "ana", 2, "each")]
        assert ledger(world(events, LEVEL, as_of="2026-06-21 10:00")) == [("06-10 11:00", "ana", -1, "each")]

    @pytest.mark.parametrize("fiscal_year_start", [1, 2, 3])
    def test_the_last_instant_of_the_calendar_can_be_asked_for(self, fiscal_year_start: int) -> None:
        found = world(
            [event("created", "10:00")],
            volume(),
            from_on="9999-06-01",
            fiscal_year_start=fiscal_year_start,
            as_of="9999-12-31T23:59:59Z",
        )
        assert [str(month) for month in found.ratings] == [f"9999-{number:02d}" for number in range(6, 10)]

    def test_before_the_first_version_there_is_nothing_but_the_roster(self) -> None:
        found = world(self.EVENTS, LEVEL, from_on="2026-08-01", as_of="2026-07-15 00:00")
        assert (found.outcomes, found.entries, found.ratings) == ([], [], {})
        assert standing(found, "2026-07") == [(1, "ana", 0), (1, "ben", 0)]


class TestStandings:
    def test_a_reps_points_count_for_him_and_for_the_team_of_each_instant(self) -> None:
        people = roster(rep("ana", span("north", "2026-01-01", "2026-06-30"), span("south", "2026-07-01")))
        found = world(monthly("mx"), LEVEL, among=people)
        assert standing(found, "2026-Q2", "team") == [(1, "north", 2)]
        assert standing(found, "2026-Q3", "team") == [(1, "south", -1)]
        assert [standing(found, name) for name in ("2026-06", "2026-07")] == [
            [(1, "ana", 2)],
            [(1, "ana", -1)],
        ]

    def test_a_teams_own_points_are_no_reps(self) -> None:
        found = world(monthly("m"), response(subject="team", each=points(met=2)))
        assert standing(found, "2026-06", "team") == [(1, "north", 2), (2, "south", 0)]
        assert standing(found, "2026-06") == [(1, "ana", 0), (2, "ben", 0)]
        assert [row.score.tally.met for row in found.standing(found.book.calendar.parse("2026-06"), REP)] == [
            1,
            0,
        ]

    def test_whoever_has_an_entry_or_outcome_is_listed_too(self) -> None:
        events = [*met("L1", "zoe", "10:00"), *met("L2", "gus", "10:00")]
        people = roster(rep("gus", span("south", "2026-01-01", "2026-07-31")))
        found = world(events, response(), among=people)
        assert standing(found, "2026-08") == [(1, "gus", 0), (1, "zoe", 0)]
        assert standing(found, "2026-08", "team") == [(1, "south", 0)]

    def test_what_nobody_held_counts_for_no_one(self) -> None:
        found = world([event("created", "10:00")], response(start="created", each=points(missed=-1)))
        assert len(found.outcomes) == 1
        assert (found.entries, standing(found, "2026-08")) == ([], [(1, "ana", 0), (1, "ben", 0)])

    def test_names_are_told_with_them(self) -> None:
        found = world(met("L1", "zoe", "10:00"), LEVEL)
        rows = found.standing(found.book.calendar.parse("2026-08"), REP)
        assert [row.score.name for row in rows] == ["zoe", "Ana", "Ben"]


class TestVolumes:
    def test_the_department_is_rated_from_the_month_of_the_first_event_of_any_kind(self) -> None:
        events = [event("created", "2026-06-20 10:00")]
        found = world(events, volume(month=points(missed=-4)), from_on="2026-01-01")
        assert [(str(month), len(rated)) for month, rated in found.ratings.items() if rated] == [
            ("2026-06", 2),
            ("2026-07", 2),
            ("2026-08", 2),
        ]

    def test_a_verdict_without_lead_is_an_event_and_a_voided_one_is_none(self) -> None:
        events = [
            verdict("2026-07-20 10:00", "ana", "met"),
            event("created", "2026-03-20 10:00", id="early"),
            event("event.voided", "2026-08-02 10:00", None, voids="early"),
        ]
        found = world(events, volume(), as_of="2026-09-01 00:00")
        assert [str(month) for month, rated in found.ratings.items() if rated] == ["2026-07", "2026-08"]
        found = world(events, volume(), as_of="2026-08-01 00:00")
        assert str(next(month for month, rated in found.ratings.items() if rated)) == "2026-03"

    def test_without_events_nobody_is_rated(self) -> None:
        assert not any(world([], volume()).ratings.values())

    def test_each_month_has_its_own_sum(self) -> None:
        events = [
            event("marketing_qualified", f"2026-{month}-10 10:00", f"L{month}", "ana")
            for month in ("07", "08")
        ]
        found = world(events, volume(target="1"), as_of="2026-10-01 00:00")
        values = {str(month): rated[0].value for month, rated in found.ratings.items() if rated}
        assert values == {"2026-07": "1", "2026-08": "1", "2026-09": "0"}


class TestStreaks:
    BADGE = Badge("unbroken", "Unbroken", StreakBadge("first-contact", 3), points=5)

    def test_a_streak_runs_over_months_without_outcomes_too(self) -> None:
        assert awards(world(monthly("m.mm"), LEVEL, self.BADGE, as_of="2026-10-01 00:00")) == [
            ("09-10 10:00", "ana", "unbroken")
        ]

    def test_it_runs_on_across_versions_at_multiples_of_the_n_in_force(self) -> None:
        longer = Badge("unbroken", "Unbroken", StreakBadge("first-contact", 4), points=7)
        versions = [
            rulebook(LEVEL, self.BADGE, from_on="2026-06-01"),
            rulebook(LEVEL, longer, from_on="2026-08-01"),
        ]
        found = world(monthly("mmmm"), *versions, as_of="2026-10-01 00:00")
        assert awards(found) == [("09-10 10:00", "ana", "unbroken")]
        assert ledger(found)[-1] == ("09-10 10:00", "ana", 2, "each")
        assert ("09-10 10:00", "ana", 7, "unbroken") in ledger(found)

    def test_it_ends_with_a_version_that_lacks_the_badge(self) -> None:
        days = ("2026-06-01", "2026-07-01", "2026-08-01")
        versions = [
            rulebook(LEVEL, *badges, from_on=day)
            for day, badges in zip(days, ([self.BADGE], [], [self.BADGE]), strict=True)
        ]
        assert awards(world(monthly("mmmm"), *versions, as_of="2026-10-01 00:00")) == []

    def test_each_rep_has_his_own(self) -> None:
        events = [*monthly("mmm"), *monthly("m.m", "ben")]
        assert [who for _, who, _ in awards(world(events, LEVEL, self.BADGE))] == ["ana"]


class TestCountBadges:
    def test_they_are_judged_by_the_version_of_the_outcomes_month(self) -> None:
        badge = Badge("quick", "Quick", CountBadge("first-contact", 1))
        versions = [rulebook(LEVEL, from_on="2026-06-01"), rulebook(LEVEL, badge, from_on="2026-07-01")]
        opened = event("assigned", "2026-06-30 23:50", rep="ana")
        closed = event("contacted", "2026-07-01 00:10")
        assert awards(world([opened, closed], *versions)) == [("07-01 00:10", "ana", "quick")]
        assert awards(world([opened, closed._replace(time=closed.time - 20 * 60 * SECOND)], *versions)) == []


class TestRankBadges:
    LEADER = Badge("leader", "Leader", RankBadge(1, PeriodKind.MONTH, REP), points=3)
    CHAMPION = Badge("champion", "Champion", RankBadge(1, PeriodKind.QUARTER, TEAM), points=9)

    def test_their_points_lift_the_next_months_standing_and_so_on(self) -> None:
        events = [*monthly("m"), *monthly(".m", "ben")]
        found = world(events, response(each=points(met=2)), self.LEADER, as_of="2026-09-01 00:00")
        # July: Ana has 3 from June's badge, Ben 2. August: Ana has 3 from July's.
        assert [who for _, who, _ in awards(found)] == ["ana", "ana", "ana"]
        assert standing(found, "2026-07") == [(1, "ana", 3), (2, "ben", 2)]
        assert standing(found, "2026-09") == [(1, "ana", 3), (2, "ben", 0)]

    def test_the_quarters_is_awarded_with_the_months_points_and_booked_in_the_next(self) -> None:
        events = [*monthly("m", "ana", 9), *monthly("m", "ben", 8)]
        found = world(
            events, response(each=points(met=2)), self.LEADER, self.CHAMPION, as_of="2026-10-01 00:00"
        )
        # Ben's badge for August is booked on 1 September and lifts south over north.
        assert standing(found, "2026-Q3", "team") == [(1, "south", 5), (2, "north", 2)]
        assert ("09-30 23:59:59", "south", "champion") in awards(found)
        assert standing(found, "2026-10", "team") == [(1, "south", 12), (2, "north", 0)]

    def test_a_month_that_is_not_over_has_no_first(self) -> None:
        assert awards(world(monthly("m"), LEVEL, self.LEADER, as_of="2026-06-30 23:59:59")) == []

    def test_the_version_at_the_periods_last_second_counts(self) -> None:
        versions = [
            rulebook(LEVEL, self.CHAMPION, from_on="2026-04-01"),
            rulebook(LEVEL, from_on="2026-09-01"),
        ]
        assert awards(world(monthly("m", first=7), *versions, as_of="2026-10-01 00:00")) == []
        versions = [
            rulebook(LEVEL, from_on="2026-04-01"),
            rulebook(LEVEL, self.CHAMPION, from_on="2026-09-01"),
        ]
        found = world(monthly("m", first=7), *versions, as_of="2026-10-01 00:00")
        assert awards(found) == [("09-30 23:59:59", "north", "champion")]

    def test_a_quarter_in_which_the_rules_began_is_won_too(self) -> None:
        found = world(
            monthly("m", first=9), LEVEL, self.CHAMPION, from_on="2026-09-01", as_of="2026-10-01 00:00"
        )
        assert awards(found) == [("09-30 23:59:59", "north", "champion")]

    def test_fiscal_quarters_end_where_the_fiscal_year_says(self) -> None:
        found = world(
            monthly("m", first=7), LEVEL, self.CHAMPION, fiscal_year_start=2, as_of="2026-10-01 00:00"
        )
        assert awards(found) == [("07-31 23:59:59", "north", "champion")]


class TestRecognition:
    STAR = Badge("star", "Star", points=7)

    def both(self, scope: SubjectKind = REP) -> list[Recognition]:
        return [Recognition(f"best-{kind}", kind, scope, 1, Decimal(100), "star") for kind in PeriodKind]

    def test_a_badge_of_the_month_and_of_its_quarter_is_given_and_booked_once(self) -> None:
        found = world(monthly("m", first=9), LEVEL, self.STAR, *self.both(), as_of="2026-10-01 00:00")
        assert awards(found) == [("09-30 23:59:59", "ana", "star")]
        assert ledger(found)[-1] == ("10-01 00:00", "ana", 7, "star")
        assert [entry.badge for entry in found.entries].count("star") == 1
        assert [(win.recognition, win.id, win.bonus) for win in found.wins] == [
            ("best-month", "ana", Decimal(100)),
            ("best-quarter", "ana", Decimal(100)),
        ]

    @pytest.mark.parametrize("months", ["x", ".x", "..x"])
    def test_there_is_no_bonus_in_the_quarter_of_the_month_that_denies_it(self, months: str) -> None:
        ladder = Consequence("slow", "first-contact", ((StepMeasure(MeasureKind.NO_BONUS),),))
        events = [*monthly(months, first=7), verdict("2026-09-03 10:00", "ana", "met")]
        best = Recognition("best", PeriodKind.QUARTER, REP, 1, Decimal(100))
        level = recorded(each=points(met=50))
        found = world(events, MONTHLY, level, ladder, best, as_of="2026-10-01 00:00")
        assert [(win.period, win.id, win.bonus) for win in found.wins] == [("2026-Q3", "ana", None)]

    def test_the_next_quarters_bonus_is_not_withheld(self) -> None:
        ladder = Consequence("slow", "first-contact", ((StepMeasure(MeasureKind.NO_BONUS),),))
        best = Recognition("best", PeriodKind.QUARTER, REP, 1, Decimal(100))
        found = world(monthly("xm"), MONTHLY, ladder, best, as_of="2026-10-01 00:00")
        assert [(win.period, win.bonus) for win in found.wins] == [("2026-Q3", Decimal(100))]


class TestConsequences:
    LADDER = Consequence(
        "slow",
        "first-contact",
        ((StepMeasure(MeasureKind.NOTIFY_REP),), (StepMeasure(MeasureKind.DEDUCT, points=100),)),
        clears_after=2,
    )

    def climbed(self, pattern: str, *parts: object) -> list[tuple[str, int]]:
        found = world(monthly(pattern), *(parts or (MONTHLY, self.LADDER)), as_of="2026-12-01 00:00")
        return [(step.month, step.step) for step in found.steps]

    def test_the_ladder_is_climbed_month_by_month(self) -> None:
        assert self.climbed("xxx") == [("2026-06", 1), ("2026-07", 2), ("2026-08", 2)]
        assert self.climbed("xmmx") == [("2026-06", 1), ("2026-09", 1)]
        assert self.climbed("xm.mx") == [("2026-06", 1), ("2026-10", 1)]
        assert self.climbed("xm.x") == [("2026-06", 1), ("2026-09", 2)]

    def test_a_deduction_is_in_the_months_standing_before_its_ranks(self) -> None:
        leader = Badge("leader", "Leader", RankBadge(1, PeriodKind.MONTH, REP), points=3)
        events = [*monthly("xx"), *(verdict("2026-07-03 10:00", who, "met") for who in ("ana", "ben"))]
        level = recorded(each=points(met=50))
        found = world(events, MONTHLY, level, self.LADDER, leader, as_of="2026-08-01 00:00")
        assert standing(found, "2026-07") == [(1, "ben", 50), (2, "ana", -56)]
        assert awards(found) == [("07-31 23:59:59", "ben", "leader")]

    def test_a_version_without_the_consequence_ends_the_ladder(self) -> None:
        days = ("2026-06-01", "2026-07-01", "2026-08-01")
        versions = [
            rulebook(MONTHLY, *ladders, from_on=day)
            for day, ladders in zip(days, ([self.LADDER], [], [self.LADDER]), strict=True)
        ]
        assert self.climbed("xxx", *versions) == [("2026-06", 1), ("2026-08", 1)]


def test_entries_of_one_month_are_in_the_standing_of_that_month_only() -> None:
    found: World = world(monthly("mm"), LEVEL)
    assert [entry.booked_at for entry in found.entries] == [at("2026-06-10 10:00"), at("2026-07-10 10:00")]
    assert [standing(found, f"2026-{month}")[0][2] for month in ("05", "06", "07", "08")] == [0, 2, 2, 0]
