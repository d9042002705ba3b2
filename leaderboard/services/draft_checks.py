"""Whether a document could be put in force: all that is wrong with it, at once."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from leaderboard.domain.rulebook import Rulebook
from leaderboard.files.problems import FileProblems, Problem
from leaderboard.files.values import load
from leaderboard.files.yaml_nodes import MapNode
from leaderboard.services.rulebook_apply import (
    RulebookRefused,
    check_agrees,
    load_book,
    read_with_holidays,
)

DOCUMENT = "rulebook.yaml"


@dataclass(frozen=True, slots=True)
class Checked:
    """A document and what is wrong with it. `rulebook` is None where it cannot be read as one."""

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]

    @property
    def is_good(self) -> bool:
        """Whether it can go on."""
        return self.rulebook is not None and not self.problems


def check(session: Session, document: str) -> Checked:
    """Reads it, and lays it beside the versions in use."""
    try:
        rulebook = read_with_holidays(document.encode(), DOCUMENT)
    except FileProblems as found:
        return Checked(None, found.problems)
    try:
        check_agrees(rulebook, load_book(session))
    except RulebookRefused as refused:
        return Checked(rulebook, (_problem(document, refused),))
    return Checked(rulebook, ())


def _problem(document: str, refused: RulebookRefused) -> Problem:
    params = dict(refused.params)
    key = params.pop("key", "rulebook")
    return Problem(_line(document, key), key, refused.code, params)


def _line(document: str, path: str) -> int | None:
    """Where a key stands in a document that can be read; None where it is left out."""
    node = load(document, DOCUMENT).node
    line = None
    for key in path.split("."):
        if not isinstance(node, MapNode) or key not in node.entries:
            return line
        line, node = node.entries[key][0].line, node.entries[key][1]
    return line
