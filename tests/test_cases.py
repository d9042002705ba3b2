"""The worked cases, by the rules alone: no database, no commands."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from leaderboard.domain.badges import award_order
from leaderboard.domain.events import Event
from leaderboard.domain.fold import without_voided
from leaderboard.domain.instants import format_instant, parse_rfc3339
from leaderboard.domain.measures import plain
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
from tests.case_checks import OWN, PUBLISHED, Case, all_cases, assert_rows

Rows: TypeAlias = list[Mapping[str, Any]]


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
        return replay(book, roster, leads.values(), as_of, decisions=self._case.decisions)

    def imported(self) -> dict[str, Any]:
        return self._import[0]

    def standings(self, period: str, scope: str) -> Rows:
        found = self._world.standing(self._world.book.calendar.parse(period), SubjectKind(scope))
        return [_standing_row(standing) for standing in found]

    def ratings(self, month: str) -> Rows:
        return [_rating_row(rating) for rating in self._world.ratings[Month.parse(month)]]

    def ledger(self) -> Rows:
        return [_entry_row(entry) for entry in sorted(self._world.entries, key=ledger_order)]

    def badges(self) -> Rows:
        return [
            {
                "badge": award.badge,
                "subject": award.subject.value,
                "id": award.id,
                "awarded_at": format_instant(award.awarded_at),
            }
            for award in sorted(self._world.awards.values(), key=award_order)
        ]

    def prizes(self) -> Rows:
        return [
            {
                "of": prize.of.value,
                "id": prize.id,
                "subject": prize.subject.value,
                "subject_id": prize.subject_id,
                "at": format_instant(prize.at),
                "points": prize.points,
                "money": None if prize.money is None else plain(prize.money),
                "rank": prize.rank,
            }
            for prize in sorted(self._world.prizes, key=lambda prize: (prize.at, prize.id, prize.subject_id))
        ]


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


CASES = pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in all_cases()])


@CASES
def test_its_events_are_read(case: Case) -> None:
    assert ReplayedAnswers(case).imported() == case.expected["import"]


@CASES
def test_its_standings_follow(case: Case) -> None:
    answers = ReplayedAnswers(case)
    for name, rows in case.expected["standings"].items():
        period, _, scope = name.partition("/")
        assert_rows(answers.standings(period, scope), rows)


@CASES
def test_its_ratings_follow(case: Case) -> None:
    answers = ReplayedAnswers(case)
    for month, rows in case.expected["ratings"].items():
        assert_rows(answers.ratings(month), rows)


@CASES
def test_its_ledger_and_badges_follow(case: Case) -> None:
    answers = ReplayedAnswers(case)
    assert case.expected["ledger"].keys() == case.expected["badges"].keys() == {"all"}
    assert_rows(answers.ledger(), case.expected["ledger"]["all"])
    assert_rows(answers.badges(), case.expected["badges"]["all"])


@CASES
def test_its_prizes_follow(case: Case) -> None:
    assert_rows(ReplayedAnswers(case).prizes(), case.expected.get("prizes", []))


def test_our_own_cases_are_there() -> None:
    assert sum(case.folder.parent == OWN for case in all_cases()) >= 10


@pytest.mark.skipif(not PUBLISHED.is_dir(), reason="the specification is not beside this folder")
def test_the_published_cases_are_found() -> None:
    assert sum(case.folder.parent == PUBLISHED for case in all_cases()) >= 10
