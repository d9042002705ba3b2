"""Somebody edits the database, or takes out what guards it: it is told, with the row."""

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from leaderboard.persistence.db import is_sqlite
from leaderboard.persistence.models import LedgerEntry, Outcome, Seal
from leaderboard.services import answers, evaluation
from leaderboard.services.closing import close_due
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.ledger_listing import entry_name
from leaderboard.services.rules import current_rules
from leaderboard.services.verification import verify_ledger, verify_period
from tests.services.acme import SetClock, july
from tests.services.invariants import broken_invariants, check_invariants, check_settled_rows


@pytest.fixture
def closed(acme: Session, at: SetClock) -> Session:
    """July is sealed, and nothing guards the tables any more."""
    at("2026-07-05T00:00:00Z")
    july(acme)
    at("2026-08-04T00:00:00Z")
    close_due()
    check_invariants(acme)
    for table in ("ledger", "seals", "events"):
        drop_triggers(acme, table)
    return acme


def drop_triggers(session: Session, table: str) -> None:
    if is_sqlite(session):
        names = session.scalars(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"),
            {"table": table},
        ).all()
        for name in names:
            session.execute(text(f"DROP TRIGGER {name}"))
    else:
        session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
    session.commit()


def edit(session: Session, statement: str) -> None:
    session.execute(text(statement))
    session.commit()
    session.expire_all()


def told() -> list[str]:
    return verify_ledger(answers.ask(fresh=False))


def test_the_database_itself_refuses(acme: Session, at: SetClock) -> None:
    at("2026-07-05T00:00:00Z")
    july(acme)
    answers.ask()
    for statement in ("UPDATE ledger SET points = 99", "DELETE FROM ledger", "UPDATE events SET time_at = 1"):
        with pytest.raises(DBAPIError, match="append-only"):
            acme.execute(text(statement))
        acme.rollback()
    check_invariants(acme)


@pytest.mark.parametrize(
    "change",
    [
        "points = points + 1",
        "person_id = 3 - person_id",
        "booked_at = booked_at + 1",
        "badge = 'other'",
        "team_id = NULL",
    ],
)
def test_verify_names_the_entry_that_was_changed(closed: Session, change: str) -> None:
    entry = closed.scalars(select(LedgerEntry).order_by(LedgerEntry.id)).first()
    assert entry is not None
    edit(closed, f"UPDATE ledger SET {change} WHERE id = {entry.id}")
    assert any(line.startswith(f"{entry_name(entry.id)} does not follow") for line in told())


def test_verify_names_an_entry_that_is_gone_and_one_that_came(closed: Session) -> None:
    edit(closed, "DELETE FROM ledger WHERE id = 1")
    assert any(line.startswith("missing: ") for line in told())
    columns = [column.name for column in LedgerEntry.__table__.c if column.name not in ("id", "reason_key")]
    names = ", ".join(columns)
    edit(
        closed, f"INSERT INTO ledger (reason_key, {names}) SELECT 'forged', {names} FROM ledger WHERE id = 2"
    )
    assert sum("does not follow" in line for line in told()) == 1


@pytest.mark.parametrize("statement", [
    "UPDATE day_sums SET points = points + 1", "UPDATE month_sums SET met = met + 1",
    "UPDATE tallies SET missed = 0", "UPDATE outcomes SET rating = 'exceeded'",
    "UPDATE outcomes SET points = points + 1", "UPDATE awards SET badge = 'other'",
    "UPDATE awards SET withdrawn_at = 1",
])  # fmt: skip
def test_verify_tells_of_any_other_change(closed: Session, statement: str) -> None:
    assert told() == []
    edit(closed, statement)
    assert told() != []


def test_a_changed_seal_is_told_by_its_hash_and_by_its_rows(closed: Session) -> None:
    seal = closed.get_one(Seal, "2026-07")
    forged = seal.document.replace('"points":21', '"points":22')
    assert forged != seal.document
    closed.execute(text("UPDATE seals SET document = :forged"), {"forged": forged})
    closed.commit()
    closed.expire_all()
    found = verify_period("2026-07")
    assert "seal of 2026-07: its hash does not fit" in found
    assert any(line.startswith("seal of 2026-07: rep 1: sealed") for line in found)
    assert "seal of 2026-07: its hash does not fit" in told()


def test_a_changed_event_is_told_by_the_seals_that_rest_on_it(closed: Session) -> None:
    edit(closed, "UPDATE events SET time_at = time_at + 3600000000 WHERE event_id = '2'")
    assert verify_period("2026-07") != []


class TestWithoutGuards:
    """What the tests look for is found once the guard is gone: they would tell."""

    def test_without_the_unique_key_a_reason_that_stands_twice_is_seen(self, closed: Session) -> None:
        edit(closed, "DROP INDEX uq_ledger_standing")
        columns = ", ".join(column.name for column in LedgerEntry.__table__.c if column.name != "id")
        edit(closed, f"INSERT INTO ledger ({columns}) SELECT {columns} FROM ledger WHERE id = 1")
        with pytest.raises(AssertionError, match="stands 2 times"):
            check_settled_rows(closed)

    def test_without_the_key_of_outcomes_a_clock_with_two_is_seen(self, closed: Session) -> None:
        edit(closed, "DROP INDEX uq_outcomes_current")
        columns = ", ".join(column.name for column in Outcome.__table__.c if column.name != "id")
        edit(closed, f"INSERT INTO outcomes ({columns}) SELECT {columns} FROM outcomes WHERE id = 1")
        with pytest.raises(AssertionError, match="has 2 outcomes"):
            check_settled_rows(closed)

    def test_two_that_evaluate_without_waiting_for_each_other_are_refused_by_the_unique_key(
        self, acme: Session, at: SetClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """As if the writer lock were gone: another process books the same between reading and writing."""
        now = at("2026-07-05T00:00:00Z")
        july(acme)
        bring_up_to_date(now)
        rules = current_rules(acme)
        assert rules is not None
        # It read before the other wrote: nothing is known of what is stored.
        monkeypatch.setattr(evaluation, "load_stored", lambda *_: {})
        with pytest.raises((DBAPIError, psycopg.errors.UniqueViolation), match=r"(?i)unique"):
            evaluation.fold_leads(acme, rules, {"L1": 1}, now)
        acme.rollback()
        monkeypatch.undo()
        at("2026-07-05T00:00:00Z")
        check_invariants(acme)

    def test_what_was_left_behind_is_seen(self, acme: Session, at: SetClock) -> None:
        now = at("2026-07-05T00:00:00Z")
        july(acme)
        rules = current_rules(acme)
        assert rules is not None
        assert [line for line in broken_invariants(acme, rules, now) if "left behind" in line] != []
