"""Who is told of what: each measure to the one concerned, what waits to who decides, good news; each once."""

from itertools import count

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Decision, Note, Payout, Person, Proposal
from leaderboard.services import clock, closing, deciding, proposals, users
from leaderboard.services.announcing import NEWS, announce
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.notes_seen import look
from leaderboard.services.payout_proposals import propose_payouts
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.services.acme import ROSTER, RULEBOOK, SetClock, july, send
from tests.services.deciding_house import Deciders, build

REP, TEAM = SubjectKind.REP, SubjectKind.TEAM
_tokens = count()


def fresh() -> str:
    return f"t{next(_tokens)}"


@pytest.fixture
def house(session: Session, at: SetClock) -> Deciders:
    return build(session, at)


def told(session: Session, *kinds: str) -> set[tuple[str, str | None, str]]:
    """Audience, rep and key; of these kinds only."""
    rows = session.execute(
        select(Note.audience, Person.rep_id, Note.key).outerjoin(Person, Person.id == Note.person_id)
    )
    return {(one, who, key) for one, who, key in rows if not kinds or key.startswith(kinds)}


def test_a_step_is_told_to_the_one_concerned_and_where_it_waits_to_who_decides(
    session: Session, house: Deciders
) -> None:
    key = f"step/2026-07/slow/rep/{house.people['ben']}"
    announce()
    assert told(session, "step") == {("self", "ben", key), ("manager", "rui", key), ("admin", None, key)}


def test_the_same_is_told_once_however_often_it_is_swept(session: Session, house: Deciders) -> None:
    assert announce() > 0
    first = told(session)
    session.rollback()
    assert announce() == 0
    bring_up_to_date(clock.now())
    assert announce() == 0
    assert told(session) == first


def test_a_badge_by_its_rule_is_told_and_one_by_hand_as_the_decision_it_is(
    session: Session, house: Deciders
) -> None:
    announce()
    awards = {(one, who, key.split("/")[1]) for one, who, key in told(session, "award")}
    assert awards == {("self", "ana", "leader"), ("self", "ana", "unbroken")}
    deciding.give_badge(house.rui, house.people["ben"], "thanks", "The fair", token=fresh())
    assert {who for _, who, _ in told(session, "decision")} == {"ben"}
    assert {who for _, who, _ in told(session, "award")} == {"ana"}


def test_a_decision_is_told_with_its_own_commit(session: Session, house: Deciders) -> None:
    deciding.approve(house.rui, house.slow(), token=fresh())
    deciding.waive(house.rui, house.slow(1), "Ill", token=fresh())
    number = session.scalars(select(Decision.id).where(Decision.kind == "approved")).one()
    deciding.undo(house.ada, number, "Wrong month", token=fresh())
    assert told(session, "decision") == {("self", "ben", f"decision/{one}") for one in (1, 2, 3)}


def test_a_tick_is_told_to_who_confirms_it_and_the_answer_to_who_ticked(
    session: Session, house: Deciders
) -> None:
    proposals.tick_off(house.ben, "training", token=fresh())
    number = session.scalars(select(Proposal.id)).one()
    assert told(session, "proposal") == {
        ("manager", "rui", f"proposal/{number}"),
        ("admin", None, f"proposal/{number}"),
    }
    proposals.refuse(house.rui, number, "Not on the list", token=fresh())
    assert ("self", "ben", f"proposal/{number}/refused") in told(session)
    proposals.tick_off(house.ben, "training", token=fresh())
    again = session.scalars(select(Proposal.id).where(Proposal.state == "waiting")).one()
    proposals.confirm(house.rui, again, token=fresh())
    assert {(one, who) for one, who, _ in told(session, "decision")} == {("self", "ben")}
    assert not told(session, "prize"), "told once, as the confirmation"


def test_an_adjustment_that_waits_is_told_to_others_than_who_asked_for_it(
    session: Session, house: Deciders
) -> None:
    assert not deciding.adjust(house.rui, REP, house.people["ben"], 31, "The fair", token=fresh())
    number = session.scalars(select(Proposal.id)).one()
    assert told(session, "proposal") == {("admin", None, f"proposal/{number}")}
    proposals.refuse(house.ada, number, "Too much", token=fresh())
    assert ("manager", "rui", f"proposal/{number}/refused") in told(session)
    assert not any(who == "ben" for _, who, _ in told(session, "proposal"))


def test_what_a_team_gets_is_told_to_each_of_its_reps_of_that_day(session: Session, house: Deciders) -> None:
    assert deciding.adjust(house.ada, TEAM, house.south, 5, "The fair", token=fresh())
    assert {who for _, who, _ in told(session, "decision")} == {"rui", "ben"}


def test_money_is_told_when_it_is_approved_not_when_it_is_proposed(session: Session, house: Deciders) -> None:
    closing.close_period("2026-07", "test")
    propose_payouts()
    announce()
    assert not told(session, "payout")
    session.execute(
        update(Payout).values(
            state="approved", decided_at=clock.now(), decided_by=f"user:{house.ada.user_id}"
        )
    )
    session.commit()
    announce()
    assert {(one, who) for one, who, _ in told(session, "payout")} >= {("self", "ana")}
    session.execute(update(Payout).values(state="paid", paid_at=clock.now(), paid_by="x", reference="R 1"))
    session.commit()
    announce()
    assert {key.rpartition("/")[2] for _, _, key in told(session, "payout")} == {"approved", "paid"}


def test_a_year_that_is_imported_at_once_is_no_news(session: Session, at: SetClock) -> None:
    build(session, at)
    later = clock.now() + NEWS + 5 * DAY
    assert announce(later) == 0
    assert told(session) == set()


TEAM_LADDER = (
    RULEBOOK
    + b"""
consequences:
  slow:
    service_level: team-contact
    steps:
      - {do: notify_rep}
      - {do: notify_manager}
    clears_after: 2
"""
)


def test_a_team_s_step_goes_to_its_reps_of_that_day_and_to_the_manager_only_where_the_step_says_so(
    session: Session, at: SetClock
) -> None:
    now = at("2026-07-01T00:00:00Z")
    rules = TEAM_LADDER.replace(b"service_levels:", TEAM_LEVEL)
    apply_rulebook(rules, "rulebook.yaml", now, "test")
    roster = ROSTER.replace(
        b"south: {name: South, department: sales}", b"south: {name: South, department: sales, manager: ana}"
    )
    roster = roster.replace(
        b"{team: south, from: 2026-01-01}", b"{team: south, from: 2026-01-01, until: 2026-08-10}"
    )
    import_roster(
        roster + b"  cia: {name: Cia, teams: [{team: south, from: 2026-08-01}]}\n", "roster.yaml", now, "test"
    )
    july(session)
    bring_up_to_date(at("2026-08-02T10:00:00Z"))
    announce()
    assert {(one, who) for one, who, _ in told(session, "step/2026-07")} == {("self", "ben")}
    send(session, ("6", "lead.assigned", "2026-08-03T10:00:00Z", "L6", "cia"))
    bring_up_to_date(at("2026-09-02T10:00:00Z"))
    announce()
    expected = {("self", "cia"), ("manager", "ana")}
    assert {(one, who) for one, who, _ in told(session, "step/2026-08")} == expected


TEAM_LEVEL = b"""service_levels:
  team-contact:
    name: Team contact
    party: sales
    subject: team
    measure: response
    start: lead.assigned
    stop: lead.contacted
    within: 1h
    target: 50%
"""


def test_what_was_seen_never_goes_back(session: Session, house: Deciders) -> None:
    announce()
    newest = max(session.scalars(select(Note.id).where(Note.audience == "self")))
    session.rollback()
    assert look(house.ben, clock.now()) == 0
    seen = look(house.ben, clock.now())
    assert 0 < seen <= newest
    session.rollback()
    assert look(house.ben, clock.now()) == seen
    assert users.existing("ben@example.com").id == house.ben.user_id
