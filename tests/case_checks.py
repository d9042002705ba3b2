"""Worked cases: a folder with rulebooks, a roster, events, perhaps decisions, and what must come out of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from leaderboard.domain.decisions import Decision, DecisionKind, MeasureRef
from leaderboard.domain.instants import parse_rfc3339
from leaderboard.domain.rulebook import SubjectKind

_HERE = Path(__file__).resolve().parent
OWN = _HERE / "cases"
PUBLISHED = _HERE.parents[1] / "shared" / "spec" / "cases"

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One folder."""

    folder: Path

    @property
    def name(self) -> str:
        """What a test calls it."""
        return self.folder.name

    @property
    def as_of(self) -> str:
        """The instant that is asked about, RFC 3339."""
        return str(self._read("case.json")["as_of"])

    @cached_property
    def expected(self) -> Document:
        """What must come out."""
        return self._read("expected.json")

    @property
    def rulebooks(self) -> list[Path]:
        """The versions, in the order in which they are applied."""
        return sorted(self.folder.glob("rulebook*.yaml"))

    @property
    def roster(self) -> Path:
        """The roster."""
        return self.folder / "roster.yaml"

    @property
    def events(self) -> Path:
        """The events."""
        return self.folder / "events.csv"

    @property
    def decisions(self) -> list[Decision]:
        """What people decided; most cases have nothing of the kind."""
        path = self.folder / "decisions.json"
        return [_decision(row) for row in json.loads(path.read_text("utf-8"))] if path.exists() else []

    def _read(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / name).read_text("utf-8"))
        return found


def _decision(row: dict[str, Any]) -> Decision:
    """As the file writes it: instants as texts, a measure as a list."""
    made = {key: row[key] for key in row.keys() - {"kind", "at", "done_at", "measure", "subject"}}
    for key in row.keys() & {"at", "done_at"}:
        made[key] = parse_rfc3339(row[key])
    if "measure" in row:
        month, consequence, subject, who, place = row["measure"]
        made["measure"] = MeasureRef(month, consequence, SubjectKind(subject), who, place)
    return Decision(kind=DecisionKind(row["kind"]), subject=SubjectKind(row.get("subject", "rep")), **made)


def all_cases() -> Iterator[Case]:
    """Our own, and the published ones where they lie beside the project."""
    for root in (OWN, PUBLISHED):
        if root.is_dir():
            yield from (Case(folder) for folder in sorted(root.iterdir()) if (folder / "case.json").is_file())


def only(row: Document, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The row's values under those keys: what an expectation is silent about may be anything."""
    return {key: row.get(key) for key in keys}


def assert_rows(found: list[Document], expected: list[Document]) -> None:
    """The same rows in the same order, as far as the expectation speaks."""
    shape = expected[0] if expected else {}
    assert [only(row, shape) for row in found] == expected
