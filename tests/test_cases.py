"""The worked cases, by the rules alone: no database, no commands."""

from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from leaderboard.domain.badges import award_order
from leaderboard.domain.events import Event
from leaderboard.domain.fold import without_voided
from leaderboard.domain.instants import format_instant, parse_rfc3339
from leaderboard.domain.periods import Month
from leaderboard.domain.points import Entry, ledger_order
from leaderboard.domain.ratings import MonthRating, four_places
from leaderboard.domain.replay import World, replay
from leaderboard.domain.rulebook import Rulebook, SubjectKind
from leaderboard.domain.standings import Standing
from leaderboard.domain.versions import Book
from leaderboard.files.events import Accepted, CsvEvents
from leaderboard.files.roster import read_roster
from leaderboard.files.rulebook import read_rulebook, resolve_holidays, with_holidays
from tests.case_files import OURS, SPECIFIED, Case, Rows, all_cases, differences


class ReplayedAnswers:
    """What a replay says, as the commands would print it."""

    def __init__(self, case: Case) -> None:
        self._case = case

    @cached_property
    def _import(self) -> tuple[dict[str, int], list[Event]]:
        counts = {"read": 0, "accepted": 0, "duplicates": 0, "rejected": 0}
        known: dict[tuple[str, str], Event] = {}
        for offered in CsvEvents(self._case.events):
            counts["read"] += 1
            counts[self._take(offered, known)] += 1
        return counts, list(known.values())

    def _take(self, offered: object, known: dict[tuple[str, str], Event]) -> str:
        if not isinstance(offered, Accepted):
            return "rejected"
        event = offered.event
        first = known.setdefault((event.source, event.id), event)
        if first is event:
            return "accepted"
        return "duplicates" if first == event else "rejected"

    @cached_property
    def _world(self) -> World:
        book = Book(map(_read, self._case.rulebooks))
        roster = read_roster(self._case.roster.read_bytes(), "roster.yaml")
        as_of = parse_rfc3339(self._case.as_of)
        leads: dict[object, list[Event]] = {}
        for event in without_voided(event for event in self._import[1] if event.time <= as_of):
            leads.setdefault((event.source, event.id) if event.lead is None else event.lead, []).append(event)
        return replay(book, roster, leads.values(), as_of)

    def imported(self) -> dict[str, Any]:
        return self._import[0]

    def standings(self, period: str, scope: str) -> Rows:
        found = self._world.standing(self._world.book.calendar.parse(period), SubjectKind(scope))
        return [_standing_row(standing) for standing in found]

    def ratings(self, month: str) -> Rows:
        return [_rating_row(rating) for rating in self._world.ratings[Month.parse(month)]]

    def ledger(self, period: str | None) -> Rows:
        entries = sorted(self._world.entries, key=ledger_order)
        return [_entry_row(entry) for entry in entries if self._is_in(entry.booked_at, period)]

    def badges(self, period: str | None) -> Rows:
        return [
            {
                "badge": award.badge,
                "subject": award.subject.value,
                "id": award.id,
                "awarded_at": format_instant(award.awarded_at),
            }
            for award in sorted(self._world.awards.values(), key=award_order)
            if self._is_in(award.awarded_at, period)
        ]

    def _is_in(self, instant: int, period: str | None) -> bool:
        return period is None or instant in self._world.book.calendar.parse(period)


def _read(path: Path) -> Rulebook:
    rulebook = read_rulebook(path.read_bytes(), path.name)
    return with_holidays(rulebook, resolve_holidays(rulebook))


def _standing_row(standing: Standing) -> dict[str, Any]:
    score = standing.score
    compliance = None if score.compliance is None else float(four_places(score.compliance))
    row = {"rank": standing.rank, "id": score.id, "name": score.name, "points": score.points}
    return row | score.tally._asdict() | {"compliance": compliance}


def _rating_row(rating: MonthRating) -> dict[str, Any]:
    return {
        "service_level": rating.service_level,
        "subject": rating.subject.value,
        "id": rating.id,
        "rating": "not_rated" if rating.rating is None else rating.rating.value,
        "value": rating.value,
        "outcomes": rating.outcomes,
        "points": rating.points,
    }


def _entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "booked_at": format_instant(entry.booked_at),
        "subject": entry.subject.value,
        "id": entry.id,
        "team": entry.team,
        "points": entry.points,
        "kind": entry.kind.value,
        "service_level": entry.service_level,
        "rating": None if entry.rating is None else entry.rating.value,
        "lead": entry.lead,
        "rulebook": entry.rulebook_on.isoformat(),
        "badge": entry.badge,
    }


@pytest.mark.parametrize("case", all_cases(), ids=lambda case: case.name)
def test_a_case_comes_out_as_expected(case: Case) -> None:
    assert differences(case, ReplayedAnswers(case)) == []


def test_our_own_cases_are_there() -> None:
    assert sum(case.path.parent == OURS for case in all_cases()) >= 10


@pytest.mark.skipif(not SPECIFIED.is_dir(), reason="the specification is not beside this folder")
def test_the_specifications_cases_are_found() -> None:
    assert len({case.name for case in all_cases() if case.path.parent == SPECIFIED}) >= 10


class Other(ReplayedAnswers):
    """A replay that forgets the last row, and turns the rest around."""

    def ledger(self, period: str | None) -> Rows:
        return super().ledger(period)[:-1][::-1]


def test_a_difference_is_told() -> None:
    case = all_cases()[0]
    lines = differences(case, Other(case))
    assert len(lines) == 1
    assert lines[0].startswith("ledger all: missing {'booked_at'")
