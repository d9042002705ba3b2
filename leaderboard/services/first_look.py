"""What a start finds: looked up without the application, whose import takes longer than all the rest of a start."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, bindparam, create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from leaderboard.domain.instants import Instant
from leaderboard.persistence import sqlite_rules
from leaderboard.services.demo import signs
from leaderboard.settings import ROOT

_REVISIONS = ROOT / "leaderboard" / "persistence" / "migrations" / "versions"
_REVISION = text("SELECT version_num FROM alembic_version")
_LOGIN = text("SELECT 1 FROM users LIMIT 1")
_LOADED = text("SELECT 1 FROM audit WHERE subject = :subject AND action = :action LIMIT 1").bindparams(
    subject=signs.SUBJECT, action=signs.LOADED
)
_HEARD = text("SELECT max(received_at) FROM events WHERE source IN :sources").bindparams(
    bindparam("sources", signs.SOURCES, expanding=True)
)


@dataclass(frozen=True, slots=True)
class FirstLook:
    """An instance whose database is of this release."""

    has_login: bool
    demo_heard_at: Instant | None
    """When the systems of the demo that was loaded here were last heard; None where none was."""

    def is_ready(self, is_demo: bool, now: Instant) -> bool:
        """Whether it can be started as it is: with its demo, if one is asked for, away only shortly."""
        if not is_demo:
            return True
        return self.demo_heard_at is not None and now - self.demo_heard_at < signs.SHORT_BREAK


def look(database_url: str) -> FirstLook | None:
    """What is there; None where the database is new, of another release, or does not answer."""
    url = make_url(database_url)
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and not Path(url.database or "").is_file():
        return None  # to connect would make it
    options = sqlite_rules.engine_options(sqlite_rules.driver()) if sqlite else {}
    engine = create_engine(url, **options)
    try:
        with engine.connect() as connection:
            return _look(connection)
    except SQLAlchemyError:
        return None  # whoever then starts the long way is told what is wrong
    finally:
        engine.dispose()


def newest_revision() -> str:
    """Of this release."""
    return max(path.stem for path in _REVISIONS.glob("[0-9]*.py")).partition("_")[0]


def _look(connection: Connection) -> FirstLook | None:
    if connection.execute(_REVISION).scalars().all() != [newest_revision()]:
        return None
    has_login = connection.scalar(_LOGIN) is not None
    is_loaded = connection.scalar(_LOADED) is not None
    return FirstLook(has_login, connection.scalar(_HEARD) if is_loaded else None)
