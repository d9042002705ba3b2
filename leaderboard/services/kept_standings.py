"""Standings out of the kept sums: never a scan of the ledger."""

from sqlalchemy.orm import Session

from leaderboard.domain.facts import Tally
from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Score, Standing, listed, rank_scores
from leaderboard.queries.sums import month_sums
from leaderboard.services.directory import Directory
from leaderboard.services.rules import Rules


def kept_standing(
    session: Session, rules: Rules, period: Period, scope: SubjectKind, directory: Directory | None = None
) -> list[Standing]:
    """Who stands where in a period, as of now, from two statements; for many of them, who is who is asked once."""
    directory = directory or Directory(session)
    is_rep = scope is SubjectKind.REP
    rows = month_sums(session, period, scope)
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
