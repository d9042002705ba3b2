"""The worked cases as a newcomer runs them: by the commands, and nothing but JSON on standard output."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from leaderboard.domain.instants import parse_rfc3339
from leaderboard.persistence.db import current_session
from leaderboard.services import clock
from leaderboard.services.decisions import decide
from leaderboard.services.rules import current_rules
from tests.case_checks import Case, all_cases, assert_rows

CASES = pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in all_cases()])


class Commands:
    """`flask …` in this process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._runner = app.test_cli_runner()

    def run(self, *words: object, code: int = 0) -> str:
        result = self._runner.invoke(args=[str(word) for word in words])
        assert result.exit_code == code, f"{words}: {result.output}\n{result.stderr}"
        return result.stdout

    def json(self, *words: object) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run(*words, "--json"))
        return found

    def decide(self, case: Case) -> None:
        """What people decided has no command: pages ask for it."""
        with self._app.app_context():
            session = current_session()
            rules = current_rules(session)
            assert rules is not None
            for made in case.decisions:
                decide(session, rules, made, "test")
            session.commit()


@pytest.fixture
def commands(app: Flask) -> Commands:
    return Commands(app)


def load(commands: Commands, case: Case, folder: Path) -> dict[str, Any]:
    for path in case.rulebooks:
        commands.run("rulebook", "check", path)
        commands.run("rulebook", "apply", path)
    commands.run("roster", "import", case.roster)
    events = shutil.copy(case.events, folder / "events.csv")
    summary = commands.json("events", "import", events)
    commands.decide(case)
    return summary


def check(commands: Commands, expected: Any, *as_of: str) -> None:
    for name, rows in expected["standings"].items():
        period, scope = name.split("/")
        found = commands.json("standings", period, "--scope", scope, *as_of)
        assert (found["period"], found["scope"], found["state"]) == (period, scope, "open")
        assert_rows(found["standings"], rows)
    for month, rows in expected["ratings"].items():
        assert_rows(commands.json("ratings", month, *as_of)["ratings"], rows)
    for rows in expected["ledger"].values():
        assert_rows(commands.json("ledger", *as_of)["entries"], rows)
    for rows in expected["badges"].values():
        assert_rows(commands.json("badges", *as_of)["awards"], rows)


@CASES
def test_the_commands_print_what_the_case_expects(
    case: Case, commands: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = load(commands, case, tmp_path)
    assert {key: summary[key] for key in case.expected["import"]} == case.expected["import"]
    check(commands, case.expected, "--as-of", case.as_of)
    monkeypatch.setattr(clock, "now", lambda: parse_rfc3339(case.as_of))
    commands.run("evaluate")
    check(commands, case.expected)
    assert commands.json("ledger", "verify") == {"equal": True, "differences": []}
