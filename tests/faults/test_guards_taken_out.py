"""The tests themselves: with a guard taken out, the checks that lean on it must turn red."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, text

from leaderboard.domain.events import Event
from leaderboard.domain.instants import DAY, MINUTE
from leaderboard.persistence import event_store, sqlite_rules
from leaderboard.persistence.db import current_session, db
from leaderboard.services import clock, evaluation, folding, settlement
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from tests.databases import Database
from tests.faults.stage import check_all_stored_once, found_acme
from tests.services.invariants import check_invariants

MakeApp = Callable[..., Flask]
LEADS = 30
WAITS_SECONDS, ENDS_SECONDS = 0.7, 20.0
"""How long the second is looked at where it should be waiting; and where it should not."""


def events() -> list[Event]:
    """Leads that were answered within minutes, two days ago."""
    first = clock.now() - 2 * DAY
    found = []
    for number in range(LEADS):
        at, rep = first + number * MINUTE, ("ana", "ben")[number % 2]
        found.append(Event("crm", f"{number}a", "lead.assigned", at, f"L{number}", rep))
        found.append(Event("crm", f"{number}b", "lead.contacted", at + 9 * MINUTE, f"L{number}", rep))
    return found


def stored(make_app: MakeApp) -> Flask:
    """The company, with events that nobody evaluated."""
    app = make_app()
    with app.app_context():
        found_acme()
        accept(current_session(), events(), clock.now())
        current_session().commit()
        db.session.remove()
    return app


class Race:
    """Two evaluate: the second begins when the first has read all it wants, and before that one writes."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failures: list[BaseException] = []
        self.second_waited = False
        self._has_read, self._may_write = threading.Event(), threading.Event()
        fold = folding.fold_lead

        def fold_lead(*args: Any) -> Any:
            if threading.current_thread().name == "first" and not self._has_read.is_set():
                self._has_read.set()
                assert self._may_write.wait(30)
            return fold(*args)

        monkeypatch.setattr(folding, "fold_lead", fold_lead)

    def run(self, make_app: MakeApp, seconds: float) -> None:
        threads = [
            threading.Thread(target=self._evaluate, args=(make_app(),), name=name)
            for name in ("first", "second")
        ]
        threads[0].start()
        assert self._has_read.wait(30)
        threads[1].start()
        threads[1].join(seconds)
        self.second_waited = threads[1].is_alive()
        self._may_write.set()
        for thread in threads:
            thread.join(60)

    def _evaluate(self, app: Flask) -> None:
        try:
            with app.app_context():
                bring_up_to_date(clock.now())
                db.session.remove()
        except Exception as error:
            self.failures.append(error)


def without_writer_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (evaluation, settlement):
        monkeypatch.setattr(module, "writer_lock", lambda _session: None)


def without_immediate(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_rules, "_begin", lambda on: on.exec_driver_sql("BEGIN DEFERRED") and None)


def test_with_every_guard_in_place_the_second_waits_and_nothing_is_doubled(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, race = stored(make_app), Race(monkeypatch)
    race.run(make_app, WAITS_SECONDS)
    assert race.failures == []
    assert race.second_waited
    check_all_stored_once(app, [event.id for event in events()])


def test_without_what_lets_one_write_at_a_time_the_first_fails(
    make_app: MakeApp, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    (without_immediate if database.kind == "sqlite" else without_writer_lock)(monkeypatch)
    stored(make_app)
    race = Race(monkeypatch)
    race.run(make_app, ENDS_SECONDS)
    assert not race.second_waited
    assert [type(error).__name__ for error in race.failures] == [
        "OperationalError" if database.kind == "sqlite" else "IntegrityError"
    ]


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
def test_without_the_lock_and_the_unique_keys_points_are_doubled_and_the_invariants_say_so(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_writer_lock(monkeypatch)
    app, race = stored(make_app), Race(monkeypatch)
    with app.app_context(), db.engine.begin() as connection:
        drop_unique_keys(connection)
    race.run(make_app, ENDS_SECONDS)
    assert race.failures == []
    with app.app_context(), pytest.raises(AssertionError, match="stands 2 times"):
        check_invariants(current_session())


def drop_unique_keys(connection: Connection) -> None:
    """That a clock has one outcome, and a reason one entry."""
    for name in ("uq_outcomes_current", "uq_ledger_standing"):
        connection.execute(text(f"DROP INDEX {name}"))


def test_without_the_unique_key_of_events_one_that_is_sent_twice_is_stored_twice_and_it_is_seen(
    make_app: MakeApp, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    postgresql = event_store._POSTGRESQL_INSERT.replace(event_store._IF_NEW, "")
    monkeypatch.setattr(event_store, "_POSTGRESQL_INSERT", postgresql)
    monkeypatch.setattr(event_store, "_IF_NEW", "")
    app = make_app()
    with app.app_context():
        found_acme()
        with db.engine.begin() as connection:
            drop_key_of_events(connection)
        sent = events()
        for _ in range(2):
            assert accept(current_session(), sent, clock.now()).accepted == len(sent)
            current_session().commit()
    with pytest.raises(AssertionError):
        check_all_stored_once(app, [event.id for event in sent])


def test_without_the_unique_key_of_events_intake_takes_nothing_at_all(make_app: MakeApp) -> None:
    app = make_app()
    with app.app_context():
        with db.engine.begin() as connection:
            drop_key_of_events(connection)
        with pytest.raises(Exception, match="ON CONFLICT"):
            accept(current_session(), events(), clock.now())
        current_session().rollback()


def drop_key_of_events(connection: Connection) -> None:
    """SQLite has no way to drop it: the table, still empty, is made again without."""
    name = "uq_events_source_event_id"
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ALTER TABLE events DROP CONSTRAINT {name}"))
        return
    made = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = 'events'"))
    key = f"CONSTRAINT {name} UNIQUE (source, event_id)"
    assert key in made
    connection.execute(text("DROP TABLE events"))
    connection.exec_driver_sql(made.replace(f", \n\t{key}", ""))
