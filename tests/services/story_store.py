"""A story told to the store: rules applied, events received in any order, months closed; and what must hold then."""

import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import make_url, text
from sqlalchemy.orm import Session

from leaderboard.domain.decisions import Decision
from leaderboard.domain.events import Event
from leaderboard.domain.fold import without_voided
from leaderboard.domain.instants import MINUTE, Instant
from leaderboard.domain.replay import World, replay
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import Rulebook, SubjectKind
from leaderboard.files.roster import write_roster
from leaderboard.files.rulebook import write_rulebook
from leaderboard.persistence.db import current_session, db, writer_lock
from leaderboard.persistence.models import Seal
from leaderboard.services import answers, rules
from leaderboard.services.closing import close_due, close_period
from leaderboard.services.closing_order import ClosingRefused
from leaderboard.services.decisions import decide
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.replaying import world_as_of
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.rules import current_rules
from tests.services.busy_decisions import a_decision
from tests.services.invariants import check_invariants, check_settled_rows
from tests.services.story_steps import Apply, Close, Decide, Do, Erase, Receive, Script, Staff, Step


class Store:
    """One database, and the clock by which it is asked."""

    def __init__(self, set_clock: Callable[[Instant], None]) -> None:
        self._set_clock = set_clock
        self.now = 0
        self.seals: dict[str, tuple[str, str]] = {}
        self.received: dict[tuple[str, str], Event] = {}
        self.decided: list[Decision] = []
        self._erased = False

    def tell(self, script: Script) -> None:
        """Does all of it, step by step."""
        for when, step in script:
            self.at(max(when, self.now))
            self.do(step)

    @property
    def session(self) -> Session:
        return current_session()

    def at(self, now: Instant) -> None:
        """The clock moves on."""
        self.now = now
        self._set_clock(now)

    def apply(self, rulebook: Rulebook) -> None:
        document = write_rulebook(rulebook).encode()
        apply_rulebook(document, "rulebook.yaml", self.now, "test", "a property")

    def staff(self, roster: Roster) -> None:
        import_roster(write_roster(roster).encode(), "roster.yaml", self.now, "test")

    def receive(self, *events: Event) -> None:
        accept(self.session, events, self.now)
        self.session.commit()
        for event in events:
            self.received.setdefault((event.source, event.id), event)

    def evaluate(self, behind: int = 0) -> None:
        """As a machine does it whose clock is behind by so many microseconds."""
        bring_up_to_date(self.now - behind)

    def close_due(self) -> list[str]:
        return [closed.period for closed in close_due(self.now)]

    def close(self, name: str) -> bool:
        """Whether it was not refused."""
        try:
            close_period(name, "test", self.now)
        except (ClosingRefused, ValueError):
            return False
        return True

    def do(self, step: Step) -> None:
        """One step of a script."""
        match step:
            case Receive(events):
                self.receive(*events)
            case Close(period):
                self.close(period)
            case Apply(rulebook):
                self.apply(rulebook)
            case Staff(roster):
                self.staff(roster)
            case Erase(rep):
                self.erase(rep)
            case Decide(number):
                self.decide(number)
            case Do("evaluate"):
                self.evaluate()
            case Do("evaluate behind"):
                self.evaluate(10 * MINUTE)
            case Do("close_due"):
                self.close_due()
            case Do():
                self.check()

    def decide(self, number: int) -> None:
        """As a page does it: alone among those who write, of what stands by then."""
        writer_lock(self.session)
        using = current_rules(self.session)
        made = None if using is None else a_decision(number, self.session, using, self.now, self.decided)
        if using is not None and made is not None:
            number = decide(self.session, using, made, "test")
            self.decided.append(replace(made, id=number))
        self.session.commit()

    def erase(self, rep_id: str) -> None:
        """A person's texts are emptied, as an erasure does it; of one whom no other name ever meant."""
        session = self.session
        key = session.scalar(text("SELECT id FROM people WHERE rep_id = :rep"), {"rep": rep_id})
        texts = session.scalars(text("SELECT text FROM rep_keys WHERE person_id = :key"), {"key": key}).all()
        if texts == [rep_id]:
            self._erased = True
            emptied = "rep_id = NULL, name = NULL, email = NULL, erased_at = :at"
            session.execute(
                text(f"UPDATE people SET {emptied} WHERE id = :key"), {"key": key, "at": self.now}
            )
            session.execute(text("UPDATE rep_keys SET text = NULL WHERE person_id = :key"), {"key": key})
        session.commit()

    def check(self) -> None:
        """Stored answers are the replay's, the invariants hold, and no seal ever changed."""
        check_settled_rows(self.session)
        check_invariants(self.session)
        self._seals_are_as_they_were()
        self._the_past_follows()
        assert_answers_follow(self.now)

    def _the_past_follows(self) -> None:
        """Before anything was closed, the world is what these events make of it, put together without the store."""
        rules = current_rules(self.session)
        seals = [seal.closing_at for seal in self.session.query(Seal)]
        as_of = min([self.now, *(closing_at - 1 for closing_at in seals)])
        if rules is not None and not self._erased:
            events = without_voided(event for event in self.received.values() if event.time <= as_of)
            leads: dict[object, list[Event]] = {}
            for event in events:
                key = (event.source, event.id) if event.lead is None else event.lead
                leads.setdefault(key, []).append(event)
            stored = world_as_of(self.session, rules, as_of)
            made = replay(rules.book, rules.roster, leads.values(), as_of, decisions=self.decided)
            assert Counter(stored.entries) == Counter(made.entries)
            assert Counter(stored.outcomes) == Counter(made.outcomes)
            assert stored.awards == made.awards
        self.session.rollback()

    def _seals_are_as_they_were(self) -> None:
        seals = {s.period: (s.document, s.sha256) for s in self.session.query(Seal)}
        self.session.rollback()
        for period, kept in self.seals.items():
            assert seals[period] == kept, f"the seal of {period} changed"
        self.seals = seals


def assert_answers_follow(now: Instant) -> None:
    """What is answered from the tables is what is computed from the events, for now."""
    stored, computed = answers.ask(), answers.ask(now)
    session = stored.session
    world = world_as_of(session, stored.rules, now)
    with patch.object(answers, "world_as_of", lambda *_: world):
        _assert_same(stored, computed, world)
    session.rollback()


def _assert_same(stored: answers.Question, computed: answers.Question, world: World) -> None:
    book, now = stored.rules.book, stored.now
    months = [month for month, _ in book.months_until(book.calendar.month_at(now))]
    quarters = {book.calendar.quarter_of(month).name for month in months}
    for name in [*map(str, months), *sorted(quarters)]:
        for scope in SubjectKind:
            mine, theirs = (answers.standings(question, name, scope) for question in (stored, computed))
            assert mine == theirs
            if mine["state"] == "open":
                rows = world.standing(book.calendar.parse(name), scope)
                assert [row["points"] for row in mine["standings"]] == [row.score.points for row in rows]
    for month in months:
        assert answers.ratings(stored, str(month)) == answers.ratings(computed, str(month))
    assert answers.badges(stored, None) == answers.badges(computed, None)
    everything = answers.LedgerFilter()
    mine, theirs = (_numberless(answers.ledger(question, everything)) for question in (stored, computed))
    assert mine == theirs


def _numberless(document: dict[str, Any]) -> list[Any]:
    return [
        sorted(((key, str(value)) for key, value in row.items() if key != "entry"))
        for row in document["entries"]
    ]


def emptier(template: Path | None) -> Callable[[], None]:
    """Makes the application's database as new: on SQLite a copy of the file, taken before anything was in it."""
    return _empty_postgresql if template is None else (lambda: _empty_sqlite(template))


def keep_template(url: str, folder: Path) -> Path:
    """A copy of a new SQLite database's file."""
    path = make_url(url).database
    assert path is not None
    return Path(shutil.copyfile(path, folder / "new.sqlite3"))


def _empty_sqlite(template: Path) -> None:
    db.session.remove()
    with db.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        connection.rollback()
        module = __import__(type(raw).__module__.partition(".")[0] + ".dbapi2", fromlist=["connect"])
        source = module.connect(str(template))
        source.backup(raw)
        source.close()
    _forget_rules()


def _forget_rules() -> None:
    for memo in (rules._rules, rules._placements):
        memo._kept.clear()


def _empty_postgresql() -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in reversed(db.metadata.sorted_tables):
            connection.execute(text(f'DELETE FROM "{table.name}"'))
    _forget_rules()
