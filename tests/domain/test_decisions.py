"""What people decide takes part from its instant on, and changes nothing before it."""

from decimal import Decimal

import pytest

from leaderboard.domain.decisions import Decision, Decisions, MeasureRef, MeasureState, hand_award, step_state
from leaderboard.domain.periods import Month
from leaderboard.domain.replay import SealedMonth, SealedPast, World
from leaderboard.domain.rulebook import (
    Badge,
    Consequence,
    MeasureKind,
    PeriodKind,
    Recognition,
    StepMeasure,
    SubjectKind,
)
from tests.domain.build import (
    at,
    awards,
    book,
    ledger,
    met,
    missed,
    points,
    rep,
    response,
    roster,
    rulebook,
    span,
    standing,
    world,
)
from tests.domain.prizes import decision, task

REP = SubjectKind.REP
LEVEL = response(target="0.5")
WAITING = StepMeasure(MeasureKind.DEDUCT, 10, needs_approval=True)
AT_ONCE = StepMeasure(MeasureKind.DEDUCT, 10)
LATE = "2026-10-02 00:00"
MISSED = missed("L1", "ana", "07-10 10:00")
THE_DEDUCTION = ("2026-07", "slow", "rep", "ana", 0)


def ladder(*step: StepMeasure) -> Consequence:
    return Consequence("slow", "first-contact", (step,))


def decided(*made: Decision, measure: StepMeasure = WAITING, as_of: str = LATE, **more: object) -> World:
    """Ana missed July; what was decided about that."""
    return world(MISSED, LEVEL, ladder(measure), decisions=made, as_of=as_of, **more)


def deductions(found: World) -> list[tuple[str, int]]:
    return [(when, points) for when, _, points, why in ledger(found) if why == "deduction"]


def about(kind: str, time: str, number: int = 1, **more: object) -> Decision:
    return decision(kind, time, number, measure=THE_DEDUCTION, **more)


class TestMeasures:
    def test_a_deduction_that_waited_is_booked_at_its_approval(self) -> None:
        found = decided(about("approved", "08-05 10:00", reason="as agreed"))
        assert deductions(found) == [("08-05 10:00", -10)]
        [entry] = found.entries
        assert (entry.id, entry.team, entry.service_level, entry.reason) == (
            "ana",
            "north",
            "first-contact",
            "as agreed",
        )
        assert (entry.key, entry.rating) == ("decision/1", "missed")
        assert deductions(decided(about("approved", "08-05 10:00"), as_of="2026-08-05 09:59")) == []

    def test_only_while_its_step_stands(self) -> None:
        late = [*MISSED, *met("L2", "ana", "07-11 10:00")]
        found = world(late, LEVEL, ladder(WAITING), decisions=[about("approved", "08-05 10:00")], as_of=LATE)
        assert found.entries == []

    def test_approved_twice_it_is_booked_once(self) -> None:
        found = decided(about("approved", "08-05 10:00"), about("approved", "08-06 10:00", 2))
        assert deductions(found) == [("08-05 10:00", -10)]

    def test_one_that_was_booked_and_is_waived_is_given_back_then(self) -> None:
        found = decided(about("waived", "08-05 10:00"), measure=AT_ONCE)
        assert deductions(found) == [("07-31 23:59:59", -10), ("08-05 10:00", 10)]
        assert standing(found, "2026-07")[1] == (2, "ana", -10)
        assert standing(found, "2026-08")[0] == (1, "ana", 10)

    def test_one_that_waits_and_is_waived_is_never_booked(self) -> None:
        found = decided(about("waived", "08-05 10:00"), about("approved", "08-06 10:00", 2))
        assert deductions(found) == []

    def test_what_is_undone_is_as_if_it_had_not_been_from_then_on(self) -> None:
        made = [
            about("approved", "08-05 10:00"),
            decision("undone", "08-06 10:00", 2, undoes=1),
            about("approved", "08-07 10:00", 3),
            about("waived", "08-08 10:00", 4),
            decision("undone", "08-09 10:00", 5, undoes=4),
        ]
        assert deductions(decided(*made)) == [
            ("08-05 10:00", -10), ("08-06 10:00", 10), ("08-07 10:00", -10), ("08-08 10:00", 10), ("08-09 10:00", -10)
        ]  # fmt: skip

    def test_it_is_given_back_to_the_team_that_it_was_taken_from(self) -> None:
        among = roster(rep("ana", span("north", "2026-01-01", "2026-08-05"), span("south", "2026-08-06")))
        undone = decision("undone", "08-06 10:00", 2, undoes=1)
        found = decided(about("approved", "08-05 10:00"), undone, among=among)
        assert [entry.team for entry in found.entries] == ["north", "north"]
        found = decided(about("waived", "08-06 10:00"), measure=AT_ONCE, among=among)
        assert [entry.team for entry in found.entries] == ["north", "north"]

    @pytest.mark.parametrize(
        "measure",
        [
            ("2026-07", "slow", "rep", "ben", 0),
            ("2026-07", "slow", "rep", "ana", 1),
            ("2026-06", "slow", "rep", "ana", 0),
            ("2026-07", "quick", "rep", "ana", 0),
        ],
    )
    def test_a_decision_on_what_is_not_there_does_nothing(
        self, measure: tuple[str, str, str, str, int]
    ) -> None:
        assert decided(decision("approved", "08-05 10:00", measure=measure)).entries == []

    def test_nor_does_one_from_before_the_step_was_taken(self) -> None:
        assert decided(about("approved", "07-31 23:00")).entries == []

    def test_other_measures_book_nothing(self) -> None:
        coaching = StepMeasure(MeasureKind.COACHING, needs_approval=True)
        found = decided(about("approved", "08-05 10:00"), measure=coaching)
        assert found.entries == []
        assert step_state(found.steps[0], 0, found.decisions, found.book) is MeasureState.IN_FORCE

    def test_a_measure_waits_or_is_in_force_or_waived(self) -> None:
        found = decided()
        ref = MeasureRef(*THE_DEDUCTION[:2], REP, "ana", 0)
        since = at("2026-08-01 00:00")
        for made, states in (
            ([], ("waiting", "in_force")),
            ([about("approved", "08-05 10:00")], ("in_force", "in_force")),
            ([about("waived", "08-05 10:00")], ("waived", "waived")),
        ):
            known = Decisions(made)
            assert (known.state(ref, WAITING, since), known.state(ref, AT_ONCE, since)) == states
        assert step_state(found.steps[0], 0, found.decisions, found.book) is MeasureState.WAITING


class TestBonus:
    BEST = Recognition("best", PeriodKind.QUARTER, REP, 1, Decimal(100))
    EVENTS = (*MISSED, *met("L2", "ana", "09-01 10:00"))
    SCORED = response(target="0.5", each=points(met=5))

    def bonus(self, measure: StepMeasure, *made: Decision) -> Decimal | None:
        rules = [self.SCORED, ladder(measure), self.BEST]
        [win] = world(self.EVENTS, *rules, decisions=made, as_of=LATE).wins
        return win.bonus

    def test_one_that_needs_approval_is_withheld_once_it_is_approved(self) -> None:
        denied = StepMeasure(MeasureKind.NO_BONUS, needs_approval=True)
        assert self.bonus(denied) == 100
        assert self.bonus(denied, about("approved", "08-05 10:00")) is None
        undone = decision("undone", "08-06 10:00", 2, undoes=1)
        assert self.bonus(denied, about("approved", "08-05 10:00"), undone) == 100

    def test_one_that_is_waived_is_paid(self) -> None:
        denied = StepMeasure(MeasureKind.NO_BONUS)
        assert self.bonus(denied) is None
        assert self.bonus(denied, about("waived", "08-05 10:00")) == 100


class TestByHand:
    KIND = Badge("kind", "Kind", points=15)
    GIVEN = decision("badge", "08-05 10:00", badge="kind", subject_id="ana", reason="helped Ben")
    UNDONE = decision("undone", "08-09 10:00", 2, undoes=1)

    def test_a_badge_is_given_with_its_points_and_the_reason(self) -> None:
        found = world([], self.KIND, decisions=[self.GIVEN])
        assert awards(found) == [("08-05 10:00", "ana", "kind")]
        [entry] = found.entries
        assert (entry.points, entry.kind.value, entry.badge, entry.reason) == (
            15,
            "badge",
            "kind",
            "helped Ben",
        )
        assert standing(found, "2026-08", "team")[0] == (1, "north", 15)

    def test_undone_it_is_taken_away_and_its_points_booked_back(self) -> None:
        found = world([], self.KIND, decisions=[self.GIVEN, self.UNDONE])
        assert awards(found) == []
        assert [(row[0], row[2]) for row in ledger(found)] == [("08-05 10:00", 15), ("08-09 10:00", -15)]
        assert [entry.reason for entry in found.entries] == ["helped Ben", "helped Ben"]
        before = world([], self.KIND, decisions=[self.GIVEN, self.UNDONE], as_of="2026-08-09 09:59")
        assert awards(before) == [("08-05 10:00", "ana", "kind")]

    def test_one_without_points_or_that_the_rules_do_not_know_is_a_badge_all_the_same(self) -> None:
        for rules in (Badge("kind", "Kind"), LEVEL):
            found = world([], rules, decisions=[self.GIVEN])
            assert (awards(found), found.entries) == ([("08-05 10:00", "ana", "kind")], [])

    def test_points_are_an_adjustment_with_a_reason(self) -> None:
        found = world(
            [],
            LEVEL,
            decisions=[decision("points", "08-05 10:00", subject_id="ana", points=-7, reason="why")],
        )
        [entry] = found.entries
        assert (entry.kind.value, entry.points, entry.team, entry.reason) == (
            "adjustment",
            -7,
            "north",
            "why",
        )
        assert (entry.corrects, entry.badge, entry.rulebook_on) == (
            None,
            None,
            found.book.versions[0].effective_from,
        )

    def test_a_teams_are_the_teams(self) -> None:
        made = [decision("points", "08-05 10:00", subject="team", subject_id="south", points=9)]
        found = world(
            [], LEVEL, decisions=[*made, decision("undone", "08-06 10:00", 2, undoes=1, reason="typo")]
        )
        assert [(e.subject, e.team, e.points, e.reason) for e in found.entries] == [
            ("team", "south", 9, None), ("team", "south", -9, "typo")
        ]  # fmt: skip

    def test_before_there_are_rules_nothing_follows(self) -> None:
        early = [
            decision("points", "2025-12-31 10:00", subject_id="ana", points=9),
            decision("badge", "2025-12-31 11:00", 2, subject_id="ana", badge="kind"),
        ]
        found = world([], self.KIND, decisions=early)
        assert (found.entries, awards(found)) == ([], [])
        assert hand_award(early[1], book(self.KIND)) is None


class TestUndoing:
    GIVEN = decision("points", "08-05 10:00", subject_id="ana", points=9)

    def total(self, *made: Decision) -> int:
        return sum(entry.points for entry in world([], LEVEL, decisions=[self.GIVEN, *made]).entries)

    @pytest.mark.parametrize("undoes", [2, 7, None])
    def test_what_names_no_earlier_decision_does_nothing(self, undoes: int | None) -> None:
        assert self.total(decision("undone", "08-06 10:00", 2, undoes=undoes)) == 9

    def test_nothing_is_undone_twice(self) -> None:
        twice = [decision("undone", f"08-0{n} 10:00", n, undoes=1) for n in (6, 7)]
        assert self.total(*twice) == 0

    def test_nor_is_an_undoing_undone(self) -> None:
        made = [
            decision("undone", "08-06 10:00", 2, undoes=1),
            decision("undone", "08-07 10:00", 3, undoes=2),
        ]
        assert self.total(*made) == 0

    def test_decisions_of_one_instant_are_in_the_order_of_their_ids(self) -> None:
        assert self.total(decision("undone", "08-05 10:00", 2, undoes=1)) == 0
        assert self.total(decision("undone", "08-05 10:00", 0, undoes=1)) == 9


class TestClosedMonths:
    AUGUST = Month(2026, 8)

    def test_what_was_decided_in_a_closed_month_is_booked_as_it_was_sealed(self) -> None:
        past = SealedPast({self.AUGUST: SealedMonth()})
        badge = decision("badge", "08-05 10:00", 1, badge="kind", subject_id="ana")
        made = [badge, decision("points", "08-06 10:00", 2, subject_id="ana", points=3)]
        found = world([], TestByHand.KIND, decisions=made, past=past, as_of=LATE)
        assert (found.entries, awards(found)) == ([], [("08-05 10:00", "ana", "kind")])

    def test_undone_later_it_is_booked_back_later(self) -> None:
        past = SealedPast({self.AUGUST: SealedMonth()})
        badge = decision("badge", "08-05 10:00", 1, badge="kind", subject_id="ana")
        made = [badge, decision("undone", "09-05 10:00", 2, undoes=1)]
        found = world([], TestByHand.KIND, decisions=made, past=past, as_of=LATE)
        assert (ledger(found), awards(found)) == ([("09-05 10:00", "ana", -15, "kind")], [])

    def test_a_step_of_a_closed_month_waits_for_its_approval(self) -> None:
        before = decided(as_of="2026-08-01 00:00")
        past = SealedPast({Month(2026, 7): SealedMonth(steps=tuple(before.steps), ladders=before.ladders)})
        late = [*MISSED, *met("L2", "ana", "07-11 10:00")]
        made = [about("approved", "08-05 10:00")]
        found = world(late, LEVEL, ladder(WAITING), decisions=made, past=past, as_of=LATE)
        assert deductions(found) == [("08-05 10:00", -10)]


def test_a_deduction_goes_by_the_version_of_its_month() -> None:
    versions = [
        rulebook(LEVEL, ladder(WAITING), task()),
        rulebook(LEVEL, ladder(StepMeasure(MeasureKind.COACHING)), from_on="2026-08-01"),
    ]
    found = world(MISSED, *versions, decisions=[about("approved", "08-05 10:00")], as_of=LATE)
    assert [(entry.points, entry.rulebook_on) for entry in found.entries] == [
        (-10, versions[0].effective_from)
    ]
