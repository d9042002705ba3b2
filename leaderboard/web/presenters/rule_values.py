"""A value of a rulebook, before or after a change, in words.

What is not known here is shown as it is: a field that the format gains is readable from its first day.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from babel import dates

from leaderboard.domain.rulebook import (
    AttributeWorth,
    Badge,
    Calendar,
    Confirmation,
    Consequence,
    Contest,
    ContestScore,
    Counted,
    FixedWorth,
    GradeWorth,
    HolidayRegion,
    Limit,
    OnReassign,
    Party,
    PeriodKind,
    Ratio,
    Recognition,
    Recorded,
    Response,
    Rulebook,
    StopRule,
    SubjectKind,
    Suspension,
    Task,
    Volume,
)
from leaderboard.files.rulebook.changes import Change
from leaderboard.web.formats import money, number, signed
from leaderboard.web.languages import N_, gettext, locale
from leaderboard.web.presenters import rule_sentences as sentences
from leaderboard.web.presenters import rule_terms as terms
from leaderboard.web.presenters.level_sentences import promise, threshold
from leaderboard.web.presenters.rules import present_calendar

_Words: TypeAlias = Callable[[Any, Change, Rulebook], str]


def value_words(value: Any, change: Change, rulebook: Rulebook) -> str:
    """A value of the rulebook that it stands in."""
    if value is None or value in ((), frozenset()):
        return gettext(_LEFT_OUT.get(change.field, _NOTHING))
    told = _BY_FIELD.get(change.field)
    if told is not None:
        return told(value, change, rulebook)
    for kind, words in _BY_TYPE.items():
        if isinstance(value, kind):
            return words(value, change, rulebook)
    return str(value)


def _time(value: Any, change: Change, rulebook: Rulebook) -> str:
    level = rulebook.service_levels.get(change.keys[0])
    in_working_time = isinstance(level, Response) and level.calendar is not None
    if isinstance(value, Limit):
        return terms.limit(value, in_working_time)
    return terms.span(value, in_working_time)


def _threshold(value: Any, change: Change, rulebook: Rulebook) -> str:
    level = rulebook.service_levels.get(change.keys[0])
    return terms.amount(value) if level is None else threshold(level, value)


def _money(value: Any, change: Change, rulebook: Rulebook) -> str:
    return money(value, rulebook.organization.currency)


def _points(value: Any, change: Change, rulebook: Rulebook) -> str:
    return signed(value)


def _events(value: Any, change: Change, rulebook: Rulebook) -> str:
    return terms.event_list(value)


def _level(value: Any, change: Change, rulebook: Rulebook) -> str:
    return f"“{sentences.level_name(rulebook, value)}”"


def _levels(value: Any, change: Change, rulebook: Rulebook) -> str:
    return terms.both(f"“{sentences.level_name(rulebook, one)}”" for one in value)


def _badge(value: Any, change: Change, rulebook: Rulebook) -> str:
    found = rulebook.badges.get(value)
    return f"“{value if found is None else found.name}”"


def _badge_reason(value: Any, change: Change, rulebook: Rulebook) -> str:
    return sentences.badge_reason(Badge("", "", value), rulebook).rstrip(".")


def _month(value: Any, change: Change, rulebook: Rulebook) -> str:
    return str(dates.get_month_names("wide", context="stand-alone", locale=locale())[value])


def _listed(value: Any, change: Change, rulebook: Rulebook) -> str:
    return terms.both(str(one) for one in value)


def _counted(value: Any, change: Change, rulebook: Rulebook) -> str:
    return f"{terms.event_list(value.events)}, {terms.worth(value.worth)}"


_NOTHING = N_("nothing")
# What a field means that is left out, where that is not simply nothing.
_LEFT_OUT: Mapping[str, str] = {
    "by_hand.points": N_("no limit"),
    "by_hand.badges": N_("no limit"),
    "service_levels.*.within.*": N_("no limit"),
    "consequences.*.expires_after": N_("no limit"),
    "contests.*.teams": N_("all teams"),
    "tasks.*.teams": N_("all teams"),
}
_BY_FIELD: Mapping[str, _Words] = {
    "service_levels.*.within": _time,
    "service_levels.*.within.*": _time,
    "service_levels.*.exceed_within": _time,
    "service_levels.*.exceed_within.*": _time,
    "service_levels.*.target": _threshold,
    "service_levels.*.exceed": _threshold,
    **{
        f"service_levels.*.{when}.{rating}": _points
        for when in ("each", "month")
        for rating in ("exceeded", "met", "missed")
    },
    **{
        f"service_levels.*.{key}": _events
        for key in (
            "start", "pause", "resume", "counted.events", "numerator.events", "denominator.events",
        )
    },
    "service_levels.*.subject": lambda value, *_: terms.scope(value),
    "service_levels.*.measure": lambda value, *_: terms.measure(value),
    "calendars.*.week.*": lambda value, *_: terms.windows(value),
    "badges.*.points": _points,
    "badges.*.rule": _badge_reason,
    "recognition.*.bonus": _money,
    "recognition.*.badge": _badge,
    "organization.point_value": _money,
    "organization.fiscal_year_start": _month,
    "contests.*.prize.money": _money,
    "contests.*.service_levels": _levels,
    "tasks.*.prize.money": _money,
    "consequences.*.service_level": _level,
    "consequences.*.steps.*": lambda value, *_: terms.step(value),
}  # fmt: skip

_BY_TYPE: Mapping[type, _Words] = {
    bool: lambda value, *_: gettext("yes") if value else gettext("no"),
    Party: lambda value, *_: terms.party(value),
    SubjectKind: lambda value, *_: terms.scope(value),
    PeriodKind: lambda value, *_: terms.period(value),
    OnReassign: lambda value, *_: terms.on_reassign(value),
    ContestScore: lambda value, *_: terms.score(value),
    Confirmation: lambda value, *_: terms.confirmation(value),
    dt.date: lambda value, *_: terms.day(value),
    ZoneInfo: lambda value, *_: str(value.key).replace("_", " "),
    int: lambda value, *_: number(value),
    Decimal: lambda value, *_: terms.amount(value),
    StopRule: lambda value, *_: terms.stop(value, in_clause=False),
    FixedWorth: lambda value, *_: terms.worth(value),
    AttributeWorth: lambda value, *_: terms.worth(value),
    GradeWorth: lambda value, *_: terms.worth(value),
    Counted: _counted,
    HolidayRegion: lambda value, *_: terms.region(value),
    # Things that were added or removed whole:
    Response: lambda value, *_: promise(value),
    Recorded: lambda value, *_: promise(value),
    Volume: lambda value, *_: promise(value),
    Ratio: lambda value, *_: promise(value),
    Calendar: lambda value, *_: present_calendar(value).summary,
    Badge: lambda value, _, rulebook: sentences.badge_reason(value, rulebook),
    Recognition: lambda value, _, rulebook: sentences.recognition_sentence(value, rulebook),
    Contest: lambda value, _, rulebook: sentences.contest_sentence(value, rulebook),
    Task: lambda value, _, rulebook: sentences.task_sentence(value, rulebook),
    Consequence: lambda value, _, rulebook: " ".join(
        [*sentences.ladder_sentences(value, rulebook), sentences.ladder_steps(value)]
    ),
    Suspension: lambda value, _, rulebook: sentences.suspension_sentence(value, rulebook),
    frozenset: lambda value, *_: terms.days(value),
    tuple: _listed,
}
