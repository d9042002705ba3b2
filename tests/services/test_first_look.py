"""What a start finds, before it has imported the application."""

import subprocess
import sys
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import make_url, text

from leaderboard.domain.events import Event
from leaderboard.domain.instants import HOUR, MINUTE
from leaderboard.persistence.db import MIGRATIONS, current_session, db
from leaderboard.services import first_look, users
from leaderboard.services.demo import loading, signs
from leaderboard.services.demo.marker import note_begun, note_loaded
from leaderboard.services.demo.world import World
from leaderboard.services.first_look import FirstLook
from leaderboard.services.intake import accept
from tests.databases import Database, Server

NOW = 1_700_000_000_000_000


def test_it_costs_next_to_no_imports() -> None:
    script = (
        "import sys, leaderboard.cli.start; print([n for n in ('flask', 'rq', 'yaml') if n in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_the_newest_revision_is_the_head() -> None:
    assert first_look.newest_revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_nothing_is_ready_in_a_database_that_is_empty_or_of_another_release(
    app: Flask, database: Database, database_server: Server
) -> None:
    empty = database_server.empty()
    assert first_look.look(empty.url) is None
    database_server.drop(empty)
    assert first_look.look(database.url) == FirstLook(has_login=False, demo_heard_at=None)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert first_look.look(database.url) is None


def test_to_look_makes_no_file(tmp_path: Path) -> None:
    assert first_look.look(f"sqlite:///{tmp_path / 'none.sqlite3'}") is None
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_away_is_left_to_the_long_way(database: Database) -> None:
    if database.kind == "sqlite":
        path = Path(make_url(database.url).database or "")
        path.write_bytes(b"no database at all" * 100)
        assert first_look.look(database.url) is None
    else:
        assert first_look.look("postgresql+psycopg://nobody@/none?host=/nowhere") is None


def test_a_login_is_seen(app: Flask, database: Database) -> None:
    with app.app_context():
        users.create("a@b.example", "admin", rep=None, name="A", password=None, actor="test", now=NOW)
    assert first_look.look(database.url) == FirstLook(has_login=True, demo_heard_at=None)


def test_a_demo_is_ready_when_it_was_loaded_to_its_end_and_was_away_shortly(
    app: Flask, database: Database
) -> None:
    with app.app_context():
        note_begun(World(NOW, 0.02), NOW)
        accept(current_session(), [Event(signs.CRM, "1", "lead.created", NOW, "l1")], NOW)
        current_session().commit()
        half = first_look.look(database.url)
        note_loaded(NOW)
        assert loading.last_received_at(World(NOW)) == NOW
    assert half is not None
    assert not half.is_ready(is_demo=True, now=NOW)
    assert half.is_ready(is_demo=False, now=NOW)
    whole = first_look.look(database.url)
    assert whole == FirstLook(has_login=False, demo_heard_at=NOW)
    assert whole.is_ready(is_demo=True, now=NOW + HOUR - MINUTE)
    assert not whole.is_ready(is_demo=True, now=NOW + HOUR)
    assert whole.is_ready(is_demo=False, now=NOW + HOUR)
