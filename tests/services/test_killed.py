"""Killed at each statement in turn, evaluation, settlement and closing end as if nothing had happened."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from leaderboard.app import create_app
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Award, LedgerEntry, Outcome, Seal
from leaderboard.services import clock
from leaderboard.services.closing import close_due, close_period
from leaderboard.services.closing_order import ClosingRefused
from leaderboard.services.evaluation import fold_pending
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.settlement import settle_live, settle_months
from tests.databases import Server, settings_for
from tests.services.acme import ROSTER, RULEBOOK, SetClock, send
from tests.services.faults import deaths_until_done
from tests.services.invariants import check_invariants, check_settled_rows

Work = Callable[[Callable[[], object]], None]

RULES = (
    RULEBOOK
    + b"""  champion: {name: Champion, for: {rank: 1, period: quarter, scope: team}, points: 5}
  star: {name: Star, points: 4}
recognition:
  best: {period: quarter, scope: rep, places: 1, bonus: 100, badge: star}
consequences:
  slow: {service_level: first-contact, steps: [{do: deduct, points: 7}]}
"""
)


@pytest.fixture
def at_once(database_server: Server, tmp_path: Path, at: SetClock) -> Iterator[Callable[..., dict[str, Any]]]:
    """Lives through the same quarter on a database of its own, by a way to do its work, and tells how it ended."""
    apps: list[Flask] = []

    def live(way: Work) -> dict[str, Any]:
        database = database_server.migrated()
        app = create_app(settings_for(database, tmp_path))
        apps.append(app)
        with app.app_context():
            _quarter(at, way)
            return _ending()

    yield live
    for app in apps:
        with app.app_context():
            db.engine.dispose()


def _quarter(at: SetClock, way: Work) -> None:
    now = at("2026-07-01T00:00:00Z")
    apply_rulebook(RULES, "rulebook.yaml", now, "test")
    import_roster(ROSTER, "roster.yaml", now, "test")
    for month, who in (("07", "ana"), ("08", "ben"), ("09", "ana")):
        now = at(f"2026-{month}-20T00:00:00Z")
        for number, rep in enumerate((who, who, "ben")):
            lead = f"{month}{number}"
            send(
                current_session(),
                (f"{lead}a", "lead.assigned", f"2026-{month}-0{number + 1}T10:00:00Z", lead, rep),
            )
            contact_at = f"2026-{month}-0{number + 1}T{10 + number}:20:00Z"
            send(current_session(), (f"{lead}b", "lead.contacted", contact_at, lead, rep))
        way(lambda: fold_pending(clock.now()))
        way(lambda: settle_live(clock.now()))
        way(lambda: settle_months(clock.now()))
    at("2026-08-04T00:00:00Z")
    way(_close_july)
    at("2026-09-10T00:00:00Z")
    send(current_session(), ("late", "event.voided", "2026-09-10T00:00:00Z", ""), voids="070b")
    way(close_due)
    at("2026-10-04T00:00:00Z")
    way(close_due)
    check_invariants(current_session())


def _close_july() -> None:
    """Who died after the sealing is told so when it is tried again."""
    with contextlib.suppress(ClosingRefused):
        close_period("2026-07", "test")


def _ending() -> dict[str, Any]:
    session = current_session()
    numbers = {LedgerEntry.id, LedgerEntry.takes_back}
    entries = [column for column in LedgerEntry.__table__.c if column not in {c.expression for c in numbers}]
    found = {
        "seals": session.execute(
            select(Seal.period, Seal.document, Seal.sha256).order_by(Seal.position)
        ).all(),
        "ledger": sorted(map(repr, session.execute(select(*entries)))),
        "awards": sorted(map(repr, session.execute(select(Award.badge, Award.awarded_at, Award.person_id)))),
        "outcomes": sorted(map(repr, session.execute(select(Outcome.outcome_key, Outcome.counted)))),
    }
    session.rollback()
    return found


def _at_once(work: Callable[[], object]) -> None:
    work()


def test_killed_at_each_statement_a_quarter_ends_as_if_nobody_had_been(
    at_once: Callable[[Work], dict[str, Any]],
) -> None:
    deaths: list[int] = []

    def look() -> None:
        deaths.append(1)
        if len(deaths) % 8 == 0:
            check_settled_rows(current_session())

    def dying(work: Callable[[], object]) -> None:
        deaths_until_done(work, look)

    harmed, unharmed = at_once(dying), at_once(_at_once)
    assert harmed == unharmed
    assert [period for period, *_ in harmed["seals"]] == ["2026-07", "2026-08", "2026-09", "2026-Q3"]
    assert len(deaths) > 300


def test_a_period_closed_twice_is_sealed_once(
    at_once: Callable[[Work], dict[str, Any]], at: SetClock
) -> None:
    def twice(work: Callable[[], object]) -> None:
        work()
        if work is close_due:
            assert work() == []

    assert at_once(twice) == at_once(_at_once)
