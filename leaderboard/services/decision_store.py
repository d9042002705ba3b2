"""Decisions as rows: read as the rules want them, and noted with all that follows from them at once."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.decisions import Decision, DecisionKind, MeasureRef
from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence import models
from leaderboard.services.directory import Directory
from leaderboard.services.rows import subject_id


def load_decisions(session: Session, directory: Directory, as_of: Instant | None = None) -> list[Decision]:
    """All decisions made by an instant, in their order; none where nobody ever decided anything."""
    row = models.Decision
    statement = select(row).order_by(row.at, row.id)
    if as_of is not None:
        statement = statement.where(row.at <= as_of)
    rows = session.scalars(statement).all()
    directory.learn_keys(one.person_id for one in rows if one.person_id is not None)
    return [decision_of(one, directory) for one in rows]


def decision_of(row: models.Decision, directory: Directory) -> Decision:
    """A row as the rules want it."""
    made = Decision(row.id, DecisionKind(row.kind), row.at, row.reason)
    if row.undoes is not None:
        return replace(made, undoes=row.undoes)
    kind, who = SubjectKind(row.subject), subject_id(directory, row.subject, row.person_id, row.team_id)
    measure = None
    if row.month is not None:
        measure = MeasureRef(row.month, str(row.consequence), kind, who, row.place or 0)
    return replace(
        made,
        measure=measure,
        subject=kind,
        subject_id=who,
        points=row.points or 0,
        badge=row.badge or "",
        task=row.task or "",
        done_at=row.done_at or 0,
    )


def add_decision(
    session: Session,
    decision: Decision,
    directory: Directory,
    decided_by: str,
    seconded_by: str | None = None,
) -> int:
    """Stores a decision; its number, which the database gives. Raises KeyError for a subject nobody ever heard of.

    What follows from it is `prizes.settle_decided`'s; whoever calls has asked whether it may be made, and commits.
    """
    measure = decision.measure
    kind = decision.subject if measure is None else measure.subject
    who = decision.subject_id if measure is None else measure.id
    undoing = decision.kind is DecisionKind.UNDONE
    is_rep = kind is SubjectKind.REP
    row = models.Decision(
        kind=decision.kind.value,
        at=decision.at,
        decided_by=decided_by,
        seconded_by=seconded_by,
        reason=decision.reason,
        subject=kind.value,
        person_id=directory.person_id(who) if is_rep and not undoing else None,
        team_id=directory.team_key(who) if not is_rep and not undoing else None,
        month=None if measure is None else measure.month,
        consequence=None if measure is None else measure.consequence,
        place=None if measure is None else measure.place,
        badge=decision.badge or None,
        points=decision.points if decision.kind is DecisionKind.POINTS else None,
        task=decision.task or None,
        done_at=decision.done_at if decision.kind is DecisionKind.TASK else None,
        undoes=decision.undoes,
    )
    session.add(row)
    session.flush()
    return row.id


def months_of_steps(decisions: Iterable[Decision]) -> set[str]:
    """The months of the steps about which anything was decided."""
    return {decision.measure.month for decision in decisions if decision.measure is not None}
