"""Prizes and decisions in the store: booked once they follow, taken back when they fall, sealed with their month."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.decisions import Decision, DecisionKind, MeasureRef
from leaderboard.domain.instants import parse_rfc3339
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence import models
from leaderboard.services import answers, clock
from leaderboard.services.closing import close_period
from leaderboard.services.decisions import BeyondLimits, check_limits, decide
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.prizes import prizes_of
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.rules import current_rules
from leaderboard.services.verification import verify_ledger, verify_period
from tests.services.acme import ROSTER, RULEBOOK, SetClock, send
from tests.services.test_per_event import noted

MORE = b"""
  kind: {name: Kind, icon: heart-hand, points: 15}
consequences:
  slow:
    service_level: first-contact
    steps: [{do: deduct, points: 40, approval: manager}]
contests:
  sprint:
    name: Sprint
    from: 2026-07-06
    until: 2026-07-10
    service_level: first-contact
    prize: {points: 50, money: 99.5}
tasks:
  training: {name: Training, until: 2026-08-31, prize: {points: 20}}
"""


@pytest.fixture
def races(session: Session, at: SetClock) -> Session:
    """The small company with a contest, a task, a ladder and a badge to give by hand."""
    now = at("2026-07-01T00:00:00Z")
    apply_rulebook(RULEBOOK.rstrip() + MORE, "rulebook.yaml", now, "test")
    import_roster(ROSTER, "roster.yaml", now, "test")
    return session


def kept(session: Session, lead: str, rep: str, day: str) -> None:
    send(
        session,
        (f"{lead}a", "lead.assigned", f"{day}T09:00:00Z", lead, rep),
        (f"{lead}b", "lead.contacted", f"{day}T09:10:00Z", lead, rep),
    )


def ticked(session: Session, number: str, rep: str, time: str) -> None:
    send(session, (number, "task.completed", time, "", rep), task="training")


def made(session: Session, kind: str, at: str, **more: Any) -> int:
    rules = current_rules(session)
    assert rules is not None
    number = decide(session, rules, Decision(0, DecisionKind(kind), parse_rfc3339(at), **more), "manager")
    session.commit()
    return number


def entries(*kinds: str) -> list[tuple[str, str, int]]:
    """When, for whom, how many points; of these kinds."""
    rows = answers.ledger(answers.ask(), answers.LedgerFilter())["entries"]
    return [(row["booked_at"][:16], row["id"], row["points"]) for row in rows if row["kind"] in kinds]


def all_follows() -> bool:
    return verify_ledger(answers.ask()) == []


class TestContests:
    def test_the_prize_is_booked_once_the_contest_is_over_though_nothing_happens_then(
        self, races: Session, at: SetClock
    ) -> None:
        at("2026-07-09T00:00:00Z")
        kept(races, "L1", "ana", "2026-07-07")
        at("2026-07-10T23:59:59Z")
        assert entries("prize") == []
        at("2026-07-11T00:00:00Z")
        assert entries("prize") == [("2026-07-10T23:59", "ana", 50)]
        assert all_follows()
        bring_up_to_date(clock.now())
        assert entries("prize") == [("2026-07-10T23:59", "ana", 50)]

    def test_what_comes_late_changes_the_winner_while_the_month_is_open(
        self, races: Session, at: SetClock
    ) -> None:
        at("2026-07-12T00:00:00Z")
        kept(races, "L1", "ana", "2026-07-07")
        assert entries("prize") == [("2026-07-10T23:59", "ana", 50)]
        kept(races, "L2", "ben", "2026-07-08")
        kept(races, "L3", "ben", "2026-07-09")
        assert entries("prize") == [("2026-07-10T23:59", "ben", 50)]
        assert all_follows()

    def test_a_closed_month_keeps_its_prizes(self, races: Session, at: SetClock) -> None:
        at("2026-07-12T00:00:00Z")
        kept(races, "L1", "ana", "2026-07-07")
        at("2026-08-01T00:00:00Z")
        close_period("2026-07", "test")
        kept(races, "L2", "ben", "2026-07-08")
        kept(races, "L3", "ben", "2026-07-09")
        assert entries("prize") == [("2026-07-10T23:59", "ana", 50)]
        assert verify_period("2026-07") == []
        assert all_follows()

    def test_rules_restated_without_it_take_the_prize_back(self, races: Session, at: SetClock) -> None:
        now = at("2026-07-12T00:00:00Z")
        kept(races, "L1", "ana", "2026-07-07")
        assert len(entries("prize")) == 1
        apply_rulebook(RULEBOOK, "rulebook.yaml", now, "test", "no races")
        assert entries("prize") == []
        assert all_follows()

    def test_it_falls_with_the_only_event_there_was(self, races: Session, at: SetClock) -> None:
        at("2026-08-02T00:00:00Z")
        kept(races, "L1", "ana", "2026-07-07")
        assert len(entries("prize", "month", "badge")) == 3
        at("2026-08-03T00:00:00Z")
        for number, name in enumerate(("L1a", "L1b")):
            send(races, (f"v{number}", "event.voided", "2026-08-02T10:00:00Z", ""), voids=name)
        assert entries("prize", "month", "badge") == []
        assert all_follows()

    def test_the_money_is_known_too(self, races: Session, at: SetClock) -> None:
        now = at("2026-07-12T00:00:00Z")
        kept(races, "L1", "ana", "2026-07-07")
        ticked(races, "t1", "ben", "2026-07-11T10:00:00Z")
        rules = answers.ask().rules
        found = prizes_of(races, rules, Month(2026, 7), now)
        assert [(p.subject_id, p.id, p.points, p.money) for p in found] == [
            ("ana", "sprint", 50, Decimal("99.5")), ("ben", "training", 20, None)
        ]  # fmt: skip


class TestTasks:
    def test_an_earlier_tick_that_comes_late_moves_the_prize(self, races: Session, at: SetClock) -> None:
        at("2026-08-05T00:00:00Z")
        ticked(races, "t1", "ana", "2026-08-02T10:00:00Z")
        assert entries("prize") == [("2026-08-02T10:00", "ana", 20)]
        ticked(races, "t2", "ana", "2026-07-30T10:00:00Z")
        assert entries("prize") == [("2026-07-30T10:00", "ana", 20)]
        assert all_follows()

    def test_who_has_one_in_a_closed_month_wins_none_again(self, races: Session, at: SetClock) -> None:
        at("2026-08-01T00:00:00Z")
        ticked(races, "t1", "ana", "2026-07-30T10:00:00Z")
        bring_up_to_date(clock.now())
        close_period("2026-07", "test")
        at("2026-08-05T00:00:00Z")
        ticked(races, "t2", "ana", "2026-08-02T10:00:00Z")
        send(races, ("v", "event.voided", "2026-08-04T10:00:00Z", ""), voids="t1")
        assert entries("prize") == [("2026-07-30T10:00", "ana", 20)]
        assert all_follows()

    def test_a_confirmation_gives_way_to_an_event_from_before(self, races: Session, at: SetClock) -> None:
        at("2026-07-20T00:00:00Z")
        tick = parse_rfc3339("2026-07-15T10:00:00Z")
        made(races, "task", "2026-07-20T00:00:00Z", task="training", subject_id="ana", done_at=tick)
        assert entries("prize") == [("2026-07-20T00:00", "ana", 20)]
        ticked(races, "t1", "ana", "2026-07-16T10:00:00Z")
        assert entries("prize") == [("2026-07-16T10:00", "ana", 20)]
        assert all_follows()


class TestDecisions:
    MEASURE = MeasureRef("2026-07", "slow", SubjectKind.REP, "ana", 0)

    def missed_july(self, session: Session, at: SetClock) -> None:
        at("2026-08-02T00:00:00Z")
        send(session, ("m", "lead.assigned", "2026-07-20T09:00:00Z", "M", "ana"))
        bring_up_to_date(clock.now())

    def test_an_approval_books_at_once_and_falls_with_its_step(self, races: Session, at: SetClock) -> None:
        self.missed_july(races, at)
        assert entries("deduction") == []
        made(races, "approved", "2026-08-02T00:00:00Z", measure=self.MEASURE, reason="as agreed")
        assert entries("deduction") == [("2026-08-02T00:00", "ana", -40)]
        assert all_follows()
        send(races, ("n", "lead.contacted", "2026-07-20T09:30:00Z", "M", "ana"))
        assert entries("deduction") == []
        assert all_follows()

    def test_a_badge_given_in_a_closed_month_is_taken_away_in_a_later_one(
        self, races: Session, at: SetClock
    ) -> None:
        at("2026-07-20T00:00:00Z")
        kept(races, "L1", "ben", "2026-07-01")
        given = made(races, "badge", "2026-07-20T00:00:00Z", badge="kind", subject_id="ana", reason="helped")
        at("2026-08-01T00:00:00Z")
        close_period("2026-07", "test")
        assert [row["badge"] for row in answers.badges(answers.ask(), None)["awards"]].count("kind") == 1
        at("2026-08-03T00:00:00Z")
        made(races, "undone", "2026-08-03T00:00:00Z", undoes=given, reason="it was Ben")
        assert entries("badge")[-1] == ("2026-08-03T00:00", "ana", -15)
        assert "kind" not in [row["badge"] for row in answers.badges(answers.ask(), None)["awards"]]
        assert verify_period("2026-07") == []
        assert all_follows()

    def test_points_by_hand_are_an_adjustment_of_no_period(self, races: Session, at: SetClock) -> None:
        at("2026-07-20T00:00:00Z")
        made(races, "points", "2026-07-20T00:00:00Z", subject=SubjectKind.TEAM, subject_id="north", points=9)
        rows = answers.ledger(answers.ask(), answers.LedgerFilter())["entries"]
        assert [(row["kind"], row["corrects"], row["team"], row["points"]) for row in rows] == [
            ("adjustment", None, "north", 9)
        ]
        assert all_follows()

    def test_nobody_decides_about_whom_nobody_heard_of(self, races: Session, at: SetClock) -> None:
        at("2026-07-20T00:00:00Z")
        with pytest.raises(KeyError):
            made(races, "points", "2026-07-20T00:00:00Z", subject_id="nobody", points=9)
        races.rollback()
        assert races.scalars(select(models.Decision)).all() == []


class TestLimits:
    NOW = "2026-07-20T00:00:00Z"
    LIMITS = b"by_hand: {points: 40, badges: 3, alone: 10}"

    def refused(self, session: Session, seconded_by: str | None = None, **more: Any) -> str | None:
        """The limit that is in the way."""
        rules = current_rules(session)
        assert rules is not None
        wanted = Decision(0, at=parse_rfc3339(more.pop("at", self.NOW)), subject_id="ana", **more)
        try:
            check_limits(session, rules, wanted, "manager", seconded_by)
        except BeyondLimits as beyond:
            return beyond.limit
        return None

    def limited(self, races: Session, at: SetClock, limits: bytes = LIMITS) -> Session:
        now = at(self.NOW)
        apply_rulebook(RULEBOOK.rstrip() + MORE + limits, "rulebook.yaml", now, "test", "limits")
        return races

    def test_badges_by_hand_have_a_budget_of_points(self, races: Session, at: SetClock) -> None:
        session = self.limited(races, at)
        for number in range(2):
            assert self.refused(session, kind=DecisionKind.BADGE, badge="kind") is None
            made(session, "badge", f"2026-07-20T00:0{number}:00Z", badge="kind", subject_id="ana")
        assert self.refused(session, kind=DecisionKind.BADGE, badge="kind") == "points"
        assert self.refused(session, kind=DecisionKind.BADGE, badge="unknown") is None
        assert self.refused(session, kind=DecisionKind.BADGE, badge="kind", at="2026-08-01T00:00:00Z") is None

    def test_and_of_their_number_less_those_that_were_undone(self, races: Session, at: SetClock) -> None:
        session = self.limited(races, at, b"by_hand: {badges: 1}")
        given = made(session, "badge", self.NOW, badge="kind", subject_id="ana")
        assert self.refused(session, kind=DecisionKind.BADGE, badge="kind") == "badges"
        made(session, "undone", "2026-07-20T00:01:00Z", undoes=given)
        assert self.refused(session, kind=DecisionKind.BADGE, badge="kind") is None

    @pytest.mark.parametrize(
        ("points", "second", "limit"),
        [(10, None, None), (-10, None, None), (11, None, "alone"), (-11, "manager", "alone"), (99, "other", None)],
    )  # fmt: skip
    def test_many_points_take_a_second_person(
        self, races: Session, at: SetClock, points: int, second: str | None, limit: str | None
    ) -> None:
        session = self.limited(races, at)
        assert self.refused(session, second, kind=DecisionKind.POINTS, points=points) == limit

    def test_other_decisions_have_none_nor_has_anything_before_the_rules(
        self, races: Session, at: SetClock
    ) -> None:
        session = self.limited(races, at, b"by_hand: {badges: 0, alone: 0}")
        assert self.refused(session, kind=DecisionKind.TASK, task="training") is None
        assert self.refused(session, kind=DecisionKind.BADGE, badge="kind") == "badges"
        assert self.refused(session, kind=DecisionKind.BADGE, badge="kind", at="2025-07-01T00:00:00Z") is None


def test_the_proof_tells_of_a_prize_that_was_not_won(races: Session, at: SetClock) -> None:
    at("2026-07-12T00:00:00Z")
    kept(races, "L1", "ana", "2026-07-07")
    answers.ask()
    [entry] = races.scalars(select(models.LedgerEntry).where(models.LedgerEntry.kind == "prize"))
    copied = {c.key: getattr(entry, c.key) for c in models.LedgerEntry.__table__.columns if c.key != "id"}
    races.add(models.LedgerEntry(**copied | {"reason_key": "contest/sprint/another"}))
    races.commit()
    assert any("prize +50 for rep ana" in line for line in verify_ledger(answers.ask()))


def test_who_has_no_contests_tasks_and_decisions_is_asked_for_none(acme: Session, at: SetClock) -> None:
    at("2026-07-20T12:00:00Z")
    with noted() as statements:
        kept(acme, "L1", "ana", "2026-07-20")
        bring_up_to_date(clock.now())
        kept(acme, "L2", "ana", "2026-06-20")
        bring_up_to_date(clock.now())
    asked = [sql for sql, _ in statements if "decisions" in sql or "'task'" in sql or "prizes_seen =" in sql]
    assert len(statements) > 50
    assert asked == []
