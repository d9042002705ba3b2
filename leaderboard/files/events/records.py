"""One event from its texts, whatever it came in: the rules that all doors share (interfaces.md, Events).

Beyond the specification, so that nothing unbounded reaches the database: an event has at most 200
attributes, with names of 1 to 200 and values of up to 10,000 characters; times lie in the years 1900
to 2199. Texts are trimmed; what is compared (ids, sources, leads, reps) is brought into NFC.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import TypeVar
from zoneinfo import ZoneInfo

from leaderboard.domain.events import (
    EVENT_VOIDED,
    LEAD_ASSIGNED,
    NO_ATTRIBUTES,
    WITHOUT_LEAD,
    Event,
)
from leaderboard.domain.instants import Instant
from leaderboard.files.events.reasons import Reason, Refusal, Refused
from leaderboard.files.events.times import parse_time
from leaderboard.files.messages import character_name, shown

FIELDS = ("id", "source", "type", "time", "lead", "rep")
"""What is no attribute."""

VOIDS = "voids"
LONGEST_ID = 200
LONGEST_SOURCE = 100
LONGEST_TYPE = 200
LONGEST_ATTRIBUTE_NAME = 200
LONGEST_ATTRIBUTE = 10_000
MOST_ATTRIBUTES = 200

EVENT_TYPE = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)+", re.ASCII)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LONGEST = {"source": LONGEST_SOURCE, "type": LONGEST_TYPE}

T = TypeVar("T")


class RecordReader:
    """Reads events that share a default source, a time zone for times without offset, and an encoding.

    `encoding` is named where half characters stand for bytes that could not be decoded;
    `read_time` is for times of other shapes, and raises Refused.
    """

    def __init__(
        self,
        source: str | None,
        zone: ZoneInfo | None,
        encoding: str | None = None,
        read_time: Callable[[str], Instant] | None = None,
    ) -> None:
        self._source = source
        self._encoding = encoding
        self._time = read_time or (lambda text: parse_time(text, zone))

    def read(self, fields: Mapping[str, str | None]) -> Event | Refusal:
        """The event, or all the reasons why there is none. None and blank texts are not given."""
        reasons: list[Reason] = []
        event_id = self._required("id", fields, reasons)
        source = (
            self._required("source", fields, reasons) if "source" in fields else self._default_source(reasons)
        )
        kind = self._checked(_event_type, self._required("type", fields, reasons), reasons)
        time = self._checked(self._time, self._required("time", fields, reasons), reasons)
        lead, rep = self._optional("lead", fields, reasons), self._optional("rep", fields, reasons)
        attributes = self._attributes(fields, reasons)
        if kind is not None:
            self._check_needs(kind, fields, reasons)
        if reasons or event_id is None or source is None or kind is None or time is None:
            return Refusal(tuple(reasons))
        return Event(source, event_id, kind, time, lead, rep, attributes)

    def _default_source(self, reasons: list[Reason]) -> str | None:
        return self._required("source", {"source": self._source}, reasons)

    def _required(self, name: str, fields: Mapping[str, str | None], reasons: list[Reason]) -> str | None:
        noted = len(reasons)
        value = self._optional(name, fields, reasons)
        if value is None and len(reasons) == noted:
            reasons.append(Reason("field_missing", {"field": name}))
        return value

    def _optional(self, name: str, fields: Mapping[str, str | None], reasons: list[Reason]) -> str | None:
        written = (fields.get(name) or "").strip()
        if not written:
            return None
        reason = self._objection(name, written)
        if reason is None:
            return written if written.isascii() else unicodedata.normalize("NFC", written)
        reasons.append(reason)
        return None

    def _objection(self, name: str, text: str) -> Reason | None:
        longest = _LONGEST.get(name, LONGEST_ID)
        if len(text) > longest:
            return Reason("field_too_long", {"field": name, "most": longest})
        if text.isprintable():
            return None
        control = _CONTROL.search(text)
        if control is not None:
            return Reason("field_control", {"field": name, "character": character_name(control[0])})
        if _SURROGATE.search(text):
            return self._broken("field", {"field": name})
        return None

    def _broken(self, what: str, params: dict[str, str | int]) -> Reason:
        if self._encoding is None:
            return Reason(f"{what}_broken_text", params)
        return Reason(f"{what}_undecodable", {**params, "encoding": self._encoding})

    def _checked(self, reader: Callable[[str], T], text: str | None, reasons: list[Reason]) -> T | None:
        if text is None:
            return None
        try:
            return reader(text)
        except Refused as refused:
            reasons.append(refused.reason)
            return None

    def _attributes(self, fields: Mapping[str, str | None], reasons: list[Reason]) -> Mapping[str, str]:
        attributes = {}
        for name, value in fields.items():
            if name in FIELDS or value is None or not (written := value.strip()):
                continue
            reason = self._attribute_objection(name, written)
            if reason is None:
                attributes[name] = unicodedata.normalize("NFC", written) if name == VOIDS else written
            else:
                reasons.append(reason)
        if len(attributes) > MOST_ATTRIBUTES:
            reasons.append(Reason("attributes_too_many", {"most": MOST_ATTRIBUTES}))
        return attributes or NO_ATTRIBUTES

    def _attribute_objection(self, name: str, text: str) -> Reason | None:
        if not 0 < len(name) <= LONGEST_ATTRIBUTE_NAME or _CONTROL.search(name) or _SURROGATE.search(name):
            return Reason("attribute_name", {"most": LONGEST_ATTRIBUTE_NAME})
        if len(text) > LONGEST_ATTRIBUTE:
            return Reason("attribute_too_long", {"name": shown(name), "most": LONGEST_ATTRIBUTE})
        if "\x00" in text:
            return Reason("attribute_control", {"name": shown(name), "character": character_name("\x00")})
        if not text.isprintable() and _SURROGATE.search(text):
            return self._broken("attribute", {"name": shown(name)})
        return None

    def _check_needs(self, kind: str, fields: Mapping[str, str | None], reasons: list[Reason]) -> None:
        needed = {} if kind in WITHOUT_LEAD else {"lead": "lead"}
        needed |= {"rep": "rep"} if kind == LEAD_ASSIGNED else {}
        needed |= {VOIDS: f"attribute {VOIDS}"} if kind == EVENT_VOIDED else {}
        reasons.extend(
            Reason("field_missing_for", {"field": called, "type": kind})
            for name, called in needed.items()
            if not (fields.get(name) or "").strip()
        )


def _event_type(text: str) -> str:
    if not EVENT_TYPE.fullmatch(text):
        raise Refused("event_type", found=shown(text))
    return text


def parse_record(
    fields: Mapping[str, str | None], default_source: str | None = None, zone: ZoneInfo | None = None
) -> Event | Refusal:
    """One event from its texts by name; what is no field is an attribute."""
    return RecordReader(default_source, zone).read(fields)
