"""The scheduler: `python -m jobs.scheduler`. Any number may run; each slot is run by the one that claims it.

It rings for the slot's job. Where nobody hears (Redis is away) or nobody did it in time (no worker lives), it does
the job itself: slower, but points are booked.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator

import structlog
from flask import Flask

from jobs.running import done, run
from jobs.schedule import TIMETABLE, Entry, newest_slot, next_slot, open_slots
from leaderboard import job_queue
from leaderboard.app import create_app
from leaderboard.services import heartbeats, ticks, write_ahead

log = structlog.get_logger(__name__)

SECOND = 1_000_000
_BEAT_SECONDS = 30


class Scheduler:
    """One of the schedulers; `now` and `started` are seconds since the epoch."""

    def __init__(self, app: Flask, started: int, entries: tuple[Entry, ...] = TIMETABLE) -> None:
        self._app = app
        self._started = started
        self._entries = entries
        self._settled: dict[str, int] = {}
        """The newest slot of each entry whose owner is known: nothing to ask the database for."""

    def run_due(self, now: int) -> list[tuple[str, int]]:
        """Claims what is due and sees to it; the names and slots that were this scheduler's."""
        return [claimed for entry in self._entries for claimed in self._run_entry(entry, now)]

    def _run_entry(self, entry: Entry, now: int) -> Iterator[tuple[str, int]]:
        newest, settled = newest_slot(entry, now), self._settled.get(entry.name, 0)
        if settled > newest:
            settled = 0  # the clock was set back
        for slot in open_slots(entry, now):
            if slot > settled and self._claim(entry.name, slot, now):
                self._see_to(entry.job)
                yield entry.name, slot
        self._settled[entry.name] = newest

    def _claim(self, name: str, slot: int, now: int) -> bool:
        with self._app.app_context():
            return ticks.claim(name, slot * SECOND, now * SECOND)

    def _see_to(self, job: str) -> None:
        with self._app.app_context():
            if job_queue.ring(job):
                return
        self._do(job)

    def _do(self, job: str) -> None:
        """Here and now. A failure is logged and a later slot tries again: one bad job must not stop the others."""
        with self._app.app_context(), structlog.contextvars.bound_contextvars(job=job):
            try:
                run(job)
            except Exception:
                log.exception("job failed")

    def run_overdue(self, now: int) -> list[str]:
        """Does what was rung for but not done within the entry's patience; the names of those entries."""
        with self._app.app_context():
            seen = heartbeats.last_seen()
        overdue = [
            entry for entry in self._entries if self._is_overdue(entry, now, seen.get(done(entry.job), 0))
        ]
        mine = [
            entry
            for entry in overdue
            if self._claim(f"{entry.name} again", now // entry.patience * entry.patience, now)
        ]
        for entry in mine:
            log.warning("not done in time by a worker; done here", job=entry.job)
            self._do(entry.job)
        return [entry.name for entry in mine]

    def _is_overdue(self, entry: Entry, now: int, done_at: int) -> bool:
        """`done_at` is an instant. What fell due while no scheduler ran has only just been rung for."""
        slot = newest_slot(entry, now - entry.patience)
        return now - self._started > entry.patience and done_at < slot * SECOND

    def beat(self, now: int) -> None:
        with self._app.app_context():
            heartbeats.beat("scheduler", now * SECOND, f"{socket.gethostname()}:{os.getpid()}")

    def seconds_to_next(self, now: float) -> float:
        """How long nothing is due."""
        return max(0.05, next_slot(self._entries, int(now)) - now)


def relieve_log(app: Flask, stopped: threading.Event) -> None:
    """Every second looks whether the database's log is to be taken in, in a thread: jobs done here may take long."""
    with app.app_context():
        while write_ahead.is_kept() and not stopped.wait(1):
            try:
                write_ahead.relieve()
            except Exception:
                log.exception("the write-ahead log could not be taken in; commits do it where they must")
                stopped.wait(_BEAT_SECONDS)


def main() -> None:
    """Runs until SIGTERM or SIGINT; a database that is away is waited for."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    app = create_app()
    scheduler = Scheduler(app, started=int(time.time()))
    threading.Thread(target=relieve_log, args=(app, stopped), daemon=True).start()
    beat_due = 0.0
    while not stopped.is_set():
        try:
            scheduler.run_due(int(time.time()))
            if time.monotonic() >= beat_due:
                scheduler.beat(int(time.time()))
                scheduler.run_overdue(int(time.time()))
                beat_due = time.monotonic() + _BEAT_SECONDS
        except Exception:
            log.exception("the scheduler stumbled and goes on")
            stopped.wait(1)
        # Never longer than a beat: the clock may be set, and sleeping does not follow it.
        stopped.wait(min(scheduler.seconds_to_next(time.time()), beat_due - time.monotonic(), _BEAT_SECONDS))


if __name__ == "__main__":
    main()
