"""flask simulate: one document, or tables; never a traceback."""

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from leaderboard.services import clock
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from tests.services.acme import ROSTER, RULEBOOK, july

DRAFT = RULEBOOK.replace(b"within: 1h", b"within: 20m") + (
    b"recognition:\n  best: {name: Best of all, period: month, scope: rep, places: 1, bonus: 100, badge: leader}\n"
    b"consequences:\n  slow:\n    service_level: first-contact\n"
    b"    steps: [[{do: coaching, approval: manager}, {do: deduct, points: 5}]]\n"
)


@pytest.fixture
def draft(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A draft in a file, and a July to try it on."""
    now = clock.now()
    apply_rulebook(RULEBOOK, "rulebook.yaml", now, "test")
    import_roster(ROSTER, "roster.yaml", now, "test")
    july(session)
    path = tmp_path / "draft.yaml"
    path.write_bytes(DRAFT)
    return path


def test_prints_one_document(app: Flask, draft: Path) -> None:
    result = app.test_cli_runner().invoke(args=["simulate", str(draft), "--period", "2026-07", "--json"])
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document["standings"]["rep"][0] == {
        "id": "ben", "name": "Ben Costa", "moves": 1,
        "as_is": {"rank": 2, "points": -21, "exceeded": 0, "met": 0, "missed": 1, "compliance": 0.0},
        "would_be": {"rank": 1, "points": -26, "exceeded": 0, "met": 0, "missed": 1, "compliance": 0.0},
    }  # fmt: skip
    assert document["points"][0] == {"kind": "each", "as_is": 3, "would_be": -3}
    assert document["steps"][0] == {
        "month": "2026-07", "consequence": "slow", "consequence_name": "slow",
        "subject": "rep", "id": "ana", "name": "Ana Souza", "as_is": None,
        "would_be": {"service_level": "first-contact", "step": 1, "measures": [
            {"do": "coaching", "points": 0, "approval": True}, {"do": "deduct", "points": 5, "approval": False},
        ]},
    }  # fmt: skip


def test_prints_tables(app: Flask, draft: Path) -> None:
    result = app.test_cli_runner().invoke(args=["simulate", str(draft), "--period", "2026-07"])
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("2026-07 · open · as of ")
    assert lines[0].endswith(" · the draft from 2026-07-01")
    table = lines[lines.index("Reps") + 1 :]
    assert table[0].split() == ["rank", "was", "moves", "id", "name", "points", "was", "compliance", "was"]
    assert table[1].split()[:5] == ["1", "2", "▲", "1", "ben"]
    (step,) = (line for line in lines if line.startswith("2026-07  slow") and " ana " in line)
    assert step.endswith("  –      1: coaching once approved, deduct 5")
    assert "Prizes: none" in lines


@pytest.mark.parametrize(
    ("content", "period", "told"),
    [
        (b"rulebook: 1\n", "2026-07", "draft.yaml:1: organization: "),
        (DRAFT.replace(b"UTC", b"Asia/Tokyo"), "2026-07", "draft.yaml: organization.timezone is Asia/Tokyo"),
        (DRAFT, "2026-13", "'2026-13' is not a period"),
        (DRAFT, "2999-01", "2999-01 has not begun yet"),
    ],
)
def test_says_in_a_line_what_is_wrong(
    app: Flask, draft: Path, content: bytes, period: str, told: str
) -> None:
    draft.write_bytes(content)
    result = app.test_cli_runner().invoke(args=["simulate", str(draft), "--period", period, "--json"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_wrong_usage(app: Flask, draft: Path) -> None:
    assert app.test_cli_runner().invoke(args=["simulate", str(draft)]).exit_code == 2


def test_a_file_that_is_not_there(app: Flask, draft: Path) -> None:
    result = app.test_cli_runner().invoke(args=["simulate", "nowhere.yaml", "--period", "2026-07"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "nowhere.yaml" in result.stderr
