"""What managers decide: approve or waive a measure, give a badge, adjust points, undo.

Each is one transaction: who may, whether it can be, the decision, what follows from it, and the entry in the audit log.
Raises `NotTheirs` for what is none of their business, `Refused` for what cannot be; a form that was taken before
does nothing.
"""

from dataclasses import dataclass

from sqlalchemy import select

from leaderboard.domain.consequences import StepTaken
from leaderboard.domain.decisions import Decision, DecisionKind, MeasureRef, MeasureState, step_state
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence import models
from leaderboard.services.budgets import budget_of
from leaderboard.services.decision_store import decision_of
from leaderboard.services.ended_months import steps_taken
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.proposals import put_adjustment
from leaderboard.services.sittings import (
    NotTheirs,
    Refusal,
    Refused,
    Sitting,
    check_number,
    checked_reason,
    sitting,
)

MOST_POINTS = 100_000
"""In one adjustment: more is a slip of the finger."""


@dataclass(frozen=True, slots=True)
class MeasureKey:
    """A measure as an address names it: the subject by its key."""

    month: str
    consequence: str
    subject: SubjectKind
    key: int
    place: int


def approve(who: LoggedIn, key: MeasureKey, *, token: str) -> None:
    """Lets a measure apply that waits."""
    with sitting(who, token) as at:
        if at is None:
            return
        ref, step = _measure(at, key)
        if step_state(step, ref.place, at.decisions, at.rules.book) is not MeasureState.WAITING:
            raise Refused(Refusal.SETTLED)
        at.decide(Decision(0, DecisionKind.APPROVED, at.now, measure=ref))


def waive(who: LoggedIn, key: MeasureKey, reason: str, *, token: str) -> None:
    """Lets a measure not apply, or no longer."""
    with sitting(who, token) as at:
        if at is None:
            return
        ref, step = _measure(at, key)
        why = checked_reason(reason)
        if step_state(step, ref.place, at.decisions, at.rules.book) is MeasureState.WAIVED:
            raise Refused(Refusal.SETTLED)
        at.decide(Decision(0, DecisionKind.WAIVED, at.now, why, measure=ref))


def _measure(at: Sitting, key: MeasureKey) -> tuple[MeasureRef, StepTaken]:
    """The measure, and the step that brought it: only while it stands."""
    ref = MeasureRef(key.month, key.consequence, key.subject, at.subject(key.subject, key.key), key.place)
    try:
        month = Month.parse(key.month)
    except ValueError as error:
        raise NotTheirs from error
    same = (ref.consequence, ref.subject, ref.id)
    for step in steps_taken(at.session, at.rules.book, month, at.directory):
        if (step.consequence, step.subject, step.id) == same and 0 <= ref.place < len(step.measures):
            return ref, step
    raise NotTheirs


def give_badge(who: LoggedIn, person_key: int, badge: str, reason: str, *, token: str) -> None:
    """Gives a rep a badge that no rule gives, out of the month's budget."""
    with sitting(who, token) as at:
        if at is None:
            return
        rep = at.subject(SubjectKind.REP, person_key)
        version = at.rules.book.at(at.now)
        if version is None:
            raise Refused(Refusal.NO_RULES)
        found = version.rulebook.badges.get(badge)
        if found is None or found.rule is not None:
            raise Refused(Refusal.BADGE)
        why = checked_reason(reason)
        budget = budget_of(at.session, at.rules.book, at.actor, at.now)
        if budget.badges_left == 0:
            raise Refused(Refusal.BADGES_SPENT)
        if budget.points_left is not None and found.points > budget.points_left:
            raise Refused(Refusal.POINTS_SPENT, budget.points_left)
        at.decide(Decision(0, DecisionKind.BADGE, at.now, why, subject_id=rep, badge=badge))


def adjust(who: LoggedIn, subject: SubjectKind, key: int, points: int, reason: str, *, token: str) -> bool:
    """Adds or takes points; whether it is done. Above what one may do alone it waits for a second person."""
    with sitting(who, token) as at:
        if at is None:
            return True
        found = at.subject(subject, key)
        version = at.rules.book.at(at.now)
        if version is None:
            raise Refused(Refusal.NO_RULES)
        if points == 0 or abs(points) > MOST_POINTS:
            raise Refused(Refusal.POINTS)
        why = checked_reason(reason)
        left = budget_of(at.session, at.rules.book, at.actor, at.now).points_left
        if left is not None and points > left:
            raise Refused(Refusal.POINTS_SPENT, left)
        decision = Decision(
            0, DecisionKind.POINTS, at.now, why, subject=subject, subject_id=found, points=points
        )
        if abs(points) > version.rulebook.by_hand.alone:
            put_adjustment(at, decision)
            return False
        at.decide(decision)
        return True


def undo(who: LoggedIn, number: int, reason: str, *, token: str) -> None:
    """Takes a decision back, from now on."""
    with sitting(who, token) as at:
        if at is None:
            return
        check_number(number)
        row = at.session.get(models.Decision, number)
        if row is None or row.kind == DecisionKind.UNDONE:
            raise NotTheirs
        key = row.person_id if row.subject == SubjectKind.REP else row.team_id
        at.subject(SubjectKind(row.subject), key or 0)
        why = checked_reason(reason)
        done = select(models.Decision.id).where(models.Decision.undoes == number)
        if at.session.scalar(done) is not None:
            raise Refused(Refusal.UNDONE)
        made = decision_of(row, at.directory)
        at.decide(Decision(0, DecisionKind.UNDONE, at.now, why, undoes=number), made=made)
