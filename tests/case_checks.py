"""Worked cases: a folder with rulebooks, a roster, events and what must come out of them."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

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

    def _read(self, name: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self.folder / name).read_text("utf-8"))
        return found


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
