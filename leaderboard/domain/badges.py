"""Badges: for counts, streaks, clean months and ranks (rulebook.md, Badges)."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from leaderboard.domain.facts import MonthFacts, Tally
from leaderboard.domain.instants import SECOND, Instant
from leaderboard.domain.outcomes import Outcome
from leaderboard.domain.periods import Period
from leaderboard.domain.points import Entry, EntryKind, team_of
from leaderboard.domain.roster import Placement
from leaderboard.domain.rulebook import (
    Badge,
    CleanMonthBadge,
    CountBadge,
    RankBadge,
    Rating,
    StreakBadge,
    SubjectKind,
)
from leaderboard.domain.standings import Standing
from leaderboard.domain.versions import Version


class Award(NamedTuple):
    """A badge that a subject was given at an instant, once."""

    badge: str
    subject: SubjectKind
    id: str
    awarded_at: Instant
    rulebook_on: dt.date
    points: int
    booked_at: Instant

    @property
    def key(self) -> str:
        """Names the award for good."""
        return f"badge/{self.badge}/{self.subject}/{self.id}/{self.awarded_at}"


def award_order(award: Award) -> tuple[Instant, str, str, str]:
    """The order in which awards are listed."""
    return (award.awarded_at, award.subject, award.id, award.badge)


def badge_entry(award: Award, placement: Placement) -> Entry | None:
    """The points of an award; None where the badge has none."""
    if not award.points:
        return None
    return Entry(
        f"badge/{award.badge}/{award.awarded_at}", award.booked_at, award.subject, award.id,
        team_of(award.subject, award.id, award.booked_at, placement), award.points, EntryKind.BADGE,
        award.rulebook_on, badge=award.badge,
    )  # fmt: skip


def _award(
    version: Version, badge: Badge, subject: SubjectKind, subject_id: str, at: Instant, delay: int = 0
) -> Award:
    return Award(badge.id, subject, subject_id, at, version.effective_from, badge.points, at + delay)


class Turn(NamedTuple):
    """What count and streak badges look at of an outcome."""

    service_level: str
    rating: Rating
    at: Instant


def live_service_levels(version: Version) -> set[str]:
    """The service levels at whose outcomes count and streak badges look."""
    rules = (badge.rule for badge in version.rulebook.badges.values())
    return {rule.service_level for rule in rules if isinstance(rule, CountBadge | StreakBadge)}


def live_awards(
    version: Version, rep: str, outcomes: Sequence[Outcome | Turn], runs: Mapping[str, int]
) -> tuple[list[Award], dict[str, int]]:
    """Count and streak badges of one rep in one month, as they are earned, and the streaks at its end.

    `outcomes` are the rep's of that month in streak order; `runs` the streaks by badge at its beginning.
    """
    awards: dict[str, Award] = {}
    ends: dict[str, int] = {}
    for badge in version.rulebook.badges.values():
        earned: Iterable[Instant] = ()
        if isinstance(badge.rule, CountBadge):
            earned = _count_earned(badge.rule, outcomes)
        elif isinstance(badge.rule, StreakBadge):
            earned, ends[badge.id] = _streak_earned(badge.rule, outcomes, runs.get(badge.id, 0))
        for at in earned:
            award = _award(version, badge, SubjectKind.REP, rep, at)
            awards[award.key] = award
    return list(awards.values()), ends


def _count_earned(rule: CountBadge, outcomes: Sequence[Outcome | Turn]) -> list[Instant]:
    good = [
        o.at for o in outcomes if o.service_level == rule.service_level and o.rating.at_least(rule.rating)
    ]
    return good[rule.count - 1 : rule.count]


def _streak_earned(
    rule: StreakBadge, outcomes: Sequence[Outcome | Turn], run: int
) -> tuple[list[Instant], int]:
    earned: list[Instant] = []
    for outcome in outcomes:
        if outcome.service_level != rule.service_level:
            continue
        run = run + 1 if outcome.rating.is_kept else 0
        if run and run % rule.streak == 0:
            earned.append(outcome.at)
    return earned, run


def clean_month_awards(version: Version, month: Period, facts: MonthFacts) -> list[Award]:
    """For reps with at least n outcomes over all service levels in an ended month, and none missed."""
    rules = [
        (b, b.rule.outcomes) for b in version.rulebook.badges.values() if isinstance(b.rule, CleanMonthBadge)
    ]
    if not rules:
        return []
    tallies: dict[str, Tally] = {}
    for key, tally in facts.tallies.items():
        tallies[key.rep] = tallies.get(key.rep, Tally()).plus(tally)
    return [
        _award(version, badge, SubjectKind.REP, rep, month.last_second_at)
        for badge, needed in rules
        for rep, tally in sorted(tallies.items())
        if not tally.missed and tally.total >= needed
    ]


def rank_awards(
    version: Version, period: Period, scope: SubjectKind, standing: Sequence[Standing]
) -> list[Award]:
    """For rank k or better with more than 0 points in an ended period's standing.

    Awarded at the period's last second; their points are booked one second later, so in the next period.
    """
    return [
        _award(version, badge, scope, row.score.id, period.last_second_at, delay=SECOND)
        for badge in version.rulebook.badges.values()
        if isinstance(badge.rule, RankBadge)
        and badge.rule.period is period.kind
        and badge.rule.scope is scope
        for row in standing
        if row.rank <= badge.rule.rank and row.score.points > 0
    ]


def given_award(version: Version, badge: Badge, scope: SubjectKind, winner: str, period: Period) -> Award:
    """The badge that recognition gives, awarded and booked as a rank badge is."""
    return _award(version, badge, scope, winner, period.last_second_at, delay=SECOND)
