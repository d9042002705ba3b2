"""Standings out of the kept sums: never a scan of the ledger."""

from sqlalchemy.orm import Session

from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Standing, listed, rank_amounts
from leaderboard.queries.sums import month_sums
from leaderboard.services.directory import Directory
from leaderboard.services.rules import Rules

_NOTHING = (0, 0, 0, 0)


def kept_standing(
    session: Session, rules: Rules, period: Period, scope: SubjectKind, directory: Directory | None = None
) -> list[Standing]:
    """Who stands where in a period, as of now, from two statements; for many of them, who is who is asked once."""
    directory = directory or Directory(session)
    is_rep = scope is SubjectKind.REP
    rows = month_sums(session, period, scope)
    if is_rep:
        directory.learn_keys([row[0] for row in rows])
    ids = directory.rep_ids() if is_rep else directory.team_ids()
    names = rules.roster.rep_names if is_rep else rules.roster.team_names
    amounts = {ids[key]: (p, e, m, x) for key, p, e, m, x, entries in rows if entries or e or m or x}
    for subject_id in listed(rules.roster, period, scope) - amounts.keys():
        amounts[subject_id] = _NOTHING
    name_of = names.get
    return rank_amounts([(name_of(one, one), one) for one in amounts], list(amounts.values()))
