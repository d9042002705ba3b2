"""SQLite is told which conditions are no way into a table."""

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from leaderboard.persistence.db import is_sqlite
from leaderboard.persistence.models import LedgerEntry
from leaderboard.persistence.planner import usually

STANDING = LedgerEntry.takes_back.is_(None)


def plan(session: Session, statement: Select[int]) -> str:
    compiled = statement.compile(dialect=session.get_bind().dialect, compile_kwargs={"literal_binds": True})
    rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}").all()
    return str(rows[0][-1])


@pytest.mark.parametrize(
    ("condition", "index"),
    [
        (LedgerEntry.reason_key.in_(["a", "b"]), "uq_ledger_standing (reason_key=?)"),
        (LedgerEntry.settles == "2026-07", "ix_ledger_settles (settles=?)"),
        (LedgerEntry.month == "2026-07", "ix_ledger_month (month=?)"),
    ],
)
def test_the_entries_that_stand_are_found_by_what_else_is_asked(
    session: Session, condition: object, index: str
) -> None:
    if not is_sqlite(session):
        pytest.skip("PostgreSQL counts its tables by itself")
    asked = select(LedgerEntry.id, LedgerEntry.points).where(condition)  # type: ignore[arg-type]
    assert "takes_back" in plan(session, asked.where(STANDING))
    assert index in plan(session, asked.where(usually(STANDING)))


def test_it_means_the_same(session: Session) -> None:
    assert session.scalars(select(LedgerEntry.id).where(usually(STANDING))).all() == []
    compiled = str(select(LedgerEntry.id).where(usually(STANDING), ~usually(STANDING)))
    assert compiled.count("takes_back IS NULL") == 2
