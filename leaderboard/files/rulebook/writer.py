"""A `Rulebook` as a canonical document: equal rulebooks give equal documents, and reading gives them back.

Left out is what has its default; the holidays resolved for a version are no part of the document.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import cast

from leaderboard.domain.rulebook import (
    Agreement,
    AttributeWorth,
    Calendar,
    Counted,
    FixedWorth,
    HolidayRegion,
    Limit,
    OnReassign,
    Organization,
    PointsTable,
    Ratio,
    Recorded,
    Response,
    Rulebook,
    ServiceLevel,
    StopRule,
    SubjectKind,
    Volume,
    Worth,
)
from leaderboard.files.plain import jsonable, without_gaps, write_yaml
from leaderboard.files.rulebook.incentive_writer import (
    badge,
    by_hand,
    consequence,
    contest,
    recognition,
    suspension,
    task,
)
from leaderboard.files.rulebook.organization import DAYS
from leaderboard.files.rulebook.rule_values import OTHERWISE, clock_range

_Document = dict[str, object]
_ONCE = 1


def write_rulebook(rulebook: Rulebook) -> str:
    """The rulebook as YAML; `read_rulebook` gives it back (without resolved holidays)."""
    return write_yaml(_document(rulebook))


def canonical(rulebook: Rulebook) -> dict[str, object]:
    """The rulebook as a JSON document: equal for equal rulebooks, dates and decimals as text."""
    return cast(dict[str, object], jsonable(_document(rulebook)))


def _document(rulebook: Rulebook) -> _Document:
    return without_gaps(
        {
            "rulebook": 1,
            "effective_from": rulebook.effective_from,
            "organization": _organization(rulebook.organization),
            "agreement": _agreement(rulebook.agreement) or None,
            "calendars": {c.id: _calendar(c) for c in rulebook.calendars.values()} or None,
            "service_levels": {s.id: _service_level(s) for s in rulebook.service_levels.values()},
            "badges": {b.id: badge(b) for b in rulebook.badges.values()} or None,
            "recognition": {r.id: recognition(r) for r in rulebook.recognition.values()} or None,
            "consequences": {c.id: consequence(c) for c in rulebook.consequences.values()} or None,
            "suspensions": [suspension(s) for s in rulebook.suspensions] or None,
            "contests": {c.id: contest(c) for c in rulebook.contests.values()} or None,
            "tasks": {t.id: task(t) for t in rulebook.tasks.values()} or None,
            "by_hand": by_hand(rulebook.by_hand) or None,
        }
    )


def _organization(who: Organization) -> _Document:
    return without_gaps(
        {
            "name": who.name,
            "timezone": who.zone.key,
            "currency": who.currency,
            "locale": who.locale,
            "fiscal_year_start": who.fiscal_year_start,
            "point_value": who.point_value,
            "closing": {"after_days": who.closing_after_days},
        }
    )


def _agreement(signed: Agreement) -> _Document:
    return without_gaps(
        {
            "title": signed.title,
            "parties": {party.value: name for party, name in sorted(signed.parties.items())} or None,
            "definitions": dict(signed.definitions) or None,
            "handover": list(signed.handover) or None,
            "review_on": signed.review_on,
        }
    )


def _calendar(calendar: Calendar) -> _Document:
    week = zip(DAYS, calendar.week, strict=True)
    region = calendar.region
    return without_gaps(
        {
            "timezone": calendar.zone.key,
            "hours": {day: [clock_range(w) for w in windows] for day, windows in week if windows},
            "holidays": region and _region(region),
            "closed": sorted(calendar.closed) or None,
        }
    )


def _region(region: HolidayRegion) -> _Document:
    return without_gaps({"country": region.country, "subdivision": region.subdivision})


def _service_level(level: ServiceLevel) -> _Document:
    points = without_gaps({"each": _points(level.each), "month": _points(level.month)})
    return without_gaps(
        {
            "name": level.name,
            "description": level.description,
            "party": level.party.value,
            "subject": None if level.subject is SubjectKind.REP else level.subject.value,
            **_measure(level),
            "minimum": None if level.minimum == _ONCE else level.minimum,
            "target": level.target,
            "exceed": level.exceed,
            "points": points or None,
        }
    )


def _points(table: PointsTable) -> _Document | None:
    by_rating = {"exceeded": table.exceeded, "met": table.met, "missed": table.missed}
    return {rating: points for rating, points in by_rating.items() if points} or None


def _measure(level: ServiceLevel) -> _Document:
    match level:
        case Response():
            return _response(level)
        case Recorded():
            return {"measure": "recorded"}
        case Volume():
            return {"measure": "volume", **_counted(level.counted), "prorate": level.prorate}
        case Ratio():
            return {
                "measure": "ratio",
                "numerator": _counted(level.numerator),
                "denominator": _counted(level.denominator),
            }


def _response(level: Response) -> _Document:
    restart = level.on_reassign is OnReassign.RESTART
    return {
        "measure": "response",
        "start": _events(level.start),
        "stop": _stop(level.stop),
        "pause": _events(level.pause) if level.pause else None,
        "resume": _events(level.resume) if level.resume else None,
        "calendar": level.calendar,
        "within": _limit(level.within),
        "exceed_within": None if level.exceed_within is None else _limit(level.exceed_within),
        "on_reassign": None if restart else level.on_reassign.value,
    }


def _events(types: Iterable[str]) -> object:
    listed = sorted(types)
    return listed[0] if len(listed) == _ONCE else listed


def _stop(stop: StopRule) -> object:
    if stop.count == _ONCE and stop.distinct is None and stop.apart_seconds is None:
        return _events(stop.events)
    return without_gaps(
        {
            "event": _events(stop.events),
            "count": stop.count,
            "distinct": stop.distinct,
            "apart": None if stop.apart_seconds is None else duration_text(stop.apart_seconds),
        }
    )


def _limit(limit: Limit) -> object:
    if not limit.by_grade and limit.otherwise is not None:
        return duration_text(limit.otherwise)
    by_grade: _Document = {grade: duration_text(limit.by_grade[grade]) for grade in sorted(limit.by_grade)}
    return by_grade if limit.otherwise is None else by_grade | {OTHERWISE: duration_text(limit.otherwise)}


def duration_text(seconds: int) -> str:
    """A duration in its largest whole unit up to hours (days are not for every clock)."""
    for unit, length in (("h", 3_600), ("m", 60)):
        if seconds and seconds % length == 0:
            return f"{seconds // length}{unit}"
    return f"{seconds}s"


def _counted(counted: Counted) -> _Document:
    return without_gaps(
        {
            "events": _events(counted.events),
            "value": _worth(counted.worth),
            "once_per_lead": None if counted.once_per_lead else False,
        }
    )


def _worth(worth: Worth) -> object:
    if isinstance(worth, FixedWorth):
        return None if worth.amount == _ONCE else worth.amount
    if isinstance(worth, AttributeWorth):
        return {"attribute": worth.attribute}
    by_grade: Mapping[str, Decimal] = {grade: worth.by_grade[grade] for grade in sorted(worth.by_grade)}
    with_rest = worth.otherwise or not by_grade
    return {"grade": {**by_grade, OTHERWISE: worth.otherwise} if with_rest else dict(by_grade)}
