"""Many rows at once: what goes wrong is told alike on both databases."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.orm import Session

from leaderboard.persistence.bulk import insert_rows
from leaderboard.persistence.models import Import, LedgerEntry
from tests.databases import count_statements
from tests.persistence.rows import entry, person

COLUMNS = (
    "booked_at", "recorded_at", "month", "day", "subject", "person_id", "points", "kind", "rulebook_on", "reason_key",
    "generation",
)  # fmt: skip


def row(key: str, points: int = 1, person_id: int = 1) -> tuple[object, ...]:
    return (1, 1, "2026-08", "2026-08-01", "rep", person_id, points, "each", "2026-01-01", key, 0)


@pytest.fixture
def ledger(session: Session) -> Session:
    session.add(person(1))
    session.flush()
    session.add(entry("a", person_id=1))
    session.commit()
    return session


@pytest.mark.parametrize("many", [1, 99, 100, 101, 250])
def test_all_rows_go_in_and_of_a_bad_lot_none(ledger: Session, many: int) -> None:
    rows = [row(f"x{number}") for number in range(many)]
    with pytest.raises(IntegrityError):
        insert_rows(ledger, LedgerEntry, COLUMNS, [*rows, row("a")])
    ledger.rollback()
    insert_rows(ledger, LedgerEntry, COLUMNS, rows)
    keys = select(LedgerEntry.reason_key).order_by(LedgerEntry.id)
    assert ledger.scalars(keys).all() == ["a", *(one[9] for one in rows)]


@pytest.mark.parametrize(
    "bad", [row("a"), row("b", points=0), row("c", person_id=9)], ids=["twice", "check", "key"]
)
def test_rows_that_break_a_rule_are_refused_alike(ledger: Session, bad: tuple[object, ...]) -> None:
    with pytest.raises(IntegrityError) as raised:
        insert_rows(ledger, LedgerEntry, COLUMNS, [row("x"), bad])
    assert "ledger" in str(raised.value)
    ledger.rollback()
    assert ledger.scalar(select(func.count()).select_from(LedgerEntry)) == 1, "none of them is in"
    insert_rows(ledger, LedgerEntry, COLUMNS, [row("x")])
    ledger.commit()
    assert ledger.scalar(select(func.count()).select_from(LedgerEntry)) == 2


@pytest.mark.parametrize("many", [1, 100, 150])
def test_what_no_row_has_and_what_only_some_have_is_null_where_it_is_not_given(
    ledger: Session, many: int
) -> None:
    columns = (*COLUMNS, "lead_key", "badge", "reason")
    rows = [(*row(f"x{n}"), None, "quick-draw" if n % 7 == 0 else None, None) for n in range(many)]
    with count_statements(ledger.get_bind().engine) as seen:
        insert_rows(ledger, LedgerEntry, columns, rows)
    kept = select(LedgerEntry.reason_key, LedgerEntry.lead_key, LedgerEntry.badge, LedgerEntry.reason)
    assert ledger.execute(kept.order_by(LedgerEntry.id)).all() == [
        ("a", None, None, None),
        *((one[9], None, one[12], None) for one in rows),
    ]
    # Each None that is bound costs SQLite's driver a microsecond.
    assert not [statement for statement in seen if '"lead_key"' in statement or '"reason"' in statement]


def test_a_text_that_the_database_cannot_hold_is_no_error_of_the_driver_s(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("SQLite holds it")
    with pytest.raises(DataError):
        insert_rows(session, Import, ("file_name", "started_at"), [("a\0b", 1)])
    session.rollback()


def test_a_connection_that_was_lost_is_told_as_such_and_not_used_again(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        pytest.skip("a file is never away")
    lost = session.scalar(text("SELECT pg_backend_pid()"))
    with session.get_bind().engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": lost})
    with pytest.raises(OperationalError) as raised:
        insert_rows(session, Import, ("file_name", "started_at"), [("a", 1)])
    assert raised.value.connection_invalidated
    session.rollback()
    assert session.scalar(text("SELECT 1")) == 1
