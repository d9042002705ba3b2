"""Payouts: proposed once from what was sealed, approved by somebody else, paid with a reference."""

from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.persistence.models import AuditEntry, Payout
from leaderboard.services import payouts, proposals
from leaderboard.services.closing import close_due
from leaderboard.services.payout_proposals import propose_payouts
from leaderboard.services.sittings import NotTheirs, Refusal, Refused
from tests.services.acme import SetClock, send
from tests.services.deciding_house import Deciders, build

_tokens = count()


def fresh() -> str:
    return f"p{next(_tokens)}"


@pytest.fixture
def house(session: Session, at: SetClock) -> Deciders:
    """The third quarter is sealed: Ana won July, North the quarter, and Ben has done his training in August."""
    deciders = build(session, at)
    proposals.tick_off(deciders.ben, "training", token=fresh())
    proposals.confirm(deciders.rui, 1, token=fresh())
    send(
        session,
        ("7", "lead.assigned", "2026-08-03T10:00:00Z", "L7", "ben"),
        ("8", "lead.contacted", "2026-08-03T10:30:00Z", "L7"),
    )
    close_due(at("2026-10-05T10:00:00Z"))
    return deciders


def proposed(session: Session) -> dict[str, Payout]:
    session.expire_all()
    return {row.source: row for row in session.scalars(select(Payout))}


def test_what_was_won_is_proposed_once(session: Session, house: Deciders, at: SetClock) -> None:
    now = at("2026-10-05T11:00:00Z")
    assert propose_payouts(now) == len(proposed(session)) > 0
    assert propose_payouts(now) == 0
    found = proposed(session)
    july = found["recognition/best-rep/2026-07"]
    assert (july.person_id, july.amount, july.currency, july.period) == (
        house.people["ana"],
        "400",
        "EUR",
        "2026-07",
    )
    team = found["recognition/best-team/2026-Q3"]
    assert (team.team_id, team.amount, team.members) == (house.north, "1500.50", f"[{house.people['ana']}]")
    task = next(row for source, row in found.items() if source.startswith("decision/"))
    assert (task.person_id, task.amount, task.name) == (house.people["ben"], "20", "Training")


def test_approved_paid_and_never_twice(session: Session, house: Deciders) -> None:
    propose_payouts()
    number = proposed(session)["recognition/best-rep/2026-07"].id
    with pytest.raises(Refused) as refused:
        payouts.mark_paid(house.ada, number, "Run 10", token=fresh())
    assert refused.value.why is Refusal.SETTLED
    for _ in range(2):
        payouts.approve(house.ada, number, token="once")
    with pytest.raises(Refused):
        payouts.approve(house.bob, number, token=fresh())
    for reference in ("", "x" * 201):
        with pytest.raises(Refused) as refused:
            payouts.mark_paid(house.ada, number, reference, token=fresh())
        assert refused.value.why is Refusal.REFERENCE
    payouts.mark_paid(house.ada, number, "Run  10", token=fresh())
    with pytest.raises(Refused):
        payouts.refuse(house.ada, number, "Too late", token=fresh())
    row = proposed(session)["recognition/best-rep/2026-07"]
    assert (row.state, row.reference) == ("paid", "Run 10")
    actions = session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("payout.%")))
    assert list(actions) == ["payout.approved", "payout.paid"]


def test_who_may_say_so(session: Session, house: Deciders) -> None:
    propose_payouts()
    found = proposed(session)
    ana = found["recognition/best-rep/2026-07"].id
    ben = next(row.id for source, row in found.items() if source.startswith("decision/"))
    for who in (house.rui, house.ben, house.head):
        with pytest.raises(NotTheirs):
            payouts.approve(who, ana, token=fresh())
    for number in (4711, 2**70, 0):
        with pytest.raises(NotTheirs):
            payouts.approve(house.ada, number, token=fresh())
    with pytest.raises(NotTheirs):
        payouts.approve(house.ben, ben, token=fresh())
    with pytest.raises(Refused):
        payouts.refuse(house.rui, ben, " ", token=fresh())
    payouts.refuse(house.rui, ben, "Paid already", token=fresh())
    assert proposed(session)[found_source(found, ben)].state == "refused"


def found_source(found: dict[str, Payout], number: int) -> str:
    return next(source for source, row in found.items() if row.id == number)


def test_nobody_approves_what_is_partly_their_own(session: Session, house: Deciders) -> None:
    propose_payouts()
    row = proposed(session)["recognition/best-team/2026-Q3"]
    row.subject_key, row.team_id, row.members = f"team:{house.south}", house.south, f"[{house.people['rui']}]"
    session.commit()
    with pytest.raises(Refused) as refused:
        payouts.approve(house.rui, row.id, token=fresh())
    assert refused.value.why is Refusal.SAME_PERSON
    payouts.approve(house.ada, row.id, token=fresh())
