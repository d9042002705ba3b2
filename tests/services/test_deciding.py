"""What people decide by hand: who may, once, with its reason, within limits, in the ledger and in the audit log."""

import json
from itertools import count

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import AuditEntry, Award, Decision, LedgerEntry, Proposal
from leaderboard.services import deciding, proposals
from leaderboard.services.answers import ask
from leaderboard.services.deciding import MeasureKey
from leaderboard.services.sittings import NotTheirs, Refusal, Refused
from leaderboard.services.verification import verify_ledger
from tests.services.acme import SetClock
from tests.services.deciding_house import Deciders, build

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
_tokens = count()


def fresh() -> str:
    return f"t{next(_tokens)}"


@pytest.fixture
def house(session: Session, at: SetClock) -> Deciders:
    return build(session, at)


def points_of(session: Session, person: int, month: str = "2026-08") -> int:
    mine = (LedgerEntry.person_id == person, LedgerEntry.month == month)
    return session.scalar(select(func.sum(LedgerEntry.points)).where(*mine)) or 0


def decisions(session: Session) -> list[str]:
    return list(session.scalars(select(Decision.kind).order_by(Decision.id)))


def audited(session: Session) -> list[tuple[str, str, str]]:
    rows = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    return [
        (row.actor, row.action, row.subject)
        for row in rows
        if row.action.startswith(("decision", "proposal"))
    ]


def test_an_approved_deduction_is_booked_at_once_and_undone_by_its_opposite(
    session: Session, house: Deciders
) -> None:
    ben = house.people["ben"]
    deciding.approve(house.rui, house.slow(), token=fresh())
    assert points_of(session, ben) == -40
    number = session.scalars(select(Decision.id)).one()
    deciding.undo(house.ada, number, "It was the phones.", token=fresh())
    assert points_of(session, ben) == 0
    assert decisions(session) == ["approved", "undone"]
    who = f"person:{ben}"
    assert audited(session) == [
        (f"user:{house.rui.user_id}", "decision.approved", who),
        (f"user:{house.ada.user_id}", "decision.undone", who),
    ]
    assert verify_ledger(ask()) == []


def test_what_was_waived_cannot_be_approved_and_the_reason_is_kept(session: Session, house: Deciders) -> None:
    deciding.waive(house.rui, house.slow(1), "  Ill for\na week ", token=fresh())
    with pytest.raises(Refused) as refused:
        deciding.approve(house.rui, house.slow(1), token=fresh())
    assert refused.value.why is Refusal.SETTLED
    assert session.scalars(select(Decision.reason)).one() == "Ill for a week"
    assert (
        json.loads(session.scalars(select(AuditEntry.after).order_by(AuditEntry.id.desc())).first() or "")[
            "reason"
        ]
        == "Ill for a week"
    )


def test_a_form_sent_twice_decides_once(session: Session, house: Deciders) -> None:
    for _ in range(2):
        deciding.approve(house.rui, house.slow(), token="same")
        deciding.give_badge(house.rui, house.people["ben"], "thanks", "For the fair", token="other")
    assert decisions(session) == ["approved", "badge"]
    assert points_of(session, house.people["ben"]) == -20


def test_who_may_decide_on_whom(session: Session, house: Deciders) -> None:
    def adjusts(who: str, on: str) -> bool:
        try:
            deciding.adjust(getattr(house, who), REP, house.people[on], 5, "why", token=fresh())
        except NotTheirs:
            return False
        return True

    assert [adjusts("ada", one) for one in ("ana", "ben", "rui")] == [True, True, True]
    assert [adjusts("rui", one) for one in ("ana", "ben", "rui")] == [False, True, False]
    assert [adjusts(one, "ben") for one in ("ben", "head")] == [False, False]
    deciding.adjust(house.rui, TEAM, house.south, 5, "why", token=fresh())
    for subject, key in ((TEAM, house.north), (TEAM, 4711), (REP, 4711), (REP, 2**70)):
        with pytest.raises(NotTheirs):
            deciding.adjust(house.rui, subject, key, 5, "why", token=fresh())
    for key in (
        house.slow(9),
        MeasureKey("2026-13", "slow", REP, house.people["ben"], 0),
        house.slow(0, "rui"),
    ):
        with pytest.raises(NotTheirs):
            deciding.approve(house.rui, key, token=fresh())
    with pytest.raises(NotTheirs):
        deciding.approve(house.ben, house.slow(), token=fresh())
    for number in (4711, 2**70):
        with pytest.raises(NotTheirs):
            deciding.undo(house.rui, number, "why", token=fresh())
        with pytest.raises(NotTheirs):
            proposals.confirm(house.rui, number, token=fresh())


def test_badges_and_points_come_out_of_the_month_s_budget(
    session: Session, house: Deciders, at: SetClock
) -> None:
    ben = house.people["ben"]
    deciding.give_badge(house.rui, ben, "thanks", "For the fair", token=fresh())
    deciding.adjust(house.rui, REP, ben, -10, "Taken off frees nothing", token=fresh())
    deciding.adjust(house.rui, REP, ben, 30, "A long weekend", token=fresh())
    deciding.adjust(house.rui, REP, ben, 30, "Another one", token=fresh())
    with pytest.raises(Refused) as refused:
        deciding.adjust(house.rui, REP, ben, 21, "One more", token=fresh())
    assert (refused.value.why, refused.value.left) == (Refusal.POINTS_SPENT, 20)
    deciding.give_badge(house.rui, ben, "champions", "Cup", token=fresh())
    with pytest.raises(Refused) as refused:
        deciding.give_badge(house.rui, ben, "champions", "Cup", token=fresh())
    assert refused.value.why is Refusal.BADGES_SPENT
    assert session.scalar(select(func.count()).select_from(Award).where(Award.origin == "manual")) == 2
    deciding.undo(house.rui, 1, "Wrong one", token=fresh())
    deciding.give_badge(house.rui, ben, "thanks", "Again", token=fresh())
    at("2026-09-01T10:00:00Z")
    deciding.adjust(house.rui, REP, ben, 30, "Another month, another budget", token=fresh())
    assert verify_ledger(ask()) == []


@pytest.mark.parametrize("badge", ["leader", "nonsense", ""])
def test_only_badges_without_a_rule_are_given_by_hand(house: Deciders, badge: str) -> None:
    with pytest.raises(Refused) as refused:
        deciding.give_badge(house.rui, house.people["ben"], badge, "why", token=fresh())
    assert refused.value.why is Refusal.BADGE


@pytest.mark.parametrize(
    ("points", "reason", "why"),
    [(0, "why", Refusal.POINTS), (10**9, "why", Refusal.POINTS), (5, " \n", Refusal.REASON_MISSING),
     (5, "x" * 1001, Refusal.REASON_LONG)],
)  # fmt: skip
def test_nonsense_changes_nothing(
    session: Session, house: Deciders, points: int, reason: str, why: Refusal
) -> None:
    with pytest.raises(Refused) as refused:
        deciding.adjust(house.rui, REP, house.people["ben"], points, reason, token=fresh())
    assert refused.value.why is why
    assert decisions(session) == []


def test_a_large_adjustment_takes_a_second_person(session: Session, house: Deciders) -> None:
    ben = house.people["ben"]
    assert not deciding.adjust(house.rui, REP, ben, -31, "A fake lead", token=fresh())
    assert points_of(session, ben) == 0
    number = session.scalars(select(Proposal.id)).one()
    with pytest.raises(Refused) as refused:
        proposals.confirm(house.rui, number, token=fresh())
    assert refused.value.why is Refusal.SAME_PERSON
    for stranger in (house.ben, house.head):
        with pytest.raises(NotTheirs):
            proposals.confirm(stranger, number, token=fresh())
    proposals.confirm(house.ada, number, token="once")
    proposals.confirm(house.ada, number, token="once")
    assert points_of(session, ben) == -31
    row = session.scalars(select(Decision)).one()
    actors = (f"user:{house.rui.user_id}", f"user:{house.ada.user_id}")
    assert (row.decided_by, row.seconded_by) == actors
    with pytest.raises(Refused) as refused:
        proposals.refuse(house.bob, number, "Late", token=fresh())
    assert refused.value.why is Refusal.SETTLED
    assert [action for _, action, _ in audited(session)] == ["proposal.points", "decision.points"]


def test_a_refused_proposal_books_nothing_and_says_why(session: Session, house: Deciders) -> None:
    deciding.adjust(house.ada, REP, house.people["ana"], 60, "Great", token=fresh())
    number = session.scalars(select(Proposal.id)).one()
    with pytest.raises(Refused):
        proposals.refuse(house.bob, number, "", token=fresh())
    proposals.refuse(house.bob, number, "Too much", token=fresh())
    assert decisions(session) == []
    assert session.scalars(select(Proposal.settled_because)).one() == "Too much"


def test_a_task_ticked_off_counts_once_a_manager_confirms_it(
    session: Session, house: Deciders, at: SetClock
) -> None:
    ben = house.people["ben"]
    assert not proposals.tick_off(house.ben, "training", token=fresh())
    with pytest.raises(Refused) as refused:
        proposals.tick_off(house.ben, "training", token=fresh())
    assert refused.value.why is Refusal.TASK_DONE
    number = session.scalars(select(Proposal.id)).one()
    with pytest.raises(NotTheirs):
        proposals.confirm(house.ben, number, token=fresh())
    at("2026-09-02T10:00:00Z")
    proposals.confirm(house.rui, number, token=fresh())
    assert points_of(session, ben, "2026-09") == 15, "the tick was in time"
    assert verify_ledger(ask()) == []


def test_a_refused_tick_may_be_made_again_and_some_need_nobody(session: Session, house: Deciders) -> None:
    proposals.tick_off(house.ben, "training", token=fresh())
    proposals.refuse(house.rui, session.scalars(select(Proposal.id)).one(), "No certificate", token=fresh())
    assert not proposals.tick_off(house.ben, "training", token=fresh())
    assert proposals.tick_off(house.ben, "profile", token=fresh())
    assert points_of(session, house.people["ben"]) == 5
    for task in ("profile", "nonsense"):
        with pytest.raises(Refused):
            proposals.tick_off(house.ben, task, token=fresh())
    with pytest.raises(NotTheirs):
        proposals.tick_off(house.ada, "training", token=fresh())
