"""The rules less one of their service levels, and how much a standing changes by it (docs/fairness.md)."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from leaderboard.domain.instants import Instant
from leaderboard.domain.outcomes import LeadFold
from leaderboard.domain.rulebook import Contest, CountBadge, Recognition, Rulebook, StreakBadge, Suspension


def without_level(rulebook: Rulebook, level_id: str) -> Rulebook:
    """The rules as if nobody had ever thought of that service level: what names it goes with it."""
    badges = {
        badge.id: badge
        for badge in rulebook.badges.values()
        if not (isinstance(badge.rule, CountBadge | StreakBadge) and badge.rule.service_level == level_id)
    }
    ladders = {rule.id: rule for rule in rulebook.consequences.values() if rule.service_level != level_id}
    return replace(
        rulebook,
        service_levels={key: one for key, one in rulebook.service_levels.items() if key != level_id},
        badges=badges,
        recognition={key: _without_badge(rule, badges) for key, rule in rulebook.recognition.items()},
        consequences=ladders,
        contests=dict(_contests(rulebook, level_id)),
        suspensions=tuple(_suspensions(rulebook, ladders)),
    )


def _without_badge(rule: Recognition, badges: Mapping[str, object]) -> Recognition:
    return rule if rule.badge is None or rule.badge in badges else replace(rule, badge=None)


def _contests(rulebook: Rulebook, level_id: str) -> Iterator[tuple[str, Contest]]:
    for key, contest in rulebook.contests.items():
        left = tuple(name for name in contest.service_levels if name != level_id)
        if left:
            yield key, replace(contest, service_levels=left)


def _suspensions(rulebook: Rulebook, ladders: Mapping[str, object]) -> Iterator[Suspension]:
    for one in rulebook.suspensions:
        named = one.consequences
        left = None if named is None else tuple(name for name in named if name in ladders)
        if left is None or left:
            yield replace(one, consequences=left)


def fold_without(fold: LeadFold, level_id: str, since: Instant) -> LeadFold:
    """What follows from a lead, less what that service level counted from an instant on."""
    return LeadFold(
        tuple(one for one in fold.outcomes if one.service_level != level_id or one.at < since),
        tuple(one for one in fold.contributions if one.service_level != level_id or one.at < since),
        fold.running,
    )


class Pairs(NamedTuple):
    """Of all pairs of subjects: how many stand the same way round in both standings, the other way, or share a rank."""

    same: int
    swapped: int
    tied: int

    @property
    def tau(self) -> Fraction:
        """Kendall's rank correlation: 1 where no pair is swapped or tied, −1 where all are swapped; 1 of no pairs."""
        whole = sum(self)
        return Fraction(self.same - self.swapped, whole) if whole else Fraction(1)


def pairs(before: Mapping[str, int], after: Mapping[str, int]) -> Pairs:
    """Compares the ranks that the same subjects have in two standings, in n log n steps."""
    ranks = sorted((rank, after[who]) for who, rank in before.items())
    same = swapped = 0
    seen: list[int] = []
    for _, level in groupby(ranks, key=lambda pair: pair[0]):
        later = [rank for _, rank in level]
        for rank in later:
            same += bisect_left(seen, rank)
            swapped += len(seen) - bisect_right(seen, rank)
        for rank in later:
            insort(seen, rank)
    return Pairs(same, swapped, len(ranks) * (len(ranks) - 1) // 2 - same - swapped)


@dataclass(frozen=True, slots=True)
class Move:
    """A rep in the standing over all the months, with the service level and without it."""

    rep: str
    name: str
    rank: int
    rank_without: int
    points: int
    points_without: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a service level decides: the standing over all the months without it, and who would win then.

    `wins` are those there are with it, `wins_lost` how many of them would be somebody else's, or nobody's.
    """

    service_level: str
    points: int
    points_without: int
    wins: int
    wins_lost: int
    pairs: Pairs
    moves: tuple[Move, ...]
    """All reps of the standing, in the order in which they stand with it."""
