"""How the database is spoken to: who may write when, and what it says of itself."""

import sqlite3
from collections.abc import Callable
from types import SimpleNamespace
from typing import cast

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from leaderboard.persistence import db as database_module
from leaderboard.persistence import models, sqlite_rules
from leaderboard.persistence.db import AppSession, current_session, db, is_sqlite
from leaderboard.services import write_ahead
from tests.databases import count_statements
from tests.persistence.rows import person


def another_session() -> Session:
    return cast(Session, sessionmaker(db.engine, class_=AppSession, db=db)())


def people(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(models.Person)) or 0


def test_a_reading_session_does_not_wait_for_a_writer(session: Session) -> None:
    session.add(person(1))
    session.flush()
    reader = another_session()
    database_module.read_only(reader)
    assert people(reader) == 0
    session.commit()
    assert people(reader) == 0, "a transaction that reads sees one state of the world"
    reader.rollback()
    assert people(reader) == 1
    reader.close()


def test_a_reading_session_that_writes_fails_at_once(session: Session) -> None:
    database_module.read_only(session)
    session.add(person(1))
    with pytest.raises(DBAPIError, match=r"read-?only"):
        session.commit()
    database_module.writable(session)
    session.add(person(1))
    session.commit()
    assert people(session) == 1


def test_a_connection_that_only_read_writes_again_for_the_next(session: Session) -> None:
    for turn in range(3):
        database_module.read_only(session)
        people(session)
        database_module.writable(session)
        session.add(person(turn + 1))
        session.commit()
    assert people(session) == 3


def test_a_session_in_the_midst_of_a_transaction_does_not_become_reading(session: Session) -> None:
    people(session)
    with pytest.raises(RuntimeError):
        database_module.read_only(session)


def test_sqlite_lets_one_transaction_write_at_a_time(session: Session) -> None:
    if not is_sqlite(session):
        pytest.skip("PostgreSQL has locks by row")
    people(session)
    other = sqlite_rules.driver().connect(db.engine.url.database, timeout=0)
    with pytest.raises(sqlite_rules.driver().OperationalError, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.close()


def test_the_writer_lock_keeps_a_second_writer_out(session: Session) -> None:
    if is_sqlite(session):
        database_module.writer_lock(session)
        return
    database_module.writer_lock(session)
    other = another_session()
    free = text("SELECT pg_try_advisory_xact_lock(:key)")
    assert not other.scalar(free, {"key": database_module._WRITER_LOCK})
    session.commit()
    assert other.scalar(free, {"key": database_module._WRITER_LOCK})
    other.close()


def test_the_barrier_waits_for_those_who_store_events(session: Session) -> None:
    database_module.intake_lock(session)
    if is_sqlite(session):
        return
    second, third = another_session(), another_session()
    database_module.intake_lock(second)
    third.execute(text("SET lock_timeout = '50ms'"))
    with pytest.raises(DBAPIError, match="lock timeout"):
        database_module.intake_barrier(third)
    third.rollback()
    session.commit()
    second.commit()
    database_module.intake_barrier(third)
    third.close()
    second.close()


def test_long_work_is_not_cut_off(session: Session) -> None:
    database_module.without_timeouts(session)
    if not is_sqlite(session):
        assert session.scalar(text("SHOW statement_timeout")) == "0"
        session.commit()
        assert session.scalar(text("SHOW statement_timeout")) == "1min"


def test_sqlite_is_set_up_as_decided(session: Session) -> None:
    if not is_sqlite(session):
        pytest.skip("SQLite's own settings")
    found = {
        name: session.scalar(text(f"PRAGMA {name}"))
        for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "busy_timeout")
    }
    journal = sqlite_rules.journal_mode(sqlite_rules.driver()).lower()
    assert found == {
        "journal_mode": journal,
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "busy_timeout": 10_000,
    }


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ("3.40.1", False),
        ("3.44.5", False),
        ("3.44.6", True),
        ("3.45.0", False),
        ("3.50.6", False),
        ("3.50.7", True),
        ("3.51.2", False),
        ("3.51.3", True),
        ("3.53.4", True),
    ],
)
def test_wal_is_used_only_where_it_cannot_corrupt(version: str, safe: bool) -> None:
    module = SimpleNamespace(sqlite_version_info=tuple(int(part) for part in version.split(".")))
    assert sqlite_rules.journal_mode(cast(sqlite_rules.ModuleType, module)) == ("WAL" if safe else "DELETE")


def test_an_old_sqlite_works_with_a_rollback_journal(
    make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_rules, "driver", lambda: sqlite3)
    monkeypatch.setattr(sqlite_rules, "wal_is_safe", lambda _version: False)
    app = make_app()
    with app.app_context():
        session = current_session()
        if not is_sqlite(session):
            pytest.skip("SQLite only")
        session.add(person(1))
        session.commit()
        report = database_module.db_report()
        assert (report.library, report.journal_mode) == ("sqlite3", "delete")
        database_module.read_only(session)
        assert people(session) == 1


def test_statements_are_counted(session: Session) -> None:
    with count_statements(db.engine) as seen:
        people(session)
        database_module.writable(session)
        people(session)
    assert len(seen) == 2


def test_a_forked_process_lets_go_of_its_parents_connections(session: Session) -> None:
    people(session)
    session.rollback()
    parents = db.engine.pool
    database_module.dispose_after_fork()
    assert db.engine.pool is not parents
    assert parents.checkedin() == 1, "the parent goes on with its connection"  # type: ignore[attr-defined]
    parents.dispose()


def test_the_log_is_taken_into_the_database_while_others_read_and_write(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not write_ahead.is_kept() or not database_module.writes_beside_reads():
        pytest.skip("PostgreSQL sees to its own; without WAL there is none")
    session.add(person(1))
    session.commit()
    assert not write_ahead.relieve(), "a little is left to gather"
    monkeypatch.setattr(sqlite_rules, "_WORTH_RELIEVING", 1)
    session.add(person(2))
    session.flush()
    reader = another_session()
    database_module.read_only(reader)
    assert people(reader) == 1
    assert write_ahead.relieve()
    assert not write_ahead.relieve(), "all that was committed is in"
    session.commit()
    assert people(reader) == 1
    reader.close()
    assert write_ahead.relieve()
