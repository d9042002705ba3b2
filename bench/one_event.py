"""One event by HTTP to a changed rank on the page, beside the round trip of an empty RQ job.

`python -m bench.one_event`. Real processes: gunicorn, the worker of evaluations, the scheduler, the embedded Valkey.
Two reps lead the board with equal points; each event gives one of them three more, so that one of the two ranks
changes. The clock runs from before the request is sent until a browser's part of the page, asked for again and again,
has the rank. The empty job runs in RQ's own worker on the same Valkey, in turns with the events.
"""

import datetime as dt
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redis import Redis
from rq import Queue

from bench import load
from bench.empty_job import QUEUE, do_nothing
from bench.ledger_world import LedgerWorld, copied, kept_sqlite, today
from bench.section import Report, run_section
from bench.stack import Stack, process, running
from bench.table import at_most, beside
from leaderboard.settings import ROOT
from tests.databases import SqliteFiles

TARGET, GROWTH_TARGET = 5.0, 1.3
_PATIENCE_SECONDS = 20.0
_PAUSE_SECONDS = 0.004
_ROW = re.compile(
    r'data-row="[a-z-]*?(\d+)" data-points="(-?\d+)".*?<span class="rank num">(\d+)</span>', re.S
)
_SEEN = re.compile(rb"[?&;]seen=([0-9a-zA-Z_-]+)")


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds, of each event and of each empty job."""

    events: list[float]
    jobs: list[float]

    @property
    def event_p99(self) -> float:
        return load.percentile(self.events, 99)

    @property
    def job_p99(self) -> float:
        return load.percentile(self.jobs, 99)


def measure(quick: bool) -> Report:
    """At 100,000 entries and at 2,000,000."""
    sizes = (600,) if quick else (100_000, 2_000_000)
    times = 4 if quick else 300
    found: list[Latency] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for entries in sizes:
            world = LedgerWorld(entries, today(), 20, 4) if quick else LedgerWorld(entries, today())
            database = copied(kept_sqlite(world, SqliteFiles(folder), folder), folder / f"{entries}.sqlite3")
            with running(database, folder, ("web", "valkey", "worker-evaluation", "scheduler")) as stack:
                found.append(_Watch(stack).latency(folder, times))
    small, large = found[0], found[-1]
    rows = [
        at_most(
            f"one event by HTTP to a changed rank, p99 of {times}, {sizes[-1]:,} entries",
            _ms(large.event_p99), f"empty RQ job {_ms(large.job_p99)}", large.event_p99 / large.job_p99, TARGET,
        ),
        at_most(
            f"... against {sizes[0]:,} entries", _ms(large.event_p99), _ms(small.event_p99),
            large.event_p99 / small.event_p99, GROWTH_TARGET,
        ),
    ]  # fmt: skip
    middle = [load.percentile(values, 50) for values in (large.events, large.jobs)]
    return Report(
        rows,
        [],
        [
            beside(
                "... the medians, event and empty job",
                _ms(middle[0]),
                _ms(middle[1]),
                f"{middle[0] / middle[1]:.2f}",
            )
        ],
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


class _Watch:
    """A browser that looks at the board, and a program that sends events."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._browser = load.Connection(stack.port)
        self._program = load.Connection(stack.port)
        self._redis = Redis.from_url(stack.settings.bell_url)
        self._seen = b""
        self._ranks: dict[int, tuple[int, int]] = {}
        """Points and rank of those who lead, by key."""

    def latency(self, folder: Path, times: int) -> Latency:
        """Of so many events, after some that are not counted."""
        command = [sys.executable, "-m", "bench.empty_job", self._stack.settings.bell_url]
        path = {"PYTHONPATH": str(ROOT)}
        warm_up = 2 if times < 10 else 20
        with process(command, ROOT, {**self._stack.environment, **path}, folder / "empty.log"):
            self._open_clocks(times + warm_up)
            measured = [(self._event(number), self._job()) for number in range(times + warm_up)]
        events, jobs = zip(*measured[warm_up:], strict=True)
        return Latency(list(events), list(jobs))

    def _open_clocks(self, count: int) -> None:
        """A lead for each event to come, assigned a minute ago; waits until all of them are counted."""
        for numbers in parts(range(count)):
            send(
                self._stack,
                self._program,
                [event(number, "lead.assigned", 60, f"r{number % 2}") for number in numbers],
            )
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while b'<strong class="miss">' in self._look(whole=True) or len(self._ranks) < 2:
            if time.monotonic() > deadline:
                raise TimeoutError("the worker did not count what was sent")
            time.sleep(0.1)

    def _event(self, number: int) -> float:
        """Of the two who are equal the one goes ahead, then the other draws level: a rank changes each time."""
        before = dict(self._ranks)
        began = time.perf_counter()
        send(self._stack, self._program, [event(number, "lead.contacted", 0, None)])
        while not self._has_changed(before):
            if time.perf_counter() - began > _PATIENCE_SECONDS:
                raise TimeoutError(f"no rank changed: {before}")
            time.sleep(_PAUSE_SECONDS)
            self._look()
        return time.perf_counter() - began

    def _has_changed(self, before: dict[int, tuple[int, int]]) -> bool:
        first_two = sorted(before, key=lambda key: -before[key][0])[:2]
        return any(self._ranks.get(key, before[key])[1] != before[key][1] for key in first_two)

    def _look(self, whole: bool = False) -> bytes:
        """Asks for the part of the page as the page itself does: only if it has changed."""
        part = {"Cookie": self._stack.cookie, "HX-Request": "true"}
        query = "" if whole or not self._seen else f"&seen={self._seen.decode()}"
        answer = self._browser.ask(load.get(f"/?live=1{query}", part))
        if answer.status == 204:
            return b""
        if answer.status != 200:
            raise load.Refused(f"{answer.status} {answer.body[:200]!r}")
        seen = _SEEN.search(answer.body)
        self._seen = seen[1] if seen else b""
        rows = _ROW.findall(answer.body[:200_000].decode())
        self._ranks = {int(key): (int(points), int(rank)) for key, points, rank in rows[:10]}
        return answer.body

    def _job(self) -> float:
        """From before it is sent until its result is here."""
        began = time.perf_counter()
        job = Queue(QUEUE, connection=self._redis).enqueue(do_nothing)
        if job.latest_result(timeout=int(_PATIENCE_SECONDS)) is None:
            raise TimeoutError("the empty job was not done")
        return time.perf_counter() - began


def send(stack: Stack, program: load.Connection, events: list[dict[str, str]]) -> None:
    """Sends them in one delivery; returns once all are acknowledged. Raises Refused."""
    body = json.dumps(events).encode()
    bearer = {"Authorization": f"Bearer {stack.token}"}
    answer = program.ask(load.post_json("/api/v1/events", bearer, body))
    if answer.status != 202 or json.loads(answer.body)["accepted"] != len(events):
        raise load.Refused(f"{answer.status} {answer.body[:300]!r}")


def event(number: int, kind: str, seconds_ago: int, rep: str | None) -> dict[str, str]:
    """One of a lead's."""
    at = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds_ago)
    made = {
        "id": f"bench-{number}-{kind}", "source": "bench", "type": kind, "lead": f"bench-{number}",
        "time": at.isoformat(timespec="milliseconds"),
    }  # fmt: skip
    return made if rep is None else {**made, "rep": rep}


def parts(numbers: range, size: int = 500) -> Iterator[range]:
    """As much as goes into one delivery."""
    return (numbers[start : start + size] for start in range(0, len(numbers), size))


if __name__ == "__main__":
    sys.exit(run_section(measure, ("rq", "redis", "Flask", "gunicorn", "pysqlite3")))
