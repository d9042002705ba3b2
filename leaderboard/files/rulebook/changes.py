"""What differs between two rulebooks: field by field, whatever fields there are.

Nothing here knows a single rule but the few whose parts mean nothing alone (a stop rule, a badge's reason, opening
hours), so that a field that is added to the format is found without a line being changed here.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from leaderboard.domain.rulebook import (
    AttributeWorth,
    Calendar,
    CleanMonthBadge,
    CountBadge,
    FixedWorth,
    GradeWorth,
    HolidayRegion,
    Limit,
    RankBadge,
    Rulebook,
    StopRule,
    StreakBadge,
)
from leaderboard.files.rulebook.organization import DAYS
from leaderboard.files.rulebook.rule_values import OTHERWISE

ANY = "*"
MEASURE = "measure"
WHOLE = (
    StopRule,
    FixedWorth,
    AttributeWorth,
    GradeWorth,
    HolidayRegion,
    CountBadge,
    StreakBadge,
    CleanMonthBadge,
    RankBadge,
)
"""Told as one: their parts alone say nothing."""
NOT_WRITTEN = {(Calendar, "holidays")}
"""Fields that are no part of the document: holidays are resolved when a version is applied."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `field` is the path with `*` for every key; `keys` are those, from left to right.

    Before or after is None where the one rulebook lacks it: then a thing was added, or removed, whole.
    """

    field: str
    keys: tuple[str, ...]
    before: Any
    after: Any

    @property
    def section(self) -> str:
        """The top-level key of the rulebook."""
        return self.field.partition(".")[0]

    @property
    def is_addition(self) -> bool:
        """Whether it was not there before."""
        return self.before is None

    @property
    def is_removal(self) -> bool:
        """Whether it is no longer there."""
        return self.after is None


@dataclass(frozen=True, slots=True)
class _Place:
    field: str = ""
    keys: tuple[str, ...] = ()

    def at(self, name: str) -> "_Place":
        return _Place(f"{self.field}.{name}" if self.field else name, self.keys)

    def under(self, key: str) -> "_Place":
        return _Place(f"{self.field}.{ANY}", (*self.keys, key))


def changes(before: Rulebook, after: Rulebook) -> tuple[Change, ...]:
    """All differences, in the order of the format; none for rulebooks that say the same."""
    return tuple(_walk(_Place(), before, after))


_Walk: TypeAlias = Callable[[_Place, Any, Any], Iterator[Change]]


def _walk(place: _Place, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    special = _SPECIAL.get(place.field)
    if special is not None:
        yield from special(place, before, after)
    elif before is None or after is None or isinstance(before, WHOLE):
        yield Change(place.field, place.keys, before, after)
    elif isinstance(before, Limit):
        yield from _limits(place, before, after)
    elif isinstance(before, Mapping):
        yield from _entries(place, before, after)
    elif dataclasses.is_dataclass(before):
        yield from _fields(place, before, after)
    else:
        yield Change(place.field, place.keys, before, after)


def _fields(place: _Place, before: Any, after: Any) -> Iterator[Change]:
    if type(before) is not type(after):
        yield Change(place.at(MEASURE).field, place.keys, type(before), type(after))
    for name in _names(before, after):
        yield from _walk(place.at(name), getattr(before, name, None), getattr(after, name, None))


def _names(before: Any, after: Any) -> list[str]:
    """Of both, for two service levels of different measures share only some."""
    names = {
        field.name: None
        for one in (before, after)
        for field in dataclasses.fields(one)
        if (type(one), field.name) not in NOT_WRITTEN
    }
    return list(names)


def _entries(place: _Place, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for key in {**before, **after}:
        yield from _walk(place.under(str(key)), before.get(key), after.get(key))


def _limits(place: _Place, before: Limit, after: Limit) -> Iterator[Change]:
    """By what they come to for each grade: a limit for all is one for grade A too."""
    grades = sorted({*before.by_grade, *after.by_grade})
    for grade in grades:
        was, is_now = before.seconds_for(grade), after.seconds_for(grade)
        if was != is_now:
            yield Change(place.under(grade).field, (*place.keys, grade), was, is_now)
    if before.otherwise != after.otherwise:
        place = place.under(OTHERWISE) if grades else place
        yield Change(place.field, place.keys, before.otherwise, after.otherwise)


def _days(place: _Place, before: Any, after: Any) -> Iterator[Change]:
    for day, was, is_now in zip(DAYS, before, after, strict=True):
        if was != is_now:
            yield Change(place.under(day).field, (*place.keys, day), was, is_now)


def _steps(place: _Place, before: Any, after: Any) -> Iterator[Change]:
    for number in range(max(len(before), len(after))):
        was = before[number] if number < len(before) else None
        is_now = after[number] if number < len(after) else None
        if was != is_now:
            yield Change(place.under("").field, (*place.keys, str(number + 1)), was, is_now)


def _listed(place: _Place, before: Any, after: Any) -> Iterator[Change]:
    """Of a list without names, what is in the one only."""
    for one in before:
        if one not in after:
            yield Change(place.field, place.keys, one, None)
    for one in after:
        if one not in before:
            yield Change(place.field, place.keys, None, one)


_SPECIAL: Mapping[str, _Walk] = {
    "calendars.*.week": _days,
    "consequences.*.steps": _steps,
    "suspensions": _listed,
}
