"""PostgreSQL goes down hard under load: senders are told to come again, nothing is lost, all comes back by itself."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from bench.stack import running
from leaderboard.persistence.db import db
from tests.databases import Database, PostgresqlServer
from tests.faults.senders import Senders, Visitor
from tests.faults.stage import check_all_stored_once, found_acme, until, until_nothing_waits

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

CRASHES = 10 if "FAULTS_FULL" in os.environ else 3
BACK_WITHIN_SECONDS = 10.0


@pytest.fixture
def durable_server() -> Iterator[PostgresqlServer]:
    """One that keeps what it acknowledged, and that may be harmed."""
    server = PostgresqlServer(durable=True)
    yield server
    server.stop()


def test_postgresql_crashing_under_load_loses_no_event_that_was_acknowledged(
    durable_server: PostgresqlServer, new_app: Callable[[Database], Flask], tmp_path: Path
) -> None:
    database = durable_server.migrated()
    app = new_app(database)
    with app.app_context():
        found_acme()
        db.engine.dispose()
    with running(database, tmp_path, ("web", "valkey", "worker-evaluation")) as stack:
        with Visitor(stack.port, stack.cookie) as visitor, Senders(stack.port, stack.token) as senders:
            took = [crash_and_come_back(durable_server, senders) for _ in range(CRASHES)]
        until_nothing_waits(app)
    senders.check()
    visitor.check()
    assert senders.answers[503] >= CRASHES
    assert max(took) < BACK_WITHIN_SECONDS
    check_all_stored_once(app, senders.acknowledged)


def crash_and_come_back(server: PostgresqlServer, senders: Senders) -> float:
    """Seconds from the server's start until an event is taken again."""
    senders.wait_for_more(60)
    refused = senders.answers[503]
    server.crash()
    until(lambda: senders.answers[503] > refused, "senders to be told to come again")
    began = time.monotonic()
    server.start()
    senders.wait_for_more(1)
    return time.monotonic() - began
