"""What a restatement takes back in an open month says for what reason; what events take back does not."""

from sqlalchemy.orm import Session

from leaderboard.persistence.db import writable
from leaderboard.queries.receipts import receipts
from leaderboard.queries.rep_page import Wording
from leaderboard.services import answers, clock
from leaderboard.services.closing import close_period
from leaderboard.services.directory import Directory
from leaderboard.services.reading import open_reading
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.services.acme import RULEBOOK, SetClock, send
from tests.services.invariants import check_invariants

REASON = "the hour was meant to be two"
MORE = RULEBOOK.replace(b"each: {met: 2, missed: -1}", b"each: {met: 3, missed: -1}")


def met(lead: str, day: str, rep: str = "ana") -> list[tuple[str, str, str, str, str]]:
    """A lead that is answered in time."""
    return [
        (f"{lead}a", "lead.assigned", f"{day}T10:00:00Z", lead, rep),
        (f"{lead}b", "lead.contacted", f"{day}T10:30:00Z", lead, rep),
    ]


def taken_back() -> list[tuple[str, str | None, str | None, str | None]]:
    """What was taken back: kind, lead, badge, and why."""
    document = answers.ledger(answers.ask(), answers.LedgerFilter(everything=True))
    return [
        (row["kind"], row["lead"], row["badge"], row["reason"])
        for row in document["entries"]
        if row["takes_back"] is not None
    ]


def restate(document: bytes, reason: str = REASON) -> None:
    apply_rulebook(document, "rulebook.yaml", clock.now(), "test", reason)


def test_what_a_restatement_takes_back_says_why(acme: Session, at: SetClock) -> None:
    at("2026-08-20T00:00:00Z")
    send(acme, *met("L1", "2026-08-03"), *met("L2", "2026-08-04"))
    answers.ask()
    at("2026-08-21T00:00:00Z")
    restate(MORE.replace(b"points: 7", b"points: 9"))
    assert sorted(taken_back(), key=str) == [
        ("badge", None, "unbroken", REASON),
        ("each", "L1", None, REASON),
        ("each", "L2", None, REASON),
    ]
    check_invariants(acme)


def test_a_receipt_names_the_revision_by_which_it_was_booked(acme: Session, at: SetClock) -> None:
    at("2026-08-20T00:00:00Z")
    send(acme, *met("L1", "2026-08-03"))
    answers.ask()
    assert [wording for _, wording in wordings()] == [None]
    restated_at = at("2026-08-21T00:00:00Z")
    restate(MORE)
    assert [(points, one.number, one.reason) for points, one in wordings() if one] == [
        (3, 2, REASON),
        (2, 1, None),
    ]
    assert {one.applied_at for _, one in wordings() if one and one.number == 2} == {restated_at}


def wordings() -> list[tuple[int, Wording | None]]:
    """Ana's receipts of August: points, and by which text of the rules."""
    session = answers.ask().session
    key = Directory(session).person_id("ana")
    session.rollback()
    reading = open_reading(clock.now())
    assert reading is not None
    assert key is not None
    days, _ = receipts(reading, reading.ground.book.calendar.parse("2026-08"), key)
    found = [(one.points, one.wording) for day in days for one in day.receipts]
    session.rollback()
    writable(session)
    return found


def test_an_ended_month_s_points_say_it_too(acme: Session, at: SetClock) -> None:
    at("2026-09-01T10:00:00Z")
    send(acme, *met("L1", "2026-08-03"))
    answers.ask()
    at("2026-09-02T00:00:00Z")
    restate(RULEBOOK.replace(b"month: {met: 10,", b"month: {met: 12,").replace(b"points: 3}", b"points: 4}"))
    assert sorted(taken_back(), key=str) == [("badge", None, "leader", REASON), ("month", None, None, REASON)]


def test_what_events_change_afterwards_is_not_laid_at_its_door(acme: Session, at: SetClock) -> None:
    """Booked before the restatement, and left alone by it."""
    at("2026-09-01T10:00:00Z")
    send(acme, *met("L1", "2026-08-03"), *met("L2", "2026-08-04"), *met("L3", "2026-08-05", "ben"))
    answers.ask()
    at("2026-09-02T00:00:00Z")
    restate(RULEBOOK.replace(b"missed: -20", b"missed: -25").replace(b"points: 3}", b"points: 4}"))
    assert taken_back() == [("badge", None, "leader", REASON)]
    at("2026-09-02T12:00:00Z")
    for lead in ("L1", "L2"):
        send(acme, (f"V{lead}", "event.voided", "2026-09-02T11:00:00Z", "", ""), voids=f"{lead}a")
    assert {why for kind, lead, _, why in taken_back() if lead is not None} == {None}
    assert [row for row in taken_back() if row[3]] == [("badge", None, "leader", REASON)]
    check_invariants(acme)


def test_a_lead_changed_by_an_event_and_by_rules_at_once_says_what_its_own_events_say(
    acme: Session, at: SetClock
) -> None:
    at("2026-08-20T00:00:00Z")
    send(acme, *met("L1", "2026-08-03"), *met("L2", "2026-08-04", "ben"))
    answers.ask()
    at("2026-08-21T00:00:00Z")
    restate(MORE)
    send(acme, ("V1", "event.voided", "2026-08-20T11:00:00Z", "", ""), voids="L1a")
    assert sorted(taken_back(), key=str) == [("each", "L1", None, None), ("each", "L2", None, REASON)]


def test_the_second_of_two_restatements_is_named_where_it_did_it(acme: Session, at: SetClock) -> None:
    at("2026-08-20T00:00:00Z")
    send(acme, *met("L1", "2026-08-03"))
    answers.ask()
    at("2026-08-21T00:00:00Z")
    restate(MORE, "first")
    answers.ask()
    at("2026-08-22T00:00:00Z")
    restate(MORE.replace(b"met: 3, missed: -1", b"met: 4, missed: -1"), "second")
    assert taken_back() == [("each", "L1", None, "first"), ("each", "L1", None, "second")]


def test_a_closed_month_is_left_alone_and_its_adjustment_says_why(acme: Session, at: SetClock) -> None:
    at("2026-09-01T10:00:00Z")
    send(acme, *met("L1", "2026-08-03"))
    close_period("2026-08", "test")
    at("2026-09-05T00:00:00Z")
    restate(MORE)
    entries = answers.ledger(answers.ask(), answers.LedgerFilter(everything=True))["entries"]
    assert taken_back() == []
    assert [row["reason"] for row in entries if row["kind"] == "adjustment"] == [REASON]
