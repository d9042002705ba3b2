"""A closed month hands on what it did when it was sealed, in whatever order months are closed and rules restated."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from leaderboard.services import answers, clock
from leaderboard.services.closing import close_due, close_period
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.services.acme import RULEBOOK, SetClock, adjustments, july, points, send
from tests.services.invariants import check_invariants

VOLUME = b"""
  calls:
    name: Calls
    party: sales
    measure: volume
    events: lead.called
    target: 1
    points: {month: {missed: -5}}
"""
LADDER = b"""
consequences:
  slow:
    service_level: first-contact
    steps: [{do: notify_rep}, {do: deduct, points: 30}, {do: deduct, points: 90}]
"""


def met(number: int, rep: str, day: str) -> list[tuple[str, str, str, str, str]]:
    """A lead that is answered in time."""
    lead = f"M{number}"
    return [
        (f"{lead}a", "lead.assigned", f"{day}T10:00:00Z", lead, rep),
        (f"{lead}b", "lead.contacted", f"{day}T10:30:00Z", lead, rep),
    ]


def missed(number: int, rep: str, day: str) -> tuple[str, str, str, str, str]:
    """A lead that is not."""
    return (f"X{number}", "lead.assigned", f"{day}T10:00:00Z", f"X{number}", rep)


def restate(document: bytes) -> None:
    apply_rulebook(document, "rulebook.yaml", clock.now(), "test", "a test")


def awards() -> list[tuple[str, str, str]]:
    return [(a["badge"], a["id"], a["awarded_at"]) for a in answers.badges(answers.ask(), None)["awards"]]


def test_months_that_are_closed_in_one_run_are_each_sealed_by_what_was_known_then(
    acme: Session, at: SetClock
) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-20T00:00:00Z")
    # After July's closing instant, before August's: it is known to the one and not to the other.
    send(acme, ("6", "lead.contacted", "2026-07-03T10:20:00Z", "L3"), *met(1, "ben", "2026-08-10"))
    at("2026-09-10T00:00:00Z")
    assert [closed.period for closed in close_due()] == ["2026-07", "2026-08"]
    assert points("2026-07") == {"ana": 21, "ben": -21}
    assert points("2026-08")["ben"] == 12
    assert adjustments() == [("ben", 33, "2026-07")]
    check_invariants(acme)


def test_ranks_of_an_open_month_stay_as_the_closed_month_after_it_booked_them(
    acme: Session, at: SetClock
) -> None:
    at("2026-08-15T00:00:00Z")
    july(acme)
    at("2026-09-04T00:00:00Z")
    assert [closed.period for closed in close_due()] == ["2026-08"]
    assert points("2026-08") == {"ana": 3, "ben": 0}
    at("2026-09-05T00:00:00Z")
    send(acme, *(event for n in range(4) for event in met(n, "ben", "2026-07-10")))
    assert points("2026-07") == {"ana": 21, "ben": -1 + 4 * 2 + 7 + 10}
    assert points("2026-08") == {"ana": 3, "ben": 0}
    assert ("leader", "ana", "2026-07-31T23:59:59Z") in awards()
    close_period("2026-07", "test")
    assert points("2026-08") == {"ana": 3, "ben": 0}
    check_invariants(acme)


def test_a_closed_month_hands_on_the_streaks_of_before_as_it_was_sealed(acme: Session, at: SetClock) -> None:
    at("2026-08-15T00:00:00Z")
    send(acme, *met(1, "ana", "2026-07-10"), missed(1, "ben", "2026-08-10"))
    at("2026-09-04T00:00:00Z")
    close_due()
    at("2026-09-05T00:00:00Z")
    # Ana's streak of one in July ends, but August was sealed with it.
    send(acme, missed(2, "ana", "2026-07-20"), *met(3, "ana", "2026-09-02"))
    assert ("unbroken", "ana", "2026-09-02T10:30:00Z") in awards()
    check_invariants(acme)


def test_a_closed_month_hands_on_ladders_as_it_was_sealed(acme: Session, at: SetClock) -> None:
    restate(RULEBOOK + LADDER)
    at("2026-08-15T00:00:00Z")
    send(acme, *met(1, "ana", "2026-07-10"))
    at("2026-09-04T00:00:00Z")
    close_due()
    at("2026-10-02T00:00:00Z")
    # July is missed now, so September would be the second step, which costs 30.
    send(acme, missed(2, "ana", "2026-07-20"), missed(3, "ana", "2026-07-21"), missed(4, "ana", "2026-09-02"))
    # July's first rank paid 3 in August, which were enough for August's.
    assert points("2026-09") == {"ana": -1 - 20 + 3, "ben": 0}
    check_invariants(acme)


def test_a_ladder_that_is_restated_shorter_than_it_was_climbed(acme: Session, at: SetClock) -> None:
    restate(RULEBOOK + LADDER)
    at("2026-07-05T00:00:00Z")
    for month in ("07", "08", "09"):
        send(acme, missed(int(month), "ana", f"2026-{month}-02"))
        at(f"2026-{int(month) + 1:02}-05T00:00:00Z")
        close_due()
    restate(RULEBOOK + LADDER.replace(b", {do: deduct, points: 30}, {do: deduct, points: 90}", b""))
    at("2026-11-01T00:00:00Z")
    send(acme, missed(10, "ana", "2026-10-02"))
    assert points("2026-09")["ana"] == -1 - 20 - 90
    check_invariants(acme)


def test_an_open_quarter_of_closed_months_goes_by_the_rules_of_now(acme: Session, at: SetClock) -> None:
    champion = b"  champion: {name: Champion, for: {rank: 1, period: quarter, scope: rep}, points: 50}\n"
    at("2026-10-20T00:00:00Z")
    july(acme)
    for month in ("2026-07", "2026-08", "2026-09"):
        close_period(month, "test")
    restate(RULEBOOK + champion)
    assert points("2026-10") == {"ana": 50 + 3, "ben": 0}
    restate(RULEBOOK + champion.replace(b"50", b"60"))
    assert points("2026-10") == {"ana": 60 + 3, "ben": 0}
    check_invariants(acme)


def stars_of_september() -> list[str]:
    return [who for badge, who, when in awards() if (badge, when) == ("star", "2026-09-30T23:59:59Z")]


def test_a_badge_of_a_month_and_of_its_quarter_is_given_once(acme: Session, at: SetClock) -> None:
    star = b"""  star: {name: Star, points: 4}
recognition:
  month: {period: month, scope: rep, places: 1, badge: star}
  quarter: {period: quarter, scope: rep, places: 1, badge: star}
"""
    restate(RULEBOOK + star)
    at("2026-10-01T12:00:00Z")
    send(acme, *met(1, "ana", "2026-07-10"), *met(2, "ben", "2026-09-10"))
    assert stars_of_september() == ["ana", "ben"]
    # Ben is first in the quarter, too: no second star, and Ana has none for it any more.
    send(acme, *(event for n in range(10, 29) for event in met(n, "ben", f"2026-09-{n}")))
    assert stars_of_september() == ["ben"]
    check_invariants(acme)


def test_adjustments_of_the_same_at_the_same_instant_are_two(acme: Session, at: SetClock) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_due()
    at("2026-08-10T00:00:00Z")
    for number in (1, 2):
        send(acme, *met(number, "ana", "2026-07-10"))
        assert len(adjustments()) == number
    assert adjustments() == [("ana", 2, "2026-07")] * 2
    check_invariants(acme)


def test_an_adjustment_waits_while_the_clock_is_in_a_closed_month(acme: Session, at: SetClock) -> None:
    restate(RULEBOOK.replace(b"currency: EUR", b"currency: EUR, closing: {after_days: 0}"))
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-01T00:00:00Z")
    close_due()
    at("2026-07-31T23:59:50Z")  # a machine whose clock is behind
    send(acme, *met(1, "ana", "2026-07-10"))
    assert adjustments() == []
    at("2026-08-01T00:00:01Z")
    assert adjustments() == [("ana", 2, "2026-07")]
    check_invariants(acme)


def test_the_first_event_voided_rates_no_volume_before_the_next(acme: Session, at: SetClock) -> None:
    restate(RULEBOOK.replace(b"\nbadges:", VOLUME + b"badges:"))
    at("2026-10-02T00:00:00Z")
    send(
        acme,
        ("1", "lead.created", "2026-07-10T00:00:00Z", "L1"),
        ("2", "lead.created", "2026-09-10T00:00:00Z", "L2"),
    )
    assert [points(f"2026-{month}")["ana"] for month in ("07", "08", "09")] == [-5, -5, -5]
    send(acme, ("3", "event.voided", "2026-09-20T00:00:00Z", ""), voids="1")
    assert [points(f"2026-{month}")["ana"] for month in ("07", "08", "09")] == [0, 0, -5]
    check_invariants(acme)
    send(acme, ("4", "lead.created", "2026-08-10T00:00:00Z", "L3"))
    assert [points(f"2026-{month}")["ana"] for month in ("07", "08", "09")] == [0, -5, -5]
    check_invariants(acme)


def test_ratings_of_a_closed_month_stay_when_its_first_event_is_voided(acme: Session, at: SetClock) -> None:
    restate(RULEBOOK.replace(b"\nbadges:", VOLUME + b"badges:"))
    at("2026-07-11T00:00:00Z")
    send(acme, ("1", "lead.created", "2026-07-10T00:00:00Z", "L1"))
    at("2026-08-04T00:00:00Z")
    close_due()
    before = answers.ratings(answers.ask(), "2026-07")["ratings"]
    at("2026-09-01T12:00:00Z")
    send(acme, ("3", "event.voided", "2026-08-10T00:00:00Z", ""), voids="1")
    assert answers.ratings(answers.ask(), "2026-07")["ratings"] == before
    assert [row["points"] for row in before] == [-5, -5]
    assert adjustments() == [("ana", 5, "2026-07"), ("ben", 5, "2026-07")]
    check_invariants(acme)


@pytest.mark.parametrize("close", [close_due, lambda: close_period("2026-07", "test")])
def test_what_was_received_before_the_instant_is_sealed_though_nobody_evaluated_it(
    acme: Session, at: SetClock, monkeypatch: pytest.MonkeyPatch, close: Callable[[], object]
) -> None:
    """Another process stores it after the closing brought all up to date, and before it is alone."""
    at("2026-07-05T00:00:00Z")
    july(acme)
    answers.ask()
    at("2026-08-04T00:00:00Z")
    send(acme, ("6", "lead.contacted", "2026-07-03T10:20:00Z", "L3"))
    monkeypatch.setattr("leaderboard.services.closing.bring_up_to_date", lambda *_: True)
    close()
    assert points("2026-07") == {"ana": 21, "ben": 12}
    check_invariants(acme)


def test_what_was_sealed_verifies_though_a_later_closing_instant_was_sealed_before(
    acme: Session, at: SetClock
) -> None:
    at("2026-06-20T00:00:00Z")
    send(acme, *met(1, "ana", "2026-05-10"), *met(2, "ana", "2026-06-10"))
    at("2026-07-10T00:00:00Z")
    close_period("2026-05", "test")
    assert [closed.period for closed in close_due()] == ["2026-06", "2026-Q2"]
    seals = acme.execute(text("SELECT period, closing_at FROM seals ORDER BY position")).all()
    assert seals[0].closing_at > seals[1].closing_at
    check_invariants(acme)


def test_a_quarter_is_ranked_by_its_months_as_they_were_sealed_in_one_run(
    acme: Session, at: SetClock
) -> None:
    champion = b"  champion: {name: Champion, for: {rank: 1, period: quarter, scope: rep}, points: 50}\n"
    restate(RULEBOOK + champion)
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-20T00:00:00Z")
    # Known by now, and too late for July: by all events Ben is first in the quarter, as it is sealed he is not.
    send(acme, *(event for n in range(9) for event in met(n, "ben", f"2026-07-1{n}")))
    at("2026-10-10T00:00:00Z")
    assert [closed.period for closed in close_due()] == ["2026-07", "2026-08", "2026-09", "2026-Q3"]
    assert points("2026-07")["ana"] > points("2026-07")["ben"]
    assert [who for badge, who, _ in awards() if badge == "champion"] == ["ana"]
    check_invariants(acme)
