"""The worked cases through the store: intake, evaluation, settlement, kept sums, on both databases.

Event by event, which takes longest, PostgreSQL is told every third of them; `EXAMPLES_FULL=1` tells it all.
"""

import os
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant, parse_rfc3339
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services import answers, clock, fresh_leads
from leaderboard.services.verification import verify_ledger
from tests.case_checks import Case, all_cases, assert_rows
from tests.services.loading import load

IS_FULL = "EXAMPLES_FULL" in os.environ


def cases(every: int = 1) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "case", [pytest.param(one, id=one.name) for one in list(all_cases())[::every]]
    )


CASES = cases()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Instant]:
    """Sets the clock."""

    def set_clock(text: str) -> Instant:
        now = parse_rfc3339(text)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return set_clock


def check(case: Case) -> None:
    question = answers.ask()
    for name, rows in case.expected["standings"].items():
        period, scope = name.split("/")
        assert_rows(answers.standings(question, period, SubjectKind(scope))["standings"], rows)
    for month, rows in case.expected["ratings"].items():
        assert_rows(answers.ratings(question, month)["ratings"], rows)
    for rows in case.expected["ledger"].values():
        assert_rows(answers.ledger(question, answers.LedgerFilter())["entries"], rows)
    for rows in case.expected["badges"].values():
        assert_rows(answers.badges(question, None)["awards"], rows)


@CASES
def test_what_is_stored_says_what_the_case_expects(
    case: Case, session: Session, at: Callable[[str], Instant]
) -> None:
    load(case, session, at(case.as_of))
    check(case)
    assert verify_ledger(answers.ask()) == []


@CASES
def test_leads_folded_ahead_come_to_the_same(
    case: Case, session: Session, at: Callable[[str], Instant], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh_leads, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(fresh_leads, "LEADS_AT_ONCE", 2)
    monkeypatch.setattr(fresh_leads, "can_work_beside", lambda: True)
    load(case, session, at(case.as_of), folded=fresh_leads.fold_ahead)
    check(case)
    assert verify_ledger(answers.ask()) == []


@pytest.mark.parametrize("database_server", ["sqlite"], indirect=True)
@CASES
def test_evaluating_after_each_event_comes_to_the_same(
    case: Case, session: Session, at: Callable[[str], Instant]
) -> None:
    event_by_event(case, session, at)


@pytest.mark.parametrize("database_server", ["postgresql"], indirect=True)
@cases(1 if IS_FULL else 3)
def test_evaluating_after_each_event_comes_to_the_same_on_postgresql(
    case: Case, session: Session, at: Callable[[str], Instant]
) -> None:
    event_by_event(case, session, at)


def event_by_event(case: Case, session: Session, at: Callable[[str], Instant]) -> None:
    load(case, session, at(case.as_of), one_by_one=True)
    check(case)
    assert verify_ledger(answers.ask()) == []


@CASES
def test_the_past_is_answered_from_the_events(
    case: Case, session: Session, at: Callable[[str], Instant]
) -> None:
    load(case, session, at("2030-01-01T00:00:00Z"))
    at(case.as_of)
    as_of = parse_rfc3339(case.as_of)
    question = answers.ask(as_of)
    for name, rows in case.expected["standings"].items():
        period, scope = name.split("/")
        assert_rows(answers.standings(question, period, SubjectKind(scope))["standings"], rows)
    for rows in case.expected["ledger"].values():
        assert_rows(answers.ledger(question, answers.LedgerFilter())["entries"], rows)
