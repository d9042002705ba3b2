"""A backup made while events come in holds all that was acknowledged before it, and is whole on an empty instance."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from bench.stack import running
from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import db
from leaderboard.services import backups
from leaderboard.services.answers import ask
from leaderboard.services.verification import verify_ledger
from tests.cli.test_backups import client_programs
from tests.databases import Database, Server
from tests.faults.senders import Senders
from tests.faults.stage import check_all_stored_once, stored_ids, until_nothing_waits

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

__all__ = ["client_programs"]


def test_a_backup_under_load_holds_all_that_was_acknowledged_before_it(
    acme: Flask,
    database: Database,
    database_server: Server,
    new_app: Callable[[Database], Flask],
    tmp_path: Path,
) -> None:
    with (
        running(database, tmp_path, ("web", "valkey", "worker-evaluation")) as stack,
        Senders(stack.port, stack.token) as senders,
    ):
        senders.wait_for(150)
        before = set(senders.acknowledged)
        with acme.app_context():
            backups.back_up(tmp_path / "copy")
        senders.wait_for_more(50)
    senders.check()
    fresh = database_server.empty()
    app = new_app(fresh)
    with app.app_context():
        backups.restore(tmp_path / "copy")
        upgrade()
        restored = stored_ids()
        assert before <= set(restored) < set(senders.acknowledged)
        assert verify_ledger(ask()) == []
        db.session.remove()
        db.engine.dispose()
    check_it_goes_on(app, fresh, tmp_path, restored, senders.now)
    database_server.drop(fresh)


def check_it_goes_on(
    app: Flask, database: Database, tmp_path: Path, restored: list[str], now: Instant
) -> None:
    """With a Redis that is empty: senders that never heard of the loss send again, and all is as if it had not been."""
    with running(database, tmp_path, ("web", "valkey", "worker-evaluation")) as stack:
        most = len(restored) // 20 * 20 + 40
        with Senders(stack.port, stack.token, most=most, now=now) as senders:
            senders.join()
        until_nothing_waits(app)
    senders.check()
    check_all_stored_once(app, set(restored) | senders.offered)
