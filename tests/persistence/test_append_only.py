"""What the database refuses by itself, whoever asks."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from leaderboard.persistence import models
from leaderboard.persistence.db import is_sqlite
from leaderboard.persistence.guards import APPEND_ONLY
from tests.persistence.rows import draft, entry, person, user

ROWS: dict[str, dict[str, object]] = {
    "events": {
        "source": "s", "event_id": "1", "type": "lead.created", "time_at": 0, "lead_key": "L", "received_at": 0,
    },
    "seals": {
        "period": "2026-08", "kind": "month", "position": 1, "closing_at": 0, "sealed_at": 0, "sealed_by": "cli",
        "document": "{}", "sha256": "a", "previous_sha256": "0", "horizon_seq": 0, "rulebook_revision_ids": "[]",
    },
    "roster_versions": {"document": "{}", "sha256": "a", "imported_at": 0, "imported_by": "cli"},
    "rulebook_revisions": {
        "effective_from": "2026-01-01", "document": "", "holidays": "{}", "sha256": "a", "applied_at": 0,
        "applied_by": "cli", "restates": False,
    },
    "draft_changes": {"draft_id": 1, "revision": 1, "at": 0, "actor": "user:1", "document": ""},
    "signatures": {
        "draft_id": 1, "revision": 1, "sha256": "a", "party": "sales", "user_id": 1, "at": 0,
    },
    "revisions_taken_back": {"revision_id": 1, "at": 0, "actor": "user:1"},
    "notes": {"at": 0, "audience": "self", "person_id": 1, "key": "decision/1"},
    "audit": {"at": 0, "actor": "cli", "action": "x"},
    "decisions": {
        "kind": "points", "at": 0, "decided_by": "cli", "subject": "rep", "person_id": 1, "points": 2, "reason": "x",
    },
    "ledger": {
        "booked_at": 0, "recorded_at": 0, "month": "2026-08", "day": "2026-08-03", "subject": "rep", "person_id": 1,
        "points": 2, "kind": "each", "rulebook_on": "2026-01-01", "reason_key": "r", "generation": 0,
    },
}  # fmt: skip


@pytest.fixture
def filled(session: Session) -> Session:
    session.add_all([person(1), draft(1), user(1)])
    session.flush()
    for table, row in ROWS.items():
        session.execute(models.Person.metadata.tables[table].insert().values(row))
    session.commit()
    return session


def column_of(table: str) -> str:
    return next(iter(ROWS[table]))


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_row_is_changed_or_removed(filled: Session, table: str) -> None:
    column = column_of(table)
    refused = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
    refused += [] if is_sqlite(filled) else [f"TRUNCATE {table} CASCADE"]
    for statement in refused:
        with pytest.raises(DBAPIError, match=f"{table} is append-only"):
            filled.execute(text(statement))
        filled.rollback()


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_sqlite_replaces_no_row_either(filled: Session, table: str) -> None:
    if not is_sqlite(filled):
        pytest.skip("PostgreSQL has no INSERT OR REPLACE")
    with pytest.raises(DBAPIError, match=f"{table} is append-only"):
        filled.execute(text(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"))


def book(session: Session, *entries: models.LedgerEntry) -> list[int]:
    session.add_all(entries)
    session.commit()
    return [booked.id for booked in entries]


def take_back(taken: int, reason_key: str = "r", generation: int = 0, **others: object) -> models.LedgerEntry:
    given = {"takes_back": taken, "generation": generation, "points": -2, "person_id": 1}
    return entry(reason_key, **given | others)


@pytest.fixture
def ledger(session: Session) -> Session:
    session.add(person(1))
    session.add(person(2))
    session.commit()
    return session


def test_one_entry_stands_for_a_reason(ledger: Session) -> None:
    book(ledger, entry("r", person_id=1))
    with pytest.raises(IntegrityError):
        book(ledger, entry("r", person_id=1))


def test_a_new_generation_waits_until_the_one_before_is_taken_back(ledger: Session) -> None:
    (first,) = book(ledger, entry("r", person_id=1))
    with pytest.raises(IntegrityError, match="the generation before still stands"):
        book(ledger, entry("r", person_id=1, generation=1))
    ledger.rollback()
    book(ledger, take_back(first))
    (second,) = book(ledger, entry("r", person_id=1, generation=1))
    book(ledger, take_back(second, generation=1))


def test_an_entry_is_taken_back_once(ledger: Session) -> None:
    (first,) = book(ledger, entry("r", person_id=1))
    book(ledger, take_back(first))
    with pytest.raises(IntegrityError):
        book(ledger, take_back(first))


@pytest.mark.parametrize(
    "other", [{"points": -1}, {"person_id": 2}, {"reason_key": "another"}, {"generation": 1}, {"team_id": 1}]
)
def test_what_takes_back_is_the_exact_opposite(ledger: Session, other: dict[str, object]) -> None:
    ledger.add(models.Team(id=1, team_id="inbound", in_roster=True))
    (first,) = book(ledger, entry("r", person_id=1))
    with pytest.raises(IntegrityError, match="exact opposite"):
        book(ledger, take_back(first, **other))


def test_a_taking_back_is_not_taken_back(ledger: Session) -> None:
    (first,) = book(ledger, entry("r", person_id=1))
    (second,) = book(ledger, take_back(first))
    with pytest.raises(IntegrityError, match="exact opposite"):
        book(ledger, take_back(second, points=2))


@pytest.mark.parametrize("wrong", [{"points": 0}, {"kind": "gift"}, {"subject": "team"}, {"month": "August"}])
def test_the_ledger_takes_no_nonsense(ledger: Session, wrong: dict[str, object]) -> None:
    with pytest.raises(IntegrityError):
        book(ledger, entry("r", **({"person_id": 1} | wrong)))


def test_a_whole_number_is_one_on_both_databases(ledger: Session) -> None:
    with pytest.raises(DBAPIError):
        ledger.execute(text("UPDATE people SET created_at = 'yesterday'"))
