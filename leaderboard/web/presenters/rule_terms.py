"""The values of a rulebook as people write them: shares, spans of time, events, who and what."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from babel import dates, lists, numbers

from leaderboard.domain.instants import SECOND
from leaderboard.domain.rulebook import (
    AttributeWorth,
    Calendar,
    Confirmation,
    ContestScore,
    FixedWorth,
    GradeWorth,
    HolidayRegion,
    Limit,
    MeasureKind,
    OnReassign,
    Party,
    PeriodKind,
    Ratio,
    Recorded,
    Response,
    StepMeasure,
    StopRule,
    SubjectKind,
    Volume,
    Window,
    Worth,
)
from leaderboard.web.formats import number
from leaderboard.web.languages import N_, gettext, locale, ngettext
from leaderboard.web.presenters.words import event_word, limit_words

_OF_A_LEAD = frozenset(
    {
        "lead.created", "lead.graded", "lead.marketing_qualified", "lead.assigned", "lead.contacted", "lead.accepted",
        "lead.qualified", "lead.disqualified", "lead.returned", "lead.paused", "lead.resumed",
    }
)  # fmt: skip
_CLAUSES: Mapping[str, str] = {
    "lead.contact_attempted": N_("contact is attempted"),
}
_OF_AN_OPPORTUNITY: Mapping[str, str] = {
    "opportunity.created": N_("opened"),
    "opportunity.won": N_("won"),
    "opportunity.lost": N_("lost"),
}
_AN_HOUR = 3_600
_PARTIES = {Party.MARKETING: N_("Marketing"), Party.SALES: N_("Sales")}
_SUBJECTS = {
    (Party.MARKETING, SubjectKind.REP): N_("A marketing rep"),
    (Party.MARKETING, SubjectKind.TEAM): N_("A marketing team"),
    (Party.SALES, SubjectKind.REP): N_("A sales rep"),
    (Party.SALES, SubjectKind.TEAM): N_("A sales team"),
}
_SCOPES = {SubjectKind.REP: N_("reps"), SubjectKind.TEAM: N_("teams")}
_PERIODS = {PeriodKind.MONTH: N_("month"), PeriodKind.QUARTER: N_("quarter")}
_ON_REASSIGN = {
    OnReassign.RESTART: N_("a new clock starts for the new rep"),
    OnReassign.CONTINUE: N_("the clock goes on for the new rep"),
}
_SCORES = {
    ContestScore.KEPT: N_("promises kept"),
    ContestScore.POINTS: N_("points earned"),
    ContestScore.SHARE: N_("share in time"),
    ContestScore.VALUE: N_("the sum"),
}
_CONFIRMATIONS = {
    Confirmation.MANAGER: N_("a manager confirms it"),
    Confirmation.NOBODY: N_("nobody confirms it"),
}
_MEASURES: Mapping[type, str] = {
    Response: N_("a clock for each lead"),
    Recorded: N_("another system’s verdict"),
    Volume: N_("how many, how much"),
    Ratio: N_("how many of how many"),
}
_STEP_MEASURES = {
    MeasureKind.NOTIFY_REP: N_("a message about it"),
    MeasureKind.NOTIFY_MANAGER: N_("a message to the manager"),
    MeasureKind.COACHING: N_("a coaching conversation"),
    MeasureKind.PAUSE_ASSIGNMENT: N_("no new leads for now"),
    MeasureKind.NO_BONUS: N_("no recognition bonus in that quarter"),
}


def either(words: Iterable[str]) -> str:
    """`a, b or c`."""
    return lists.format_list(list(words), "or", locale())


def both(words: Iterable[str]) -> str:
    """`a, b and c`."""
    return lists.format_list(list(words), "standard", locale())


def share(exact: Decimal) -> str:
    """`97.5 %`, with all its digits."""
    return numbers.format_percent(exact, locale=locale(), decimal_quantization=False)


def amount(exact: Decimal | int) -> str:
    """`18,000.5`, with all its digits."""
    return numbers.format_decimal(exact, locale=locale(), decimal_quantization=False).replace("-", "−")


def span(seconds: int, in_working_time: bool) -> str:
    """`30 working minutes`, `1 hour`."""
    if seconds == _AN_HOUR:
        return (
            ngettext("%(num)s working hour", "%(num)s working hours", 1)
            if in_working_time
            else ngettext("%(num)s hour", "%(num)s hours", 1)
        )
    return limit_words(seconds * SECOND, in_working_time)


def limit(one: Limit, in_working_time: bool) -> str:
    """`30 working minutes for grade A, 1 hour for grade B and 4 hours for other grades`."""
    if not one.by_grade:
        return gettext("no time") if one.otherwise is None else span(one.otherwise, in_working_time)
    graded = [
        gettext("%(time)s for grade %(grade)s", time=span(seconds, in_working_time), grade=grade)
        for grade, seconds in sorted(one.by_grade.items())
    ]
    if one.otherwise is not None:
        graded.append(gettext("%(time)s for other grades", time=span(one.otherwise, in_working_time)))
    return both(graded)


def events_happen(types: Iterable[str]) -> str:
    """As a clause: `a lead is accepted, disqualified or returned to marketing`."""
    listed = sorted(types)
    of_lead = [event_word(type_) for type_ in listed if type_ in _OF_A_LEAD]
    of_opportunity = [gettext(_OF_AN_OPPORTUNITY[type_]) for type_ in listed if type_ in _OF_AN_OPPORTUNITY]
    clauses = [gettext("a lead is %(events)s", events=either(of_lead))] if of_lead else []
    if of_opportunity:
        clauses.append(gettext("an opportunity is %(events)s", events=either(of_opportunity)))
    others = [type_ for type_ in listed if type_ not in _OF_A_LEAD and type_ not in _OF_AN_OPPORTUNITY]
    return either([*clauses, *(_clause(type_) for type_ in others)])


def _clause(type_: str) -> str:
    known = _CLAUSES.get(type_)
    return gettext("“%(event)s” is reported", event=event_word(type_)) if known is None else gettext(known)


def is_of_leads(types: Iterable[str]) -> bool:
    """Whether all of these happen to the lead itself, so that a sentence may go on about it."""
    return _OF_A_LEAD.issuperset(types)


def event_list(types: Iterable[str]) -> str:
    """The events by their names: `assigned or contacted`."""
    return either(event_word(type_) for type_ in sorted(types))


def stop(rule: StopRule, in_clause: bool = True) -> str:
    """`contact is attempted 3 times, through a different channel each time, at least 2 hours apart`."""
    words = [events_happen(rule.events) if in_clause else event_list(rule.events)]
    if rule.count > 1:
        words.append(ngettext("%(num)s time", "%(num)s times", rule.count))
    if rule.distinct is not None:
        words.append(gettext("with another “%(attribute)s” each time", attribute=rule.distinct))
    if rule.apart_seconds is not None:
        words.append(gettext("at least %(time)s apart", time=span(rule.apart_seconds, False)))
    return ", ".join(words)


def worth(value: Worth) -> str:
    """What an event counts: `1 each`, `the amount in “amount”`, `3 for grade A and 1 for other grades`."""
    if isinstance(value, FixedWorth):
        return amount(value.amount)
    if isinstance(value, AttributeWorth):
        return gettext("the number in “%(attribute)s”", attribute=value.attribute)
    return _by_grade(value)


def _by_grade(value: GradeWorth) -> str:
    words = [
        gettext("%(time)s for grade %(grade)s", time=amount(one), grade=grade)
        for grade, one in sorted(value.by_grade.items())
    ]
    return both([*words, gettext("%(time)s for other grades", time=amount(value.otherwise))])


def party(one: Party) -> str:
    """`Marketing`."""
    return gettext(_PARTIES[one])


def who(one: Party, subject: SubjectKind) -> str:
    """`A sales rep`."""
    return gettext(_SUBJECTS[one, subject])


def scope(one: SubjectKind) -> str:
    """`reps`."""
    return gettext(_SCOPES[one])


def period(one: PeriodKind) -> str:
    """`month`."""
    return gettext(_PERIODS[one])


def on_reassign(one: OnReassign) -> str:
    """What becomes of a clock whose lead is handed on."""
    return gettext(_ON_REASSIGN[one])


def score(one: ContestScore) -> str:
    """What a contest goes by."""
    return gettext(_SCORES[one])


def confirmation(one: Confirmation) -> str:
    """Who says that a task was done."""
    return gettext(_CONFIRMATIONS[one])


def measure(kind: type) -> str:
    """What a service level goes by."""
    return gettext(_MEASURES[kind]) if kind in _MEASURES else kind.__name__


def region(one: HolidayRegion) -> str:
    """`Brazil, SP`: the country in the reader's language."""
    country = locale().territories.get(one.country, one.country)
    return f"{country}, {one.subdivision}" if one.subdivision else country


def windows(listed: Sequence[Window]) -> str:
    """`09:00–12:00 and 13:00–18:00`."""
    if not listed:
        return gettext("closed")
    return both(f"{_clock(one.start_minute)}–{_clock(one.end_minute)}" for one in listed)


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def weekday(position: int) -> str:
    """`Monday`, as inside a sentence; 0 is Monday."""
    return str(dates.get_day_names("wide", locale=locale())[position])


def week(calendar: Calendar) -> tuple[tuple[str, str], ...]:
    """Days in a row with the same hours as one line: `Monday – Friday`, `09:00–18:00`."""
    found: list[tuple[int, int, str]] = []
    for position, listed in enumerate(calendar.week):
        told = windows(listed)
        if found and found[-1][2] == told:
            found[-1] = (found[-1][0], position, told)
        else:
            found.append((position, position, told))
    return tuple((_days(first, last), told) for first, last, told in found)


def _days(first: int, last: int) -> str:
    begin = weekday(first)
    begin = begin[:1].upper() + begin[1:]
    return begin if first == last else f"{begin} – {weekday(last)}"


def step(measures: Sequence[StepMeasure]) -> str:
    """What a step does: `a message to the manager; 100 points off, if a manager approves it`."""
    return "; ".join(step_measure(one) for one in measures)


def step_measure(one: StepMeasure, with_approval: bool = True) -> str:
    """What a measure does, in the words that the person concerned reads, wherever it is told."""
    if one.do is MeasureKind.DEDUCT:
        told = ngettext(
            "%(points)s point off", "%(points)s points off", one.points, points=number(one.points)
        )
    else:
        told = gettext(_STEP_MEASURES[one.do])
    if not with_approval or not one.needs_approval:
        return told
    return gettext("%(measure)s, if a manager approves it", measure=told)


def day(on: dt.date) -> str:
    """`20 Nov 2026`."""
    return dates.format_date(on, "medium", locale=locale())


def days(listed: Iterable[dt.date]) -> str:
    """Dates in order."""
    return both(day(on) for on in sorted(listed))
