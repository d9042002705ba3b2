"""A lead that cannot be folded keeps no other from it, is put off, and is tried again."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.fold import fold_lead
from leaderboard.persistence.models import Lead
from leaderboard.services import folding
from leaderboard.services.closing import close_due
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.ledger import LedgerWriter
from tests.services.acme import SetClock, july, points, send
from tests.services.invariants import check_invariants


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """L2 cannot be folded, until this is undone."""

    def fold(events: list[object], *rest: object) -> object:
        if any(getattr(event, "lead", None) == "L2" for event in events):
            raise ZeroDivisionError("by a hostile amount")
        return fold_lead(events, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(folding, "fold_lead", fold)
    return monkeypatch


def lead(session: Session, key: str) -> tuple[bool, int, str | None]:
    """Whether it is pending, how often it failed in a row, and of what."""
    row = session.execute(
        select(Lead.touched_seq > Lead.folded_seq, Lead.attempts, Lead.last_error).where(Lead.lead_key == key)
    ).one()
    session.rollback()
    return tuple(row)  # type: ignore[return-value]


def test_the_others_are_folded(acme: Session, at: SetClock, poisoned: pytest.MonkeyPatch) -> None:
    now = at("2026-07-05T00:00:00Z")
    july(acme)
    bring_up_to_date(now)
    assert points("2026-07") == {"ana": 2, "ben": -1}
    assert lead(acme, "L2") == (True, 1, "ZeroDivisionError('by a hostile amount')")
    assert lead(acme, "L1") == (False, 0, None)


def test_it_is_tried_again_an_hour_later_and_then_is_as_any_other(
    acme: Session, at: SetClock, poisoned: pytest.MonkeyPatch
) -> None:
    bring_up_to_date(at("2026-07-05T00:00:00Z"))
    july(acme)
    bring_up_to_date(at("2026-07-05T00:00:00Z"))
    bring_up_to_date(at("2026-07-05T00:59:59Z"))
    assert lead(acme, "L2")[1] == 1
    bring_up_to_date(at("2026-07-05T01:00:00Z"))
    assert lead(acme, "L2")[1] == 2
    poisoned.undo()
    bring_up_to_date(at("2026-07-05T02:00:00Z"))
    assert lead(acme, "L2") == (False, 0, None)
    at("2026-07-05T02:00:00Z")
    check_invariants(acme)


def test_what_was_booked_for_it_stays_meanwhile(
    acme: Session, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    assert points("2026-07")["ana"] == 2 + 2 + 7
    monkeypatch.setattr(folding, "fold_lead", lambda *_: 1 // 0)
    send(acme, ("8", "event.voided", "2026-07-05T00:00:00Z", ""), voids="4")
    assert points("2026-07")["ana"] == 2 + 2 + 7
    monkeypatch.undo()
    at("2026-07-05T02:00:00Z")
    # L2's clock is still open, and overdue.
    assert points("2026-07")["ana"] == 2 - 1
    check_invariants(acme)


def test_a_month_is_closed_without_it_and_what_it_brings_is_adjusted(
    acme: Session, at: SetClock, poisoned: pytest.MonkeyPatch
) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:00Z")
    assert [closed.period for closed in close_due()] == ["2026-07"]
    assert points("2026-07") == {"ana": 12, "ben": -21}
    poisoned.undo()
    at("2026-08-05T00:00:00Z")
    assert points("2026-08")["ana"] == 3 + 2


def test_an_evaluation_that_fails_half_way_leaves_nothing_and_is_done_again(
    acme: Session, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = at("2026-07-05T00:00:00Z")
    july(acme)
    monkeypatch.setattr(LedgerWriter, "flush", lambda _self: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        bring_up_to_date(now)
    acme.rollback()
    monkeypatch.undo()
    at("2026-07-05T00:00:00Z")
    assert points("2026-07") == {"ana": 11, "ben": -1}
    check_invariants(acme)
