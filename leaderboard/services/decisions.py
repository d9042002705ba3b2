"""Deciding: a decision is stored, and what follows from it is booked with it."""

from sqlalchemy.orm import Session

from leaderboard.domain.decisions import Decision
from leaderboard.services.decision_store import add_decision
from leaderboard.services.directory import Directory
from leaderboard.services.kept_sums import mark_dirty
from leaderboard.services.prizes import settle_prizes
from leaderboard.services.rules import Rules


def decide(
    session: Session,
    rules: Rules,
    decision: Decision,
    decided_by: str,
    seconded_by: str | None = None,
) -> int:
    """Stores a decision made at `decision.at`, now, and books what it brings; its number.

    In the caller's transaction, which has the writers' lock and is committed by the caller; whether the decision may be
    made (rights, limits, whether the measure still waits) was asked before. The id that it bears is not looked at.
    Raises KeyError for a subject that nobody ever heard of.
    """
    month = rules.book.calendar.month_at(decision.at)
    number = add_decision(session, decision, Directory(session), decided_by, seconded_by)
    # Months after it may rest on it, too: who has done a task once does not do it again.
    mark_dirty(session, {str(month)})
    if rules.book.in_month(month) is not None:
        settle_prizes(session, rules, month, decision.at)
    return number
