"""Tasks: ticked off by an event or confirmed by a manager, once, in time."""

from decimal import Decimal

import pytest

from leaderboard.domain.decisions import Decision
from leaderboard.domain.events import Event
from leaderboard.domain.outcomes import Contribution, EventRef
from leaderboard.domain.periods import Month
from leaderboard.domain.replay import SealedMonth, SealedPast, World
from leaderboard.domain.rulebook import PrizeRule, SubjectKind
from leaderboard.domain.tasks import open_task
from leaderboard.domain.versions import Book, Side
from tests.domain.build import (
    at,
    event,
    fold,
    ledger,
    placement,
    rep,
    roster,
    rulebook,
    shuffled,
    span,
    standing,
    world,
)
from tests.domain.prizes import decision, task, ticked, won


def confirmed(time: str, done_at: str, who: str = "ana", what: str = "training") -> Decision:
    return decision("task", time, subject_id=who, task=what, done_at=done_at)


def prizes(found: World) -> list[tuple[str, str, int, str]]:
    return [row for row in ledger(found) if row[3] == "prize"]


class TestByEvent:
    def test_the_prize_is_booked_at_the_events_time(self) -> None:
        found = world([ticked("08-05 10:00", "ana")], task())
        assert won(found) == [("08-05 10:00", "ana", "training", 20)]
        [entry] = found.entries
        assert (entry.subject, entry.team, entry.points, entry.kind.value) == (
            SubjectKind.REP,
            "north",
            20,
            "prize",
        )
        assert (entry.reason, entry.lead, entry.service_level) == ("Training", None, None)
        assert standing(found, "2026-08") == [(1, "ana", 20), (2, "ben", 0)]

    def test_once_for_a_rep_and_task_by_the_first_event_whatever_order_they_came_in(self) -> None:
        events = [
            ticked("08-06 10:00", "ana"),
            ticked("08-05 10:00", "ana"),
            ticked("08-05 10:00", "ben"),
            ticked("08-05 11:00", "ana", "profile"),
        ]
        rules = [task(), task("profile", prize=3)]
        expected = [
            ("08-05 10:00", "ana", "training", 20), ("08-05 10:00", "ben", "training", 20),
            ("08-05 11:00", "ana", "profile", 3),
        ]  # fmt: skip
        assert won(world(events, *rules)) == expected
        assert won(world(shuffled(events), *rules)) == expected

    def test_a_voided_event_leaves_the_next(self) -> None:
        events = [ticked("08-05 10:00", "ana", id="x"), ticked("08-06 10:00", "ana")]
        voiding = Event("crm", "v", "event.voided", at("08-07 10:00"), attributes={"voids": "x"})
        assert won(world([*events, voiding], task())) == [("08-06 10:00", "ana", "training", 20)]

    def test_an_alias_names_the_rep_too(self) -> None:
        among = roster(rep("ana", span("north"), aliases=("asouza",)))
        assert [row[1] for row in won(world([ticked("08-05 10:00", "asouza")], task(), among=among))] == [
            "ana"
        ]

    @pytest.mark.parametrize(
        ("time", "counts"), [("08-20 23:59:59", True), ("08-21 00:00", False), ("2026-01-01 00:00", True)]
    )
    def test_it_is_done_by_the_last_date(self, time: str, counts: bool) -> None:
        assert bool(won(world([ticked(time, "ana")], task()))) is counts

    def test_before_the_first_rules_nothing_is_done(self) -> None:
        assert won(world([ticked("2025-12-31 10:00", "ana")], task())) == []

    @pytest.mark.parametrize(
        "wrong",
        [
            ticked("08-05 10:00", None),
            ticked("08-05 10:00", "ana", "traning"),
            event("task.completed", "10:00"),
        ],
    )
    def test_one_without_rep_or_known_task_says_nothing(self, wrong: Event) -> None:
        assert won(world([wrong], task())) == []

    def test_a_lead_is_not_asked_for_but_takes_it_along_when_it_is_excluded(self) -> None:
        events = [ticked("08-05 10:00", "ana", lead="L1"), event("assigned", "08-04 10:00", "L1", "ben")]
        assert [row[1] for row in won(world(events, task()))] == ["ana"]
        assert won(world([*events, event("excluded", "08-09 10:00", "L1")], task())) == []

    def test_of_chosen_teams_only_their_reps_then(self) -> None:
        among = roster(rep("ana", span("north", "2026-01-01", "2026-08-05"), span("south", "2026-08-06")))
        events = [ticked("08-05 10:00", "ana"), ticked("08-06 10:00", "ana"), ticked("08-06 10:00", "zoe")]
        assert won(world(events, task(teams=("south",)), among=among)) == [
            ("08-06 10:00", "ana", "training", 20)
        ]

    def test_the_version_in_force_then_says_what_it_is_worth(self) -> None:
        versions = [rulebook(task()), rulebook(task(prize=5, until_on="2026-09-30"), from_on="2026-08-01")]
        early, late = [ticked("07-05 10:00", "ana")], [ticked("08-25 10:00", "ben")]
        assert [row[1:] for row in won(world([*early, *late], *versions))] == [
            ("ana", "training", 20), ("ben", "training", 5)
        ]  # fmt: skip
        assert won(world([*early, ticked("08-25 10:00", "ana")], *versions)) == [
            ("07-05 10:00", "ana", "training", 20)
        ]

    def test_a_prize_in_money_books_nothing(self) -> None:
        found = world([ticked("08-05 10:00", "ana")], task(prize=PrizeRule(money=Decimal(9))))
        assert ([prize.money for prize in found.prizes], found.entries) == ([Decimal(9)], [])

    def test_the_fold_of_an_event_names_the_task(self) -> None:
        [item] = fold([ticked("08-05 10:00", "ana", id="t1")], task()).contributions
        assert item == Contribution(
            "training", Side.TASK, at("08-05 10:00"), "ana", "north", Decimal(1), EventRef("crm", "t1")
        )


class TestConfirmed:
    def test_the_prize_is_booked_at_the_confirmation(self) -> None:
        found = world([], task(), decisions=[confirmed("08-25 10:00", "08-20 23:00")])
        assert won(found) == [("08-25 10:00", "ana", "training", 20)]
        assert prizes(found) == [("08-25 10:00", "ana", 20, "prize")]
        assert found.entries[0].key == "decision/1"

    @pytest.mark.parametrize(
        ("done_at", "who", "what"),
        [
            ("08-21 00:00", "ana", "training"),
            ("08-26 10:00", "ana", "training"),
            ("08-05 10:00", "ana", "traning"),
        ],
    )
    def test_the_tick_must_lie_in_time_and_before_it(self, done_at: str, who: str, what: str) -> None:
        until = "2026-08-31" if done_at.startswith("08-26") else "2026-08-20"
        found = world([], task(until_on=until), decisions=[confirmed("08-25 10:00", done_at, who, what)])
        assert (won(found), found.entries) == ([], [])

    def test_whichever_is_booked_first_counts(self) -> None:
        both = [confirmed("08-07 10:00", "08-05 10:00")]
        assert won(world([ticked("08-06 10:00", "ana")], task(), decisions=both))[0][0] == "08-06 10:00"
        assert won(world([ticked("08-08 10:00", "ana")], task(), decisions=both))[0][0] == "08-07 10:00"

    def test_one_that_is_undone_is_booked_back_then_and_may_be_done_again(self) -> None:
        made = [
            confirmed("08-07 10:00", "08-05 10:00"),
            decision("undone", "08-09 10:00", 2, undoes=1, reason="not yet"),
        ]
        events = [ticked("08-08 10:00", "ana"), ticked("08-10 10:00", "ana")]
        found = world(events, task(), decisions=made)
        assert prizes(found) == [
            ("08-07 10:00", "ana", 20, "prize"),
            ("08-09 10:00", "ana", -20, "prize"),
            ("08-10 10:00", "ana", 20, "prize"),
        ]
        assert [entry.reason for entry in sorted(found.entries)][:2] == ["Training", "not yet"]
        assert [prize.undone_at for prize in found.prizes] == [at("08-09 10:00"), None]
        assert prizes(world(events, task(), decisions=made, as_of="2026-08-08 12:00")) == [
            ("08-07 10:00", "ana", 20, "prize")
        ]

    def test_what_is_undone_goes_back_to_the_team_that_had_it_under_the_tasks_name(self) -> None:
        among = roster(rep("ana", span("north", "2026-01-01", "2026-08-08"), span("south", "2026-08-09")))
        made = [confirmed("08-07 10:00", "08-05 10:00"), decision("undone", "08-09 10:00", 2, undoes=1)]
        found = world([], task(), decisions=made, among=among)
        assert [(entry.team, entry.points, entry.reason) for entry in found.entries] == [
            ("north", 20, "Training"), ("north", -20, "Training")
        ]  # fmt: skip


class TestClosedMonths:
    AUGUST = Month(2026, 8)

    def test_who_did_it_in_a_closed_month_has_done_it(self) -> None:
        item = Contribution(
            "training", Side.TASK, at("07-20 10:00"), "ana", "north", Decimal(1), EventRef("crm", "x")
        )
        past = SealedPast({Month(2026, 7): SealedMonth(contributions=(item,))})
        events = [ticked("07-21 10:00", "ben"), ticked("08-05 10:00", "ana"), ticked("08-05 10:00", "ben")]
        found = world(events, task(), past=past)
        assert prizes(found) == [("08-05 10:00", "ben", 20, "prize")]

    def test_a_task_that_the_rules_forgot_since_is_nobodys_prize(self) -> None:
        item = Contribution(
            "gone", Side.TASK, at("07-20 10:00"), "ana", "north", Decimal(1), EventRef("crm", "x")
        )
        past = SealedPast({Month(2026, 7): SealedMonth(contributions=(item,))})
        assert won(world([], task(), past=past)) == []


def test_before_there_are_rules_no_task_is_open() -> None:
    book = Book([rulebook(task())])
    assert open_task(None, "training", "ana", at("10:00"), placement()) is None
    assert open_task(book.versions[0], "training", "ana", at("10:00"), placement()) is not None
