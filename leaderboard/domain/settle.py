"""What a month that has ended comes to: ratings, badges, steps of consequences, and the entries they book.

The stored evaluation and the replay from events both end here, so that they cannot drift apart.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from leaderboard.domain.badges import Award, badge_entry, clean_month_awards, rank_awards
from leaderboard.domain.consequences import (
    LadderKey,
    LadderState,
    StepTaken,
    deduction_entries,
    month_steps,
)
from leaderboard.domain.facts import MonthFacts
from leaderboard.domain.periods import Period
from leaderboard.domain.points import Entry, month_entry
from leaderboard.domain.ratings import MonthRating, month_ratings
from leaderboard.domain.recognition import Win, win_awards, wins
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import StreakBadge, SubjectKind
from leaderboard.domain.standings import Standing
from leaderboard.domain.versions import Version


@dataclass(frozen=True, slots=True)
class MonthSettled:
    """An ended month's ratings and what follows from them, but for the ranks."""

    ratings: tuple[MonthRating, ...]
    steps: tuple[StepTaken, ...]
    awards: tuple[Award, ...]
    entries: tuple[Entry, ...]
    ladders: Mapping[LadderKey, LadderState]
    moved: frozenset[LadderKey]
    """The ladders that a rating of the month moved."""


@dataclass(frozen=True, slots=True)
class RanksSettled:
    """What an ended period's standing brings: rank badges, wins and their badges."""

    awards: tuple[Award, ...]
    wins: tuple[Win, ...]
    entries: tuple[Entry, ...]


def settle_month(
    version: Version,
    month: Period,
    facts: MonthFacts,
    placement: Placement,
    ladders: Mapping[LadderKey, LadderState],
    given: Collection[str] = (),
) -> MonthSettled:
    """Ratings, month points, clean months and ladders of a month that has ended.

    `given` are the keys of awards that stand already, as for `settle_ranks`.
    """
    ratings = month_ratings(version, facts, placement.roster)
    climbed = month_steps(version, month, ratings, ladders, placement.roster)
    awards = [award for award in clean_month_awards(version, month, facts) if award.key not in given]
    entries = [
        *filter(None, (month_entry(rating, month, placement) for rating in ratings)),
        *(entry for step in climbed.steps for entry in deduction_entries(step, month, placement)),
        *filter(None, (badge_entry(award, placement) for award in awards)),
    ]
    return MonthSettled(
        tuple(ratings), climbed.steps, tuple(awards), tuple(entries), climbed.states, climbed.moved
    )


def settle_ranks(
    version: Version,
    period: Period,
    standings: Mapping[SubjectKind, Sequence[Standing]],
    placement: Placement,
    without_bonus: Collection[tuple[SubjectKind, str]] = (),
    given: Collection[str] = (),
) -> RanksSettled:
    """Rank badges and recognition of a period that has ended, by the version in force at its last second.

    `given` are the keys of awards that stand already: a month's and a quarter's recognition may give the same badge
    for the same last second, and it is awarded once for one subject and instant.
    """
    awards: dict[str, Award] = {}
    won: list[Win] = []
    for scope, standing in standings.items():
        denied = {subject_id for kind, subject_id in without_bonus if kind is scope}
        scope_wins = wins(version, period, scope, standing, denied)
        won.extend(scope_wins)
        earned = [*rank_awards(version, period, scope, standing), *win_awards(version, period, scope_wins)]
        awards.update((award.key, award) for award in earned if award.key not in given)
    entries = filter(None, (badge_entry(award, placement) for award in awards.values()))
    return RanksSettled(tuple(awards.values()), tuple(won), tuple(entries))


def surviving_runs(version: Version, runs: Mapping[str, int]) -> dict[str, int]:
    """The streaks, by badge, that this version continues: those of badges it has too."""
    badges = version.rulebook.badges
    return {
        badge: run
        for badge, run in runs.items()
        if badge in badges and isinstance(badges[badge].rule, StreakBadge)
    }
