"""SQLite's write-ahead log, taken into the database beside the work: else a commit would do it, and somebody wait."""

from leaderboard.persistence import sqlite_rules
from leaderboard.persistence.db import db


def is_kept() -> bool:
    """Whether there is one that has to be seen to."""
    return db.engine.dialect.name == "sqlite"


def relieve() -> bool:
    """Takes it in, if there is much of it; whether there was."""
    return sqlite_rules.relieve(db.engine)
