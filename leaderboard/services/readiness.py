"""Whether everything is there that requests need."""

from dataclasses import dataclass

import structlog

from leaderboard.job_queue import bell
from leaderboard.persistence.db import db_report
from leaderboard.services.failures import DATABASE_AWAY

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is missing, in words; nothing where all is there."""

    missing: tuple[str, ...]
    database: dict[str, str | None]
    queue: str


def report() -> Readiness:
    """Asks the database and the queue."""
    database, missing = _database()
    queue = "there" if bell().answers() else "away"
    if queue == "away":
        missing.append("queue: Redis or Valkey does not answer; points are booked each minute, not at once")
    return Readiness(tuple(missing), database, queue)


def _database() -> tuple[dict[str, str | None], list[str]]:
    try:
        found = db_report()
    except DATABASE_AWAY as error:
        # The message names hosts and files: it goes to the log, not to whoever asks.
        log.warning("database not ready", error=str(error))
        return {"state": "away"}, ["database: it cannot be reached"]
    told = {
        "state": "there",
        "library": found.library,
        "version": found.version,
        "journal_mode": found.journal_mode,
        "revision": found.revision,
    }
    missing = []
    if not found.is_migrated:
        at = found.revision or "none"
        missing.append(f"migrations: the database is at {at}, the code at {found.head}; run flask db upgrade")
    return told, missing
