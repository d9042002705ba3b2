"""A database with as many entries as asked for, written row by row past the evaluation, and kept under bench/.cache.

5,000 reps in 250 teams; the 12 months up to the present one; each entry is an outcome's, with its outcome, its two
events and its lead (four outcomes to a lead), where `whole`; else the ledger and the sums alone.
"""

import datetime as dt
import hashlib
import itertools
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.databases import working_on
from leaderboard.domain.instants import DAY, MINUTE, SECOND, Instant, from_datetime
from leaderboard.domain.periods import Month
from leaderboard.domain.roster import Rep, Roster, Team, TeamSpan
from leaderboard.persistence import models
from leaderboard.persistence.bulk import insert_rows
from leaderboard.persistence.db import current_session, head_revision, is_sqlite
from leaderboard.persistence.event_store import COLUMNS as EVENT_COLUMNS
from leaderboard.services import clock
from leaderboard.services.ledger import each_key
from leaderboard.services.outcome_store import OUTCOME_COLUMNS
from leaderboard.services.reps import find_keys
from leaderboard.services.roster_import import replace_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.databases import Database, Server

LEVEL = "first-contact"
RULEBOOK = """\
rulebook: 1
effective_from: {first}
organization: {{name: Bench, timezone: UTC, currency: EUR}}
service_levels:
  first-contact:
    name: First contact within two hours
    party: sales
    measure: response
    start: lead.assigned
    stop: lead.contacted
    within: 2h
    exceed_within: 30m
    target: 80%
    exceed: 95%
    points: {{each: {{exceeded: 3, met: 2, missed: -1}}}}
badges:
  quick-draw: {{name: Quick draw, for: {{count: 10, service_level: first-contact, rating: exceeded}}}}
  unbroken: {{name: Unbroken, for: {{streak: 25, service_level: first-contact}}}}
"""
MONTHS, TO_A_LEAD = 12, 4
LEADING, THEIR_OUTCOMES = 2, 60
"""The first two reps lead the present month, equal: all of their outcomes are exceeded."""
_RATINGS = ("exceeded",) * 6 + ("met",) * 3 + ("missed",)
_POINTS = {"exceeded": 3, "met": 2, "missed": -1}
_AT_ONCE = 20_000
_WORTH_KEEPING = 50_000
_CACHE = Path(__file__).parent / ".cache"
_LEDGER_COLUMNS = (
    "booked_at", "recorded_at", "month", "day", "subject", "person_id", "team_id", "points", "kind", "service_level",
    "rating", "lead_key", "rulebook_on", "reason_key", "generation",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LedgerWorld:
    """How much of it, and up to when."""

    entries: int
    now: Instant
    reps: int = 5_000
    teams: int = 250

    @property
    def months(self) -> list[Month]:
        last = Month.of_date(dt.datetime.fromtimestamp(self.now // SECOND, dt.UTC).date())
        return [last.plus(back - MONTHS + 1) for back in range(MONTHS)]

    def build(self, session: Session, whole: bool) -> None:
        """Fills an empty, migrated database."""
        first = f"{self.months[0]}-01"
        apply_rulebook(RULEBOOK.format(first=first).encode(), "rulebook.yaml", self.now, "bench")
        replace_roster(session, self._roster(dt.date.fromisoformat(first)), self.now, "bench")
        people = {row.rep_id: (row.id, key) for row, key in self._people(session)}
        teams = {row.team_id: row.id for row in session.query(models.Team)}
        outcomes = self._outcomes(people, teams)
        indexes = _without_indexes(session)
        while chunk := list(itertools.islice(outcomes, _AT_ONCE)):
            _write(session, chunk, first, whole)
            session.commit()
        if whole:
            self._write_leads(session)
        for statement in indexes:
            session.execute(text(statement))
            session.commit()
        _sum_up(session)
        session.commit()
        session.execute(text("ANALYZE" if not is_sqlite(session) else "PRAGMA optimize"))
        session.commit()

    def _people(self, session: Session) -> Iterator[tuple[Any, int]]:
        keys = find_keys(session, {f"r{n}" for n in range(self.reps)})
        for row in session.query(models.Person):
            yield row, keys[str(row.rep_id)]

    def _roster(self, since: dt.date) -> Roster:
        teams = {f"t{n}": Team(f"t{n}", f"Team {n}", "sales") for n in range(self.teams)}
        reps = {
            f"r{n}": Rep(f"r{n}", f"Rep {n}", teams=(TeamSpan(f"t{n % self.teams}", since),))
            for n in range(self.reps)
        }
        return Roster(teams, reps)

    def _outcomes(self, people: dict[str, tuple[int, int]], teams: dict[str, int]) -> Iterator["_Outcome"]:
        spans = [_span(month, self.now) for month in self.months]
        theirs = LEADING * THEIR_OUTCOMES
        for number in range(self.entries):
            ahead = number < theirs
            place = MONTHS - 1 if ahead else number % MONTHS
            rep = number % LEADING if ahead else self._rep(number // MONTHS, place)
            begins, days = spans[place]
            at = begins + (number * 2_654_435_761) % (days * DAY // SECOND) * SECOND
            day = f"{self.months[place]}-{(at - begins) // DAY + 1:02d}"
            # A product of primes, so that ratings, months and reps do not fall into step.
            rating = "exceeded" if ahead else _RATINGS[number * 7_919 // 13 % len(_RATINGS)]
            yield _Outcome(number, *people[f"r{rep}"], teams[f"t{rep % self.teams}"], at, day, rating)

    def _rep(self, number: int, place: int) -> int:
        """All take turns; but for the leading ones in the present month, who have theirs."""
        return number % self.reps if place < MONTHS - 1 else LEADING + number % (self.reps - LEADING)

    def _write_leads(self, session: Session) -> None:
        columns = ("lead_key", "touched_seq", "folded_seq", "first_at")
        first_at = from_datetime(dt.datetime.fromisoformat(f"{self.months[0]}-01T00:00:00+00:00"))
        leads = iter(range(-(-self.entries // TO_A_LEAD)))
        while chunk := list(itertools.islice(leads, _AT_ONCE)):
            insert_rows(session, models.Lead, columns, [(f"L{n:07d}", 8, 8, first_at) for n in chunk])


@dataclass(frozen=True, slots=True)
class _Outcome:
    number: int
    person_id: int
    rep_key_id: int
    team_id: int
    at: Instant
    day: str
    rating: str

    @property
    def lead(self) -> str:
        return f"L{self.number // TO_A_LEAD:07d}"

    def events(self) -> Iterator[tuple[Any, ...]]:
        opened_at = self.at - MINUTE
        for place, (kind, at) in enumerate((("lead.assigned", opened_at), ("lead.contacted", self.at))):
            name = f"{self.number:08d}-{place}"
            yield ("crm", name, kind, at, self.lead, self.rep_key_id, None, at, None, None)

    def row(self, rulebook_on: str) -> tuple[Any, ...]:
        seq = 2 * self.number + 1
        return (
            f"{LEVEL}/{self.number:08d}", self.lead, LEVEL, self.rating, self.at, self.day[:7], self.person_id,
            self.team_id, rulebook_on, "rep", _POINTS[self.rating], self.at - MINUTE, None, MINUTE, 7200 * SECOND,
            1800 * SECOND, seq, seq + 1, 1, 1,
        )  # fmt: skip

    def entry(self, rulebook_on: str) -> tuple[Any, ...]:
        month = self.day[:7]
        return (
            self.at, self.at, month, self.day, "rep", self.person_id, self.team_id, _POINTS[self.rating], "each",
            LEVEL, self.rating, self.lead, rulebook_on, each_key(month, f"{LEVEL}/{self.number:08d}"), 0,
        )  # fmt: skip


def _span(month: Month, now: Instant) -> tuple[Instant, int]:
    """When the month begins, and how many of its days are over; at least one."""
    begins = from_datetime(dt.datetime.fromisoformat(f"{month}-01T00:00:00+00:00"))
    ends = from_datetime(dt.datetime.fromisoformat(f"{month.plus(1)}-01T00:00:00+00:00"))
    return begins, max(1, (min(ends, now) - begins) // DAY)


def _without_indexes(session: Session) -> list[str]:
    """On SQLite takes the large tables' indexes away; what makes them again, all at once and so much sooner."""
    if not is_sqlite(session):
        return []
    made = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
    found = session.execute(text(f"{made} ('events', 'outcomes', 'ledger')")).all()
    for name, _ in found:
        session.execute(text(f'DROP INDEX "{name}"'))
    return [sql for _, sql in found]


def _write(session: Session, outcomes: list[_Outcome], rulebook_on: str, whole: bool) -> None:
    if whole:
        events = [event for outcome in outcomes for event in outcome.events()]
        insert_rows(session, models.Event, EVENT_COLUMNS, events)
        flags = (*OUTCOME_COLUMNS, "counted", "current")
        insert_rows(session, models.Outcome, flags, [outcome.row(rulebook_on) for outcome in outcomes])
    entries = [outcome.entry(rulebook_on) for outcome in outcomes]
    insert_rows(session, models.LedgerEntry, _LEDGER_COLUMNS, entries)


def _sum_up(session: Session) -> None:
    """The sums as they would have been kept; here every outcome has its entry."""
    rated = ", ".join(f"sum(CASE WHEN rating = '{rating}' THEN 1 ELSE 0 END)" for rating in _POINTS)
    who = "person_id, team_id"
    amounts = "points, exceeded, met, missed, entries"
    for table, key in (("day_sums", "day"), ("month_sums", "month")):
        session.execute(
            text(
                f"INSERT INTO {table} ({key}, {who}, {amounts})"
                f" SELECT {key}, {who}, sum(points), {rated}, count(*) FROM ledger GROUP BY {key}, {who}"
            )
        )
    session.execute(
        text(
            f"INSERT INTO tallies (month, service_level, {who}, exceeded, met, missed)"
            f" SELECT month, service_level, {who}, {rated} FROM ledger GROUP BY month, service_level, {who}"
        )
    )
    session.execute(
        text(
            "INSERT INTO settlements (month, dirty_version, settled_version)"
            " SELECT DISTINCT month, 1, 1 FROM month_sums"
        )
    )


def kept_sqlite(world: LedgerWorld, server: Server, folder: Path) -> Path:
    """The whole world as an SQLite file, made where it is not there; to be copied, not changed.

    A large one is kept under bench/.cache, a small one in the folder.
    """
    cache = _CACHE if world.entries >= _WORTH_KEEPING else folder
    kept = cache / f"ledger-{world.entries}-{_mark(world)}.sqlite3"
    if kept.exists():
        return kept
    cache.mkdir(exist_ok=True)
    for stale in cache.glob(f"ledger-{world.entries}-*.sqlite3*"):
        stale.unlink()
    database = server.migrated()
    with working_on(database, folder):
        world.build(current_session(), whole=True)
    path = Path(database.url.removeprefix("sqlite:///"))
    _checkpoint(path)
    draft = kept.with_suffix(".part")
    shutil.move(path, draft)
    draft.replace(kept)
    return kept


def copied(kept: Path, to: Path) -> Database:
    """A copy that may be changed."""
    shutil.copyfile(kept, to)
    return Database("sqlite", f"sqlite:///{to}")


def _checkpoint(path: Path) -> None:
    """All of it in the one file."""
    from leaderboard.persistence.sqlite_rules import driver

    connection = driver().connect(str(path))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _mark(world: LedgerWorld) -> str:
    """Another one for each day, schema and way of making it."""
    made_of = f"{world} {head_revision()}".encode() + Path(__file__).read_bytes()
    return hashlib.sha256(made_of).hexdigest()[:12]


def today() -> Instant:
    """The instant up to which worlds reach: this day's beginning, so that one made today serves all day."""
    return clock.now() // DAY * DAY
