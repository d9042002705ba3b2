"""Results of simulations and of fairness without people's names: those stand in the store once, and can be erased."""

from collections.abc import Iterator
from typing import Any

from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services.directory import Directory

Document = dict[str, Any]
_LISTS = ("ratings", "badges", "winners", "prizes", "steps", "moves")


def without_names(document: Document, directory: Directory) -> Document:
    """The document with reps as the keys of their rows; changed in place."""
    reps = list(_reps(document))
    directory.learn_people(row["id"] for row in reps)
    for row in reps:
        row["id"] = directory.person_id(row["id"])
        del row["name"]
    return document


def with_names(document: Document, directory: Directory, roster: Roster) -> Document:
    """The document with the ids and names that reps have today; changed in place."""
    reps = list(_reps(document))
    directory.learn_keys(row["id"] for row in reps)
    for row in reps:
        row["id"] = directory.rep_id(row["id"])
        row["name"] = roster.rep_name(row["id"])
    return document


def _reps(document: Document) -> Iterator[Document]:
    yield from document.get("standings", {}).get(SubjectKind.REP.value, ())
    for name in _LISTS:
        yield from (row for row in document.get(name, ()) if row["subject"] == SubjectKind.REP.value)
