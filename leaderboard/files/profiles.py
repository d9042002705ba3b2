"""Import profiles (interfaces.md): how the rows of any CSV file become events, as read from YAML."""

import codecs
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from leaderboard.files import values
from leaderboard.files.events.records import FIELDS, LONGEST_SOURCE
from leaderboard.files.rulebook.rule_values import event_type
from leaderboard.files.values import Section, Value, Wrong, key_text, line_of_text, list_of, zone
from leaderboard.files.yaml_nodes import ListNode, MapNode, Scalar

FORMAT = 1
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]+)\}|[{}]")
_SAMPLE = dt.datetime(2023, 11, 25, 13, 47, 58, tzinfo=dt.UTC)
# Not ways to write down a text, or not read alike piece by piece.
_NO_TEXT_ENCODINGS = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)


@dataclass(frozen=True, slots=True)
class Template:
    """Text with columns in it: pieces of text, each followed by a column's cell (none after the last).

    `values` translates the whole; what it does not list passes as it is.
    """

    pieces: tuple[tuple[str, str | None], ...]
    values: Mapping[str, str] | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it takes cells from."""
        return tuple(column for _, column in self.pieces if column is not None)


@dataclass(frozen=True, slots=True)
class TimeColumn:
    """A column of times; ISO where there are no formats."""

    column: str
    formats: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """A column's trimmed cell is one of these texts, or none of them."""

    column: str
    texts: frozenset[str]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class EventTemplate:
    """One event that a row may give."""

    type: str
    id: Template
    time: TimeColumn
    lead: Template | None = None
    rep: Template | None = None
    when: tuple[Condition, ...] = ()
    attributes: Mapping[str, Template] | None = None

    @property
    def templates(self) -> dict[str, Template]:
        """Its templates by the name of the field or attribute."""
        fields = {"id": self.id, "lead": self.lead, "rep": self.rep}
        return {name: one for name, one in fields.items() if one is not None} | dict(self.attributes or {})

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it needs."""
        cells = [column for template in self.templates.values() for column in template.columns]
        return (*cells, self.time.column, *(condition.column for condition in self.when))


@dataclass(frozen=True, slots=True)
class Profile:
    """How a CSV file is read, and the events each row may give."""

    events: tuple[EventTemplate, ...]
    source: str | None = None
    zone: ZoneInfo | None = None
    delimiter: str | None = None
    encoding: str = "utf-8"

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that it needs, in the order in which it names them."""
        return tuple(dict.fromkeys(column for event in self.events for column in event.columns))


_NO_TEMPLATE = Template(())
_NO_TIME = TimeColumn("")


def read_profile(document: str | bytes, name: str) -> Profile:
    """The profile of a YAML document. `name` is the file's. Raises FileProblems with all of them."""
    root = values.load(document, name)
    return values.finish(root, name, root.read(_profile, Profile(())))


def _profile(root: Value) -> Profile:
    section = Section(root)
    section.required("profile", _format, FORMAT)
    result = Profile(
        source=section.optional("source", _source, None),
        zone=section.optional("timezone", zone, None),
        delimiter=section.optional("delimiter", _delimiter, None),
        encoding=section.optional("encoding", _encoding, "utf-8"),
        events=section.required("events", _events, ()),
    )
    section.finish()
    return result


def _format(value: Value) -> int:
    if value.scalar("profile_format").strip() != str(FORMAT):
        raise Wrong("profile_format", found=value.found)
    return FORMAT


def _source(value: Value) -> str:
    written = key_text(value)
    if len(written) > LONGEST_SOURCE:
        raise Wrong("too_long", most=LONGEST_SOURCE)
    return written


def _delimiter(value: Value) -> str:
    written = value.scalar("bad_delimiter")
    if len(written) != 1 or written in '"\r\n ' or written.isalnum():
        raise Wrong("bad_delimiter")
    return written


def _encoding(value: Value) -> str:
    written = value.scalar("bad_encoding").strip()
    try:
        codec = codecs.lookup(written)
        # The flag by which Python itself tells text encodings from rot13 and base64.
        is_text = getattr(codec, "_is_text_encoding", True) and codec.name not in _NO_TEXT_ENCODINGS
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        raise Wrong("bad_encoding", found=value.found)
    return "utf-8" if codec.name == "utf-8-sig" else codec.name


def _events(value: Value) -> tuple[EventTemplate, ...]:
    events = tuple(item.read(_event, None) for item in value.items())
    if not events:
        raise Wrong("empty_list")
    return tuple(event for event in events if event is not None)


def _event(value: Value) -> EventTemplate:
    section = Section(value)
    result = EventTemplate(
        type=section.required("type", event_type, ""),
        id=section.required("id", _template, _NO_TEMPLATE),
        time=section.required("time", _time, _NO_TIME),
        lead=section.optional("lead", _template, None),
        rep=section.optional("rep", _template, None),
        when=section.optional("when", _when, ()),
        attributes=section.mapping("attributes", _attributes),
    )
    section.finish()
    return result


def _attributes(value: Value) -> dict[str, Template]:
    read: dict[str, Template] = {}
    for name, entry in value.entries().items():
        if name.strip() in FIELDS:
            entry.note_key("attribute_is_field")
        if not name.strip():
            entry.note_key("need_text", found="nothing")
        read[name.strip()] = entry.read(_template, _NO_TEMPLATE)
    return read


def _template(value: Value) -> Template:
    """`"{Lead ID}/created"`, or `{column: Channel, values: {Ringing: phone}}`."""
    if not isinstance(value.node, MapNode):
        return Template(_pieces(value))
    section = Section(value)
    column = section.required("column", line_of_text, "")
    translated = section.mapping("values", _translations)
    section.finish()
    return Template((("", column),), translated)


def _translations(value: Value) -> dict[str, str]:
    return {name.strip(): entry.read(_cell_text, "") for name, entry in value.entries().items()}


def _cell_text(value: Value) -> str:
    """A cell's text, trimmed; it may be empty if it is written in quotes."""
    if not isinstance(value.node, Scalar) or (value.node.plain and not value.node.text):
        raise Wrong("need_text", found=value.found)
    return value.node.text.strip()


def _pieces(value: Value) -> tuple[tuple[str, str | None], ...]:
    written = values.text(value)
    pieces: list[tuple[str, str | None]] = []
    literal, place = "", 0
    for token in _TOKEN.finditer(written):
        literal += written[place : token.start()]
        place = token.end()
        column = token[1]
        if column is not None and column.strip():
            pieces.append((literal, column.strip()))
            literal = ""
        elif token[0] in ("{{", "}}"):
            literal += token[0][0]
        else:
            raise Wrong("bad_template", found=value.found)
    literal += written[place:]
    return (*pieces, (literal, None)) if literal else tuple(pieces)


def _time(value: Value) -> TimeColumn:
    """`{column: Created Date, formats: [...]}`, or short `"{Created Date}"`."""
    if not isinstance(value.node, MapNode):
        pieces = _pieces(value)
        if len(pieces) != 1 or pieces[0][0] or pieces[0][1] is None:
            raise Wrong("need_mapping", found=value.found)
        return TimeColumn(pieces[0][1])
    section = Section(value)
    column = section.required("column", line_of_text, "")
    formats = section.optional("formats", _formats, ())
    section.finish()
    return TimeColumn(column, formats)


def _formats(value: Value) -> tuple[str, ...]:
    if not isinstance(value.node, ListNode):
        return (_time_format(value),)
    formats = list_of(_time_format, "")(value)
    if not formats:
        raise Wrong("empty_list")
    return formats


def _time_format(value: Value) -> str:
    """A format of strptime that names a whole date: written and read, a date comes back."""
    written = line_of_text(value)
    try:
        again = dt.datetime.strptime(_SAMPLE.strftime(written), written).date()  # noqa: DTZ007 (only its date counts)
    except (ValueError, re.error):
        raise Wrong("bad_time_format", found=value.found) from None
    if again != _SAMPLE.date():
        raise Wrong("bad_time_format", found=value.found)
    return written


def _when(value: Value) -> tuple[Condition, ...]:
    return tuple(
        Condition(column.strip(), *entry.read(_condition, (frozenset(), False)))
        for column, entry in value.entries().items()
    )


def _condition(value: Value) -> tuple[frozenset[str], bool]:
    """One text, a list (one of), or `{not: ...}` (none of)."""
    if not isinstance(value.node, MapNode):
        return _texts(value), False
    section = Section(value)
    texts = section.required("not", _texts, frozenset())
    section.finish()
    return texts, True


def _texts(value: Value) -> frozenset[str]:
    if not isinstance(value.node, ListNode):
        return frozenset({_cell_text(value)})
    texts = list_of(_cell_text, "")(value)
    if not texts:
        raise Wrong("empty_list")
    return frozenset(texts)
