"""What tests of faults begin with and end with: a company, and a look at what is stored."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil
from flask import Flask
from sqlalchemy import select

from leaderboard import job_queue
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Event
from leaderboard.services import clock
from leaderboard.services.evaluation import pending_count
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.services.acme import ROSTER, RULEBOOK
from tests.services.invariants import check_invariants


def found_acme() -> None:
    """Rules and a roster, in the application at hand."""
    job_queue.bell().hush()
    apply_rulebook(RULEBOOK, "rulebook.yaml", clock.now(), "test")
    import_roster(ROSTER, "roster.yaml", clock.now(), "test")
    db.session.remove()


def stored_ids() -> list[str]:
    """The ids of all events, in order."""
    session = current_session()
    found = sorted(session.scalars(select(Event.event_id)))
    session.rollback()
    return found


def check_all_stored_once(app: Flask, sent: Iterable[str]) -> None:
    """Exactly these events, and all that follows from them."""
    with app.app_context():
        assert stored_ids() == sorted(sent)
        check_invariants(current_session())
        db.session.remove()
        db.engine.dispose()


def until_nothing_waits(app: Flask, seconds: float = 60.0) -> None:
    """Somebody else evaluates; waits until they are through."""

    def is_done() -> bool:
        with app.app_context():
            session = current_session()
            waiting = pending_count(session, clock.now())
            session.rollback()
            db.session.remove()
            return not waiting

    until(is_done, "everything to be evaluated", seconds)


def until(holds: Callable[[], bool], what: str, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


def program(words: str, instance: Path) -> psutil.Process:
    """The process that this one started with these words in its command, for this instance."""
    for child in psutil.Process().children():
        if words in " ".join(child.cmdline()) and child.environ().get("INSTANCE_DIR") == str(instance):
            return child
    raise AssertionError(f"no {words} runs")
