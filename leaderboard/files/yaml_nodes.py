"""YAML as a tree of texts with line numbers, read strictly and in bounded memory.

PyYAML's events are read, not its objects: a plain scalar stays its text (`NO` is Norway, `12:30` a
time), nothing is ever constructed, and depth, size and aliases are checked before they cost anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from leaderboard.files.messages import character_name, cut_off, printable, shown
from leaderboard.files.problems import FileProblems, Problem, refuse

MOST_BYTES = 5_000_000
LONGEST_KEY = 200
"""Of an id and of a rep's key alike."""
MOST_DEPTH = 20
MOST_NODES = 300_000
_QUOTED = ("'", '"', "|", ">")
_MOST_DUPLICATES = 200

_BINARY = {
    b"PK\x03\x04": "a zip archive (or a spreadsheet)",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "a picture",
    b"\xff\xfe": "UTF-16 text",
    b"\xfe\xff": "UTF-16 text",
}
_NOT_PRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text. `plain` where it was written without quotes."""

    text: str
    line: int
    plain: bool = True


@dataclass(frozen=True, slots=True)
class ListNode:
    """A list."""

    items: tuple["Node", ...]
    line: int


@dataclass(frozen=True, slots=True)
class MapNode:
    """Keys with values; of a key given twice only the first."""

    entries: dict[str, tuple[Scalar, "Node"]]
    line: int


Node: TypeAlias = Scalar | ListNode | MapNode


def not_printable(text: str) -> str | None:
    """The first character that no text file needs; None where there is none."""
    found = _NOT_PRINTABLE.search(text)
    return None if found is None else found[0]


def kind_of_binary(start: bytes) -> str | None:
    """What a file that is no text is, told by its first bytes; None if nothing is known against it."""
    return next((kind for magic, kind in _BINARY.items() if start.startswith(magic)), None)


def read_bounded(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file, never more than `most`. Raises FileProblems if there are more, or none can be read."""
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise refuse(str(path), "unreadable", detail=error.strerror or type(error).__name__) from error
    if len(content) > most:
        raise refuse(str(path), "too_large", most=most // 1_000_000)
    return content


def read_yaml(document: str | bytes, name: str) -> tuple[Node, list[Problem]]:
    """The one document of a YAML text, and its duplicate keys.

    Raises FileProblems for whatever keeps it from being read as a tree.
    """
    text = text_of(document, name)
    try:
        return _Builder(name).build(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        detail = " ".join(part for part in (error.context, error.problem) if part)
        raise refuse(name, "yaml_syntax", mark.line + 1 if mark else None, detail=detail) from error
    except (yaml.YAMLError, ValueError) as error:
        raise refuse(name, "yaml_syntax", detail=shown(str(error))) from error


def text_of(document: str | bytes, name: str) -> str:
    """The text of a file. Raises FileProblems for what is too large, no text, empty or not UTF-8."""
    if len(document) > MOST_BYTES:
        raise refuse(name, "too_large", most=MOST_BYTES // 1_000_000)
    text = document if isinstance(document, str) else _decoded(document, name)
    found = _NOT_PRINTABLE.search(text)
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise refuse(name, "control_character", line, character=character_name(found[0]))
    if not text.strip():
        raise refuse(name, "empty_file")
    return text


def _decoded(document: bytes, name: str) -> str:
    kind = kind_of_binary(document)
    if kind is not None:
        raise refuse(name, "not_text", kind=kind)
    try:
        return document.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = document.count(b"\n", 0, error.start) + 1
        raise refuse(name, "not_utf8", line, byte=f"0x{document[error.start]:02X}") from error


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not been read yet."""

    line: int
    is_map: bool
    items: list[Node] = field(default_factory=list)
    entries: dict[str, tuple[Scalar, Node]] = field(default_factory=dict)
    key: Scalar | None = None
    path: str = ""


class _Builder:
    """Makes the tree from PyYAML's events with a stack of its own, so that no depth can exhaust it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._stack: list[_Open] = []
        self._root: Node | None = None
        self._nodes = 0
        self._documents = 0
        self._problems: list[Problem] = []

    def build(self, events: Iterator[yaml.Event]) -> tuple[Node, list[Problem]]:
        """The tree of all events."""
        for event in events:
            self._take(event)
        if self._root is None:
            raise refuse(self._name, "empty_file")
        return self._root, self._problems

    def _take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.ScalarEvent):
            self._check(event, line)
            self._put(self._scalar(event, line))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            self._check(event, line)
            self._open(_Open(line, isinstance(event, yaml.MappingStartEvent), path=self._path()))
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            raise self._refused("yaml_alias", line)
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._refused("yaml_documents", line)

    def _check(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
        if event.anchor is not None:
            raise self._refused("yaml_alias", line)
        if event.tag is not None:
            raise self._refused("yaml_tag", line, tag=shown(event.tag).strip("`"))
        self._nodes += 1
        if self._nodes > MOST_NODES:
            raise self._refused("too_many_values", line, most=MOST_NODES)

    def _scalar(self, event: yaml.ScalarEvent, line: int) -> Scalar:
        found = _NOT_PRINTABLE.search(event.value) if event.style == '"' else None
        if found is not None:  # written as an escape
            raise self._refused("control_character", line, character=character_name(found[0]))
        return Scalar(event.value, line, event.style not in _QUOTED)

    def _open(self, opened: _Open) -> None:
        if self._stack and self._stack[-1].is_map and self._stack[-1].key is None:
            raise self._refused("key_not_text", opened.line)
        if len(self._stack) >= MOST_DEPTH:
            raise self._refused("too_deep", opened.line, most=MOST_DEPTH)
        self._stack.append(opened)

    def _close(self) -> None:
        done = self._stack.pop()
        self._put(MapNode(done.entries, done.line) if done.is_map else ListNode(tuple(done.items), done.line))

    def _put(self, node: Node) -> None:
        if not self._stack:
            self._root = node
            return
        parent = self._stack[-1]
        if not parent.is_map:
            parent.items.append(node)
        elif parent.key is None:
            assert isinstance(node, Scalar)
            parent.key = node
        else:
            self._put_entry(parent, parent.key, node)
            parent.key = None

    def _put_entry(self, parent: _Open, key: Scalar, node: Node) -> None:
        first = parent.entries.get(key.text)
        if first is None:
            parent.entries[key.text] = (key, node)
        elif len(self._problems) < _MOST_DUPLICATES:
            path = joined(parent.path, key.text)
            self._problems.append(Problem(key.line, path, "duplicate_key", {"first": first[0].line}))

    def _path(self) -> str:
        if not self._stack:
            return ""
        parent = self._stack[-1]
        own = parent.key.text if parent.key else str(len(parent.items) + 1)
        return joined(parent.path, own)

    def _refused(self, code: str, line: int, **params: str | int) -> FileProblems:
        key = self._path()
        if self._stack and self._stack[-1].is_map and self._stack[-1].key is None:
            key = self._stack[-1].path
        return FileProblems(self._name, [Problem(line, key or "file", code, params)])


def joined(path: str, key: str) -> str:
    """The path of a key within a file, such as `service_levels.first-contact.within`.

    Every key that may be is whole in it, so that it names one place; a longer one is cut, so that a file of one huge
    key cannot make all its paths huge.
    """
    own = printable(cut_off(key, LONGEST_KEY)) if key else "(empty)"
    return f"{path}.{own}" if path else own


def path_of(*keys: str) -> str:
    """The path of keys one within the other."""
    path = ""
    for key in keys:
        path = joined(path, key)
    return path
