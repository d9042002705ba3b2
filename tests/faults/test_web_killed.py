"""Web workers are killed while events come in: whoever sends again until it is told loses and doubles nothing.

`FAULTS_FULL=1` kills three times as often.
"""

import contextlib
import os
import random
from pathlib import Path

import psutil
import pytest
from flask import Flask

from bench.stack import running
from tests.databases import Database
from tests.faults.senders import Senders, Visitor
from tests.faults.stage import check_all_stored_once, program, until_nothing_waits

# One after the other: each uses all there is of the machine.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

EVENTS, KILLS = (2_000, 20) if "FAULTS_FULL" in os.environ else (600, 6)


def test_web_workers_killed_while_receiving_lose_and_double_no_event(
    acme: Flask, database: Database, tmp_path: Path
) -> None:
    chance = random.Random(3)
    # With the scheduler, for one that is killed when it is about to ring is made good for by the sweep of each minute.
    names = ("web", "valkey", "worker-evaluation", "scheduler")
    with running(database, tmp_path, names) as stack:
        web = program("gunicorn", stack.settings.instance_dir)
        with (
            Visitor(stack.port, stack.cookie) as visitor,
            Senders(stack.port, stack.token, senders=4, most=EVENTS) as senders,
        ):
            for kill in range(1, KILLS + 1):
                senders.wait_for(kill * EVENTS // (KILLS + 1))
                kill_some(web, chance)
            senders.join()
        until_nothing_waits(acme, seconds=100.0)
    senders.check()
    visitor.check()
    assert senders.broken > KILLS / 2
    assert len(senders.acknowledged) == EVENTS
    check_all_stored_once(acme, senders.acknowledged)


def kill_some(web: psutil.Process, chance: random.Random) -> None:
    """One worker, or all at once."""
    workers = web.children()
    for worker in chance.sample(workers, chance.randint(1, max(1, len(workers)))) if workers else ():
        with contextlib.suppress(psutil.NoSuchProcess):
            worker.kill()
