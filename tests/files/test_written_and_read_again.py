"""What is written is read back the same, and equal values are written equally."""

import json

from hypothesis import HealthCheck, given, settings

from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import Rulebook
from leaderboard.files.roster import read_roster, roster_document, roster_from_document, write_roster
from leaderboard.files.rulebook import (
    canonical,
    read_rulebook,
    resolve_holidays,
    with_holidays,
    write_rulebook,
)
from tests.files.documents import RULEBOOK
from tests.files.rulebooks import rosters, rulebooks

SLOW_TO_DRAW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW_TO_DRAW
@given(rulebooks())
def test_a_rulebook_is_read_back_as_it_was_written(rulebook: Rulebook) -> None:
    again = read_rulebook(write_rulebook(rulebook), "written")
    assert again == rulebook
    assert json.dumps(canonical(again)) == json.dumps(canonical(rulebook))


@SLOW_TO_DRAW
@given(rosters())
def test_a_roster_is_read_back_as_it_was_written_and_kept(roster: Roster) -> None:
    assert read_roster(write_roster(roster), "written") == roster
    assert roster_from_document(roster_document(roster)) == roster


def test_resolved_holidays_are_no_part_of_the_document() -> None:
    rulebook = read_rulebook(RULEBOOK, "f.yaml")
    assert canonical(with_holidays(rulebook, resolve_holidays(rulebook))) == canonical(rulebook)


def test_the_same_share_written_twice_ways_is_the_same_document() -> None:
    other = RULEBOOK.replace("target: 90%", "target: 0.900").replace("apart: 2h", "apart: 120m")
    assert canonical(read_rulebook(other, "f.yaml")) == canonical(read_rulebook(RULEBOOK, "f.yaml"))
