"""The same rulebook from another month on: one line of the document changes, comments and order stay."""

import datetime as dt
import re
from contextlib import suppress
from dataclasses import replace

from leaderboard.files.problems import FileProblems
from leaderboard.files.rulebook.reader import read_rulebook
from leaderboard.files.rulebook.splicing import NotSpliced, data_of, without_entry
from leaderboard.files.rulebook.writer import write_rulebook
from leaderboard.files.values import load
from leaderboard.files.yaml_nodes import MapNode, Scalar

_KEY, _NAME, _ENDED = "effective_from", "rulebook.yaml", "ends_before_in_force"
_LINE = re.compile(
    r"""^(?P<key>["']?effective_from["']?\s*:\s*)(?P<date>["']?[\d-]+["']?)(?P<rest>\s*(?:#.*)?)$"""
)


def first_day_of(document: str) -> dt.date | None:
    """What the document says it is in force from; None where that cannot be read."""
    try:
        root = load(document, "").node
    except FileProblems:
        return None
    entry = root.entries.get(_KEY) if isinstance(root, MapNode) else None
    if entry is None or not isinstance(entry[1], Scalar):
        return None
    try:
        return dt.date.fromisoformat(entry[1].text.strip())
    except ValueError:
        return None


def moved_to(document: str, first_on: dt.date) -> str:
    """The document with that first day. Raises FileProblems where it has to be written anew and cannot be read."""
    if first_day_of(document) == first_on:
        return document
    lines = document.splitlines(keepends=True)
    for number, line in enumerate(lines):
        found = _LINE.match(line.rstrip("\r\n"))
        if found:
            end = line[len(line.rstrip("\r\n")) :]
            lines[number] = f"{found['key']}{first_on.isoformat()}{found['rest']}{end}"
            moved = "".join(lines)
            if first_day_of(moved) == first_on:
                return moved
    return write_rulebook(replace(read_rulebook(document, _NAME), effective_from=first_on))


def without_ended(document: str) -> tuple[str, tuple[str, ...]]:
    """The document less the contests and tasks that end before its first day, and the names of those."""
    names = []
    for section, key in _ended(document):
        with suppress(NotSpliced, KeyError):
            name = _name_of(document, section, key)
            document = without_entry(document, (section, key)).document
            names.append(name)
    return document, tuple(names)


def _name_of(document: str, section: str, key: str) -> str:
    """As people call it; its key where it has no name."""
    entry = data_of(document)[section][key]
    name = entry.get("name") if isinstance(entry, dict) else None
    return str(name or key)


def _ended(document: str) -> list[tuple[str, str]]:
    try:
        read_rulebook(document, _NAME)
    except FileProblems as found:
        entries = (one.key.rpartition(".")[0] for one in found.problems if one.code == _ENDED)
        return [(section, key) for section, _, key in (entry.partition(".") for entry in entries)]
    return []
