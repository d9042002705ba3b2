"""docs/examples, by the commands that its page gives, on the real files where they are there.

`EXAMPLES_FULL=1` closes all of their months; else those up to the quarter that the page tells of.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import false, func, select

from leaderboard.files.profiles import read_profile
from leaderboard.files.rulebook import read_rulebook
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Event, Outcome, Person
from leaderboard.settings import ROOT

EXAMPLES = ROOT / "docs" / "examples"
DATA = ROOT.parent / "shared" / "data"

IS_FULL = "EXAMPLES_FULL" in os.environ

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real files are not here")
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    runner = app.test_cli_runner()

    def run(*arguments: object) -> Result:
        result = runner.invoke(args=[str(argument) for argument in arguments])
        assert result.exit_code == 0, result.stderr
        return result

    return run


def set_up(run: Run, folder: Path, example: str, roster_from: str, events: str) -> dict[str, object]:
    """Rulebook, roster and events, in this order; what the import says."""
    script = [sys.executable, EXAMPLES / example / "make_roster.py", DATA / roster_from]
    roster = folder / "roster.yaml"
    roster.write_bytes(subprocess.run(script, check=True, capture_output=True, timeout=60).stdout)
    run("rulebook", "apply", EXAMPLES / example / "rulebook.yaml")
    run("roster", "import", roster)
    summary = import_again(run, folder, example, events)
    run("evaluate")
    return summary


def import_again(run: Run, folder: Path, example: str, events: str) -> dict[str, object]:
    """Imports a link to the file, for what is rejected is written beside it."""
    link = folder / events
    if not link.exists():
        link.symlink_to(DATA / events)
    result = run("events", "import", link, "--profile", EXAMPLES / example / "profile.yaml", "--json")
    summary: dict[str, object] = json.loads(result.stdout)
    return summary


def close(run: Run, first: tuple[int, int], last: tuple[int, int]) -> list[str]:
    """Closes all months from the one to the other, and each quarter with its last month."""
    closed, (year, month) = [], first
    while (year, month) <= last:
        names = [f"{year}-{month:02}"] + ([f"{year}-Q{month // 3}"] if month % 3 == 0 else [])
        for name in names:
            run("periods", "close", name)
        closed.extend(names)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return closed


def top(run: Run, period: str) -> list[tuple[str, int]]:
    document = json.loads(run("standings", period, "--scope", "team", "--json").stdout)
    assert document["state"] == "sealed"
    return [(row["name"].split(",")[0], row["points"]) for row in document["standings"][:3]]


def outcomes() -> dict[tuple[str, str], int]:
    rows = current_session().execute(
        select(Outcome.service_level, Outcome.rating, func.count())
        .where(Outcome.current)
        .group_by(Outcome.service_level, Outcome.rating)
    )
    return {(level, rating): number for level, rating, number in rows}


@pytest.mark.parametrize("example", ["incidents", "sales-pipeline"])
def test_the_files_of_an_example_are_good(example: str) -> None:
    folder = EXAMPLES / example
    assert read_profile((folder / "profile.yaml").read_bytes(), "profile.yaml").events
    assert read_rulebook((folder / "rulebook.yaml").read_bytes(), "rulebook.yaml").service_levels


@needs_data
def test_the_help_desk_is_measured_by_its_own_verdict_and_by_clocks(
    run: Run, app: Flask, tmp_path: Path
) -> None:
    summary = set_up(run, tmp_path, "incidents", "incidents.csv", "incidents.csv")
    figures = {"accepted": 17_502, "duplicates": 15_301, "rejected": 0, "rejected_file": None}
    assert summary == {"read": 32_803} | figures
    again = import_again(run, tmp_path, "incidents", "incidents.csv")
    assert (again["accepted"], again["duplicates"]) == (0, 32_803)
    with app.app_context():
        found = outcomes()
        # Every incident has one outcome of its clock; of the verdicts, those that name somebody.
        assert sum(number for (level, _), number in found.items() if level == "resolution") == 890
        assert found["own-sla", "met"] + found["own-sla", "missed"] == 673
    closed = close(run, (2016, 2), (2017, 3) if IS_FULL else (2016, 4))
    assert "equal" in run("ledger", "verify").stdout
    for period in closed[2::4]:
        assert run("periods", "verify", period).stdout == f"{period}: equal\n"
    assert top(run, "2016-Q1") == [("Group 70", 724), ("Group 24", 692), ("Group 30", 433)]


@needs_data
def test_the_sales_pipeline_is_measured_by_volume_and_ratio(run: Run, app: Flask, tmp_path: Path) -> None:
    summary = set_up(run, tmp_path, "sales-pipeline", "sales_teams.csv", "sales_pipeline.csv")
    figures = {"accepted": 15_011, "duplicates": 0, "rejected": 0, "rejected_file": None}
    assert summary == {"read": 15_011} | figures
    with app.app_context():
        session = current_session()
        kinds = session.execute(select(Event.type, func.count()).group_by(Event.type))
        assert {row[0]: row[1] for row in kinds} == {
            "opportunity.created": 8_300, "opportunity.won": 4_238, "opportunity.lost": 2_473,
        }  # fmt: skip
        # Five of the 35 agents have no deals; nobody has deals whom the roster lacks.
        assert session.scalar(select(func.count()).where(Person.in_roster == false())) == 0
    closed = close(run, (2017, 3), (2017, 12) if IS_FULL else (2017, 6))
    assert "equal" in run("ledger", "verify").stdout
    for period in closed[2::4]:
        assert run("periods", "verify", period).stdout == f"{period}: equal\n"
    assert top(run, "2017-Q2") == [("West", 3_090), ("Central", 2_657), ("East", 2_592)]
    ratings = json.loads(run("ratings", "2017-06", "--json").stdout)["ratings"]
    rates = [row for row in ratings if row["service_level"] == "win-rate"]
    assert len(rates) == 6
    assert sum(row["outcomes"] for row in rates) == 641
