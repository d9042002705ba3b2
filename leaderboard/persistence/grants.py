"""What the application's own role may do, where the tables belong to another one (MIGRATION_DATABASE_URL)."""

from sqlalchemy import URL, Connection, MetaData, inspect, make_url

from leaderboard.persistence.guards import APPEND_ONLY


def application_role(database_url: str | URL, migration_url: str | URL) -> str | None:
    """The role that needs grants; None where the application owns its tables, or the database has no roles."""
    application, owner = make_url(database_url), make_url(migration_url)
    if application.get_backend_name() == "sqlite" or application.username == owner.username:
        return None
    return application.username


def grant(connection: Connection, metadata: MetaData, role: str) -> None:
    """Reading and adding everywhere; changing and removing only where rows are not for ever."""
    quote = connection.dialect.identifier_preparer.quote
    name = quote(role)
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {name}")
    connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {name}")
    existing = set(inspect(connection).get_table_names())
    for table in (table for table in metadata.sorted_tables if table.name in existing):
        quoted = quote(table.name)
        connection.exec_driver_sql(f"REVOKE ALL ON {quoted} FROM {name}")
        verbs = "SELECT, INSERT" if table.name in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        connection.exec_driver_sql(f"GRANT {verbs} ON {quoted} TO {name}")
