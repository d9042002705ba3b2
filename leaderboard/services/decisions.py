"""Deciding: a decision is stored, and what follows from it is booked with it."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from leaderboard.domain.decisions import Decision, DecisionKind, hand_award
from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import ByHand
from leaderboard.persistence import models
from leaderboard.services.decision_store import add_decision
from leaderboard.services.directory import Directory
from leaderboard.services.kept_sums import mark_dirty
from leaderboard.services.prizes import settle_prizes
from leaderboard.services.rules import Rules


class BeyondLimits(Exception):
    """What a manager may not give by hand; `limit` names the key of `by_hand` that says so."""

    def __init__(self, limit: str, most: int) -> None:
        super().__init__(f"by_hand.{limit} allows {most}")
        self.limit = limit
        self.most = most


@dataclass(frozen=True, slots=True)
class GivenByHand:
    """What one manager gave in a month, less what was undone."""

    badges: int
    points: int


def given_by_hand(session: Session, rules: Rules, decided_by: str, at: Instant) -> GivenByHand:
    """The badges that a manager gave in the month of an instant, and the points that came with them."""
    row, undoing = models.Decision, aliased(models.Decision)
    calendar = rules.book.calendar
    month = calendar.month(calendar.month_at(at))
    rows = session.execute(
        select(row.badge, row.at)
        .outerjoin(undoing, undoing.undoes == row.id)
        .where(row.decided_by == decided_by, row.at >= month.start_at, row.at < month.end_at)
        .where(row.kind == DecisionKind.BADGE.value, undoing.id.is_(None))
    ).all()
    made = (Decision(0, DecisionKind.BADGE, given_at, badge=str(badge)) for badge, given_at in rows)
    return GivenByHand(len(rows), sum(_worth(decision, rules) for decision in made))


def _worth(decision: Decision, rules: Rules) -> int:
    award = hand_award(decision, rules.book)
    return 0 if award is None else award.points


def check_limits(
    session: Session, rules: Rules, decision: Decision, decided_by: str, seconded_by: str | None = None
) -> None:
    """Raises BeyondLimits where the version in force lets one manager, or one alone, not give so much by hand."""
    version = rules.book.at(decision.at)
    limits = ByHand() if version is None else version.rulebook.by_hand
    if decision.kind is DecisionKind.BADGE:
        given = given_by_hand(session, rules, decided_by, decision.at)
        _check_badge(limits, given, _worth(decision, rules))
    is_alone = seconded_by is None or seconded_by == decided_by
    if decision.kind is DecisionKind.POINTS and is_alone and abs(decision.points) > limits.alone:
        raise BeyondLimits("alone", limits.alone)


def _check_badge(limits: ByHand, given: GivenByHand, points: int) -> None:
    if limits.badges is not None and given.badges + 1 > limits.badges:
        raise BeyondLimits("badges", limits.badges)
    if limits.points is not None and given.points + points > limits.points:
        raise BeyondLimits("points", limits.points)


def decide(
    session: Session,
    rules: Rules,
    decision: Decision,
    decided_by: str,
    seconded_by: str | None = None,
) -> int:
    """Stores a decision made at `decision.at`, now, and books what it brings; its number.

    In the caller's transaction, which has the writers' lock and is committed by the caller; whether the decision may be
    made (rights, `check_limits`, whether the measure still waits) was asked before. Its id is the database's to give.
    Raises KeyError for a subject that nobody ever heard of.
    """
    month = rules.book.calendar.month_at(decision.at)
    number = add_decision(session, decision, Directory(session), decided_by, seconded_by)
    # Months after it may rest on it, too: who has done a task once does not do it again.
    mark_dirty(session, {str(month)})
    if rules.book.in_month(month) is not None:
        settle_prizes(session, rules, month, decision.at)
    return number
