"""The specification's worked examples are read without a complaint (skipped where they are not at hand)."""

from pathlib import Path

import pytest

from leaderboard.files.events import CsvEvents, Rejected
from leaderboard.files.roster import read_roster, roster_document, roster_from_document, write_roster
from leaderboard.files.rulebook import read_rulebook, write_rulebook

CASES = Path(__file__).parents[2].parent / "shared" / "spec" / "cases"
RULEBOOKS = sorted(CASES.glob("*/rulebook*.yaml"))
ROSTERS = sorted(CASES.glob("*/roster.yaml"))
EVENTS = sorted(CASES.glob("*/events.csv"))
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the specification is not beside this folder")


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_rulebook_of_the_specification_is_read_and_written_back(path: Path) -> None:
    rulebook = read_rulebook(path.read_bytes(), path.name)
    assert read_rulebook(write_rulebook(rulebook), "written") == rulebook


@pytest.mark.parametrize("path", ROSTERS, ids=lambda path: path.parent.name)
def test_a_roster_of_the_specification_is_read_and_written_back(path: Path) -> None:
    roster = read_roster(path.read_bytes(), path.name)
    assert read_roster(write_roster(roster), "written") == roster
    assert roster_from_document(roster_document(roster)) == roster


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.parent.name)
def test_the_events_of_the_specification_are_read_but_for_the_rows_that_it_calls_bad(path: Path) -> None:
    rejected = {item.line for item in CsvEvents(path) if isinstance(item, Rejected)}
    assert rejected == ({20, 21} if path.parent.name.startswith("10") else set())
