"""Standings out of the kept sums: never a scan of the ledger."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from leaderboard.domain.facts import Tally
from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Score, Standing, listed, rank_scores
from leaderboard.persistence.models import MonthSum
from leaderboard.services.directory import Directory
from leaderboard.services.rules import Rules

_Sums: TypeAlias = Sequence[Any]


def kept_standing(
    session: Session, rules: Rules, period: Period, scope: SubjectKind, directory: Directory | None = None
) -> list[Standing]:
    """Who stands where in a period, as of now, from two statements; for many of them, who is who is asked once."""
    directory = directory or Directory(session)
    is_rep = scope is SubjectKind.REP
    rows = _sums(session, period, scope)
    if is_rep:
        directory.learn_keys(row[0] for row in rows)
    ids = directory.rep_ids() if is_rep else directory.team_ids()
    names = rules.roster.rep_names if is_rep else rules.roster.team_names
    scores: dict[str, Score] = {}
    for key, points, exceeded, met, missed, entries in rows:
        if entries or exceeded or met or missed:
            subject_id = ids[key]
            tally = Tally(exceeded, met, missed)
            scores[subject_id] = Score(subject_id, names.get(subject_id, subject_id), points, tally)
    for subject_id in listed(rules.roster, period, scope) - scores.keys():
        scores[subject_id] = Score(subject_id, names.get(subject_id, subject_id))
    return rank_scores(scores.values())


def _sums(session: Session, period: Period, scope: SubjectKind) -> Iterable[_Sums]:
    """Key, points, exceeded, met, missed, entries."""
    columns = (MonthSum.points, MonthSum.exceeded, MonthSum.met, MonthSum.missed, MonthSum.entries)
    key = MonthSum.person_id if scope is SubjectKind.REP else MonthSum.team_id
    months = [str(month) for month in period.months]
    here = (MonthSum.month.in_(months), key != 0)
    if scope is SubjectKind.REP and len(months) == 1:
        # Nearly everybody has one row, and PostgreSQL takes longer to group them than to send them.
        return _together(session.connection().execute(select(key, *columns).where(*here)).all())
    # As whole numbers: PostgreSQL sums them up as decimals.
    sums = (cast(func.sum(column), BigInteger) for column in columns)
    return session.connection().execute(select(key, *sums).where(*here).group_by(key)).all()


def _together(rows: Sequence[_Sums]) -> Iterable[_Sums]:
    """One row of each who has several: whoever changed teams within the month."""
    if len({row[0] for row in rows}) == len(rows):
        return rows
    added: dict[int, list[int]] = {}
    for key, *amounts in rows:
        into = added.setdefault(key, [0] * len(amounts))
        for place, amount in enumerate(amounts):
            into[place] += amount
    return [(key, *amounts) for key, amounts in added.items()]
