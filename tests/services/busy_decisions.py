"""What somebody may decide at a moment of a story."""

from collections.abc import Sequence
from random import Random

from sqlalchemy.orm import Session

from leaderboard.domain.decisions import Decision, DecisionKind, MeasureRef
from leaderboard.domain.instants import DAY, Instant
from leaderboard.domain.periods import Month
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services.directory import Directory
from leaderboard.services.ended_months import steps_taken
from leaderboard.services.rules import Rules
from tests.services.busy_prizes import TASKS

KINDS = (
    DecisionKind.APPROVED, DecisionKind.APPROVED, DecisionKind.APPROVED, DecisionKind.WAIVED, DecisionKind.WAIVED,
    DecisionKind.BADGE, DecisionKind.POINTS, DecisionKind.TASK, DecisionKind.UNDONE, DecisionKind.UNDONE,
)  # fmt: skip


def a_decision(
    number: int, session: Session, rules: Rules, now: Instant, before: Sequence[Decision]
) -> Decision | None:
    """One of those that the number chooses; None where there is nothing of the kind to decide."""
    random = Random(number)
    kind = random.choice(KINDS)
    if kind in (DecisionKind.APPROVED, DecisionKind.WAIVED):
        return _on_a_measure(random, kind, session, rules, now)
    if kind is DecisionKind.UNDONE:
        undone = {made.undoes for made in before}
        left = [m.id for m in before if m.kind is not DecisionKind.UNDONE and m.id not in undone]
        return Decision(0, kind, now, "undone", undoes=random.choice(left)) if left else None
    reps = sorted(rules.roster.reps)
    if not reps:
        return None
    rep = random.choice(reps)
    if kind is DecisionKind.BADGE:
        return Decision(0, kind, now, "well done", subject_id=rep, badge="star")
    if kind is DecisionKind.TASK:
        done_at = now - random.choice((0, DAY, 20 * DAY))
        return Decision(0, kind, now, subject_id=rep, task=random.choice(TASKS), done_at=done_at)
    teams = sorted(rules.roster.teams)
    subject = random.choice((SubjectKind.REP, SubjectKind.TEAM)) if teams else SubjectKind.REP
    who = rep if subject is SubjectKind.REP else random.choice(teams)
    return Decision(0, kind, now, "why", subject=subject, subject_id=who, points=random.choice((-4, 2, 9)))


def _on_a_measure(
    random: Random, kind: DecisionKind, session: Session, rules: Rules, now: Instant
) -> Decision | None:
    book, directory = rules.book, Directory(session)
    last = book.calendar.month_at(now).ordinal
    months = [Month.from_ordinal(number) for number in range(book.first_month.ordinal, last)]
    steps = [step for month in months for step in steps_taken(session, book, month, directory)]
    found = [
        MeasureRef(step.month, step.consequence, step.subject, step.id, place)
        for step in steps
        for place in range(len(step.measures))
    ]
    return Decision(0, kind, now, "as agreed", measure=random.choice(found)) if found else None
