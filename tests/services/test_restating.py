"""Restating on screen: what the preview shows is what is booked, or nothing is; a version in force stands otherwise."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.rulebook import Party
from leaderboard.persistence.models import AuditEntry, Draft, LedgerEntry, RulebookRevision
from leaderboard.services import clock, drafts, restating, signing, users, work_orders
from leaderboard.services.answers import ask as ask_now
from leaderboard.services.closing import close_due
from leaderboard.services.drafts import DraftRefused
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.restating import RestatingRefused, Seen, preview, restate
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.signing import Hindered, Hindrance, Signer
from leaderboard.services.verification import verify_ledger
from tests.services.acme import ROSTER, RULEBOOK, SetClock, july, send
from tests.services.invariants import check_invariants

DRAFT = (
    RULEBOOK.decode().replace("met: 2, missed: -1", "met: 5, missed: -2").replace("points: 7", "points: 9")
)


def august(session: Session) -> None:
    send(
        session,
        ("6", "lead.assigned", "2026-08-03T10:00:00Z", "L6", "ben"),
        ("7", "lead.contacted", "2026-08-03T10:30:00Z", "L6"),
        ("8", "lead.assigned", "2026-08-04T10:00:00Z", "L8", "ana"),
    )


@pytest.fixture
def company(session: Session, at: SetClock) -> Session:
    """July is closed, August goes on."""
    now = at("2026-07-01T00:00:00Z")
    apply_rulebook(RULEBOOK, "rulebook.yaml", now, "test")
    import_roster(ROSTER, "roster.yaml", now, "test")
    for name in ("mia", "sam"):
        users.create(f"{name}@example.com", "manager", rep=None, password=None, actor="test", now=now)
    july(session)
    now = at("2026-08-05T10:00:00Z")
    bring_up_to_date(now)
    close_due(now)
    august(session)
    bring_up_to_date(now)
    return session


def drafted(session: Session, document: str = DRAFT, signed: bool = True) -> int:
    draft = drafts.create(document, "Fairer points", "user:1", clock.now())
    if signed:
        sha256 = session.get_one(Draft, draft).sha256
        session.rollback()
        for number, party in ((1, Party.MARKETING), (2, Party.SALES)):
            signing.sign(draft, sha256, Signer(number, party), clock.now())
    return draft


def seen(found: dict[str, Any]) -> Seen:
    return Seen(found["sha256"], found["as_of"], found["digest"])


def ledger(session: Session) -> Counter[tuple[Any, ...]]:
    row = LedgerEntry
    columns = (row.subject, row.person_id, row.team_id, row.month, row.corrects)
    found = session.execute(select(*columns, func.sum(row.points)).group_by(*columns)).all()
    session.rollback()
    return Counter({tuple(one[:-1]): int(one[-1]) for one in found})


def by_subject(changed: Counter[tuple[Any, ...]]) -> dict[tuple[str, str, int], int]:
    """What was booked by the preview's words: an adjustment under the month that it corrects."""
    found: Counter[tuple[str, str, int]] = Counter()
    for (subject, person, team, month, corrects), points in changed.items():
        found[corrects or month, subject, person if subject == "rep" else team] += points
    return {key: points for key, points in found.items() if points}


def promised(found: dict[str, Any]) -> dict[tuple[str, str, int], int]:
    told: Counter[tuple[str, str, int]] = Counter()
    for one in found["entries"]:
        told[one["period"], one["subject"], one["id"]] += one["booked"][1] - one["taken"][1]
    for one in found["adjustments"]:
        told[one["period"], one["subject"], one["id"]] += one["points"]
    return {key: points for key, points in told.items() if points}


def test_what_is_shown_is_what_is_booked(company: Session, at: SetClock) -> None:
    draft = drafted(company)
    found = preview(draft)
    assert found["adjustments"], "July is closed"
    assert found["entries"], "August is open"
    assert {one["period"] for one in found["periods"]} == {"2026-08", "2026-Q3"}
    before = ledger(company)
    at("2026-08-05T10:02:00Z")
    revision = restate(draft, seen(found), "Points were agreed otherwise", "user:1")
    bring_up_to_date(clock.now())
    changed = ledger(company)
    changed.subtract(before)
    assert by_subject(changed) == promised(found)
    row = company.get_one(RulebookRevision, revision)
    assert (row.restates, row.reason) == (True, "Points were agreed otherwise")
    assert company.get_one(Draft, draft).scheduled_as == revision
    noted = company.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert set(noted) == {"draft.restated", "rulebook.applied"}
    company.rollback()
    assert verify_ledger(ask_now()) == []
    check_invariants(company)


def test_the_preview_changes_nothing_and_names_nobody(company: Session) -> None:
    draft = drafted(company)
    before = ledger(company)
    assert "Ana" not in str(preview(draft))
    assert ledger(company) == before


def test_what_happens_meanwhile_does_not_matter_but_what_came_in_late_does(
    company: Session, at: SetClock
) -> None:
    draft = drafted(company)
    found = preview(draft)
    at("2026-08-06T12:00:00Z")
    send(
        company,
        ("9", "lead.assigned", "2026-08-06T10:00:00Z", "L9", "ana"),
        ("10", "lead.contacted", "2026-08-06T10:20:00Z", "L9"),
    )
    again = preview(draft, as_of=found["as_of"])
    assert again["digest"] == found["digest"]
    send(company, ("11", "lead.contacted", "2026-08-04T10:20:00Z", "L8"))
    with pytest.raises(RestatingRefused, match="changed"):
        restate(draft, seen(found), "a reason", "user:1")
    assert company.scalar(select(func.count()).select_from(RulebookRevision)) == 1
    company.rollback()
    assert restate(draft, seen(preview(draft)), "a reason", "user:1")


def test_an_event_that_comes_while_it_is_computed_has_it_computed_again(
    company: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(company)
    found = preview(draft)
    compute, late = restating.preview, [True]

    def meanwhile(*given: Any) -> Any:
        made = compute(*given)
        if late.pop() if late else False:
            send(company, ("11", "lead.contacted", "2026-08-04T10:20:00Z", "L8"))
        return made

    monkeypatch.setattr(restating, "preview", meanwhile)
    with pytest.raises(RestatingRefused, match="changed"):
        restate(draft, seen(found), "a reason", "user:1")


def test_an_edit_after_the_look_is_not_confirmed_with_it(company: Session) -> None:
    draft = drafted(company)
    found = preview(draft)
    drafts.save(draft, 1, DRAFT.replace("met: 5", "met: 6"), "more", "user:1", clock.now())
    with pytest.raises(Hindered):
        restate(draft, seen(found), "a reason", "user:1")


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 1_001])
def test_a_reason_is_needed(company: Session, reason: str) -> None:
    draft = drafted(company)
    with pytest.raises(RestatingRefused, match="reason"):
        restate(draft, seen(preview(draft)), reason, "user:1")


def test_both_parties_sign_first(company: Session) -> None:
    with pytest.raises(Hindered) as caught:
        preview(drafted(company, signed=False))
    assert set(caught.value.hindrances) == {Hindrance.UNSIGNED_MARKETING, Hindrance.UNSIGNED_SALES}


def test_what_has_not_begun_is_scheduled_and_not_restated(company: Session) -> None:
    later = DRAFT.replace("2026-01-01", "2026-09-01", 1)
    with pytest.raises(DraftRefused, match="not_begun"):
        preview(drafted(company, later))


def test_a_version_in_force_is_neither_shifted_nor_shortened_nor_deleted(company: Session) -> None:
    """Moving its draft, scheduling over it, cutting it off by a version put in between, taking it back."""
    draft = drafted(company)
    restate(draft, seen(preview(draft)), "a reason", "user:1")
    (revision,) = company.scalars(select(RulebookRevision.id).where(RulebookRevision.restates))
    company.rollback()
    with pytest.raises(DraftRefused, match="in_force"):
        signing.take_back(revision, "no more", "user:1")
    with pytest.raises(DraftRefused, match="scheduled"):
        drafts.move(draft, 1, clock_date("2026-09-01"), "later", "user:1", clock.now())
    with pytest.raises(DraftRefused, match="scheduled"):
        drafts.withdraw(draft, "user:1", clock.now())
    for start in ("2026-01-01", "2026-08-01"):
        other = drafted(company, DRAFT.replace("2026-01-01", start, 1))
        sha256 = company.get_one(Draft, other).sha256
        company.rollback()
        with pytest.raises(Hindered) as caught:
            signing.schedule(other, sha256, "user:1")
        assert Hindrance.BEGUN in caught.value.hindrances
    assert company.scalar(select(func.count()).select_from(RulebookRevision)) == 2


def clock_date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def test_a_version_put_in_between_is_shown_and_booked_too(company: Session) -> None:
    draft = drafted(company, DRAFT.replace("2026-01-01", "2026-08-01", 1))
    found = preview(draft)
    assert found["adjustments"] == []
    before = ledger(company)
    restate(draft, seen(found), "From August on", "user:1")
    bring_up_to_date(clock.now())
    changed = ledger(company)
    changed.subtract(before)
    assert by_subject(changed) == promised(found)
    assert verify_ledger(ask_now()) == []


def order(kind: str, draft: int, actor: str = "user:1", **given: Any) -> int:
    return work_orders.ask(kind, str(draft), actor, clock.now(), **given)


def test_of_two_who_confirm_at_once_one_restates(company: Session) -> None:
    draft = drafted(company)
    found = preview(draft)
    told = {"sha256": found["sha256"], "as_of": found["as_of"], "digest": found["digest"], "reason": "why"}
    orders = [order("restate", draft, actor, **told) for actor in ("user:1", "user:2")]
    work_orders.run_waiting()
    states = [company.get_one(work_orders.WorkOrder, one).state for one in orders]
    assert states == ["done", "failed"]
    assert company.scalar(select(func.count()).where(RulebookRevision.restates)) == 1


def test_who_dies_after_the_restatement_finds_it_done(
    company: Session, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = drafted(company)
    found = preview(draft)
    told = {"sha256": found["sha256"], "as_of": found["as_of"], "digest": found["digest"], "reason": "why"}
    number = order("restate", draft, **told)

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(work_orders._RUNS, "_end", die)
        with pytest.raises(SystemExit):
            work_orders.run(number)
    at("2026-08-05T10:05:00Z")
    assert work_orders.run(number)
    assert company.get_one(work_orders.WorkOrder, number).state == "done"
    assert company.scalar(select(func.count()).where(RulebookRevision.restates)) == 1
