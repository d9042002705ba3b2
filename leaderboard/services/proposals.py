"""What one may not decide alone: larger adjustments, which a second person confirms, and tasks that a rep ticked off.

As in `deciding`, each is one transaction, with its entry in the audit log.
"""

from sqlalchemy import select

from leaderboard.domain.decisions import Decision, DecisionKind
from leaderboard.domain.rulebook import Confirmation, SubjectKind
from leaderboard.domain.tasks import open_task, task_prizes
from leaderboard.persistence import models
from leaderboard.persistence.models.proposals import CONFIRMED, POINTS, REFUSED, TASK, WAITING
from leaderboard.services.budgets import budget_of
from leaderboard.services.contest_facts import tasks_done
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.sittings import (
    NotTheirs,
    Refusal,
    Refused,
    Sitting,
    check_number,
    checked_reason,
    sitting,
)


def put_adjustment(at: Sitting, decision: Decision) -> None:
    """Keeps an adjustment until a second person confirms it."""
    is_rep = decision.subject is SubjectKind.REP
    row = models.Proposal(
        kind=POINTS,
        at=at.now,
        proposed_by=at.actor,
        subject=decision.subject.value,
        person_id=at.directory.person_id(decision.subject_id) if is_rep else None,
        team_id=None if is_rep else at.directory.team_key(decision.subject_id),
        points=decision.points,
        reason=decision.reason,
        state=WAITING,
    )
    _add(at, row, "proposal.points", decision)


def tick_off(who: LoggedIn, task: str, *, token: str) -> bool:
    """A rep says that he has done a task; whether it counts at once, or waits for a manager's word."""
    with sitting(who, token) as at:
        if at is None:
            return False
        rep = at.powers.own
        if rep is None:
            raise NotTheirs
        version = at.rules.book.at(at.now)
        known = open_task(version, task, rep, at.now, at.rules.placement)
        if known is None:
            raise Refused(Refusal.TASK_OVER)
        if _is_done(at, task, rep):
            raise Refused(Refusal.TASK_DONE)
        made = Decision(0, DecisionKind.TASK, at.now, subject_id=rep, task=task, done_at=at.now)
        if known.confirm is Confirmation.NOBODY:
            at.decide(made)
            return True
        row = models.Proposal(
            kind=TASK,
            at=at.now,
            proposed_by=at.actor,
            subject=SubjectKind.REP.value,
            person_id=who.person_id,
            task=task,
            state=WAITING,
        )
        _add(at, row, "proposal.task", made)
        return False


def _is_done(at: Sitting, task: str, rep: str) -> bool:
    """Whether the prize is the rep's, or a tick of his waits."""
    book, placement = at.rules.book, at.rules.placement
    prizes = task_prizes(tasks_done(at.session, at.directory), at.decisions, book, placement)
    if any(one.id == task and one.subject_id == rep and one.undone_at is None for one in prizes):
        return True
    row = models.Proposal
    mine = (row.kind == TASK, row.state == WAITING, row.person_id == at.who.person_id, row.task == task)
    return at.session.scalar(select(row.id).where(*mine)) is not None


def _add(at: Sitting, row: models.Proposal, action: str, decision: Decision) -> None:
    at.session.add(row)
    at.session.flush()
    at.note(action, at.subject_key(decision), row.id, decision)


def confirm(who: LoggedIn, number: int, *, token: str) -> None:
    """Makes a proposal a decision: an adjustment by a person other than the first, a task by who manages the rep."""
    with sitting(who, token) as at:
        if at is None:
            return
        row = _waiting(at, number)
        if row.kind == TASK:
            decided = at.decide(_tick(at, row))
        else:
            _check_second(at, row)
            _check_budget(at, row)
            decided = at.decide(_adjustment(at, row), by=row.proposed_by, second=at.actor)
        row.state, row.decision_id = CONFIRMED, decided
        row.settled_at, row.settled_by = at.now, at.actor


def refuse(who: LoggedIn, number: int, reason: str, *, token: str) -> None:
    """Ends a proposal, with a reason for who made it."""
    with sitting(who, token) as at:
        if at is None:
            return
        row = _waiting(at, number)
        if row.kind == POINTS:
            _check_second(at, row)
        why = checked_reason(reason)
        row.state, row.settled_because = REFUSED, why
        row.settled_at, row.settled_by = at.now, at.actor
        refused = _tick(at, row) if row.kind == TASK else _adjustment(at, row)
        at.note("proposal.refused", at.subject_key(refused), row.id, refused)


def _waiting(at: Sitting, number: int) -> models.Proposal:
    check_number(number)
    row = at.session.get(models.Proposal, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotTheirs
    key = row.person_id if row.subject == SubjectKind.REP else row.team_id
    at.subject(SubjectKind(row.subject), key or 0)
    if row.state != WAITING:
        raise Refused(Refusal.SETTLED)
    return row


def _check_second(at: Sitting, row: models.Proposal) -> None:
    """Two logins of one person are one person."""
    if row.proposed_by == at.actor:
        raise Refused(Refusal.SAME_PERSON)
    first = int(row.proposed_by.removeprefix("user:"))
    person = at.session.scalar(select(models.User.person_id).where(models.User.id == first))
    if person is not None and person == at.who.person_id:
        raise Refused(Refusal.SAME_PERSON)


def _check_budget(at: Sitting, row: models.Proposal) -> None:
    left = budget_of(at.session, at.rules.book, row.proposed_by, at.now).points_left
    if left is not None and (row.points or 0) > left:
        raise Refused(Refusal.POINTS_SPENT, left)


def _tick(at: Sitting, row: models.Proposal) -> Decision:
    rep = at.directory.rep_id(row.person_id or 0)
    return Decision(0, DecisionKind.TASK, at.now, subject_id=rep, task=row.task or "", done_at=row.at)


def _adjustment(at: Sitting, row: models.Proposal) -> Decision:
    subject = SubjectKind(row.subject)
    is_rep = subject is SubjectKind.REP
    who = at.directory.rep_id(row.person_id or 0) if is_rep else at.directory.team_id(row.team_id or 0)
    return Decision(
        0, DecisionKind.POINTS, at.now, row.reason, subject=subject, subject_id=who, points=row.points or 0
    )
