"""How `flask db` runs the revisions: as the tables' owner, all in one transaction, grants made at its end."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import BigInteger, Connection, text

from leaderboard.persistence import models  # noqa: F401 -- so that the metadata knows every table
from leaderboard.persistence.db import db, migration_engine
from leaderboard.persistence.grants import application_role, grant
from leaderboard.persistence.types import Flag

_MIGRATION_LOCK = 4_740_188_003


def render_item(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Our own types by their names."""
    if kind != "type":
        return False
    if isinstance(item, Flag):
        return "types.Flag()"
    if isinstance(item, BigInteger):
        return "types.Whole"
    return "types.Text" if getattr(item, "__visit_name__", "") == "text" else False


def run_offline() -> None:
    """Print the statements (`flask db upgrade --sql`)."""
    context.configure(
        url=current_app.config["MIGRATION_DATABASE_URL"],
        target_metadata=db.metadata,
        render_item=render_item,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
    )
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run them. One process at a time; a second waits and finds nothing left to do."""
    engine = migration_engine(current_app)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            _foreign_keys(connection, "OFF")
        _configure(connection)
        with context.begin_transaction():
            _wait_for_turn(connection)
            context.run_migrations()
            _finish(connection)
    engine.dispose()


def _configure(connection: Connection) -> None:
    options = dict(current_app.extensions["migrate"].configure_args)
    options |= {"process_revision_directives": _nothing_when_empty, "render_item": render_item}
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        # SQLite's schema changes are transactional once the driver leaves BEGIN to us.
        transactional_ddl=True,
        **options,
    )


def _foreign_keys(connection: Connection, state: str) -> None:
    """Off before the transaction, where alone it has an effect: a table made anew must not take its children along."""
    driver_connection = connection.connection.driver_connection
    assert driver_connection is not None
    driver_connection.execute(f"PRAGMA foreign_keys={state}")


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})


def _finish(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        dangling = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if dangling:
            raise RuntimeError(f"the migration left dangling references: {dangling[:5]}")
        return
    config = current_app.config
    role = application_role(config["SQLALCHEMY_DATABASE_URI"], config["MIGRATION_DATABASE_URL"])
    if role is not None and context.get_context().get_current_revision() is not None:
        grant(connection, db.metadata, role)


def _nothing_when_empty(_context: object, _revision: object, directives: list[Any]) -> None:
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives.clear()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
