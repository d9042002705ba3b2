"""200 screens on walls, by streams of server-sent events: from an event's 202 to the change on each of them.

`python -m bench.screens`. Real processes: gunicorn with as many processes and threads as the product takes by itself,
the worker of evaluations, the scheduler, the embedded Valkey. Each screen has a token and a name of its own; they have
six looks among them (three languages, dark and light) and the standard line-up. About twice a second an event gives the
first rep three points more. The clock runs from the sender's 202 until a screen's stream has brought these points.
Memory is what the processes of gunicorn take together (PSS), their share of the processor is of one core. A page is the
leaderboard's, asked for ten times a second over one connection.
"""

import json
import re
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench import load
from bench.databases import working_on
from bench.ledger_world import LedgerWorld, copied, kept_sqlite, today
from bench.one_event import event, parts, send
from bench.section import Report, run_section
from bench.stack import Stack, running
from bench.table import Row, beside
from bench.walls import Walls
from leaderboard.domain.line_ups import STANDARD
from leaderboard.persistence.db import current_session
from leaderboard.services import clock, screens
from leaderboard.services.screens import Look
from leaderboard.services.secret_tokens import hash_of
from tests.databases import Database, SqliteFiles

TARGET_MS, SCREENS = 1_000, 200
_LOOKS = [(language, theme) for language in ("en", "pt_BR", "pt_PT") for theme in ("dark", "light")]
_ROW = re.compile(r'data-row="([^"]+)" data-points="(\d+)"')
_EACH = 3
"""Points for an answer within half an hour."""
_BETWEEN_SECONDS, _BETWEEN_PAGES_SECONDS = 0.4, 0.1


@dataclass(slots=True)
class Found:
    """What was seen: seconds, megabytes, shares of one core; by the state in which it was."""

    arrived: list[float] = field(default_factory=list)
    all_there: float = 0.0
    pages: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)
    processor: dict[str, float] = field(default_factory=dict)


def measure(quick: bool) -> Report:
    """At 100,000 entries of 300 reps in 12 teams."""
    count, times, seconds = (12, 4, 1.0) if quick else (SCREENS, 200, 20.0)
    world = LedgerWorld(600, today(), 20, 4) if quick else LedgerWorld(100_000, today(), 300, 12)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = copied(kept_sqlite(world, SqliteFiles(folder), folder), folder / "screens.sqlite3")
        tokens = _let_in(database, folder, count)
        with running(database, folder, ("web", "valkey", "worker-evaluation", "scheduler")) as stack:
            found = _Room(stack, tokens, times).measured(seconds)
    return Report(_rows(found, count, times))


def _rows(found: Found, count: int, times: int) -> list[Row]:
    p50, p99 = (load.percentile(found.arrived, part) * 1000 for part in (50, 99))
    return [
        Row(
            f"an event's 202 to the change on {count} screens, p99 of {times} events", f"{p99:,.0f} ms", "", "",
            f"<= {TARGET_MS:,} ms", p99 <= TARGET_MS,
        ),
        beside("... the median", f"{p50:,.0f} ms"),
        beside(f"{count} screens come at once: the last has its frame after", f"{found.all_there:.2f} s"),
        *_beside_none("... a page, p99", {state: _ms(taken) for state, taken in found.pages.items()}),
        *_beside_none("... memory of the web", {state: f"{mb:,.0f} MB" for state, mb in found.memory.items()}),
        *_beside_none("... share of a core", {state: f"{share:.1%}" for state, share in found.processor.items()}),
    ]  # fmt: skip


def _beside_none(what: str, by_state: dict[str, str]) -> list[Row]:
    (none, without), *others = by_state.items()
    return [beside(f"{what}, {state}", told, f"{none} {without}") for state, told in others]


def _ms(taken: list[float]) -> str:
    return f"{load.percentile(taken, 99) * 1000:,.0f} ms"


def _let_in(database: Database, folder: Path, count: int) -> list[str]:
    """So many screens, each with a token and a name of its own."""
    tokens = [f"bench-screen-{number}" for number in range(count)]
    with working_on(database, folder):
        session = current_session()
        for number, token in enumerate(tokens):
            language, theme = _LOOKS[number % len(_LOOKS)]
            look = Look(f"Screen {number}", language, STANDARD, theme=theme)
            screens.make(session, look, hash_of(token), "bench", clock.now())
        session.commit()
    return tokens


class _Room:
    """The screens, a program that sends events, and a browser that asks for pages."""

    def __init__(self, stack: Stack, tokens: list[str], times: int) -> None:
        self._stack, self._tokens, self._times = stack, tokens, times
        self._walls = Walls(stack.port)
        self._group = _group(stack)
        self._sent = 0

    def measured(self, seconds: float) -> Found:
        """With no screens, with all of them and nothing new, and with events."""
        found, count = Found(), len(self._tokens)
        warm_up = 2 if self._times < 10 else 10
        for numbers in parts(range(self._times + warm_up)):
            self._send([event(number, "lead.assigned", 60, "r0") for number in numbers])
        self._pages(0.5)
        self._look(found, "no screens", lambda: time.sleep(seconds), seconds)
        found.all_there = self._walls.come(self._tokens)
        for _ in range(warm_up):
            self._event()
            self._walls.listen(min(2.0, seconds))
        self._look(found, f"{count} screens, nothing new", lambda: self._walls.listen(seconds), seconds)
        self._look(found, f"{count} screens, events", lambda: self._events(found), seconds)
        self._walls.leave()
        return found

    def _look(self, found: Found, state: str, meanwhile: Callable[[], None], seconds: float) -> None:
        found.processor[state] = self._share(meanwhile)
        found.memory[state] = sum(one.memory_full_info().pss for one in self._group) / 2**20
        with self._hearing(state.endswith("events")):
            found.pages[state] = self._pages(seconds)

    def _events(self, found: Found) -> None:
        """Each is waited for until it is on all screens."""
        key, points = self._leader()
        for number in range(self._times // 2):
            sent_at = self._event()
            wanted = rf"data-row=\"{key}\" data-points=\"{points + _EACH * (number + 1)}\""
            found.arrived += self._walls.arrivals(wanted.encode(), sent_at)
            self._walls.listen(_BETWEEN_SECONDS)

    @contextmanager
    def _hearing(self, has_events: bool) -> Iterator[None]:
        """Somebody reads the streams, and where asked for sends events, until the block ends."""
        over = threading.Event()

        def go_on() -> None:
            while not over.is_set():
                if has_events and self._sent < self._times:
                    self._event()
                self._walls.listen(_BETWEEN_SECONDS)

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _event(self) -> float:
        """An answer to the next lead; when it was taken."""
        self._send([event(self._sent, "lead.contacted", 0, None)])
        self._sent += 1
        return time.perf_counter()

    def _send(self, events: list[dict[str, str]]) -> None:
        """Over a connection of its own: one that is quiet for long is closed by the server."""
        with closing(load.Connection(self._stack.port)) as program:
            send(self._stack, program, events)

    def _leader(self) -> tuple[str, int]:
        """Who is first on the screens, and with how many points."""
        cookie = {"Cookie": f"tv={self._tokens[0]}"}
        with closing(load.Connection(self._stack.port)) as browser:
            answer = browser.ask(load.get("/tv/frame", cookie))
        html = json.loads(answer.body)["slides"]["1-reps-1"]
        key, points = max(_ROW.findall(html), key=lambda found: int(found[1]))
        return key, int(points)

    def _pages(self, seconds: float) -> list[float]:
        request, taken = load.get("/", {"Cookie": self._stack.cookie}), []
        ends = time.perf_counter() + seconds
        with closing(load.Connection(self._stack.port)) as browser:
            while (began := time.perf_counter()) < ends:
                answer = browser.ask(request)
                taken.append(time.perf_counter() - began)
                if answer.status != 200:
                    raise load.Refused(f"{answer.status} {answer.body[:200]!r}")
                time.sleep(_BETWEEN_PAGES_SECONDS)
        return taken

    def _share(self, meanwhile: Callable[[], None]) -> float:
        """Of one core, that the web takes meanwhile."""
        before, began = self._seconds(), time.perf_counter()
        meanwhile()
        return (self._seconds() - before) / (time.perf_counter() - began)

    def _seconds(self) -> float:
        return sum(sum(one.cpu_times()[:2]) for one in self._group)


def _group(stack: Stack) -> list[psutil.Process]:
    """Gunicorn and its processes."""
    for child in psutil.Process().children():
        if "gunicorn" in " ".join(child.cmdline()) and child.environ().get("PORT") == str(stack.port):
            return [child, *child.children()]
    raise RuntimeError("no gunicorn runs")


if __name__ == "__main__":
    sys.exit(run_section(measure, ("Flask", "gunicorn", "SQLAlchemy", "pysqlite3", "rq")))
