"""The shape of the house: what import-linter cannot see, and that it sees the rest."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from leaderboard.settings import ROOT

MOST_LINES = 400
MOST_FUNCTION_LINES = 50

DOMAIN = sorted(
    path.stem for path in (ROOT / "leaderboard" / "domain").glob("*.py") if path.stem != "__init__"
)
SOURCES = sorted(
    path
    for folder in ("leaderboard", "jobs", "bench", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if ".cache" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# What a strict content security policy forbids, or what would have htmx evaluate text.
FORBIDDEN_IN_TEMPLATES = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.I),
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.I),
    "inline handler": re.compile(r"\son[a-z]+\s*=", re.I),
    "hx-on": re.compile(r"\s(data-)?hx-on\b", re.I),
    "evaluated value": re.compile(r"[\"'{\s](js|javascript):", re.I),
    "trigger filter": re.compile(r"hx-trigger\s*=\s*([\"'])[^\"']*\[[^\"']*\1", re.I),
    "unescaped text": re.compile(r"\|\s*safe\b|autoescape\s+false", re.I),
    "foreign address": re.compile(r"(src|href|action)\s*=\s*[\"']?(https?:)?//", re.I),
}


def run(*command: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=ROOT, input=given, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("module", DOMAIN)
def test_a_module_of_the_rules_loads_without_flask_and_sqlalchemy(module: str) -> None:
    heavy = ["flask", "sqlalchemy", "yaml", "redis", "rq", "structlog"]
    code = (
        f"import sys, leaderboard.domain.{module}; print([name for name in {heavy} if name in sys.modules])"
    )
    assert run("-c", code).stdout == "[]\n"


def test_imports_point_the_way_the_house_says() -> None:
    ended = run("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(
    "expression",
    [
        "dt.datetime.now(dt.UTC)",
        "dt.datetime.utcnow()",
        "dt.datetime.today()",
        "dt.date.today()",
        "time.time()",
        "time.time_ns()",
    ],
)
def test_the_rules_may_not_ask_a_clock(expression: str) -> None:
    code = f"import datetime as dt\nimport time\n\nx = {expression}, dt, time\n"
    check = (
        "-m",
        "ruff",
        "check",
        "--select",
        "TID251",
        "--output-format",
        "concise",
        "-",
        "--stdin-filename",
    )
    assert "TID251" in run(*check, "leaderboard/domain/clocks.py", given=code).stdout
    assert "TID251" not in run(*check, "leaderboard/services/clock.py", given=code).stdout


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= MOST_LINES
    if "migrations" in path.parts or path.is_relative_to(ROOT / "tests"):
        return
    functions = [
        node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    long = {node.name: lines for node in functions if (lines := lines_of(node)) > MOST_FUNCTION_LINES}
    assert long == {}


def lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_modules_are_named_for_what_they_hold() -> None:
    vague = re.compile(r"(util|helper|manager|misc|common)s?$")
    assert [path for path in SOURCES if vague.search(path.stem)] == []


def test_the_package_itself_imports_nothing() -> None:
    tree = ast.parse((ROOT / "leaderboard" / "__init__.py").read_text())
    assert len(tree.body) == 1
    assert ast.get_docstring(tree)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_needs_no_exception_from_the_content_security_policy(path: Path) -> None:
    text = path.read_text()
    assert [name for name, pattern in FORBIDDEN_IN_TEMPLATES.items() if pattern.search(text)] == []
