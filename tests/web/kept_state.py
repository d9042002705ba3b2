"""A database as it was, again and again: quicker than a new one for each request."""

import contextlib
from dataclasses import dataclass, field
from typing import Any

import psycopg
from sqlalchemy import make_url

from leaderboard.persistence import sqlite_rules
from leaderboard.persistence.db import db
from tests.databases import Database, PostgresqlServer, Server


@dataclass
class KeptState:
    """Copies of its tables; of PostgreSQL's only those are put back that were touched."""

    server: Server
    database: Database
    touched: set[str] = field(default_factory=set)
    _owner: psycopg.Connection[tuple[Any, ...]] | None = None

    def close(self) -> None:
        """Before the database goes."""
        if self._owner is not None:
            self._owner.close()

    def keep(self) -> None:
        """What `restore` brings back."""
        if isinstance(self.server, PostgresqlServer):
            names = [table.name for table in db.metadatas[None].sorted_tables]
            copies = "; ".join(f"CREATE TABLE kept.{name} AS TABLE public.{name}" for name in names)
            self._execute(f"DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept; {copies}")
        else:
            self._copy(self._path, f"{self._path}.kept")
        self.touched.clear()

    def restore(self) -> None:
        """As it was, whatever was committed since. Nobody may be in a transaction."""
        if isinstance(self.server, PostgresqlServer):
            again = "; ".join(
                f"DELETE FROM public.{name}; INSERT INTO public.{name} OVERRIDING SYSTEM VALUE TABLE kept.{name}"
                for name in sorted(self.touched)
            )
            self._execute(again)
        else:
            self._copy(f"{self._path}.kept", self._path)
        self.touched.clear()

    @property
    def _path(self) -> str:
        return make_url(self.database.url).database or ""

    def _execute(self, statements: str) -> None:
        assert isinstance(self.server, PostgresqlServer)
        if self._owner is None:
            self._owner = self.server.connect(self._path)
            # Neither triggers nor foreign keys: what is put back is a state that there was.
            self._owner.execute("SET session_replication_role = replica")
        self._owner.execute(statements)

    def _copy(self, source: str, target: str) -> None:
        connect = sqlite_rules.driver().connect
        with contextlib.closing(connect(source)) as one, contextlib.closing(connect(target)) as other:
            one.backup(other)
