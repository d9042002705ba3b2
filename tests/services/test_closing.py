"""Closing: what is sealed stays, and what comes late is booked as an adjustment in the open month."""

import pytest
from sqlalchemy.orm import Session

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services import answers, clock
from leaderboard.services.closing import close_due, close_period
from leaderboard.services.closing_order import ClosingRefused
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.verification import verify_ledger, verify_period
from tests.services.acme import ROSTER, RULEBOOK, SetClock, adjustments, july, points, send, state


def test_a_month_closes_by_itself_three_days_after_its_end(acme: Session, at: SetClock) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-03T23:59:59Z")
    assert close_due() == []
    at("2026-08-04T00:00:00Z")
    assert [closed.period for closed in close_due()] == ["2026-07"]
    assert close_due() == []
    assert state("2026-07") == "sealed"
    assert points("2026-07") == {"ana": 2 + 2 + 7 + 10, "ben": -1 - 20}
    assert verify_period("2026-07") == []


def test_a_quarter_closes_with_its_last_month(acme: Session, at: SetClock) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-10-04T00:00:00Z")
    assert [closed.period for closed in close_due()] == ["2026-07", "2026-08", "2026-09", "2026-Q3"]
    assert state("2026-Q3") == "sealed"
    assert verify_period("2026-Q3") == []


def test_history_that_was_imported_is_not_closed_by_itself(acme: Session, at: SetClock) -> None:
    at("2026-09-10T00:00:00Z")
    july(acme)
    assert close_due() == []
    at("2026-10-04T00:00:00Z")
    assert [closed.period for closed in close_due()] == ["2026-09"]


def test_a_late_event_changes_nothing_that_is_sealed_and_is_booked_in_the_open_month(
    acme: Session, at: SetClock
) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_due()
    at("2026-08-10T00:00:00Z")
    send(acme, ("6", "lead.contacted", "2026-07-03T10:20:00Z", "L3"))
    assert points("2026-07") == {"ana": 21, "ben": -21}
    # The miss (-1) is a met outcome (+2), and the month (-20) is met (+10); Ana's rank badge pays 3 in August.
    assert adjustments() == [("ben", 33, "2026-07")]
    assert points("2026-08") == {"ana": 3, "ben": 33}
    assert points("2026-08", "team") == {"north": 3, "south": 33}
    assert verify_period("2026-07") == []
    assert verify_ledger(answers.ask()) == []


def test_what_was_adjusted_is_adjusted_back_when_the_event_is_voided(acme: Session, at: SetClock) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_due()
    at("2026-08-10T00:00:00Z")
    send(acme, ("6", "lead.contacted", "2026-07-03T10:20:00Z", "L3"))
    assert adjustments() == [("ben", 33, "2026-07")]
    at("2026-08-11T00:00:00Z")
    send(acme, ("7", "event.voided", "2026-08-11T00:00:00Z", ""), voids="6")
    assert adjustments() == [("ben", 33, "2026-07"), ("ben", -33, "2026-07")]
    assert points("2026-08") == {"ana": 3, "ben": 0}
    assert verify_ledger(answers.ask()) == []


def test_an_outcome_that_moves_from_a_closed_month_to_an_open_one_counts_once(
    acme: Session, at: SetClock
) -> None:
    at("2026-07-05T00:00:00Z")
    send(
        acme,
        ("1", "lead.assigned", "2026-07-31T23:30:00Z", "L1", "ana"),
        ("2", "lead.contacted", "2026-07-31T23:40:00Z", "L1"),
    )
    at("2026-08-04T00:00:00Z")
    close_due()
    assert points("2026-07") == {"ana": 12, "ben": 0}
    at("2026-08-10T00:00:00Z")
    send(acme, ("3", "event.voided", "2026-08-10T00:00:00Z", ""), voids="2")
    # The clock is missed at 00:30 on 1 August; July's two and ten points go by an adjustment.
    assert adjustments() == [("ana", -12, "2026-07")]
    assert points("2026-08") == {"ana": 3 - 12 - 1, "ben": 0}
    assert verify_ledger(answers.ask()) == []


def test_what_was_received_after_the_scheduled_instant_is_late_however_late_the_closing_runs(
    acme: Session, at: SetClock
) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:01Z")
    send(acme, ("6", "lead.contacted", "2026-07-03T10:20:00Z", "L3"))
    assert points("2026-07") == {"ana": 21, "ben": 12}
    at("2026-08-05T00:00:00Z")
    close_due()
    assert points("2026-07") == {"ana": 21, "ben": -21}
    assert adjustments() == [("ben", 33, "2026-07")]
    assert verify_period("2026-07") == []
    assert verify_ledger(answers.ask()) == []


def test_another_roster_moves_points_between_teams_by_adjustments(acme: Session, at: SetClock) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_due()
    at("2026-08-10T00:00:00Z")
    import_roster(
        ROSTER.replace(
            b"ana: {name: Ana Souza, teams: [{team: north", b"ana: {name: Ana Souza, teams: [{team: south"
        ),
        "roster.yaml",
        clock.now(),
        "test",
    )
    assert points("2026-07", "team") == {"north": 21, "south": -21}
    # The points of July's rank badge were settled with July: they stay where they were booked.
    assert points("2026-08", "team") == {"north": 3 - 14, "south": 14}
    assert points("2026-08") == {"ana": 3, "ben": 0}
    assert verify_ledger(answers.ask()) == []
    assert verify_period("2026-07") == []


def test_periods_are_closed_in_their_order_and_not_before_their_end(acme: Session, at: SetClock) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-09-10T00:00:00Z")
    with pytest.raises(ClosingRefused, match="close 2026-07 first"):
        close_period("2026-08", "test")
    with pytest.raises(ClosingRefused, match="has not ended"):
        close_period("2026-09", "test")
    close_period("2026-07", "test")
    with pytest.raises(ClosingRefused, match="closed already"):
        close_period("2026-07", "test")
    close_period("2026-08", "test")
    at("2026-10-01T00:00:00Z")
    with pytest.raises(ClosingRefused, match="close 2026-09 first"):
        close_period("2026-Q3", "test")
    close_period("2026-09", "test")
    close_period("2026-Q3", "test")
    assert [verify_period(name) for name in ("2026-07", "2026-08", "2026-09", "2026-Q3")] == [[]] * 4


def test_a_standing_asked_for_before_the_sealing_is_computed_and_open(acme: Session, at: SetClock) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_due()
    at("2026-08-10T00:00:00Z")
    send(acme, ("6", "lead.contacted", "2026-07-03T10:20:00Z", "L3"))
    before = answers.standings(answers.ask(parse_rfc3339("2026-08-03T00:00:00Z")), "2026-07", SubjectKind.REP)
    assert before["state"] == "open"
    assert [row["points"] for row in before["standings"]] == [21, 12]
    after = answers.standings(answers.ask(parse_rfc3339("2026-08-04T00:00:00Z")), "2026-07", SubjectKind.REP)
    assert (after["state"], [row["points"] for row in after["standings"]]) == ("sealed", [21, -21])


def test_restated_rules_are_booked_with_the_reason_they_were_restated_for(
    acme: Session, at: SetClock
) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_due()
    at("2026-08-10T00:00:00Z")
    dearer = RULEBOOK.replace(b"{met: 2, missed: -1}", b"{met: 5, missed: -1}")
    apply_rulebook(dearer, "rulebook.yaml", clock.now(), "test", "both sides agreed")
    entries = answers.ledger(answers.ask(), answers.LedgerFilter())["entries"]
    booked = [(e["id"], e["points"], e["reason"]) for e in entries if e["kind"] == "adjustment"]
    assert booked == [("ana", 6, "both sides agreed")]
    send(acme, ("6", "lead.contacted", "2026-07-03T10:20:00Z", "L3"))
    at("2026-08-11T00:00:00Z")
    entries = answers.ledger(answers.ask(), answers.LedgerFilter())["entries"]
    booked = [(e["id"], e["points"], e["reason"]) for e in entries if e["kind"] == "adjustment"]
    assert booked == [("ana", 6, "both sides agreed"), ("ben", 36, None)]
    assert verify_ledger(answers.ask()) == []
