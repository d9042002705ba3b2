"""The figures behind ratings of many months and subjects: what was kept of how many, and what was missed."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select, true
from sqlalchemy.orm import Session

from leaderboard.domain.facts import Tally
from leaderboard.domain.measures import EXACT
from leaderboard.domain.rulebook import Rating, SubjectKind
from leaderboard.persistence import models
from leaderboard.queries.promises import LevelFacts
from leaderboard.services.ladder_steps import Taken

_MISSES_SHOWN = 400

Key = tuple[str, SubjectKind, int]
"""Month, subject, and the subject's key."""


def figures_of(session: Session, taken: Collection[Taken]) -> Mapping[Key, LevelFacts]:
    """By month and subject; two statements for each kind of subject among them."""
    tallies: dict[Key, dict[str, Tally]] = defaultdict(dict)
    sums: dict[Key, dict[tuple[str, str], Decimal]] = defaultdict(dict)
    for subject in {one.step.subject for one in taken}:
        for month, key, level, *counts in session.execute(_tallies(taken, subject)):
            tally = Tally(*map(int, counts))
            if tally.total:
                tallies[month, subject, key][level] = tally
        for month, key, level, side, value in session.execute(_sums(taken, subject)):
            mine = sums[month, subject, key]
            mine[level, side] = EXACT.add(mine.get((level, side), Decimal(0)), Decimal(value))
    return {key: LevelFacts(tallies.get(key, {}), sums.get(key, {})) for key in {*tallies, *sums}}


def _tallies(taken: Collection[Taken], subject: SubjectKind) -> Any:
    row = models.Tally
    key = row.person_id if subject is SubjectKind.REP else row.team_id
    counts = (func.sum(row.exceeded), func.sum(row.met), func.sum(row.missed))
    columns = (row.month, key, row.service_level)
    return select(*columns, *counts).where(*_these(row, key, taken, subject)).group_by(*columns)


def _sums(taken: Collection[Taken], subject: SubjectKind) -> Any:
    row = models.CountSum
    key = row.person_id if subject is SubjectKind.REP else row.team_id
    columns = (row.month, key, row.service_level, row.side, row.value)
    return select(*columns).where(*_these(row, key, taken, subject))


def missed_outcomes(
    session: Session, taken: Collection[Taken]
) -> Mapping[tuple[Key, str], list[models.Outcome]]:
    """The missed ones by month, subject and service level, in their order; a statement for each kind of subject."""
    found: dict[tuple[Key, str], list[models.Outcome]] = defaultdict(list)
    row = models.Outcome
    for subject in {one.step.subject for one in taken}:
        is_rep = subject is SubjectKind.REP
        key = row.person_id if is_rep else row.team_id
        statement = select(row).where(
            *_these(row, key, taken, subject), row.rating == Rating.MISSED.value, row.counted == true()
        )
        for one in session.scalars(statement.order_by(row.at.desc()).limit(_MISSES_SHOWN)):
            who = one.person_id if is_rep else one.team_id
            found[(one.month, subject, who or 0), one.service_level].append(one)
    return found


def _these(row: Any, key: Any, taken: Collection[Taken], subject: SubjectKind) -> tuple[Any, ...]:
    mine = [one for one in taken if one.step.subject is subject]
    return (
        row.month.in_({one.step.month for one in mine}),
        row.service_level.in_({one.step.service_level for one in mine}),
        key.in_({one.key for one in mine}),
    )
