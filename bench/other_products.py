"""What others do on this machine: two packages of PyPI, each in an environment of its own with pins of its time.

`python -m bench.other_products`. `leaderboard` keeps scores in Redis or Valkey and nothing else; beside it, one of our
standings of as many reps, worked out after a change, with all that its page shows. `gamification-engine` increases a
value in PostgreSQL; beside it, one event of ours, stored, evaluated and booked. Both one after the other, in process.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import update

from bench.databases import opened, servers, working_on
from bench.environment import own_python
from bench.ledger_world import LedgerWorld, copied, kept_sqlite, today
from bench.section import Report, run_section
from bench.stack import process
from bench.table import Row, beside
from bench.world import World
from leaderboard.cli.programs import find_valkey
from leaderboard.domain.events import Event
from leaderboard.domain.instants import MINUTE
from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.db import current_session, writable
from leaderboard.persistence.models import MonthSum, Settlement
from leaderboard.queries.board import board_page
from leaderboard.services import clock
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.reading import open_reading
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook

_OTHERS = Path(__file__).parent / "others"
_LONGEST_SECONDS = 300
_BOARDS, _EVENTS = 30, 150


def measure(_quick: bool = False) -> Report:
    """Two rows; one of what cannot be installed says so, and why."""
    with tempfile.TemporaryDirectory(prefix="lbb") as name:
        folder = Path(name)
        return Report([], [], [_scores(folder), _values(folder)])


def _scores(folder: Path) -> Row:
    what = "a score changed and the first 50 of 5,000 read; `leaderboard` 3.7.3 on Valkey"
    for _, server in servers(folder, ("SQLite",)):
        world = LedgerWorld(100_000, today())
        database = copied(kept_sqlite(world, server, folder), folder / "scores.sqlite3")
        with working_on(database, folder):
            ours = _seconds_a_board()
    valkey, socket = find_valkey(), folder / "s"
    if valkey is None:
        return _row(what, ours, "no Valkey here")
    command = [str(valkey), "--port", "0", "--unixsocket", str(socket), "--save", ""]
    with process(command, folder, {}, folder / "valkey.log"):
        return _row(what, ours, _theirs("leaderboard.txt", "scores.py", str(socket)))


def _seconds_a_board() -> float:
    """Of a changed sum, and the page's rows made of all sums again."""
    session = current_session()

    def change_and_look() -> None:
        writable(session)
        now = clock.now()
        month = str(LedgerWorld(0, now).months[-1])
        session.execute(
            update(MonthSum)
            .where(MonthSum.month == month, MonthSum.person_id == 9)
            .values(points=MonthSum.points + 1)
        )
        session.execute(
            update(Settlement)
            .where(Settlement.month == month)
            .values(
                dirty_version=Settlement.dirty_version + 1, settled_version=Settlement.settled_version + 1
            )
        )
        session.commit()
        reading = open_reading(now)
        assert reading is not None
        period = reading.ground.book.calendar.at(PeriodKind.MONTH, now)
        assert board_page(reading, period, SubjectKind.REP, None).total
        session.rollback()

    return _seconds_each(change_and_look, _BOARDS)


def _values(folder: Path) -> Row:
    what = "one event counted, in a transaction of its own; `gamification-engine` 0.4.0 on PostgreSQL"
    for _, server in servers(folder, ("PostgreSQL",)):
        with opened(server, folder):
            ours = _seconds_an_event(folder)
        empty = server.empty()
        url = empty.url.replace("postgresql+psycopg:", "postgresql+psycopg2:")
        return _row(what, ours, _theirs("gamification-engine.txt", "values.py", url))
    raise AssertionError("there is one server")


def _seconds_an_event(folder: Path) -> float:
    rulebook, roster = World(reps=200, teams=20).write_rules(folder)
    now = clock.now()
    apply_rulebook(rulebook.read_bytes(), "rulebook.yaml", now, "bench")
    import_roster(roster.read_bytes(), "roster.yaml", now, "bench")
    session, numbers = current_session(), iter(range(2 * _EVENTS))

    def send() -> None:
        number = next(numbers)
        kind = ("lead.assigned", "lead.contacted")[number % 2]
        at = now - (2 * _EVENTS - number) * MINUTE
        event = Event("crm", f"e{number}", kind, at, f"L{number // 2}", f"r{number // 2 % 200}")
        accept(session, [event], now)
        session.commit()
        bring_up_to_date(now)

    return _seconds_each(send, 2 * _EVENTS - 1)


def _seconds_each(do: Callable[[], None], times: int) -> float:
    do()
    began = time.perf_counter()
    for _time in range(times):
        do()
    return (time.perf_counter() - began) / times


def _theirs(requirements: str, script: str, argument: str) -> float | str:
    """Seconds, or why there are none."""
    try:
        command = [str(own_python(_OTHERS / requirements)), str(_OTHERS / script), argument]
        done = subprocess.run(
            command, cwd=_OTHERS, capture_output=True, text=True, timeout=_LONGEST_SECONDS, check=False
        )
    except (subprocess.SubprocessError, OSError) as error:
        return f"cannot be installed: {error}"
    said = (done.stdout if not done.returncode else done.stderr).strip().splitlines()
    return float(said[-1]) if not done.returncode else f"does not run: {said[-1] if said else ''}"


def _row(what: str, ours: float, theirs: float | str) -> Row:
    if isinstance(theirs, str):
        return beside(what, f"{ours * 1000:.1f} ms", theirs)
    return beside(what, f"{ours * 1000:.1f} ms", f"{theirs * 1000:.1f} ms", f"{ours / theirs:.2f}")


if __name__ == "__main__":
    sys.exit(run_section(measure))
