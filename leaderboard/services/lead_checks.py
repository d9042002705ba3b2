"""The stored outcomes and contributions of leads, against the folds of their events."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.fold import fold_lead
from leaderboard.domain.instants import Instant
from leaderboard.domain.measures import plain
from leaderboard.domain.outcomes import LeadFold, Outcome
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence import models
from leaderboard.persistence.bulk import among
from leaderboard.services.directory import Directory
from leaderboard.services.rules import Rules
from leaderboard.services.timelines import load_timelines, stream_timelines

_Key = tuple[Any, ...]


def compare_leads(
    session: Session, rules: Rules, now: Instant, directory: Directory, leads: Sequence[str] | None = None
) -> Iterable[str]:
    """A line for every current row that does not follow from its lead's events; of all leads, or of those named."""
    stored = _stored(session, leads)
    timelines = (
        stream_timelines(session, now) if leads is None else load_timelines(session, leads, now).values()
    )
    for timeline in timelines:
        fold = fold_lead(timeline.events, rules.book, rules.placement, now)
        wanted, have = _wanted(fold, directory), stored.pop(timeline.lead_key, set())
        for key in sorted(wanted ^ have, key=repr):
            word = "missing" if key in wanted else "does not follow from the events"
            yield f"lead {timeline.lead_key}: outcome {key[0]} of {rules.book.calendar.date_at(key[2])} {word}"
    for lead in stored:
        yield f"lead {lead}: outcomes without events"


def _stored(session: Session, leads: Sequence[str] | None) -> dict[str, set[_Key]]:
    stored: dict[str, set[_Key]] = defaultdict(set)
    outcome, item = models.Outcome, models.Contribution
    for row in session.scalars(
        _of(session, select(outcome).where(outcome.current == true()), outcome, leads)
    ):
        stored[row.lead_key].add(
            (row.outcome_key, row.rating, row.at, row.person_id, row.team_id, row.points)
        )
    for line in session.scalars(_of(session, select(item).where(item.current == true()), item, leads)):
        stored[line.lead_key].add((line.contribution_key, line.value, line.at, line.person_id, line.team_id))
    return stored


def _of(session: Session, rows: Select[Any], model: Any, leads: Sequence[str] | None) -> Select[Any]:
    return rows if leads is None else rows.where(among(session, model.lead_key, leads))


def _wanted(fold: LeadFold, directory: Directory) -> set[_Key]:
    wanted: set[_Key] = {_outcome_key(one, directory) for one in fold.outcomes}
    return wanted | {
        (c.key, plain(c.value), c.at, directory.person_id(c.rep), directory.team_key(c.team))
        for c in fold.contributions
    }


def _outcome_key(outcome: Outcome, directory: Directory) -> _Key:
    booked = outcome.holder is not None and (outcome.subject is SubjectKind.REP or outcome.team is not None)
    return (
        outcome.key, outcome.rating.value, outcome.at, directory.person_id(outcome.holder),
        directory.team_key(outcome.team), outcome.points if booked else 0,
    )  # fmt: skip
