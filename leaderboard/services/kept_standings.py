"""Standings out of the kept sums: never a scan of the ledger."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.facts import Tally
from leaderboard.domain.periods import Period
from leaderboard.domain.roster import Roster
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Score, Standing, listed, name_of, rank_scores
from leaderboard.persistence.models import MonthSum
from leaderboard.services.directory import Directory
from leaderboard.services.rules import Rules


def kept_standing(session: Session, rules: Rules, period: Period, scope: SubjectKind) -> list[Standing]:
    """Who stands where in a period, as of now, from two statements."""
    directory = Directory(session)
    rows = _sums(session, period, scope)
    if scope is SubjectKind.REP:
        directory.learn_keys(row.key for row in rows)
    scores: dict[str, Score] = {}
    for row in rows:
        if row.entries or row.exceeded or row.met or row.missed:
            subject_id = directory.rep_id(row.key) if scope is SubjectKind.REP else directory.team_id(row.key)
            scores[subject_id] = _score(rules.roster, scope, subject_id, row)
    for subject_id in listed(rules.roster, period, scope) - scores.keys():
        scores[subject_id] = Score(subject_id, name_of(rules.roster, scope, subject_id))
    return rank_scores(scores.values())


def _sums(session: Session, period: Period, scope: SubjectKind) -> Any:
    key = MonthSum.person_id if scope is SubjectKind.REP else MonthSum.team_id
    columns = (MonthSum.points, MonthSum.exceeded, MonthSum.met, MonthSum.missed, MonthSum.entries)
    return session.execute(
        select(key.label("key"), *(func.sum(column).label(column.key) for column in columns))
        .where(MonthSum.month.in_([str(month) for month in period.months]), key != 0)
        .group_by(key)
    ).all()


def _score(roster: Roster, scope: SubjectKind, subject_id: str, row: Any) -> Score:
    tally = Tally(int(row.exceeded), int(row.met), int(row.missed))
    return Score(subject_id, name_of(roster, scope, subject_id), int(row.points), tally)
