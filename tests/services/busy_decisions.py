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

ON_MEASURES = (DecisionKind.APPROVED, DecisionKind.WAIVED)
OTHERS = (DecisionKind.BADGE, DecisionKind.POINTS, DecisionKind.TASK, DecisionKind.TASK, DecisionKind.UNDONE)


def a_decision(
    number: int, session: Session, rules: Rules, now: Instant, before: Sequence[Decision]
) -> Decision | None:
    """One of those that the number chooses; None where there is nothing of the kind to decide."""
    random = Random(number)
    measures = _measures(session, rules, now)
    if measures and random.random() < 0.6:
        return Decision(0, random.choice(ON_MEASURES), now, "as agreed", measure=random.choice(measures))
    kind = random.choice(OTHERS)
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


def _measures(session: Session, rules: Rules, now: Instant) -> list[MeasureRef]:
    """Those of the steps that stand; the deductions more than once, for only they book anything."""
    book, directory = rules.book, Directory(session)
    last = book.calendar.month_at(now).ordinal
    months = [Month.from_ordinal(number) for number in range(book.first_month.ordinal, last)]
    steps = [step for month in months for step in steps_taken(session, book, month, directory)]
    return [
        MeasureRef(step.month, step.consequence, step.subject, step.id, place)
        for step in steps
        for place, measure in enumerate(step.measures)
        for _ in range(3 if measure.points else 1)
    ]
