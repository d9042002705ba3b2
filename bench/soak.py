"""So many minutes at so many events a second: does anything grow, and how long do points take?

`python -m bench.soak [--minutes 30] [--rate 20] [--database sqlite|postgresql]`. All programs of the product run;
events come one by one, a browser asks for the board twice a second. Memory, open files and the write-ahead log are
looked at every few seconds; an event's way ends when its entry stands in the ledger. Ends with 1 where something grows,
an event is refused, points take too long, or the ledger is not what follows from the events.
"""

import argparse
import contextlib
import datetime as dt
import json
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy import select

from bench import load
from bench.databases import opened, servers, working_on
from bench.stack import Stack, running
from bench.table import print_machine
from bench.world import World
from leaderboard.persistence.db import current_session, db, read_only
from leaderboard.persistence.models import LedgerEntry
from leaderboard.services import clock
from leaderboard.services.answers import ask
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.verification import verify_ledger
from tests.databases import Database

P99_TARGET_SECONDS = 5.0
MOST_GROWTH, MOST_MORE_MB, MOST_MORE_FILES = 1.10, 15.0, 8
MOST_WAL_MB = 80.0
PROGRAMS = ("web", "valkey", "worker-evaluation", "worker-default", "scheduler")
_WORDS = {
    "gunicorn": "web",
    "valkey": "valkey",
    "jobs.worker evaluation": "worker-evaluation",
    "jobs.worker default": "worker-default",
    "jobs.scheduler": "scheduler",
}
_LOOK_EVERY_SECONDS = 0.05


@dataclass(slots=True)
class Sample:
    """Of one moment: megabytes and open files by program, and megabytes of the write-ahead log."""

    memory: dict[str, float]
    files: dict[str, int]
    wal: float


@dataclass(slots=True)
class Soak:
    """What was seen."""

    sent_at: dict[str, float] = field(default_factory=dict)
    """By lead: when its answer was acknowledged, until its points are there."""
    taken: list[float] = field(default_factory=list)
    """Seconds from the 202 to the ledger."""
    answers: Counter[int] = field(default_factory=Counter)
    pages: Counter[int] = field(default_factory=Counter)
    late: list[float] = field(default_factory=list)
    """Seconds by which an event was sent later than its turn."""
    samples: list[Sample] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


def main() -> int:
    """Tells how it went on standard output."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak")
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--rate", type=float, default=20.0, help="events a second")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    given = parser.parse_args()
    print_machine(("Flask", "gunicorn", "SQLAlchemy", "psycopg", "pysqlite3", "rq"))
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[given.database]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for _, server in servers(folder, (kind,)):
            with opened(server, folder, keep=True) as database:
                _found(folder)
            soak = _soaked(database, folder, given.minutes * 60, given.rate)
            with working_on(database, folder):
                differences = verify_ledger(ask())
            missed = _told(soak, kind, given.minutes, given.rate, differences)
            server.drop(database)
    return 1 if missed else 0


def _found(folder: Path) -> None:
    rulebook, roster = World(reps=40, teams=4).write_rules(folder)
    apply_rulebook(rulebook.read_bytes(), rulebook.name, clock.now(), "bench")
    import_roster(roster.read_bytes(), roster.name, clock.now(), "bench")


def _soaked(database: Database, folder: Path, seconds: float, rate: float) -> Soak:
    soak = Soak()
    wal = _wal_of(database)
    with running(database, folder, PROGRAMS) as stack, working_on(database, folder):
        threads = [
            threading.Thread(target=_guarded, args=(soak, work, stack, soak, rate))
            for work in (_send, _browse)
        ]
        for thread in threads:
            thread.start()
        ends, sample_at = time.monotonic() + seconds, 0.0
        while time.monotonic() < ends and not soak.failures:
            _look(soak)
            if time.monotonic() >= sample_at:
                soak.samples.append(_sample(stack, wal))
                sample_at = time.monotonic() + max(1.0, seconds / 120)
            time.sleep(_LOOK_EVERY_SECONDS)
        soak.over.set()
        for thread in threads:
            thread.join()
        _wait_for_the_last(soak)
    if soak.failures:
        raise soak.failures[0]
    return soak


def _guarded(soak: Soak, work: object, *args: object) -> None:
    assert callable(work)
    try:
        work(*args)
    except BaseException as error:  # told by the main thread
        soak.failures.append(error)


def _send(stack: Stack, soak: Soak, rate: float) -> None:
    """One event after the other at its turn, whatever came of the one before: a lead, then its answer."""
    connection = load.Connection(stack.port)
    bearer = {"Authorization": f"Bearer {stack.token}"}
    began = time.monotonic()
    number = 0
    while not soak.over.is_set():
        turn = began + number / rate
        time.sleep(max(0.0, turn - time.monotonic()))
        soak.late.append(time.monotonic() - turn)
        event = _event(number)
        answer = connection.ask(load.post_json("/api/v1/events", bearer, json.dumps(event).encode()))
        soak.answers[answer.status] += 1
        if number % 2 and answer.status == 202:
            soak.sent_at[event["lead"]] = time.monotonic()
        number += 1
    connection.close()


def _event(number: int) -> dict[str, str]:
    lead, is_answer = number // 2, number % 2 == 1
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=0 if is_answer else 60)
    return {
        "id": f"e{number}", "source": "soak", "type": "lead.contacted" if is_answer else "lead.assigned",
        "time": at.isoformat(timespec="milliseconds"), "lead": f"L{lead}", "rep": f"r{lead % 40}",
    }  # fmt: skip


def _browse(stack: Stack, soak: Soak, _rate: float) -> None:
    connection = load.Connection(stack.port)
    while not soak.over.wait(0.5):
        soak.pages[connection.ask(load.get("/", {"Cookie": stack.cookie})).status] += 1
    connection.close()


def _look(soak: Soak) -> None:
    """Which of those that were answered have their points by now."""
    waiting = sorted(soak.sent_at.copy(), key=lambda lead: int(lead[1:]))[:500]
    if not waiting:
        return
    session = current_session()
    if not session.in_transaction():
        read_only(session)
    there = session.scalars(select(LedgerEntry.lead_key).where(LedgerEntry.lead_key.in_(waiting))).all()
    now = time.monotonic()
    db.session.remove()
    for lead in set(there):
        if lead is not None:
            soak.taken.append(now - soak.sent_at.pop(lead))


def _wait_for_the_last(soak: Soak) -> None:
    deadline = time.monotonic() + 90
    while soak.sent_at and time.monotonic() < deadline:
        _look(soak)
        time.sleep(_LOOK_EVERY_SECONDS)
    if soak.sent_at:
        raise TimeoutError(f"{len(soak.sent_at)} answers never got their points")


def _sample(stack: Stack, wal: Path | None) -> Sample:
    memory: dict[str, float] = dict.fromkeys(PROGRAMS, 0.0)
    files: dict[str, int] = dict.fromkeys(PROGRAMS, 0)
    for name, process in _processes(stack):
        # One that ended meanwhile takes nothing.
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            memory[name] += process.memory_full_info().pss / 2**20
            files[name] += process.num_fds()
    return Sample(memory, files, _size_mb(wal))


def _processes(stack: Stack) -> Iterator[tuple[str, psutil.Process]]:
    """The programs; a worker's processes for its jobs come and go, and are not looked at."""
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if child.environ().get("INSTANCE_DIR") != str(stack.settings.instance_dir):
                continue
            command = " ".join(child.cmdline())
            name = next((name for words, name in _WORDS.items() if words in command), None)
            if name is not None:
                yield name, child
            if name == "web":
                yield from (("web", worker) for worker in child.children())


def _wal_of(database: Database) -> Path | None:
    if database.kind == "sqlite":
        return Path(database.url.removeprefix("sqlite:///") + "-wal")
    return Path(database.url.partition("host=")[2], "pg_wal")


def _size_mb(wal: Path | None) -> float:
    if wal is None or not wal.exists():
        return 0.0
    files = wal.iterdir() if wal.is_dir() else (wal,)
    return sum(one.stat().st_size for one in files if one.is_file()) / 2**20


def _told(soak: Soak, kind: str, minutes: float, rate: float, differences: list[str]) -> bool:
    """Prints what was seen; whether anything was missed."""
    third = max(1, len(soak.samples) // 3)
    early, last = soak.samples[third : 2 * third] or soak.samples, soak.samples[-third:]
    p50, p99 = (load.percentile(soak.taken, of) for of in (50, 99))
    missed = [
        p99 > P99_TARGET_SECONDS,
        set(soak.answers) != {202},
        set(soak.pages) != {200},
        bool(differences),
    ]
    print(f"\n{minutes:g} minutes at {rate:g} events a second, {kind}\n")
    print("| program | MB, second third | MB, last third | open files, second third | last third |")
    print("|---|---|---|---|---|")
    for name in PROGRAMS:
        mb = [statistics.median(one.memory[name] for one in part) for part in (early, last)]
        files = [statistics.median(one.files[name] for one in part) for part in (early, last)]
        missed += [mb[1] > mb[0] * MOST_GROWTH + MOST_MORE_MB, files[1] > files[0] + MOST_MORE_FILES]
        print(f"| {name} | {mb[0]:.1f} | {mb[1]:.1f} | {files[0]:g} | {files[1]:g} |")
    wal = [max(one.wal for one in part) for part in (early, last)]
    if kind == "SQLite":
        missed.append(wal[1] > MOST_WAL_MB)
    print(f"\n- write-ahead log, most: {wal[0]:.1f} MB, then {wal[1]:.1f} MB")
    print(
        f"- events: {dict(soak.answers)}, sent late by {max(soak.late):.2f} s at most; pages: {dict(soak.pages)}"
    )
    print(f"- from 202 to the ledger: median {p50:.2f} s, p99 {p99:.2f} s, longest {max(soak.taken):.2f} s")
    print(f"- ledger and events: {'equal' if not differences else differences[:5]}")
    print("- all as it should be" if not any(missed) else "- NOT as it should be")
    return any(missed)


if __name__ == "__main__":
    sys.exit(main())
