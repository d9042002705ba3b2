"""Data health: what came in and could not be counted. Each kind by an index, the first few cases of it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, case, false, func, literal, select, true
from sqlalchemy.orm import aliased

from leaderboard.domain.events import OUTCOME_RECORDED
from leaderboard.domain.instants import DAY
from leaderboard.persistence.models import Event, IntakeProblem, Lead, Outcome, Person, RepKey
from leaderboard.queries.data_health_page import DataHealthPage, Example, SourceFacts, Trouble, TroubleFacts
from leaderboard.queries.freshness import freshness
from leaderboard.queries.ground import Reading
from leaderboard.queries.sources import sources

_EXAMPLES = 5
_DAYS_BACK = 30
"""Verdicts and leads without a place are looked for so far back: what is older is settled or sealed."""
_NOTED = (Trouble.REJECTED, Trouble.CONFLICT)


def data_health_page(reading: Reading) -> DataHealthPage:
    """A constant number of statements."""
    heard = sources(reading)
    troubles = (
        *_noted(reading),
        _unplaced_verdicts(reading),
        _unknown_reps(reading),
        _ownerless_leads(reading),
        _silent(heard),
        _stuck_leads(reading),
    )
    return DataHealthPage(freshness(reading), troubles, heard, _level_names(reading))


def _level_names(reading: Reading) -> dict[str, str]:
    """What service levels are called, the latest version last."""
    versions = reading.ground.book.versions
    return {level.id: level.name for version in versions for level in version.service_levels.values()}


def _noted(reading: Reading) -> tuple[TroubleFacts, ...]:
    """What intake wrote down: one statement for how many, one a kind for the newest cases."""
    problem = IntakeProblem
    rows = reading.session.execute(
        select(problem.kind, func.count(), func.max(problem.noted_at))
        .where(problem.resolved_at.is_(None))
        .group_by(problem.kind)
    )
    counted = {kind: (count, newest_at) for kind, count, newest_at in rows}
    return tuple(_noted_kind(reading, trouble, *counted.get(trouble.value, (0, None))) for trouble in _NOTED)


def _noted_kind(reading: Reading, trouble: Trouble, count: int, newest_at: int | None) -> TroubleFacts:
    problem = IntakeProblem
    rows: Sequence[Any] = ()
    if count:
        rows = reading.session.execute(
            select(
                problem.event_id,
                problem.origin,
                problem.source,
                problem.reason,
                problem.noted_at,
                problem.params,
            )
            .where(problem.kind == trouble.value, problem.resolved_at.is_(None))
            .order_by(problem.noted_at.desc(), problem.id.desc())
            .limit(_EXAMPLES)
        ).all()
    examples = tuple(
        Example(
            row.event_id or row.origin or "–",
            # Whom to ask, and where to look: a token's name, a file and line.
            " · ".join(filter(None, (row.source, row.origin if row.event_id else None))) or None,
            row.reason,
            row.noted_at,
            params=row.params,
        )
        for row in rows
    )
    return TroubleFacts(trouble, count, newest_at, examples)


def _unplaced_verdicts(reading: Reading) -> TroubleFacts:
    """Recorded outcomes, folded and not voided, of which no outcome came."""
    voiding = aliased(Event)
    is_voided = (
        select(voiding.seq).where(voiding.source == Event.source, voiding.voids == Event.event_id).exists()
    )
    rows = (
        select(
            Event.event_id,
            Event.source,
            Event.attributes,
            Event.received_at,
            case((Event.rep_key_id.is_(None), "rep")).label("lacks"),
        )
        .join(Lead, Lead.lead_key == Event.lead_key)
        .outerjoin(Outcome, and_(Outcome.lead_key == Event.lead_key, Outcome.opening_seq == Event.seq))
        .where(
            Event.type == OUTCOME_RECORDED,
            Event.received_at >= reading.now - _DAYS_BACK * DAY,
            Event.time_at <= reading.now,
            Lead.folded_seq == Lead.touched_seq,
            Outcome.id.is_(None),
            ~is_voided,
        )
    )
    found = rows.subquery()
    return _facts(
        reading,
        Trouble.UNPLACED_VERDICT,
        select(
            found.c.event_id,
            found.c.source,
            found.c.attributes,
            found.c.received_at,
            literal(1),
            found.c.lacks,
        ),
        found.c.received_at,
    )


def _unknown_reps(reading: Reading) -> TroubleFacts:
    statement = select(Person.rep_id, literal(None), literal(None), Person.created_at, literal(1)).where(
        Person.in_roster == false(),
        Person.rep_id.is_not(None),
        select(RepKey.id).where(RepKey.person_id == Person.id).exists(),
    )
    return _facts(reading, Trouble.UNKNOWN_REP, statement, Person.created_at)


def _ownerless_leads(reading: Reading) -> TroubleFacts:
    statement = select(Outcome.lead_key, literal(None), Outcome.service_level, Outcome.at, literal(1)).where(
        Outcome.counted == true(), Outcome.person_id.is_(None), Outcome.at >= reading.now - _DAYS_BACK * DAY
    )
    return _facts(reading, Trouble.OWNERLESS_LEAD, statement, Outcome.at)


def _stuck_leads(reading: Reading) -> TroubleFacts:
    statement = select(
        Lead.lead_key,
        literal(None),
        Lead.last_error,
        func.coalesce(Lead.retry_at, reading.now),
        Lead.attempts,
    ).where(Lead.last_error.is_not(None))
    return _facts(reading, Trouble.STUCK_LEAD, statement, Lead.retry_at)


def _facts(reading: Reading, trouble: Trouble, statement: Any, at: Any) -> TroubleFacts:
    """How many there are and the newest few: columns are subject, source, reason, instant, count, maybe params."""
    everything = func.count().over()
    rows = reading.session.execute(
        statement.add_columns(everything.label("total")).order_by(at.desc()).limit(_EXAMPLES)
    ).all()
    if not rows:
        return TroubleFacts(trouble, 0, None, ())
    examples = tuple(
        Example(row[0], row[1], row[2], row[3], row[4], row[5] if len(row) > 6 else None) for row in rows
    )
    return TroubleFacts(trouble, rows[0].total, rows[0][3], examples)


def _silent(heard: tuple[SourceFacts, ...]) -> TroubleFacts:
    silent = sorted((source for source in heard if source.is_silent), key=lambda one: one.last_received_at)
    examples = tuple(Example(one.source, None, None, one.last_received_at) for one in silent[:_EXAMPLES])
    newest_at = max((one.last_received_at for one in silent), default=None)
    return TroubleFacts(Trouble.SILENT_SOURCE, len(silent), newest_at, examples)
