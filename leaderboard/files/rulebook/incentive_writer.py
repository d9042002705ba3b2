"""Carrots and sticks as a canonical document; `writer` does the rest of a rulebook."""

from leaderboard.domain.rulebook import (
    Badge,
    BadgeRule,
    ByHand,
    CleanMonthBadge,
    Confirmation,
    Consequence,
    Contest,
    ContestScore,
    CountBadge,
    PrizeRule,
    Recognition,
    StepMeasure,
    StreakBadge,
    SubjectKind,
    Suspension,
    Task,
)
from leaderboard.files.plain import without_gaps

_Document = dict[str, object]
_ONCE = 1


def badge(one: Badge) -> _Document:
    """A badge, less its id."""
    return without_gaps(
        {
            "name": one.name,
            "description": one.description,
            "for": _badge_rule(one.rule) if one.rule else None,
            "points": one.points or None,
            "icon": None if one.icon is None else one.icon.value,
        }
    )


def _badge_rule(rule: BadgeRule) -> _Document:
    if isinstance(rule, CountBadge):
        return {"count": rule.count, "service_level": rule.service_level, "rating": rule.rating.value}
    if isinstance(rule, StreakBadge):
        return {"streak": rule.streak, "service_level": rule.service_level}
    if isinstance(rule, CleanMonthBadge):
        return {"clean_month": rule.outcomes}
    return {"rank": rule.rank, "period": rule.period.value, "scope": rule.scope.value}


def recognition(one: Recognition) -> _Document:
    """A recognition."""
    return without_gaps(
        {
            "name": one.name,
            "description": one.description,
            "period": one.period.value,
            "scope": one.scope.value,
            "places": one.places,
            "bonus": one.bonus,
            "badge": one.badge,
        }
    )


def consequence(ladder: Consequence) -> _Document:
    """A ladder."""
    return without_gaps(
        {
            "name": ladder.name,
            "description": ladder.description,
            "service_level": ladder.service_level,
            "steps": [_step(step) for step in ladder.steps],
            "clears_after": ladder.clears_after,
            "grace_days": ladder.grace_days or None,
            "expires_after": ladder.expires_after,
        }
    )


def _step(step: tuple[StepMeasure, ...]) -> object:
    parts = [
        without_gaps(
            {
                "do": measure.do.value,
                "points": measure.points or None,
                "approval": "manager" if measure.needs_approval else None,
            }
        )
        for measure in step
    ]
    return parts[0] if len(parts) == _ONCE else parts


def suspension(one: Suspension) -> _Document:
    """A suspension of ladders."""
    return without_gaps(
        {
            "from": one.from_on,
            "until": one.until_on,
            "reason": one.reason,
            "consequences": None if one.consequences is None else list(one.consequences),
        }
    )


def contest(one: Contest) -> _Document:
    """A contest."""
    levels = list(one.service_levels)
    named: _Document = {"service_level": levels[0]} if len(levels) == _ONCE else {"service_levels": levels}
    return without_gaps(
        {
            "name": one.name,
            "description": one.description,
            "from": one.from_on,
            "until": one.until_on,
            "scope": None if one.scope is SubjectKind.REP else one.scope.value,
            "teams": list(one.teams) or None,
            **named,
            "by": None if one.by is ContestScore.KEPT else one.by.value,
            "minimum": None if one.minimum == _ONCE else one.minimum,
            "places": None if one.places == _ONCE else one.places,
            "prize": _prize(one.prize),
        }
    )


def task(one: Task) -> _Document:
    """A task."""
    return without_gaps(
        {
            "name": one.name,
            "description": one.description,
            "until": one.until_on,
            "teams": list(one.teams) or None,
            "prize": _prize(one.prize),
            "confirm": None if one.confirm is Confirmation.MANAGER else one.confirm.value,
        }
    )


def _prize(prize: PrizeRule) -> _Document:
    return without_gaps({"points": prize.points or None, "money": prize.money})


def by_hand(limits: ByHand) -> _Document:
    """What managers may give by hand; empty where all is as if left out."""
    alone = None if limits.alone == ByHand().alone else limits.alone
    return without_gaps({"points": limits.points, "badges": limits.badges, "alone": alone})
