"""flask rulebook, roster and events, as a person at a terminal meets them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from leaderboard.persistence import models
from leaderboard.persistence.db import current_session
from leaderboard.services import event_import

Run = Callable[..., Result]

GOOD = """id,type,time,lead,rep,grade
1,lead.created,2026-08-03T10:00:00Z,L1,,A
2,lead.assigned,2026-08-03T10:05:00-03:00,L1,ana,
3,lead.contacted,2026-08-03T13:30:00Z,L1,ana,
"""
RULEBOOK = """rulebook: 1
effective_from: 2026-01-01
organization: {name: Acme, timezone: UTC, currency: BRL}
service_levels:
  sql: {name: Qualified, party: sales, measure: volume, events: lead.qualified, target: 5}
"""


@pytest.fixture
def run(app: Flask) -> Run:
    runner = app.test_cli_runner()

    def run(*arguments: object) -> Result:
        return runner.invoke(args=[str(argument) for argument in arguments])

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "given"
    path.mkdir()
    return path


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def imported(run: Run, *arguments: object) -> dict[str, object]:
    result = run("events", "import", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    document: dict[str, object] = json.loads(result.stdout)
    return document


def test_a_file_is_imported_and_imported_again(run: Run, folder: Path) -> None:
    path = written(folder, "events.csv", GOOD)
    first = imported(run, path, "--source", "crm")
    assert first == {"read": 3, "accepted": 3, "duplicates": 0, "rejected": 0, "rejected_file": None}
    again = imported(run, path, "--source", "crm")
    assert again == {"read": 3, "accepted": 0, "duplicates": 3, "rejected": 0, "rejected_file": None}
    assert list(folder.iterdir()) == [path]


def test_a_bell_that_nobody_hears_is_nothing_to_who_types_a_command(run: Run, folder: Path) -> None:
    path = written(folder, "events.csv", GOOD)
    result = run("events", "import", path, "--source", "crm")
    assert result.exit_code == 0
    assert result.stderr == ""


def test_bad_rows_and_conflicts_are_written_beside_the_file(run: Run, app: Flask, folder: Path) -> None:
    imported(run, written(folder, "events.csv", GOOD), "--source", "crm")
    bad = (
        GOOD.replace("10:00:00Z", "11:00:00Z")
        + "4,Lead Created,yesterday,L1,,\n5,lead.created,2026-08-03T10:00:00Z,L5,,\n"
    )
    path = written(folder, "more.csv", bad)
    summary = imported(run, path, "--source", "crm")
    rejected = folder / "more.csv.rejected.csv"
    assert summary == {
        "read": 5,
        "accepted": 1,
        "duplicates": 2,
        "rejected": 2,
        "rejected_file": str(rejected),
    }
    header, conflict, wrong = rejected.read_text(encoding="utf-8").splitlines()
    assert header == "id,type,time,lead,rep,grade,reason"
    assert conflict.startswith("1,lead.created,2026-08-03T11:00:00Z,L1,,A,")
    assert "received before with another time" in conflict
    assert "Lead Created" in wrong
    with app.app_context():
        session = current_session()
        kinds = session.execute(
            select(models.IntakeProblem.kind, models.IntakeProblem.origin).order_by(models.IntakeProblem.kind)
        )
        assert [tuple(row) for row in kinds] == [("conflict", "more.csv:2"), ("rejected", "more.csv:5")]
    run("events", "import", path, "--source", "crm")
    with app.app_context():
        assert current_session().scalar(select(func.count()).select_from(models.IntakeProblem)) == 2


def test_a_stale_rejected_file_is_removed(run: Run, folder: Path) -> None:
    path = written(folder, "events.csv", GOOD)
    stale = written(folder, "events.csv.rejected.csv", "old")
    imported(run, path, "--source", "crm")
    assert not stale.exists()


def test_an_import_is_the_same_in_small_chunks(
    run: Run, app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_import, "CHUNK", 2)
    rows = [f"{n},lead.created,2026-08-03T10:00:{n % 60:02d}Z,L{n % 5},," for n in range(11)]
    path = written(folder, "events.csv", "\n".join(["id,type,time,lead,rep,grade", *rows, "x,bad,,,,"]))
    summary = imported(run, path, "--source", "crm")
    assert (summary["read"], summary["accepted"], summary["rejected"]) == (12, 11, 1)
    with app.app_context():
        done = current_session().scalars(select(models.Import)).one()
        assert (done.file_name, done.read, done.accepted, done.rejected) == ("events.csv", 12, 11, 1)
        assert done.finished_at is not None


def test_an_import_that_was_killed_and_is_run_again_ends_the_same(
    run: Run, app: Flask, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_import, "CHUNK", 2)
    path = written(folder, "events.csv", GOOD + "4,bad,2026-08-03T10:00:00Z,L1,,\n")
    accept = event_import.accept_normal
    calls = []

    def killed(*arguments: object, **named: object) -> object:
        calls.append(arguments)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return accept(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(event_import, "accept_normal", killed)
    assert run("events", "import", path, "--source", "crm").exit_code == 1
    assert sorted(folder.iterdir()) == [path]
    summary = imported(run, path, "--source", "crm")
    assert (summary["accepted"], summary["duplicates"], summary["rejected"]) == (1, 2, 1)
    with app.app_context():
        assert current_session().scalar(select(func.count()).select_from(models.Event)) == 3


def test_an_ndjson_file_comes_back_as_it_went_in(run: Run, folder: Path) -> None:
    events = [
        {"id": "1", "source": "crm", "type": "lead.assigned", "time": "2026-08-03T10:00:00.5Z", "lead": "L1",
         "rep": "José", "amount": "1200.50", "won": "true"},
        {"id": "2", "source": "crm", "type": "event.voided", "time": "2026-08-03T11:00:00Z", "voids": "1"},
    ]  # fmt: skip
    lines = "".join(json.dumps(event) + "\n" for event in events)
    path = written(folder, "events.ndjson", lines.replace('"1200.50"', "1200.50").replace('"true"', "true"))
    assert imported(run, path)["accepted"] == 2
    out = run("events", "export")
    assert [json.loads(line) for line in out.stdout.splitlines()] == events
    target = folder / "out.ndjson"
    assert run("events", "export", target).exit_code == 0
    assert target.read_text(encoding="utf-8") == out.stdout
    assert imported(run, target)["duplicates"] == 2


def test_a_profile_turns_rows_into_events(run: Run, folder: Path) -> None:
    profile = written(
        folder,
        "profile.yaml",
        "profile: 1\nsource: crm\ntimezone: America/Sao_Paulo\nevents:\n"
        '  - {type: lead.created, id: "{Lead}/created", lead: "{Lead}", time: {column: Created}}\n',
    )
    path = written(folder, "leads.csv", "Lead,Created\nL1,2026-08-03T10:00:00\nL2,\n")
    assert imported(run, path, "--profile", profile) == {
        "read": 1, "accepted": 1, "duplicates": 0, "rejected": 0, "rejected_file": None,
    }  # fmt: skip
    assert '"time":"2026-08-03T13:00:00Z"' in run("events", "export").stdout


def test_times_without_offset_need_a_zone(run: Run, folder: Path) -> None:
    path = written(folder, "events.csv", "id,type,time,lead\n1,lead.created,2026-08-03T10:00:00,L1\n")
    assert imported(run, path, "--source", "crm")["rejected"] == 1
    assert imported(run, path, "--source", "crm", "--timezone", "Europe/Lisbon")["accepted"] == 1
    assert run("events", "import", path, "--timezone", "Lisbon").exit_code == 2


def test_a_summary_is_told_in_words(run: Run, folder: Path) -> None:
    result = run("events", "import", written(folder, "events.csv", GOOD), "--source", "crm")
    assert result.stdout == "3 read: 3 accepted, 0 duplicates, 0 rejected\n"


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "PK\x03\x04zip"])
def test_a_file_that_is_none_is_refused_whole(run: Run, folder: Path, content: str) -> None:
    path = written(folder, "events.csv", content)
    result = run("events", "import", path, "--source", "crm", "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(f"{path}:")
    assert "Traceback" not in result.stderr


def test_a_file_that_is_not_there_is_told(run: Run, folder: Path) -> None:
    for command in (("events", "import"), ("roster", "import"), ("rulebook", "apply"), ("rulebook", "check")):
        result = run(*command, folder / "nothing.yaml")
        assert result.exit_code == 1, command
        assert "nothing.yaml:1: file: cannot be read" in result.output


def test_a_rulebook_is_checked(run: Run, folder: Path) -> None:
    assert run("rulebook", "check", written(folder, "good.yaml", RULEBOOK)).exit_code == 0
    bad = written(
        folder, "bad.yaml", RULEBOOK.replace("currency", "currencey").replace("target: 5", "target: much")
    )
    result = run("rulebook", "check", bad)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith(f"{bad}:") for line in lines)


def test_a_rulebook_is_applied(run: Run, folder: Path) -> None:
    path = written(folder, "rulebook.yaml", RULEBOOK)
    assert run("rulebook", "apply", path).stdout == f"{path} is in force from 2026-01-01\n"
    assert "already" in run("rulebook", "apply", path).stdout
    other = written(
        folder, "other.yaml", RULEBOOK.replace("UTC", "Europe/Lisbon").replace("2026-01", "2026-09")
    )
    refused = run("rulebook", "apply", other)
    assert refused.exit_code == 1
    assert "timezone" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize("options", [["--restate"], ["--reason", "x"], ["--restate", "--reason", " "]])
def test_a_restatement_needs_its_reason(run: Run, folder: Path, options: list[str]) -> None:
    path = written(folder, "rulebook.yaml", RULEBOOK)
    assert run("rulebook", "apply", path, *options).exit_code == 2


def test_a_restatement_is_told_why_it_is_needed_and_then_done(run: Run, folder: Path) -> None:
    points = "target: 1, points: {month: {met: 10}}"
    path = written(folder, "rulebook.yaml", RULEBOOK.replace("target: 5", points))
    roster = written(
        folder, "roster.yaml",
        "teams: {t: {name: T, department: sales}}\nreps: {ana: {name: Ana, teams: [{team: t, from: 2026-01-01}]}}\n",
    )  # fmt: skip
    events = written(
        folder, "events.csv", "id,type,time,lead,rep\n1,lead.qualified,2026-02-03T10:00:00Z,L1,ana\n"
    )
    assert run("rulebook", "apply", path).exit_code == 0
    assert run("roster", "import", roster).stdout == "the roster is now 1 rep in 1 team\n"
    imported(run, events, "--source", "crm")
    other = written(folder, "other.yaml", RULEBOOK.replace("target: 5", points.replace("10", "20")))
    assert "--restate" in run("rulebook", "apply", other).stderr
    assert run("rulebook", "apply", other, "--restate", "--reason", "agreed").exit_code == 0


def test_a_bad_roster_is_told_line_by_line(run: Run, folder: Path) -> None:
    path = written(folder, "roster.yaml", "reps:\n  ana: {nmae: Ana}\n")
    result = run("roster", "import", path)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{path}:2: ")
