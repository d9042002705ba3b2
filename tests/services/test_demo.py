"""The demo: loaded once whatever stops it, true to the rules, and alive while it runs."""

import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, make_url, select
from sqlalchemy.orm import Session

from leaderboard.app import create_app
from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant, parse_rfc3339
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.db import current_session, db
from leaderboard.persistence.models import Event, IntakeProblem, Lead, LedgerEntry, Person, Seal, User
from leaderboard.services import answers, clock, users
from leaderboard.services.demo import loading, logins, names
from leaderboard.services.demo.company import TEAMS
from leaderboard.services.demo.live import Life, pace
from leaderboard.services.demo.marker import find_marker, is_demo
from leaderboard.services.demo.world import World
from leaderboard.services.evaluation import bring_up_to_date, pending_count
from leaderboard.services.verification import verify_ledger, verify_period
from tests.databases import Database, SqliteFiles, settings_for

NOW = parse_rfc3339("2026-11-18T14:30:00-03:00")
SCALE = 0.06
MONTHS = [f"2026-{number:02}" for number in range(2, 11)]
QUARTERS = ["2026-Q1", "2026-Q2", "2026-Q3"]

SetClock = Callable[[Instant], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def set_clock(now: Instant) -> None:
        monkeypatch.setattr(clock, "now", lambda: now)

    set_clock(NOW)
    return set_clock


@pytest.fixture(scope="module")
def loaded_file(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the demo in it, to be copied."""
    database = sqlite_files.migrated()
    app = create_app(settings_for(database, tmp_path_factory.mktemp("demo")))
    with app.app_context(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOW)
        load()
        db.session.remove()
        db.engine.dispose()
    path = make_url(database.url).database
    assert path is not None
    return Path(path)


@pytest.fixture
def demo(loaded_file: Path, tmp_path: Path, at: SetClock) -> Iterator[Flask]:
    """An application on a copy of it, at the instant of its load."""
    copy = tmp_path / "demo.sqlite3"
    shutil.copyfile(loaded_file, copy)
    app = create_app(settings_for(Database("sqlite", f"sqlite:///{copy}"), tmp_path))
    app.testing = True
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def load(steps: int | None = None) -> World:
    world = loading.begin(NOW, SCALE)
    for step in islice(loading.steps(world), steps):
        step.do()
    return world


def seals() -> list[tuple[str, str]]:
    rows = current_session().execute(select(Seal.period, Seal.sha256).order_by(Seal.position)).all()
    current_session().rollback()
    return [(row.period, row.sha256) for row in rows]


def state() -> object:
    """All that can be seen of it."""
    question = answers.ask()
    standings = [answers.standings(question, "2026-11", scope)["standings"] for scope in SubjectKind]
    entries = [
        {name: value for name, value in entry.items() if name not in ("entry", "takes_back")}
        for entry in answers.ledger(question, answers.LedgerFilter())["entries"]
    ]
    awards = answers.badges(question, None)["awards"]
    return seals(), standings, entries, awards, count(Event.seq), count(IntakeProblem.id), count(User.id)


def count(column: object) -> int:
    total = current_session().scalar(select(func.count(column)))  # type: ignore[arg-type]
    current_session().rollback()
    return int(total or 0)


def test_the_past_is_closed_the_present_runs_and_all_of_it_follows_from_the_events(
    session: Session, at: SetClock
) -> None:
    load()
    assert [name for name, _ in seals()] == [
        *MONTHS[:2], QUARTERS[0], *MONTHS[2:5], QUARTERS[1], *MONTHS[5:8], QUARTERS[2], *MONTHS[8:],
    ]  # fmt: skip
    assert verify_ledger(answers.ask()) == []
    assert {name: verify_period(name) for name, _ in seals()} == {name: [] for name, _ in seals()}
    board = answers.standings(answers.ask(), "2026-11", SubjectKind.REP)
    assert board["state"] == "open"
    assert len(board["standings"]) == 39 + 1  # and one whom the roster lacks
    assert [row["rank"] for row in answers.standings(answers.ask(), "2026-10", SubjectKind.TEAM)["standings"]]
    assert pending_count(session, NOW) == 0


def test_clocks_run_at_the_instant_of_the_load(demo: Flask) -> None:
    due = current_session().scalars(select(Lead.due_at).where(Lead.due_at > NOW)).all()
    soon = [at for at in due if at < NOW + HOUR]
    assert soon
    assert len(due) > len(soon)


def test_there_are_troubles_for_data_health_and_adjustments(demo: Flask) -> None:
    session = current_session()
    kinds = set(session.scalars(select(IntakeProblem.kind)))
    assert kinds == {"rejected", "conflict"}
    unknown = session.scalars(select(Person.rep_id).where(Person.in_roster.is_(False))).all()
    assert len(unknown) == 1
    last = func.max(Event.received_at)
    rows = session.execute(select(Event.source, last.label("at")).group_by(Event.source))
    heard = {row.source: row.at for row in rows}
    assert heard["webinars"] < NOW - 10 * DAY < heard["forms"]
    corrected = session.scalar(select(func.count()).where(LedgerEntry.kind == "adjustment"))
    assert corrected


def test_a_load_that_is_killed_at_any_step_and_run_again_ends_the_same(
    database: Database, tmp_path: Path, demo: Flask, at: SetClock
) -> None:
    wanted = state()
    app = create_app(settings_for(database, tmp_path))
    with app.app_context():
        total = len(list(loading.steps(World(NOW, SCALE))))
        for steps in range(1, total):
            load(steps)
            db.session.remove()
            assert not is_demo()
        # Later, and as another size: it goes on with what it began.
        assert loading.begin(NOW + DAY, 1.0) == World(NOW, SCALE)
        load()
        assert is_demo()
        assert state() == wanted
        db.session.remove()
        db.engine.dispose()


def test_a_load_that_is_killed_between_two_deliveries_ends_the_same(
    database: Database, tmp_path: Path, demo: Flask, at: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, accept = state(), loading.accept
    app = create_app(settings_for(database, tmp_path))
    with app.app_context():
        for deliveries in (0, 40, 120, 180):
            kills = iter([False] * deliveries + [True])

            def dies(*given: Any, kills: Iterator[bool] = kills) -> Any:
                if next(kills):
                    raise KeyboardInterrupt
                return accept(*given)

            monkeypatch.setattr(loading, "accept", dies)
            with pytest.raises(KeyboardInterrupt):
                load()
            db.session.remove()
        monkeypatch.setattr(loading, "accept", accept)
        load()
        assert state() == wanted
        db.session.remove()
        db.engine.dispose()


def test_nothing_is_loaded_beside_data_of_somebody(app: Flask, at: SetClock) -> None:
    with app.app_context():
        users.create("somebody@example.com", "admin", rep=None, password=None, actor="test", now=NOW)
    result = app.test_cli_runner().invoke(args=["demo", "load"])
    assert result.exit_code == 0
    assert "data of its own" in result.stderr
    assert result.stdout == ""
    with app.app_context():
        assert find_marker() is None
        assert count(Event.seq) == 0


def test_the_command_loads_tells_the_accounts_and_loads_once(app: Flask, at: SetClock) -> None:
    run = app.test_cli_runner().invoke
    first = run(args=["demo", "load", "--scale", "0.02"])
    assert first.exit_code == 0, first.stderr
    assert "2026-10" in first.stderr
    for account in logins.ACCOUNTS:
        assert account.email in first.stdout
    assert logins.PASSWORD in first.stdout
    with app.app_context():
        before = state()
    assert run(args=["demo", "load"]).exit_code == 0
    with app.app_context():
        assert state() == before


def test_the_login_page_names_the_accounts_of_a_demo_only(demo: Flask, app: Flask) -> None:
    page = demo.test_client().get("/login").text
    assert all(account.email in page for account in logins.ACCOUNTS)
    with app.app_context():
        users.create("somebody@example.com", "admin", rep=None, password=None, actor="test", now=NOW)
    page = app.test_client().get("/login").text
    assert not any(account.email in page for account in logins.ACCOUNTS)
    assert logins.PASSWORD not in page


def test_its_accounts_can_sign_an_agreement_for_both_parties(demo: Flask) -> None:
    with demo.app_context():
        assert {row.signs_for for row in users.list_all() if row.may_edit_rules} == {"marketing", "sales"}


@pytest.mark.parametrize("account", logins.ACCOUNTS, ids=lambda account: account.role)
def test_each_account_comes_in(demo: Flask, account: logins.DemoAccount) -> None:
    demo.config["WTF_CSRF_ENABLED"] = False
    given = {"email": account.email, "password": logins.PASSWORD}
    answer = demo.test_client().post("/login", data=given)
    assert answer.status_code == 302
    assert not answer.location.endswith("/login")


def test_while_it_runs_new_events_come_and_earn_points(demo: Flask, at: SetClock) -> None:
    world, before = World(NOW, SCALE), count(Event.seq)
    life = Life(world, NOW, Random(1))
    at_once = life.step(NOW)
    assert at_once
    now, arrived = NOW, []
    for _ in range(240):
        now += 15 * SECOND
        arrived.append(life.step(now))
    assert count(Event.seq) == before + at_once + sum(arrived)
    assert sum(arrived) > 200
    assert max(arrived) < 20
    assert sum(1 for number in arrived if number) > 120
    at(now)
    bring_up_to_date(now)
    contacted = select(func.count()).where(
        LedgerEntry.kind == "each", LedgerEntry.booked_at > NOW, LedgerEntry.points > 0
    )
    assert current_session().scalar(contacted)
    current_session().rollback()
    assert verify_ledger(answers.ask()) == []


def test_points_land_in_the_first_minutes_at_any_hour(demo: Flask, at: SetClock) -> None:
    night = NOW + 8 * HOUR
    at(night)
    life, after = Life(World(NOW, SCALE), night, Random(1)), night + 90 * SECOND
    for now in range(night, after, 5 * SECOND):
        life.step(now)
    at(after)
    bring_up_to_date(after)
    of_live = LedgerEntry.lead_key.in_(_live_leads())
    landed = select(func.count()).where(of_live, LedgerEntry.points > 0)
    assert current_session().scalar(landed)
    current_session().rollback()


def test_a_life_that_ends_is_gone_on_with_by_the_next_one(demo: Flask, at: SetClock) -> None:
    world = World(NOW, SCALE)
    life = Life(world, NOW, Random(1))
    for seconds in range(0, 600, 5):
        life.step(NOW + seconds * SECOND)
    begun = _live_leads()
    assert begun
    later = NOW + 10 * HOUR
    at(later)
    next_life = Life(world, later, Random(2))
    next_life.step(later)
    stored = count(Event.seq)
    assert Life(world, later, Random(3)).step(later + SECOND) == 0
    assert count(Event.seq) == stored
    ends = current_session().scalars(
        select(func.count()).where(Event.lead_key.in_(begun), Event.type != "lead.created").group_by(Event.lead_key)
    )  # fmt: skip
    assert len(ends.all()) == len(begun)


def _live_leads() -> list[str]:
    statement = select(Event.lead_key).where(Event.event_id.startswith("live-"), Event.type == "lead.created")
    found = list(current_session().scalars(statement))
    current_session().rollback()
    return found


def test_days_when_it_was_off_are_filled_in_and_closed_as_if_it_had_run(demo: Flask, at: SetClock) -> None:
    later = NOW + 25 * DAY
    at(later)
    world, before = World(NOW, SCALE), count(Event.seq)
    told = [step.do() for step in loading.catch_up(world, loading.last_received_at(world), later)]
    assert any("2026-11 sealed" in text for text in told)
    days = current_session().execute(
        select((Event.received_at / DAY).label("day"), func.count()).where(Event.received_at > NOW).group_by("day")
    )  # fmt: skip
    assert sum(number for _, number in days) == count(Event.seq) - before > 100
    assert verify_period("2026-11") == []
    assert verify_ledger(answers.ask()) == []
    again = [step.do() for step in loading.catch_up(world, later - 2 * HOUR, later)]
    assert again == ["0 events, sealed before", "0 events"]
    assert list(loading.catch_up(world, later, later)) == []


@pytest.mark.parametrize("day", ["2026-11-01", "2026-11-02", "2026-12-04", "2027-03-31"])
def test_nine_months_lie_before_whatever_today_is(day: str) -> None:
    now = parse_rfc3339(f"{day}T00:10:00-03:00")
    world = World(now)
    current = Month.of_date(world.date_at(now))
    assert world.first_month == current.plus(-9)
    last = world.closing_at(current.plus(-1))
    assert last <= now
    assert world.closing_at(current) > now


def test_every_lead_has_a_name_of_its_own() -> None:
    planned = [names.lead_name(number) for number in range(50_000)]
    live = [names.live_lead_name(number) for number in range(50_000)]
    assert len({*planned, *live}) == 100_000


def test_every_team_has_people_on_every_day() -> None:
    world = World(NOW)
    for team in TEAMS:
        for ordinal in range(world.first_on.toordinal(), world.date_at(NOW + 300 * DAY).toordinal()):
            assert world.present(team.id, world.first_on.fromordinal(ordinal))


def test_it_calms_down() -> None:
    fresh, later = pace(True, 5 * MINUTE), pace(True, 10 * HOUR)
    assert fresh.visit < 30
    assert fresh.lead < later.lead
    assert later.visit <= 30
    assert pace(False, 10 * HOUR).visit <= 90
