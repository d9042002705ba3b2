"""Badges, recognition, consequences and their suspensions."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.rulebook import (
    Badge,
    BadgeIcon,
    BadgeRule,
    CleanMonthBadge,
    Consequence,
    CountBadge,
    MeasureKind,
    RankBadge,
    Rating,
    Ratio,
    Recognition,
    Recorded,
    Response,
    ServiceLevel,
    StepMeasure,
    StreakBadge,
    SubjectKind,
    Suspension,
    Volume,
)
from leaderboard.files.rulebook.rule_values import span
from leaderboard.files.values import (
    Section,
    Value,
    Wrong,
    by_id,
    choice,
    line_of_text,
    number_from_zero,
    reference,
    text,
    whole,
)
from leaderboard.files.yaml_nodes import ListNode

_count = whole(1)
_RULE_KEYS = ("count", "streak", "clean_month", "rank")
_MOST_GRACE_DAYS = 3_650
_NO_STEP = StepMeasure(MeasureKind.NOTIFY_REP)


class _Approval(StrEnum):
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class LevelsSeen:
    """The service levels of the file: all ids, those with a `target` (good or not), and those that could be read."""

    names: Collection[str]
    with_target: Collection[str]
    made: Mapping[str, ServiceLevel]

    def with_outcomes(self, value: Value) -> str:
        """A service level that has outcomes: a response or recorded one."""
        name = self.any(value)
        level = self.made.get(name)
        if isinstance(level, (Volume, Ratio)):
            raise Wrong("needs_outcomes", found=value.found, measure=type(level).__name__.lower())
        return name

    def rated(self, value: Value) -> str:
        """A service level that has monthly ratings: one with a target."""
        name = self.any(value)
        level = self.made.get(name)
        # A volume or ratio without a target has been told as one already.
        if isinstance(level, (Response, Recorded)) and name not in self.with_target:
            raise Wrong("needs_target", found=value.found)
        return name

    def any(self, value: Value) -> str:
        """Any service level of the file."""
        return reference("service level", self.names)(value)


def badges(value: Value, levels: LevelsSeen) -> dict[str, Badge]:
    """The badges by id."""
    return by_id(value, lambda name, one: _badge(name, one, levels))


def _badge(name: str, value: Value, levels: LevelsSeen) -> Badge:
    section = Section(value)
    result = Badge(
        id=name,
        name=section.optional("name", line_of_text, name),
        rule=section.optional("for", lambda one: _badge_rule(one, levels), None),
        points=section.optional("points", whole(), 0),
        description=section.optional("description", text, None),
        icon=section.optional("icon", choice(BadgeIcon), None),
    )
    section.finish()
    return result


def _badge_rule(value: Value, levels: LevelsSeen) -> BadgeRule:
    section = Section(value)
    kinds = [key for key in _RULE_KEYS if section.value(key) is not None]
    if len(kinds) != 1:
        raise Wrong("badge_rule_kind")
    section = Section(value)
    rule = _RULES[kinds[0]](section, levels)
    section.finish()
    return rule


def _count_rule(section: Section, levels: LevelsSeen) -> BadgeRule:
    count = section.required("count", _count, 1)
    level = section.required("service_level", levels.with_outcomes, "")
    rating = section.optional("rating", choice(Rating, Rating.EXCEEDED, Rating.MET), Rating.MET)
    return CountBadge(level, count, rating)


def _streak_rule(section: Section, levels: LevelsSeen) -> BadgeRule:
    streak = section.required("streak", _count, 1)
    return StreakBadge(section.required("service_level", levels.with_outcomes, ""), streak)


def _clean_month_rule(section: Section, levels: LevelsSeen) -> BadgeRule:
    return CleanMonthBadge(section.required("clean_month", _count, 1))


def _rank_rule(section: Section, levels: LevelsSeen) -> BadgeRule:
    return RankBadge(
        section.required("rank", _count, 1),
        section.required("period", choice(PeriodKind), PeriodKind.MONTH),
        section.required("scope", choice(SubjectKind), SubjectKind.REP),
    )


_RULES: Mapping[str, Callable[[Section, LevelsSeen], BadgeRule]] = {
    "count": _count_rule,
    "streak": _streak_rule,
    "clean_month": _clean_month_rule,
    "rank": _rank_rule,
}


def recognition(value: Value, badge_names: Collection[str]) -> dict[str, Recognition]:
    """The recognitions by id."""
    return by_id(value, lambda name, one: _recognition(name, one, badge_names))


def _recognition(name: str, value: Value, badge_names: Collection[str]) -> Recognition:
    section = Section(value)
    result = Recognition(
        id=name,
        period=section.required("period", choice(PeriodKind), PeriodKind.MONTH),
        scope=section.required("scope", choice(SubjectKind), SubjectKind.REP),
        places=section.required("places", _count, 1),
        bonus=section.optional("bonus", number_from_zero, None),
        badge=section.optional("badge", reference("badge", badge_names), None),
        name=section.optional("name", line_of_text, None),
        description=section.optional("description", text, None),
    )
    section.finish()
    return result


def consequences(value: Value, levels: LevelsSeen) -> dict[str, Consequence]:
    """The ladders by id."""
    return by_id(value, lambda name, one: _consequence(name, one, levels))


def _consequence(name: str, value: Value, levels: LevelsSeen) -> Consequence:
    section = Section(value)
    result = Consequence(
        id=name,
        service_level=section.required("service_level", levels.rated, ""),
        steps=section.required("steps", _steps, ()),
        clears_after=section.optional("clears_after", _count, None),
        name=section.optional("name", line_of_text, None),
        description=section.optional("description", text, None),
        grace_days=section.optional("grace_days", whole(0, _MOST_GRACE_DAYS), 0),
        expires_after=section.optional("expires_after", _count, None),
    )
    section.finish()
    return result


def suspensions(value: Value, consequence_names: Collection[str]) -> tuple[Suspension, ...]:
    """The spans of dates whose months move no ladder, in the order of the file."""
    read = [item.read(lambda one: _suspension(one, consequence_names), None) for item in value.items()]
    return tuple(one for one in read if one is not None)


def _suspension(value: Value, consequence_names: Collection[str]) -> Suspension:
    section = Section(value)
    from_on, until_on = span(section)
    result = Suspension(
        from_on,
        until_on,
        reason=section.required("reason", text, ""),
        consequences=section.optional("consequences", lambda one: _ladders(one, consequence_names), None),
    )
    section.finish()
    return result


def _ladders(value: Value, names: Collection[str]) -> tuple[str, ...]:
    named = {item.read(reference("consequence", names), "") for item in value.items()}
    if not named:
        raise Wrong("empty_list")
    return tuple(sorted(named))


def _steps(value: Value) -> tuple[tuple[StepMeasure, ...], ...]:
    steps = tuple(item.read(_step, ()) for item in value.items())
    if not steps:
        raise Wrong("empty_list")
    return steps


def _step(value: Value) -> tuple[StepMeasure, ...]:
    parts = value.items() if isinstance(value.node, ListNode) else [value]
    return tuple(part.read(_measure, _NO_STEP) for part in parts)


def _measure(value: Value) -> StepMeasure:
    section = Section(value)
    do = section.required("do", choice(MeasureKind), None)
    points = section.optional("points", _count, 0)
    approval = section.optional("approval", choice(_Approval), None)
    written = section.value("points")
    if do is MeasureKind.DEDUCT and written is None:
        value.note("deduct_points")
    if do not in (MeasureKind.DEDUCT, None) and written is not None:
        written.note("points_without_deduct")
    section.finish()
    return StepMeasure(do or MeasureKind.NOTIFY_REP, points, approval is not None)
