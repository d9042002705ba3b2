"""Leads that are folded ahead, in a process beside: they come to what they come to one by one, whatever goes on."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.app import create_app
from leaderboard.persistence import models
from leaderboard.persistence.db import current_session, db
from leaderboard.services import clock, evaluation, folding, fresh_leads
from leaderboard.services.closing import close_due
from leaderboard.services.evaluation import bring_up_to_date, pending_count
from leaderboard.services.fresh_leads import fold_ahead
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.databases import Server, settings_for
from tests.services.acme import ROSTER, RULEBOOK, SetClock, send
from tests.services.invariants import check_invariants

NOW = "2026-08-20T12:00:00Z"
RULES = RULEBOOK.replace(
    b"badges:",
    b"""  worth:
    name: Worth
    party: sales
    measure: volume
    events: lead.contacted
    value: {attribute: amount}
    target: 5
    points: {month: {met: 1}}
badges:""",
)
WATCHED = (
    models.Outcome, models.Contribution, models.LedgerEntry, models.RunningClock, models.DaySum, models.MonthSum,
    models.Tally, models.CountSum, models.Lead, models.Settlement, models.RepSettlement,
)  # fmt: skip
NUMBERS = {"id", "opening_seq", "closing_seq", "event_seq", "dirty_version", "settled_version"}
"""Of rows whose order is of no meaning; and counts of how often, not of what."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Few leads are many."""
    monkeypatch.setattr(fresh_leads, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(fresh_leads, "LEADS_AT_ONCE", 2)
    monkeypatch.setattr(fresh_leads, "can_work_beside", lambda: True)
    return monkeypatch


@pytest.fixture
def live(
    database_server: Server, tmp_path: Path, at: SetClock
) -> Iterator[Callable[[Callable[[], object]], dict[str, Any]]]:
    """Lives through the same weeks on a database of its own, by a way to fold; tells all that is stored then."""
    apps: list[Flask] = []

    def lived(fold: Callable[[], object]) -> dict[str, Any]:
        app = create_app(settings_for(database_server.migrated(), tmp_path))
        apps.append(app)
        with app.app_context():
            found(at)
            fold()
            bring_up_to_date(clock.now())
            check_invariants(current_session())
            return ending()

    yield lived
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def found(at: SetClock) -> None:
    """Forty leads of July and August: kept, missed, open, paid for, without holder, with a voided stop, excluded, one
    verdict without a lead; and July is closed before the half of them come in."""
    now = at("2026-07-01T00:00:00Z")
    apply_rulebook(RULES, "rulebook.yaml", now, "test")
    import_roster(ROSTER, "roster.yaml", now, "test")
    send(current_session(), ("first", "lead.assigned", "2026-07-02T10:00:00Z", "L", "ana"))
    at("2026-08-10T00:00:00Z")
    close_due()
    now = at(NOW)
    for number in range(40):
        day, lead = f"2026-{7 + number % 2:02}-{number % 19 + 1:02}", f"L{number}"
        rep = (("ana",), ("ben",), ("zoe",), ())[number % 4]
        told = [(f"{number}a", "lead.assigned" if rep else "lead.created", f"{day}T09:00:00Z", lead, *rep)]
        if number % 3:
            told.append((f"{number}b", "lead.contacted", f"{day}T{9 + number % 2:02}:45:00Z", lead))
        send(current_session(), *told, amount=f"{number}.50")
        if number % 13 == 1:
            send(
                current_session(), (f"{number}v", "event.voided", f"{day}T20:00:00Z", ""), voids=f"{number}b"
            )
        if number % 17 == 2:
            send(current_session(), (f"{number}x", "lead.excluded", f"{day}T21:00:00Z", lead))
    send(current_session(), ("open", "lead.assigned", "2026-08-20T11:30:00Z", "Lopen", "ben"))
    send(current_session(), ("done", "lead.contacted", "2026-08-21T11:30:00Z", "Lopen"))


def ending() -> dict[str, Any]:
    """All rows, by table, less the numbers that the database gave."""
    session = current_session()
    rows = {}
    for model in WATCHED:
        columns = [column for column in model.__table__.c if column.name not in NUMBERS]
        rows[model.__tablename__] = sorted(map(repr, session.execute(select(*columns))))
    session.rollback()
    return rows


def ahead() -> None:
    fold_ahead(clock.now())


def nothing() -> None:
    pass


def test_they_come_to_the_same_as_folded_one_transaction_after_the_other(
    live: Callable[[Callable[[], object]], dict[str, Any]], small: pytest.MonkeyPatch
) -> None:
    left: list[int] = []

    def fold() -> None:
        ahead()
        left.append(pending_count(current_session(), clock.now()))

    folded = live(fold)
    assert folded == live(nothing)
    assert left == [0]
    assert [table for table, rows in folded.items() if not rows] == []


def test_a_lead_that_was_touched_meanwhile_is_folded_as_it_is_now(
    live: Callable[[Callable[[], object]], dict[str, Any]], small: pytest.MonkeyPatch
) -> None:
    def late() -> None:
        late_event = ("late", "lead.contacted", "2026-08-02T09:30:00Z", "L1")
        send(current_session(), late_event, amount="3")

    def meanwhile() -> None:
        small.setattr(fresh_leads, "writer_lock", once(late, fresh_leads.writer_lock))
        ahead()

    assert live(meanwhile) == live(late)


def test_rules_that_changed_meanwhile_are_the_ones_that_count(
    live: Callable[[Callable[[], object]], dict[str, Any]], small: pytest.MonkeyPatch
) -> None:
    def change() -> None:
        rules = RULES.replace(b"within: 1h", b"within: 30m").replace(b"2026-01-01", b"2026-08-01", 1)
        apply_rulebook(rules, "rulebook.yaml", clock.now(), "test", "shorter")

    def meanwhile() -> None:
        small.setattr(fresh_leads, "writing_session", once(change, fresh_leads.writing_session))
        ahead()

    assert live(meanwhile) == live(change)


def test_without_its_process_everything_is_folded_all_the_same(
    live: Callable[[Callable[[], object]], dict[str, Any]], small: pytest.MonkeyPatch
) -> None:
    work_out = fresh_leads._work_out

    def killed(session: Session, picked: dict[str, int], now: int) -> Any:
        if "L20" in picked:
            os.kill(os.getpid(), signal.SIGKILL)
        return work_out(session, picked, now)

    def fold() -> None:
        small.setattr(fresh_leads, "_work_out", killed)
        ahead()
        small.setattr(fresh_leads, "_work_out", work_out)

    assert live(fold) == live(nothing)


def test_one_that_cannot_be_folded_is_put_off(acme: Session, at: SetClock, small: pytest.MonkeyPatch) -> None:
    now = at(NOW)
    for number in range(9):
        send(acme, (f"{number}", "lead.assigned", "2026-07-03T10:00:00Z", f"L{number}", "ana"))
    fold = folding.fold_lead
    small.setattr(
        folding, "fold_lead", lambda events, *rest: 1 // (events[0].lead != "L6") and fold(events, *rest)
    )
    fold_ahead(now)
    fold_ahead(now)
    lead = models.Lead
    failed = acme.execute(
        select(lead.lead_key, lead.attempts, lead.folded_seq).where(lead.last_error.is_not(None))
    )
    assert failed.all() == [("L6", 1, 0)]
    assert pending_count(acme, now) == 1


def test_it_stops_when_its_time_is_up(acme: Session, at: SetClock, small: pytest.MonkeyPatch) -> None:
    now = at(NOW)
    for number in range(30):
        send(acme, (f"{number}", "lead.assigned", "2026-07-03T10:00:00Z", f"L{number}", "ana"))
    fold_ahead(now, ends=time.monotonic())
    assert pending_count(acme, now) == 30 - 3 * 2


@pytest.mark.parametrize(("leads", "forks"), [(9, 0), (10, 1)])
def test_the_evaluation_forks_only_where_a_whole_bite_was_taken_and_many_wait(
    acme: Session, at: SetClock, small: pytest.MonkeyPatch, leads: int, forks: int
) -> None:
    now, forked = at(NOW), []
    small.setattr(fresh_leads, "WORTH_A_PROCESS", 6)
    small.setattr(evaluation, "LEADS_AT_ONCE", 4)
    fork = fresh_leads.ahead
    small.setattr(fresh_leads, "ahead", lambda *makes: forked.append(1) or fork(*makes))
    for number in range(leads):
        send(acme, (f"{number}", "lead.assigned", "2026-07-03T10:00:00Z", f"L{number}", "ana"))
    bring_up_to_date(now)
    assert len(forked) == forks
    check_invariants(acme)


def once(first: Callable[[], object], then: Callable[..., Any]) -> Callable[..., Any]:
    """Does the one thing before the other, the first time."""
    left = [first]

    def both(*arguments: Any) -> Any:
        if left:
            left.pop()()
        return then(*arguments)

    return both
