"""A service level of a rulebook's document as the fields of a form, and back: texts in, texts out.

Nothing is judged here. What is no number stays the text that was typed, and the reader of rulebooks says what is wrong.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from leaderboard.files.plain import PlainText
from leaderboard.web.presenters.entry_values import list_of as _list
from leaderboard.web.presenters.entry_values import map_of as _map
from leaderboard.web.presenters.entry_values import text_of as _text

Data: TypeAlias = dict[str, Any]

MEASURES = ("response", "recorded", "volume", "ratio")
ROWS = ("each", "month")
RATINGS = ("exceeded", "met", "missed")
_DURATION = re.compile(r"(\d+)([smhd])", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_MOST_DIGITS = 20
OTHERWISE = "otherwise"
LEFT_EMPTY = PlainText("~")
"""Stands for a number that was left empty where something is said of it, so that the reader asks for it."""
SPARE_ROWS = 2


@dataclass(frozen=True, slots=True)
class Span:
    """A time: how many, of what; of a grade ("" for all others)."""

    amount: str = ""
    unit: str = "h"
    grade: str = ""

    @property
    def text(self) -> str:
        """As the rulebook writes it."""
        return f"{self.amount}{self.unit}" if self.amount else ""


@dataclass(frozen=True, slots=True)
class CountedFields:
    """What counts: events, and what each is worth."""

    events: tuple[str, ...] = ()
    worth: str = "one"
    amount: str = ""
    attribute: str = ""
    grades: tuple[tuple[str, str], ...] = ()
    once_per_lead: bool = True


@dataclass(frozen=True, slots=True)
class LevelFields:
    """Everything that the form of a service level asks, as it was typed."""

    measure: str
    id: str = ""
    name: str = ""
    description: str = ""
    party: str = "sales"
    subject: str = "rep"
    minimum: str = ""
    target: str = ""
    exceed: str = ""
    points: Mapping[str, str] = field(default_factory=dict)
    start: tuple[str, ...] = ()
    stop: tuple[str, ...] = ()
    count: str = ""
    distinct: str = ""
    apart: Span = Span()
    within: tuple[Span, ...] = ()
    exceed_within: tuple[Span, ...] = ()
    pause: tuple[str, ...] = ()
    resume: tuple[str, ...] = ()
    calendar: str = ""
    on_reassign: str = "restart"
    prorate: str = ""
    counted: CountedFields = CountedFields()
    numerator: CountedFields = CountedFields()
    denominator: CountedFields = CountedFields()

    @property
    def in_percent(self) -> bool:
        """Whether target and exceed are shares."""
        return self.measure != "volume"


def fields_of(level_id: str, data: Mapping[str, Any]) -> LevelFields:
    """The form's fields of an entry of the document, whatever is wrong with it."""
    measure = _text(data.get("measure"))
    measure = measure if measure in MEASURES else "response"
    shown = _percent if measure != "volume" else _text
    stop = data.get("stop")
    stop_map = stop if isinstance(stop, Mapping) else {"event": stop}
    return LevelFields(
        measure=measure,
        id=level_id,
        name=_text(data.get("name")),
        description=_text(data.get("description")),
        party=_text(data.get("party")) or "sales",
        subject=_text(data.get("subject")) or "rep",
        minimum=_text(data.get("minimum")),
        target=shown(data.get("target")),
        exceed=shown(data.get("exceed")),
        points=_points_of(data.get("points")),
        start=_list(data.get("start")),
        stop=_list(stop_map.get("event")),
        count=_text(stop_map.get("count")),
        distinct=_text(stop_map.get("distinct")),
        apart=_span(stop_map.get("apart")),
        within=_spans(data.get("within")),
        exceed_within=_spans(data.get("exceed_within")),
        pause=_list(data.get("pause")),
        resume=_list(data.get("resume")),
        calendar=_text(data.get("calendar")),
        on_reassign=_text(data.get("on_reassign")) or "restart",
        prorate=_text(data.get("prorate")),
        counted=_counted(data),
        numerator=_counted(_map(data.get("numerator"))),
        denominator=_counted(_map(data.get("denominator"))),
    )


def entry_of(fields: LevelFields, before: Mapping[str, Any]) -> Data:
    """The entry of the document: what the form knows as it was typed, anything else as it was before."""
    made: Data = dict(before)
    for key, value in _written(fields).items():
        if key == "minimum" and value == 1 and key not in before:
            continue  # what it is anyway
        if value in (None, "", {}, []):
            made.pop(key, None)
        elif key in before and _means(before[key]) == _means(value):
            made[key] = before[key]
        else:
            made[key] = value
    return made


def _written(fields: LevelFields) -> Data:
    share = _share if fields.in_percent else typed
    common: Data = {
        "name": fields.name,
        "description": fields.description,
        "party": fields.party,
        "subject": "" if fields.subject == "rep" else fields.subject,
        "measure": fields.measure,
    }
    rest: Data = {
        "minimum": typed(fields.minimum),
        "target": share(fields.target),
        "exceed": share(fields.exceed),
        "points": _points(fields.points),
    }
    return common | _OF_MEASURE[fields.measure](fields) | rest


def _response(fields: LevelFields) -> Data:
    stop = _events(fields.stop)
    more = {
        "count": typed(fields.count) if fields.count not in ("", "1") else "",
        "distinct": fields.distinct,
        "apart": fields.apart.text,
    }
    more = {key: value for key, value in more.items() if value != ""}
    return {
        "start": _events(fields.start),
        "stop": {"event": stop, **more} if more else stop,
        "pause": _events(fields.pause),
        "resume": _events(fields.resume),
        "calendar": fields.calendar,
        "within": _limit(fields.within),
        "exceed_within": _limit(fields.exceed_within),
        "on_reassign": "" if fields.on_reassign == "restart" else fields.on_reassign,
    }


def _volume(fields: LevelFields) -> Data:
    return {**_counted_data(fields.counted), "prorate": fields.prorate}


def _ratio(fields: LevelFields) -> Data:
    sides = {"numerator": fields.numerator, "denominator": fields.denominator}
    return {
        side: {key: value for key, value in _counted_data(one).items() if value not in ("", None)}
        for side, one in sides.items()
    }


_OF_MEASURE = {
    "response": _response,
    "recorded": lambda _fields: {},
    "volume": _volume,
    "ratio": _ratio,
}


def _counted_data(fields: CountedFields) -> Data:
    value: object = ""
    if fields.worth == "fixed":
        value = typed(fields.amount)
    elif fields.worth == "attribute":
        value = {"attribute": fields.attribute}
    elif fields.worth == "grade":
        value = {
            "grade": {
                grade or OTHERWISE: typed(amount) if amount else LEFT_EMPTY for grade, amount in fields.grades
            }
        }
    return {
        "events": _events(fields.events),
        "value": value,
        "once_per_lead": None if fields.once_per_lead else False,
    }


def _counted(data: Mapping[str, Any]) -> CountedFields:
    value = data.get("value")
    once = _text(data.get("once_per_lead")).lower() != "false"
    events = _list(data.get("events"))
    if isinstance(value, Mapping) and "grade" in value:
        grades = tuple(
            ("" if grade == OTHERWISE else str(grade), _text(amount))
            for grade, amount in _map(value.get("grade")).items()
        )
        return CountedFields(events, "grade", grades=grades, once_per_lead=once)
    if isinstance(value, Mapping):
        return CountedFields(events, "attribute", attribute=_text(value.get("attribute")), once_per_lead=once)
    worth = "one" if _text(value) in ("", "1") else "fixed"
    return CountedFields(events, worth, amount=_text(value), once_per_lead=once)


def _limit(spans: Sequence[Span]) -> object:
    given = [span for span in spans if span.amount or span.grade]
    if len(given) == 1 and not given[0].grade:
        return given[0].text
    graded = sorted(given, key=lambda span: not span.grade)
    return {span.grade or OTHERWISE: span.text or LEFT_EMPTY for span in graded}


def _spans(value: Any) -> tuple[Span, ...]:
    if isinstance(value, Mapping):
        found = [_span(one, "" if grade == OTHERWISE else str(grade)) for grade, one in value.items()]
        return tuple(sorted(found, key=lambda span: bool(span.grade)))
    return (_span(value),) if _text(value) else ()


def _span(value: Any, grade: str = "") -> Span:
    text = _text(value)
    found = _DURATION.fullmatch(text)
    if found is None:
        return Span(text, "" if text else "h", grade)
    return Span(found[1], found[2], grade)


def _points(points: Mapping[str, str]) -> Data:
    made: Data = {}
    for row in ROWS:
        given = {one: points.get(f"{row}.{one}", "") for one in RATINGS}
        values = {one: typed(text) for one, text in given.items() if text not in ("", "0")}
        if values:
            made[row] = values
    return made


def _points_of(value: Any) -> dict[str, str]:
    return {f"{row}.{one}": _text(_map(_map(value).get(row)).get(one)) for row in ROWS for one in RATINGS}


def _events(listed: Sequence[str]) -> object:
    return listed[0] if len(listed) == 1 else list(listed)


def typed(text: str) -> object:
    """A whole number or a decimal where the text is one; else the text."""
    if not _NUMBER.fullmatch(text) or len(text) > _MOST_DIGITS:
        return text
    return Decimal(text) if "." in text else int(text)


def _share(text: str) -> object:
    """Typed in percent."""
    return f"{text}%" if text else ""


def _percent(value: Any) -> str:
    """`90%` and `0.9` are 90."""
    text = _text(value)
    if text.endswith("%"):
        return text[:-1].rstrip()
    if not _NUMBER.fullmatch(text) or len(text) > _MOST_DIGITS:
        return text
    return format((Decimal(text) * 100).normalize(), "f")


def _means(value: Any) -> Any:
    """What a value comes to, so that what nobody changed stays written as it was."""
    if isinstance(value, Mapping):
        return {str(key): _means(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_means(one) for one in value] if len(value) != 1 else _means(value[0])
    text = _text(value)
    plain = text.removesuffix("%")
    if not _NUMBER.fullmatch(plain) or len(plain) > _MOST_DIGITS:
        return text
    return Decimal(plain) / (100 if text.endswith("%") else 1)
