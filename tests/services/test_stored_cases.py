"""The worked cases through the store: intake, evaluation, settlement, kept sums, on both databases."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant, parse_rfc3339
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.files.events.csv_events import CsvEvents
from leaderboard.files.events.offered import Accepted
from leaderboard.services import answers, clock
from leaderboard.services.decisions import decide
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.intake import accept
from leaderboard.services.roster_import import import_roster
from leaderboard.services.rulebook_apply import apply_rulebook
from leaderboard.services.rules import current_rules
from leaderboard.services.verification import verify_ledger
from tests.case_checks import Case, all_cases, assert_rows

CASES = pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in all_cases()])


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Instant]:
    """Sets the clock."""

    def set_clock(text: str) -> Instant:
        now = parse_rfc3339(text)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return set_clock


def load(case: Case, session: Session, now: Instant, one_by_one: bool = False) -> None:
    for path in case.rulebooks:
        apply_rulebook(path.read_bytes(), path.name, now, "test")
    import_roster(case.roster.read_bytes(), case.roster.name, now, "test")
    with CsvEvents(case.events) as offered:
        events = [row.event for row in offered if isinstance(row, Accepted)]
    for batch in ([event] for event in events) if one_by_one else [events]:
        accept(session, batch, now)
        session.commit()
        if one_by_one:
            bring_up_to_date(now)
    take_decisions(case, session, now)


def take_decisions(case: Case, session: Session, now: Instant) -> None:
    """As they were made, each at its instant; on what was evaluated by then."""
    if not case.decisions:
        return
    bring_up_to_date(now)
    rules = current_rules(session)
    assert rules is not None
    for made in case.decisions:
        assert decide(session, rules, made, "test") == made.id
    session.commit()


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
def test_evaluating_after_each_event_comes_to_the_same(
    case: Case, session: Session, at: Callable[[str], Instant]
) -> None:
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
