"""Service levels: response clocks, recorded verdicts, volumes, ratios."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypedDict

from leaderboard.domain.business_time import offers_enough
from leaderboard.domain.rulebook import (
    AttributeWorth,
    Calendar,
    Counted,
    FixedWorth,
    GradeWorth,
    Limit,
    OnReassign,
    Party,
    PointsTable,
    Ratio,
    Recorded,
    Response,
    ServiceLevel,
    StopRule,
    SubjectKind,
    Volume,
    Worth,
)
from leaderboard.files.rulebook.rule_values import (
    OTHERWISE,
    duration,
    event_types,
    graded,
    limit,
    points_table,
)
from leaderboard.files.values import (
    Section,
    Value,
    Wrong,
    by_id,
    choice,
    flag,
    line_of_text,
    number,
    reference,
    share,
    text,
    whole,
)
from leaderboard.files.yaml_nodes import MapNode

NO_EVENTS: frozenset[str] = frozenset()
_NO_LIMIT = Limit()
_NO_STOP = StopRule(NO_EVENTS)
_NOTHING_COUNTED = Counted(NO_EVENTS)


class Measure(StrEnum):
    """What a service level goes by."""

    RESPONSE = "response"
    RECORDED = "recorded"
    VOLUME = "volume"
    RATIO = "ratio"


class _Common(TypedDict):
    id: str
    name: str
    party: Party
    description: str | None
    subject: SubjectKind
    minimum: int
    target: Decimal | None
    exceed: Decimal | None
    each: PointsTable
    month: PointsTable


@dataclass(frozen=True, slots=True)
class CalendarsSeen:
    """The calendars of the file: all ids, and (holidays resolved) those that are good."""

    names: Collection[str]
    good: Mapping[str, Calendar]
    effective_from: dt.date | None


def service_levels(value: Value, calendars: CalendarsSeen) -> dict[str, ServiceLevel]:
    """The service levels by id; one whose measure is unknown is left out."""
    return by_id(value, lambda name, one: _service_level(name, one, calendars))


def _service_level(name: str, value: Value, calendars: CalendarsSeen) -> ServiceLevel | None:
    section = Section(value)
    measure = section.required("measure", choice(Measure), None)
    common = _common(name, section, measure)
    if measure is None:
        return None
    made = _MAKERS[measure](section, common, calendars)
    section.finish()
    return made


def _common(name: str, section: Section, measure: Measure | None) -> _Common:
    each, month = section.optional("points", _points, (PointsTable(), PointsTable()))
    target, exceed = _thresholds(section, measure)
    return _Common(
        id=name,
        name=section.required("name", line_of_text, ""),
        party=section.required("party", choice(Party), Party.SALES),
        description=section.optional("description", text, None),
        subject=section.optional("subject", choice(SubjectKind), SubjectKind.REP),
        minimum=section.optional("minimum", whole(0), 1),
        target=target,
        exceed=exceed,
        each=each,
        month=month,
    )


def _points(value: Value) -> tuple[PointsTable, PointsTable]:
    section = Section(value)
    each = section.optional("each", points_table, PointsTable())
    month = section.optional("month", points_table, PointsTable())
    section.finish()
    return each, month


def _thresholds(section: Section, measure: Measure | None) -> tuple[Decimal | None, Decimal | None]:
    """`target` and `exceed`: amounts for a volume, else shares."""
    reader = _THRESHOLD[measure] if measure else _unjudged
    if measure in (Measure.VOLUME, Measure.RATIO):
        target = section.required("target", reader, None)
    else:
        target = section.optional("target", reader, None)
    exceed = section.optional("exceed", reader, None)
    written = section.value("exceed")
    if target is not None and exceed is not None and written is not None and exceed < target:
        written.note("exceed_below_target")
    return target, exceed


def _unjudged(value: Value) -> Decimal | None:
    return None


def _reachable_share(value: Value) -> Decimal | None:
    exact = share(value)
    if exact > 1:
        raise Wrong("share_above_one")
    if exact < 0:
        raise Wrong("share_below_zero")
    return exact


_THRESHOLD: Mapping[Measure, Callable[[Value], Decimal | None]] = {
    Measure.RESPONSE: _reachable_share,
    Measure.RECORDED: _reachable_share,
    Measure.VOLUME: number,
    Measure.RATIO: share,
}


def _response(section: Section, common: _Common, calendars: CalendarsSeen) -> ServiceLevel:
    calendar = section.optional("calendar", reference("calendar", calendars.names), None)
    days = section.value("calendar") is None
    result = Response(
        **common,
        start=section.required("start", event_types, NO_EVENTS),
        stop=section.required("stop", _stop, _NO_STOP),
        within=section.required("within", limit(days), _NO_LIMIT),
        exceed_within=section.optional("exceed_within", limit(days), None),
        pause=section.optional("pause", event_types, NO_EVENTS),
        resume=section.optional("resume", event_types, NO_EVENTS),
        calendar=calendar,
        on_reassign=section.optional("on_reassign", choice(OnReassign), OnReassign.RESTART),
    )
    _check_pauses(section)
    if calendar is not None and calendar in calendars.good:
        _check_open_time(section, result, calendars.good[calendar], calendars.effective_from)
    return result


def _check_pauses(section: Section) -> None:
    pause, resume = section.value("pause"), section.value("resume")
    if pause is not None and resume is None:
        pause.note("pause_without_resume")
    if resume is not None and pause is None:
        resume.note("resume_without_pause")


def _check_open_time(section: Section, made: Response, calendar: Calendar, first_on: dt.date | None) -> None:
    """Rule 3: a calendar that offers too little open time in 5 years is an error of the rulebook."""
    if first_on is None:
        return
    for key, limits in (("within", made.within), ("exceed_within", made.exceed_within)):
        value = section.value(key)
        if limits is not None and value is not None and not offers_enough(calendar, first_on, limits.longest):
            value.note("too_little_open_time", calendar=calendar.id, date=first_on.isoformat())


def _stop(value: Value) -> StopRule:
    if not isinstance(value.node, MapNode):
        return StopRule(event_types(value))
    section = Section(value)
    result = StopRule(
        section.required("event", event_types, NO_EVENTS),
        section.optional("count", whole(1), 1),
        section.optional("distinct", line_of_text, None),
        section.optional("apart", duration(days=True), None),
    )
    section.finish()
    return result


def _recorded(section: Section, common: _Common, calendars: CalendarsSeen) -> ServiceLevel:
    return Recorded(**common)


def _volume(section: Section, common: _Common, calendars: CalendarsSeen) -> ServiceLevel:
    prorate = section.optional("prorate", reference("calendar", calendars.names), None)
    written = section.value("prorate")
    if written is not None and common["subject"] is not SubjectKind.REP:
        written.note("prorate_of_reps")
    return Volume(**common, counted=_counted_keys(section), prorate=prorate)


def _ratio(section: Section, common: _Common, calendars: CalendarsSeen) -> ServiceLevel:
    return Ratio(
        **common,
        numerator=section.required("numerator", _counted, _NOTHING_COUNTED),
        denominator=section.required("denominator", _counted, _NOTHING_COUNTED),
    )


_MAKERS: Mapping[Measure, Callable[[Section, _Common, CalendarsSeen], ServiceLevel]] = {
    Measure.RESPONSE: _response,
    Measure.RECORDED: _recorded,
    Measure.VOLUME: _volume,
    Measure.RATIO: _ratio,
}


def _counted(value: Value) -> Counted:
    section = Section(value)
    result = _counted_keys(section)
    section.finish()
    return result


def _counted_keys(section: Section) -> Counted:
    return Counted(
        section.required("events", event_types, NO_EVENTS),
        section.optional("value", _worth, FixedWorth()),
        section.optional("once_per_lead", flag, True),
    )


def _worth(value: Value) -> Worth:
    if not isinstance(value.node, MapNode):
        return FixedWorth(number(value))
    section = Section(value)
    by_grade = section.value("grade") is not None
    made: Worth
    if by_grade:
        made = section.required("grade", _grade_worth, GradeWorth({}))
    else:
        made = AttributeWorth(section.required("attribute", line_of_text, ""))
    if by_grade and section.value("attribute") is not None:
        value.note("one_worth")
    section.finish()
    return made


def _grade_worth(value: Value) -> GradeWorth:
    amounts = {grade: entry.read(number, Decimal(0)) for grade, entry in graded(value).items()}
    otherwise = amounts.pop(OTHERWISE, Decimal(0))
    return GradeWorth(amounts, otherwise)
