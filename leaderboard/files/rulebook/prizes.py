"""Contests, tasks, and what managers may give by hand."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from leaderboard.domain.rulebook import (
    ByHand,
    Confirmation,
    Contest,
    ContestScore,
    PrizeRule,
    SubjectKind,
    Task,
    Volume,
)
from leaderboard.files.rulebook.incentives import LevelsSeen
from leaderboard.files.rulebook.rule_values import day_in_force, ids, span
from leaderboard.files.values import (
    Section,
    Value,
    Wrong,
    by_id,
    choice,
    line_of_text,
    number,
    text,
    whole,
)

_NO_DATE = dt.date.max
_NO_PRIZE = PrizeRule()
_count = whole(1)


def contests(value: Value, levels: LevelsSeen, first_on: dt.date) -> dict[str, Contest]:
    """The contests by id; `first_on` is the day on which the version comes into force."""
    return by_id(value, lambda name, one: _contest(name, one, levels, first_on))


def _contest(name: str, value: Value, levels: LevelsSeen, first_on: dt.date) -> Contest:
    section = Section(value)
    by = section.optional("by", choice(ContestScore), ContestScore.KEPT)
    from_on, until_on = span(section)
    result = Contest(
        id=name,
        name=section.required("name", line_of_text, ""),
        from_on=from_on,
        until_on=until_on,
        service_levels=_service_levels(section, value, _scored(levels, by)),
        prize=section.required("prize", _prize, _NO_PRIZE),
        scope=section.optional("scope", choice(SubjectKind), SubjectKind.REP),
        teams=section.optional("teams", ids, ()),
        by=by,
        minimum=section.optional("minimum", _count, 1),
        places=section.optional("places", _count, 1),
        description=section.optional("description", text, None),
    )
    _check_minimum(section, by)
    _check_until(section, until_on, first_on)
    section.finish()
    return result


def _scored(levels: LevelsSeen, by: ContestScore) -> Callable[[Value], str]:
    """A service level that has what the contest goes by."""

    def volume(value: Value) -> str:
        name = levels.any(value)
        level = levels.made.get(name)
        if level is not None and not isinstance(level, Volume):
            raise Wrong("needs_volume", found=value.found, measure=type(level).__name__.lower())
        return name

    return volume if by is ContestScore.VALUE else levels.with_outcomes


def _service_levels(section: Section, value: Value, one: Callable[[Value], str]) -> tuple[str, ...]:
    single, several = section.value("service_level"), section.value("service_levels")
    if (single is None) is (several is None):
        value.note("one_or_several_levels")
        return ()
    if single is not None:
        return (single.read(one, ""),)
    return section.required("service_levels", lambda listed: _several(listed, one), ())


def _several(value: Value, one: Callable[[Value], str]) -> tuple[str, ...]:
    names = {item.read(one, "") for item in value.items()}
    if not names:
        raise Wrong("empty_list")
    return tuple(sorted(names))


def _check_minimum(section: Section, by: ContestScore) -> None:
    minimum = section.value("minimum")
    if minimum is not None and by is not ContestScore.SHARE:
        minimum.note("minimum_without_share")


def _check_until(section: Section, until_on: dt.date, first_on: dt.date) -> None:
    """What ends before the version comes into force could never be judged by it."""
    until = section.value("until")
    if until is not None and until_on < first_on < _NO_DATE:
        until.note("ends_before_in_force", date=first_on.isoformat())


def _prize(value: Value) -> PrizeRule:
    section = Section(value)
    points = section.optional("points", _count, 0)
    money = section.optional("money", _money, None)
    if section.value("points") is None and section.value("money") is None:
        value.note("empty_prize")
    section.finish()
    return PrizeRule(points, money)


def _money(value: Value) -> Decimal:
    exact = number(value)
    if exact <= 0:
        raise Wrong("need_above_zero")
    return exact


def tasks(value: Value, first_on: dt.date) -> dict[str, Task]:
    """The tasks by id."""
    return by_id(value, lambda name, one: _task(name, one, first_on))


def _task(name: str, value: Value, first_on: dt.date) -> Task:
    section = Section(value)
    until_on = section.required("until", day_in_force, _NO_DATE)
    result = Task(
        id=name,
        name=section.required("name", line_of_text, ""),
        until_on=until_on,
        prize=section.required("prize", _prize, _NO_PRIZE),
        teams=section.optional("teams", ids, ()),
        confirm=section.optional("confirm", choice(Confirmation), Confirmation.MANAGER),
        description=section.optional("description", text, None),
    )
    _check_until(section, until_on, first_on)
    section.finish()
    return result


def by_hand(value: Value) -> ByHand:
    """What one manager may give in a month; what is left out has no limit, but for what he may adjust alone."""
    section = Section(value)
    result = ByHand(
        points=section.optional("points", whole(0), None),
        badges=section.optional("badges", whole(0), None),
        alone=section.optional("alone", whole(0), ByHand().alone),
    )
    section.finish()
    return result
