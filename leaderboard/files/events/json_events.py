"""Events as JSON: our own form and CloudEvents 1.0, read strictly (interfaces.md, Events and HTTP).

Numbers keep the text they were written with. An object with a key given twice is refused for itself;
what is no JSON by RFC 8259 (NaN, Infinity) or too deep to be read is no JSON at all.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NoReturn
from zoneinfo import ZoneInfo

from leaderboard.domain.events import Event
from leaderboard.files.events.reasons import Reason, Refusal
from leaderboard.files.events.records import FIELDS, LONGEST_ID, RecordReader
from leaderboard.files.messages import shown

MOST_EVENTS = 100_000
"""More cannot be in a body of 5 MB, if they are events."""

_SPACE = re.compile(r"[ \t\n\r]*")
_ENVELOPE = ("id", "source", "type", "time")
_VERSION = "1.0"
_NOT_AN_OBJECT = Refusal((Reason("json_not_object"),))


class NotJson(Exception):
    """A text that is no JSON, and why."""

    def __init__(self, code: str, **params: str | int) -> None:
        super().__init__(code)
        self.reason = Reason(code, params)


@dataclass(frozen=True, slots=True)
class _Twice:
    """Stands for an object in which a key is given twice."""

    name: str


@dataclass(frozen=True, slots=True)
class BodyEvent:
    """One entry of a body: its place from 0, its id as far as it has one, and what it was read as."""

    index: int
    id: str | None
    result: Event | Refusal


def _object(pairs: list[tuple[str, object]]) -> object:
    made = dict(pairs)
    if len(made) == len(pairs):
        return made
    seen: set[str] = set()
    return _Twice(next(name for name, _ in pairs if name in seen or seen.add(name)))  # type: ignore[func-returns-value]


def _constant(name: str) -> NoReturn:
    raise NotJson("not_json", detail=f"{name} is no JSON number")


_DECODER = json.JSONDecoder(
    parse_float=str, parse_int=str, parse_constant=_constant, object_pairs_hook=_object, strict=True
)


def _decoded(text: str, place: int) -> tuple[object, int]:
    """The JSON value that begins at a place, and where it ends. Raises NotJson."""
    try:
        return _DECODER.raw_decode(text, place)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise NotJson("not_json", detail=f"{error.msg} at {where}") from None
    except RecursionError:
        raise NotJson("not_json", detail="it is nested too deep") from None


def _after_space(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def parse_json(text: str) -> object:
    """The one value of a JSON text, numbers as texts. Raises NotJson."""
    value, end = _decoded(text, _after_space(text, 0))
    if _after_space(text, end) != len(text):
        raise NotJson("not_json", detail=f"there is more after its end, at character {end + 1}")
    return value


def json_items(text: str) -> Iterator[tuple[int, int, object]]:
    """The entries of a JSON list, or the one value that is there: where each starts and ends, and its value.

    Raises NotJson, if need be after the first entries.
    """
    place = _after_space(text, 0)
    if text[place : place + 1] != "[":
        yield place, len(text), parse_json(text)
        return
    place = _after_space(text, place + 1)
    closed = text[place : place + 1] == "]"
    while not closed:
        value, end = _decoded(text, place)
        yield place, end, value
        place = _after_space(text, end)
        closed = text[place : place + 1] == "]"
        if not closed and text[place : place + 1] != ",":
            raise NotJson("not_json", detail=f"a list goes wrong at character {place + 1}")
        place = place if closed else _after_space(text, place + 1)
    if _after_space(text, place + 1) != len(text):
        raise NotJson("not_json", detail=f"there is more after its end, at character {place + 2}")


def read_body(body: bytes, zone: ZoneInfo | None = None, cloudevents: bool = False) -> tuple[BodyEvent, ...]:
    """The events of a request's body: one or a list. Raises NotJson.

    An object with `specversion` is a CloudEvent; where `cloudevents` are announced, all must be.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotJson("not_json", detail=f"byte {error.start + 1} is not UTF-8") from None
    records = RecordReader(None, zone)
    events = []
    for index, (_, _, value) in enumerate(json_items(text)):
        if index >= MOST_EVENTS:
            raise NotJson("not_json", detail=f"it holds more than {MOST_EVENTS} entries")
        events.append(BodyEvent(index, _id_of(value), event_from_json(value, records, cloudevents)))
    return tuple(events)


def _id_of(value: object) -> str | None:
    found = value.get("id") if isinstance(value, dict) else None
    return found[:LONGEST_ID] if isinstance(found, str) else None


def event_from_json(value: object, records: RecordReader, cloudevents: bool = False) -> Event | Refusal:
    """One event from a value that `parse_json` gave."""
    if isinstance(value, _Twice):
        return Refusal((Reason("json_duplicate", {"name": shown(value.name)}),))
    if not isinstance(value, dict):
        return _NOT_AN_OBJECT
    if cloudevents or "specversion" in value:
        return _from_cloudevent(value, records)
    return _from_fields(value, records, [])


def _from_fields(value: dict[str, object], records: RecordReader, reasons: list[Reason]) -> Event | Refusal:
    fields: dict[str, str | None] = {}
    unread = set()
    for name, given in value.items():
        if isinstance(given, str):
            fields[name] = given
        elif isinstance(given, bool) and name not in FIELDS:
            fields[name] = "true" if given else "false"
        elif given is not None:
            reasons.append(_not_text(name, given))
            unread.add(name)
    read = records.read(fields)
    if isinstance(read, Event) and not reasons:
        return read
    others = read.reasons if isinstance(read, Refusal) else ()
    return Refusal((*reasons, *(r for r in others if not _tells_missing(r, unread))))


def _tells_missing(reason: Reason, unread: set[str]) -> bool:
    """Whether it says that something is missing that was given, but could not be read."""
    return reason.code.startswith("field_missing") and reason.params["field"] in unread


def _not_text(name: str, given: object) -> Reason:
    if name in FIELDS:
        return Reason("field_not_text", {"field": name})
    return Reason("attribute_not_text", {"name": shown(name), "kind": _kind(given)})


def _kind(given: object) -> str:
    if isinstance(given, bool):
        return "true or false"
    if isinstance(given, list):
        return "a list"
    if isinstance(given, str):
        return "text"
    return "an object" if isinstance(given, dict | _Twice) else "a number"


def _from_cloudevent(envelope: dict[str, object], records: RecordReader) -> Event | Refusal:
    reasons: list[Reason] = []
    version = envelope.get("specversion")
    if version != _VERSION:
        reasons.append(Reason("cloudevent_version", {"found": shown(str(version))}))
    if envelope.get("data_base64") is not None:
        reasons.append(Reason("cloudevent_base64"))
    fields = {name: envelope.get(name) for name in _ENVELOPE} | {"lead": envelope.get("subject")}
    return _from_fields(_with_data(fields, envelope.get("data"), reasons), records, reasons)


def _with_data(fields: dict[str, object], data: object, reasons: list[Reason]) -> dict[str, object]:
    """The fields of the envelope and what `data` has beside them; it may repeat them, not differ."""
    if data is None:
        return fields
    if isinstance(data, _Twice):
        reasons.append(Reason("json_duplicate", {"name": shown(data.name)}))
        return fields
    if not isinstance(data, dict):
        reasons.append(Reason("cloudevent_data", {"kind": _kind(data)}))
        return fields
    for name, given in data.items():
        own = fields.get(name)
        if given is None or given == own:
            continue
        if own is not None or name in _ENVELOPE:
            reasons.append(Reason("cloudevent_field_in_data", {"name": name}))
        else:
            fields[name] = given
    return fields
