"""Worked cases: a rulebook or several, a roster, events, and what must come out, as files.

A case is asked through `Answers`, so that the domain and the commands are held to the same documents.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

HERE = Path(__file__).parent
OURS = HERE / "cases"
SPECIFIED = HERE.parents[1] / "shared" / "spec" / "cases"
"""The specification's own, where it lies beside the project's folder."""

Rows: TypeAlias = list[dict[str, Any]]


@dataclass(frozen=True)
class Case:
    """One worked case. `as_of` is an RFC 3339 text; `rulebooks` are in the order in which they are applied."""

    path: Path
    about: str
    as_of: str
    expected: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Whose it is, and the folder's name."""
        return f"{'ours' if self.path.parent == OURS else 'spec'}-{self.path.name}"

    @property
    def rulebooks(self) -> list[Path]:
        return sorted(self.path.glob("rulebook*.yaml"))

    @property
    def roster(self) -> Path:
        return self.path / "roster.yaml"

    @property
    def events(self) -> Path:
        return self.path / "events.csv"


class Answers(Protocol):
    """What a case is asked: the rows of the documents that the commands print, as of the case's instant."""

    def imported(self) -> dict[str, Any]: ...

    def standings(self, period: str, scope: str) -> Rows: ...

    def ratings(self, month: str) -> Rows: ...

    def ledger(self, period: str | None) -> Rows: ...

    def badges(self, period: str | None) -> Rows: ...


def load_case(path: Path) -> Case:
    """The case in a folder."""
    told = json.loads((path / "case.json").read_text("utf-8"))
    expected = json.loads((path / "expected.json").read_text("utf-8"))
    return Case(path, told["about"], told["as_of"], expected)


def all_cases() -> list[Case]:
    """Ours, then the specification's."""
    folders = [*sorted(OURS.glob("*/case.json")), *sorted(SPECIFIED.glob("*/case.json"))]
    return [load_case(folder.parent) for folder in folders]


def differences(case: Case, answers: Answers) -> list[str]:
    """What is otherwise than the case expects, a line each; fields that it does not name are not looked at."""
    return [*_imported(case, answers), *(line for told in _asked(case, answers) for line in _unlike(*told))]


def _imported(case: Case, answers: Answers) -> list[str]:
    got, want = answers.imported(), case.expected.get("import", {})
    return [f"import: {key} is {got[key]}, not {want[key]}" for key in want if got[key] != want[key]]


def _asked(case: Case, answers: Answers) -> Iterator[tuple[str, Rows, Rows]]:
    expected = case.expected
    for name, rows in expected.get("standings", {}).items():
        period, _, scope = name.partition("/")
        yield f"standings {name}", answers.standings(period, scope), rows
    for month, rows in expected.get("ratings", {}).items():
        yield f"ratings {month}", answers.ratings(month), rows
    for name, rows in expected.get("ledger", {}).items():
        yield f"ledger {name}", answers.ledger(None if name == "all" else name), rows
    for name, rows in expected.get("badges", {}).items():
        yield f"badges {name}", answers.badges(None if name == "all" else name), rows


def _unlike(what: str, got: Rows, want: Rows) -> list[str]:
    fields = list(want[0]) if want else []
    seen = [{field: row.get(field) for field in fields} for row in got] if fields else list(got)
    if seen == want:
        return []
    lines = [f"{what}: unexpected {row}" for row in _without(seen, want)]
    lines += [f"{what}: missing {row}" for row in _without(want, seen)]
    return lines or [f"{what}: the same rows in another order"]


def _without(rows: Sequence[dict[str, Any]], others: Sequence[dict[str, Any]]) -> Rows:
    left = list(others)
    missing = []
    for row in rows:
        if row in left:
            left.remove(row)
        else:
            missing.append(row)
    return missing
