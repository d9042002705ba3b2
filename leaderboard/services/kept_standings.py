"""Standings out of the kept sums: never a scan of the ledger."""

from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from leaderboard.domain.facts import Tally
from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Score, Standing, listed, name_of, rank_scores
from leaderboard.persistence.models import MonthSum
from leaderboard.services.directory import Directory
from leaderboard.services.rules import Rules


def kept_standing(
    session: Session, rules: Rules, period: Period, scope: SubjectKind, directory: Directory | None = None
) -> list[Standing]:
    """Who stands where in a period, as of now, from two statements; for many of them, who is who is asked once."""
    directory = directory or Directory(session)
    rows = _sums(session, period, scope)
    if scope is SubjectKind.REP:
        directory.learn_keys(row[0] for row in rows)
    subject_of = directory.rep_id if scope is SubjectKind.REP else directory.team_id
    scores: dict[str, Score] = {}
    for key, points, exceeded, met, missed, entries in rows:
        if entries or exceeded or met or missed:
            subject_id = subject_of(key)
            name = name_of(rules.roster, scope, subject_id)
            scores[subject_id] = Score(subject_id, name, points, Tally(exceeded, met, missed))
    for subject_id in listed(rules.roster, period, scope) - scores.keys():
        scores[subject_id] = Score(subject_id, name_of(rules.roster, scope, subject_id))
    return rank_scores(scores.values())


def _sums(session: Session, period: Period, scope: SubjectKind) -> Any:
    """Key, points, exceeded, met, missed, entries. As whole numbers: PostgreSQL sums them up as decimals."""
    key = MonthSum.person_id if scope is SubjectKind.REP else MonthSum.team_id
    columns = (MonthSum.points, MonthSum.exceeded, MonthSum.met, MonthSum.missed, MonthSum.entries)
    sums = (cast(func.sum(column), BigInteger) for column in columns)
    months = [str(month) for month in period.months]
    statement = select(key, *sums).where(MonthSum.month.in_(months), key != 0).group_by(key)
    return session.connection().execute(statement).all()
