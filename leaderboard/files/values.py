"""Reading typed values out of a YAML tree, collecting every problem on the way.

A *reader* turns one `Value` into something typed or raises `Wrong`. Where a value is wrong its
problem is noted and a stand-in takes its place, so that reading goes on; whoever reads a whole file
refuses it in the end if anything was noted.
"""

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo, available_timezones

from leaderboard.files.messages import Param, character_name, shown
from leaderboard.files.problems import WHOLE_FILE, FileProblems, Problem
from leaderboard.files.yaml_nodes import LONGEST_KEY, ListNode, MapNode, Node, Scalar, joined, read_yaml

T = TypeVar("T")
D = TypeVar("D")
E = TypeVar("E", bound=StrEnum)

LONGEST_NAME = LONGEST_KEY
LONGEST_TEXT = 10_000
LARGEST_WHOLE = 1_000_000_000
MOST_DIGITS = 18
FIRST_YEAR = 1900

_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ID = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
_NOTHING = frozenset({"", "~", "null"})
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_MOST_NAMES_COMPARED = 500
_MOST_PROBLEMS_COMPARED = 100


class Wrong(Exception):
    """A value is not what was expected: a code of `messages` with its parameters."""

    def __init__(self, code: str, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Value:
    """A node with the path of its key and the list that problems are noted in."""

    node: Node
    key: str
    problems: list[Problem]
    key_line: int | None = None

    @property
    def line(self) -> int:
        """Where it stands."""
        return self.node.line

    @property
    def found(self) -> str:
        """What stands there, for a sentence."""
        if isinstance(self.node, MapNode):
            return "keys with values"
        if isinstance(self.node, ListNode):
            return "a list"
        return "nothing" if self.is_nothing else shown(self.node.text)

    @property
    def is_nothing(self) -> bool:
        """Whether no value was written: left empty, or `~`, or `null`."""
        return isinstance(self.node, Scalar) and self.node.plain and self.node.text in _NOTHING

    def note(self, code: str, **params: Param) -> None:
        """Note a problem with this value."""
        self.problems.append(Problem(self.line, self.key, code, params))

    def note_key(self, code: str, **params: Param) -> None:
        """Note a problem with the key that this value stands under."""
        self.problems.append(Problem(self.key_line or self.line, self.key, code, params))

    def read(self, reader: Callable[["Value"], T], stand_in: D) -> T | D:
        """What the reader makes of it, or the stand-in, with the problem noted."""
        try:
            return reader(self)
        except Wrong as wrong:
            self.note(wrong.code, **wrong.params)
            return stand_in

    def scalar(self, expected: str = "need_text") -> str:
        """The text as written. Raises Wrong for a list, a mapping or nothing."""
        if not isinstance(self.node, Scalar) or self.is_nothing:
            raise Wrong(expected, found=self.found)
        return self.node.text

    def items(self) -> list["Value"]:
        """The entries of a list."""
        if not isinstance(self.node, ListNode):
            raise Wrong("need_list", found=self.found)
        return [Value(node, f"{self.key}.{i}", self.problems) for i, node in enumerate(self.node.items, 1)]

    def entries(self) -> dict[str, "Value"]:
        """The entries of a mapping."""
        if not isinstance(self.node, MapNode):
            raise Wrong("need_mapping", found=self.found)
        return {
            name: Value(_at_key(node, key), joined(self.key, name), self.problems, key.line)
            for name, (key, node) in self.node.entries.items()
        }


def _at_key(node: Node, key: Scalar) -> Node:
    """An empty value is told at its key's line: YAML puts it wherever the next token is."""
    if isinstance(node, Scalar) and node.plain and not node.text:
        return Scalar("", key.line)
    return node


class Section:
    """A mapping whose keys are known: what is asked for is read, what nobody asked for is a problem."""

    def __init__(self, value: Value) -> None:
        self._value = value
        self._entries = value.entries()
        self._asked: dict[str, None] = {}

    def value(self, key: str) -> Value | None:
        """The value of a key as it stands; None where it is left out."""
        self._asked[key] = None
        return self._entries.get(key)

    def required(self, key: str, reader: Callable[[Value], T], stand_in: D) -> T | D:
        """A key that must be there."""
        value = self.value(key)
        if value is None:
            self._value.problems.append(Problem(self._value.line, joined(self._value.key, key), "missing"))
            return stand_in
        return value.read(reader, stand_in)

    def optional(self, key: str, reader: Callable[[Value], T], default: D) -> T | D:
        """A key that may be left out."""
        value = self.value(key)
        return default if value is None else value.read(reader, default)

    def mapping(self, key: str, reader: Callable[[Value], Mapping[str, T]]) -> Mapping[str, T]:
        """A mapping that may be left out, and is empty then."""
        empty: Mapping[str, T] = {}
        return self.optional(key, reader, empty)

    def finish(self) -> None:
        """Note the keys that nobody asked for."""
        for name, value in self._entries.items():
            if name not in self._asked:
                near = _near(name, self._asked, value.problems)
                if near:
                    value.note_key("unknown_key_near", near=near[0])
                else:
                    value.note_key("unknown_key", known=", ".join(self._asked))


def _near(written: str, names: Collection[str], problems: list[Problem]) -> list[str]:
    """The name that was probably meant. Looking for it is slow, so not among many, nor for many problems."""
    if len(names) > _MOST_NAMES_COMPARED or len(problems) > _MOST_PROBLEMS_COMPARED:
        return []
    return difflib.get_close_matches(written, names, 1)


def load(document: str | bytes, name: str) -> Value:
    """The root of a YAML file. Raises FileProblems where it is no tree at all."""
    root, problems = read_yaml(document, name)
    return Value(root, "", problems)


def finish(root: Value, name: str, result: T) -> T:
    """The result of reading a file, unless anything was noted. Raises FileProblems with all of it."""
    if root.problems:
        problems = [p if p.key else Problem(p.line, WHOLE_FILE, p.code, p.params) for p in root.problems]
        raise FileProblems(name, problems)
    return result


# Readers of single values


def text(value: Value) -> str:
    """Text of any number of lines, trimmed, not empty."""
    written = value.scalar().strip()
    if not written:
        raise Wrong("need_text", found="nothing")
    if len(written) > LONGEST_TEXT:
        raise Wrong("too_long", most=LONGEST_TEXT)
    for character in written:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
            raise Wrong("bad_text_character", character=character_name(character))
    return written


def line_of_text(value: Value) -> str:
    """A name: text on one line, 1 to 200 characters."""
    written = text(value)
    if "\n" in written or "\t" in written:
        raise Wrong("need_one_line")
    if len(written) > LONGEST_NAME:
        raise Wrong("too_long", most=LONGEST_NAME)
    return written


def key_text(value: Value) -> str:
    """Text by which systems name something, in NFC, for so it is compared."""
    return unicodedata.normalize("NFC", line_of_text(value))


def id_text(value: Value) -> str:
    """An id of a team, a service level, a badge and so on, as it is written where it is named."""
    written = line_of_text(value)
    if not _ID.fullmatch(written):
        raise Wrong("bad_id")
    return written


def whole(least: int = -LARGEST_WHOLE, most: int = LARGEST_WHOLE) -> Callable[[Value], int]:
    """A reader of whole numbers within bounds."""

    def read(value: Value) -> int:
        written = value.scalar("need_whole").strip()
        if not _NUMBER.fullmatch(written):
            raise Wrong("need_whole", found=value.found)
        exact = _decimal(written)
        if exact != int(exact):
            raise Wrong("need_whole", found=value.found)
        if exact < least:
            raise Wrong("too_small", least=least)
        if exact > most:
            raise Wrong("too_large_number", most=most)
        return int(exact)

    return read


def number(value: Value) -> Decimal:
    """An exact decimal: an optional sign, digits, and optionally a point and digits."""
    written = value.scalar("need_number").strip()
    if not _NUMBER.fullmatch(written):
        raise Wrong("need_number", found=value.found)
    return _decimal(written)


def number_from_zero(value: Value) -> Decimal:
    """An exact decimal that is not negative."""
    exact = number(value)
    if exact < 0:
        raise Wrong("too_small", least=0)
    return exact


def share(value: Value) -> Decimal:
    """A share written `0.9` or `90%`, exactly."""
    written = value.scalar("need_share").strip()
    percent = written.endswith("%")
    digits = written[:-1].rstrip() if percent else written
    if not _NUMBER.fullmatch(digits):
        raise Wrong("need_share", found=value.found)
    _decimal(digits)
    return Decimal(f"{digits}e-2") if percent else Decimal(digits)


def _decimal(digits: str) -> Decimal:
    if len(digits) > MOST_DIGITS + 2:
        raise Wrong("too_many_digits", most=MOST_DIGITS)
    return Decimal(digits)


def date(value: Value) -> dt.date:
    """An ISO date."""
    written = value.scalar("need_date").strip()
    try:
        if not _DATE.fullmatch(written):
            raise ValueError
        day = dt.date.fromisoformat(written)
    except ValueError:
        raise Wrong("need_date", found=value.found) from None
    if day.year < FIRST_YEAR:
        raise Wrong("date_out_of_range", first=FIRST_YEAR, last=dt.MAXYEAR)
    return day


def flag(value: Value) -> bool:
    """True or false."""
    written = value.scalar("need_flag").strip()
    if written not in _FLAGS:
        raise Wrong("need_flag", found=value.found)
    return _FLAGS[written]


def zone(value: Value) -> ZoneInfo:
    """An IANA time zone."""
    written = value.scalar("bad_timezone").strip()
    if written not in available_timezones_once():
        raise Wrong("bad_timezone", found=value.found)
    return ZoneInfo(written)


_zones: set[str] = set()


def available_timezones_once() -> set[str]:
    """All IANA names; asked of the system once, for it walks a folder."""
    if not _zones:
        _zones.update(available_timezones())
    return _zones


def choice(kind: type[E], *allowed: E) -> Callable[[Value], E]:
    """A reader of one of an enum's values (or only of some of them)."""
    choices = allowed or tuple(kind)

    def read(value: Value) -> E:
        listed = ", ".join(choices)
        if not isinstance(value.node, Scalar):
            raise Wrong("need_choice", choices=listed, found=value.found)
        written = value.node.text.strip()
        for one in choices:
            if one.value == written:
                return one
        raise Wrong("need_choice", choices=listed, found=value.found)

    return read


def list_of(reader: Callable[[Value], T], stand_in: T) -> Callable[[Value], tuple[T, ...]]:
    """A reader of a list; each entry is read for itself."""

    def read(value: Value) -> tuple[T, ...]:
        return tuple(item.read(reader, stand_in) for item in value.items())

    return read


def map_of(reader: Callable[[Value], T], stand_in: T) -> Callable[[Value], Mapping[str, T]]:
    """A reader of a mapping with any texts as keys."""

    def read(value: Value) -> Mapping[str, T]:
        result: dict[str, T] = {}
        for name, entry in value.entries().items():
            if not name.strip():
                entry.note_key("need_text", found="nothing")
            result[name.strip()] = entry.read(reader, stand_in)
        return result

    return read


def by_id(value: Value, reader: Callable[[str, Value], T | None]) -> dict[str, T]:
    """A mapping of ids to what the reader makes of each; it gives None for what is beyond reading."""
    result: dict[str, T] = {}
    for name, entry in value.entries().items():
        if not _ID.fullmatch(name):
            entry.note_key("bad_id")
        elif len(name) > LONGEST_NAME:
            entry.note_key("too_long", most=LONGEST_NAME)
        made = entry.read(lambda one, name=name: reader(name, one), None)  # type: ignore[misc]
        if made is not None:
            result[name] = made
    return result


def reference(what: str, known: Iterable[str]) -> Callable[[Value], str]:
    """A reader of an id that must be defined elsewhere in the file."""
    names = dict.fromkeys(known)

    def read(value: Value) -> str:
        written = line_of_text(value)
        if written in names:
            return written
        near = _near(written, names, value.problems)
        if near:
            raise Wrong("unknown_reference_near", what=what, found=value.found, near=near[0])
        raise Wrong("unknown_reference", what=what, found=value.found)

    return read
