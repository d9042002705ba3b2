"""Migrations: they make what the models say, on both databases, and can be gone back on with data in the tables."""

from pathlib import Path

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import Connection, Engine, inspect, text

from leaderboard.app import create_app
from leaderboard.persistence.db import db, db_report, head_revision, migration_engine
from leaderboard.persistence.guards import expected_triggers
from tests.databases import Database, PostgresqlServer, Server, migrate, settings_for
from tests.persistence.rows import entry, person


def triggers(connection: Connection) -> set[tuple[str, str]]:
    query = (
        "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        if connection.dialect.name == "sqlite"
        else "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    return {(table, name) for table, name in connection.execute(text(query))}


def differences(connection: Connection) -> list[object]:
    # Identity columns are no default to SQLite, which numbers rows by itself.
    defaults = connection.dialect.name == "postgresql"
    context = MigrationContext.configure(connection, opts={"compare_server_default": defaults})
    return list(compare_metadata(context, db.metadata))


def test_the_migrated_tables_are_those_of_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        assert differences(connection) == []
        assert triggers(connection) == expected_triggers(connection.dialect.name)


def test_every_sqlite_table_is_strict(sqlite_files: Server, tmp_path: Path) -> None:
    app = create_app(settings_for(sqlite_files.migrated(), tmp_path))
    with app.app_context(), db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict AND type = 'table'"
        )
        assert {name for (name,) in rows} == {"alembic_version", "sqlite_schema"}
        db.engine.dispose()


def test_up_down_and_up_again_with_data(database_server: Server, tmp_path: Path) -> None:
    database = database_server.empty()
    migrate(database, tmp_path)
    engine = fill(database, tmp_path)
    with engine.connect() as connection:
        before = schema_of(connection)
    migrate(database, tmp_path, "base")
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        assert triggers(connection) == set()
    migrate(database, tmp_path)
    with engine.connect() as connection:
        assert schema_of(connection) == before
    engine.dispose()
    fill(database, tmp_path).dispose()


def fill(database: Database, tmp_path: Path) -> Engine:
    app = create_app(settings_for(database, tmp_path))
    with app.app_context():
        db.session.add(person(1))
        db.session.flush()
        db.session.add_all([entry(f"r{number}", person_id=1) for number in range(100)])
        db.session.commit()
        return db.engine


def schema_of(connection: Connection) -> object:
    inspector = inspect(connection)
    return {
        table: (
            sorted(str(column["name"]) for column in inspector.get_columns(table)),
            sorted(str(index["name"]) for index in inspector.get_indexes(table)),
            sorted(str(check["name"]) for check in inspector.get_check_constraints(table)),
        )
        for table in inspector.get_table_names()
    }, triggers(connection)


def test_a_database_says_whether_it_is_migrated(database_server: Server, tmp_path: Path) -> None:
    database = database_server.empty()
    app = create_app(settings_for(database, tmp_path))
    with app.app_context():
        assert not db_report().is_migrated
        assert db_report().revision is None
    migrate(database, tmp_path)
    with app.app_context():
        report = db_report()
        db.engine.dispose()
    assert report.is_migrated
    assert report.revision == head_revision() is not None
    assert (report.journal_mode is None) == (database.kind == "postgresql")
    database_server.drop(database)


def test_migrating_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    engine = fill(database, tmp_path)
    with engine.connect() as connection:
        before = schema_of(connection), connection.scalar(text("SELECT count(*) FROM ledger"))
    migrate(database, tmp_path)
    with engine.connect() as connection:
        assert (schema_of(connection), connection.scalar(text("SELECT count(*) FROM ledger"))) == before
    engine.dispose()


def test_a_migration_gives_up_on_a_lock_that_the_running_product_holds(
    postgresql_server: PostgresqlServer, tmp_path: Path
) -> None:
    app = create_app(settings_for(postgresql_server.migrated(), tmp_path))
    engine = migration_engine(app)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW lock_timeout").scalar_one() == "5s"
    engine.dispose()


def test_the_application_role_cannot_change_the_ledger_where_another_owns_it(
    postgresql_server: PostgresqlServer, tmp_path: Path
) -> None:
    database = postgresql_server.empty()
    postgresql_server.role("web_role")
    web_url = database.url.replace("postgres@", "web_role@")
    settings = settings_for(database, tmp_path, database_url=web_url, migration_database_url=database.url)
    app = create_app(settings)
    with app.app_context():
        flask_migrate.upgrade()
        flask_migrate.upgrade()
        db.session.add(person(1))
        db.session.flush()
        db.session.add(entry("r", person_id=1))
        db.session.commit()
        for verb in ("UPDATE ledger SET points = 9", "DELETE FROM ledger", "TRUNCATE ledger"):
            with pytest.raises(Exception, match="permission denied"):
                db.session.execute(text(verb))
            db.session.rollback()
        assert db_report().is_migrated
        db.session.remove()
        db.engine.dispose()
    postgresql_server.drop(database)
