"""What a closing seals, and the money that it proposes: before it is done, and to be held against what was shown."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Standing
from leaderboard.services.directory import Directory
from leaderboard.services.kept_standings import kept_standing
from leaderboard.services.payout_proposals import Won, bonuses_of, prize_money_of
from leaderboard.services.rules import Rules
from leaderboard.services.seals import seal_row


@dataclass(frozen=True, slots=True)
class ToSeal:
    """A period as it would be sealed."""

    period: Period
    standings: Mapping[SubjectKind, Sequence[Standing]]
    money: tuple[Won, ...]


def what_follows(
    session: Session, rules: Rules, periods: Sequence[Period], at: Instant
) -> tuple[ToSeal, ...]:
    """The standings as they are kept, and the bonuses and prizes that they bring."""
    directory = Directory(session)
    return tuple(_one(session, rules, period, at, directory) for period in periods)


def _one(session: Session, rules: Rules, period: Period, at: Instant, directory: Directory) -> ToSeal:
    standings = {scope: kept_standing(session, rules, period, scope, directory) for scope in SubjectKind}
    bonuses = bonuses_of(session, rules, period, standings, directory)
    return ToSeal(period, standings, (*bonuses, *prize_money_of(session, rules, period, at)))


def digest_of(found: Sequence[ToSeal], directory: Directory) -> str:
    """SHA-256 of all of it: who is shown this and confirms it confirms nothing else."""
    for one in found:
        directory.learn_people(row.score.id for row in one.standings[SubjectKind.REP])
    document = [
        {
            "period": one.period.name,
            "standings": {
                scope.value: [seal_row(row, scope, directory) for row in standing]
                for scope, standing in one.standings.items()
            },
            "money": [
                (won.source, won.subject, won.subject_id, format(won.amount, "f")) for won in one.money
            ],
        }
        for one in found
    ]
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
