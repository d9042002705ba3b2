"""The winners of a sealed quarter, from the last place with a bonus up to the first: what the reveal plays."""

from dataclasses import dataclass
from itertools import groupby

from leaderboard.domain.periods import Period
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board import stakes
from leaderboard.queries.board_page import PeriodFacts, Stake
from leaderboard.queries.periods import period_facts
from leaderboard.queries.places import places
from leaderboard.queries.wall_ground import Wall

_PLACES_WITHOUT_BONUS = 3


@dataclass(frozen=True, slots=True)
class RevealStep:
    """A place and all who share it."""

    rank: int
    names: tuple[str, ...]
    points: int
    stakes: tuple[Stake, ...]
    """What each of them wins."""


@dataclass(frozen=True, slots=True)
class RevealFacts:
    """The steps in the order in which they are shown: the first place comes last."""

    period: PeriodFacts
    steps: tuple[RevealStep, ...]


def reveal_facts(wall: Wall, period: Period) -> RevealFacts | None:
    """Of the teams of a quarter; None where it is not sealed: then nothing is settled that could be revealed."""
    if period.name not in wall.kept.seals:
        return None
    at_stake = stakes(wall.reading, period, SubjectKind.TEAM)
    last = max((stake.places for stake in at_stake), default=_PLACES_WITHOUT_BONUS)
    standing = places(wall.reading, wall.kept, period, SubjectKind.TEAM)
    winners = [
        place for place in standing.between(0, len(standing)) if place.rank <= last and place.points > 0
    ]
    steps = [
        RevealStep(
            rank,
            tuple(place.name for place in sharing),
            sharing[0].points,
            tuple(stake for stake in at_stake if rank <= stake.places),
        )
        for rank, group in groupby(winners, key=lambda place: place.rank)
        if (sharing := tuple(group))
    ]
    return RevealFacts(period_facts(wall.reading, wall.kept, period), tuple(reversed(steps)))
