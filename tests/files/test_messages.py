"""Every code has its sentence, and every sentence is said somewhere."""

import ast
from pathlib import Path

import leaderboard.files
from leaderboard.files.messages import ENGLISH, shown
from leaderboard.files.problems import FileProblems, Problem, refuse

SOURCES = sorted(Path(leaderboard.files.__file__).parent.rglob("*.py"))
PRODUCT = Path(leaderboard.files.__file__).parents[1]
PLACES = {
    **dict.fromkeys(("Wrong", "Refused", "NotJson", "Reason", "note", "note_key", "_refused", "_problem"), 0),
    "refuse": 1,
    "Problem": 2,
}
"""Where the code stands among the arguments."""


def said(path: Path) -> set[str]:
    """The codes that a module gives to whatever carries one."""
    codes = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            place = PLACES.get(name)
            given = node.args[place] if place is not None and place < len(node.args) else None
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                codes.add(given.value)
    return codes


def literals() -> set[str]:
    """All texts in the product's code: some reasons are found beyond the files."""
    paths = [path for path in PRODUCT.rglob("*.py") if path.stem != "messages"]
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text())))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_code_has_a_sentence() -> None:
    assert set().union(*map(said, SOURCES)) <= set(ENGLISH)


def test_every_sentence_is_said_somewhere() -> None:
    made_up = {f"{what}_{how}" for what in ("field", "attribute") for how in ("undecodable", "broken_text")}
    assert set(ENGLISH) - literals() - made_up == set()


def test_text_of_a_file_is_shown_on_one_line_and_not_at_length() -> None:
    assert shown("a\nb\x00") == "`a\\nb\\x00`"
    assert Problem(1, f"teams.{'x' * 61}.name", "missing").place == "teams." + "x" * 59 + "….name"
    assert shown("x" * 61) == "`" + "x" * 59 + "…`"


def test_braces_in_what_is_shown_are_no_parameters() -> None:
    problem = Problem(1, "k", "need_text", {"found": shown("{0} {x!r} {found}")})
    assert problem.message == "expected text, found `{0} {x!r} {found}`"


def test_problems_are_in_the_order_of_lines_and_print_as_file_line_key() -> None:
    both = FileProblems(
        "f", [Problem(3, "b", "missing"), Problem(None, "file", "empty_file"), Problem(2, "a", "missing")]
    )
    assert both.lines == ("f:1: file: is empty", "f:2: a: is required", "f:3: b: is required")
    assert str(refuse("f", "empty_file")) == "f:1: file: is empty"
