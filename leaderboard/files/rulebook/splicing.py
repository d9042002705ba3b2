"""One entry of a YAML document put in place, or taken out, by its lines: whatever stands around it stays as it is.

What is replaced is the smallest block that differs, so that comments inside an entry stay beside the keys that nobody
touched. What comes out is always read again; where it does not say exactly what was asked for, the document is
written anew from its data, and its comments are lost. `Spliced` says which of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import yaml

from leaderboard.files.plain import PlainText, write_yaml
from leaderboard.files.problems import FileProblems
from leaderboard.files.yaml_nodes import ListNode, MapNode, Node, Scalar, read_yaml

Data: TypeAlias = Any
"""Texts, whole numbers, decimals, dates, booleans, None, lists and mappings."""
Path: TypeAlias = Sequence[str]

_NAME = "rulebook.yaml"
_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INDENT = 2


class NotSpliced(Exception):
    """The document is no tree that could be changed in one place: it cannot be read, or gives a key twice."""


@dataclass(frozen=True, slots=True)
class Spliced:
    """The document as it is now, and the comments that it no longer holds."""

    document: str
    lost_comments: tuple[str, ...]
    was_rewritten: bool = False


def data_of(document: str) -> dict[str, Data]:
    """The document as plain data: texts, None for nothing, lists and mappings. Raises NotSpliced."""
    try:
        root, problems = read_yaml(document, _NAME)
    except FileProblems as found:
        raise NotSpliced from found
    if problems or not isinstance(root, MapNode):
        raise NotSpliced
    found_data: dict[str, Data] = _plain(root)
    return found_data


def with_entry(document: str, path: Path, value: Data) -> Spliced:
    """The document with this value at the path, replaced or added. Raises NotSpliced."""
    before = data_of(document)
    wanted = put(before, path, value)
    if _says(document, wanted):
        return Spliced(document, ())
    return _checked(document, _put(document, list(path), value), wanted)


def without_entry(document: str, path: Path) -> Spliced:
    """The document less the entry; a section that it leaves empty goes too. Raises NotSpliced, KeyError."""
    before = data_of(document)
    wanted = taken_out(before, path)
    place = _emptied(before, path)
    if place is None:
        # The one section that must be there, though it be empty.
        return _checked(document, _put(document, list(path[:-1]), {}), wanted)
    return _checked(document, _take_out(document, place), wanted)


def with_key(document: str, path: Path, key: str) -> Spliced:
    """The document with an entry of a section under another key, where it stands. Raises NotSpliced, KeyError."""
    before = data_of(document)
    section = _at(before, path[:-1])
    if path[-1] not in section:
        raise KeyError(path[-1])
    renamed = {key if name == path[-1] else name: value for name, value in section.items()}
    return _checked(document, _with_key(document, path, key), put(before, path[:-1], renamed))


def chained(document: str, steps: Iterable[Callable[[str], Spliced]]) -> Spliced:
    """Several changes, one upon the other, told as one."""
    result, was_rewritten = document, False
    for step in steps:
        spliced = step(result)
        result, was_rewritten = spliced.document, was_rewritten or spliced.was_rewritten
    lost = Counter(comments(document)) - Counter(comments(result))
    return Spliced(result, tuple(lost.elements()), was_rewritten)


def put(data: Mapping[str, Data], path: Path, value: Data) -> dict[str, Data]:
    """The same data with another value at the path."""
    key, rest = path[0], path[1:]
    if not rest:
        return {**data, key: value}
    inner = data.get(key)
    return {**data, key: put(inner if isinstance(inner, Mapping) else {}, rest, value)}


def taken_out(data: Mapping[str, Data], path: Path) -> dict[str, Data]:
    """The same data less the entry; less its section, where that is left empty and may be. Raises KeyError."""
    place = _emptied(data, path)
    return put(data, path[:-1], {}) if place is None else _without(data, place)


_NEEDED = "service_levels"


def _emptied(data: Mapping[str, Data], path: Path) -> list[str] | None:
    """What is to go: the entry, or all that would be empty without it; None where a section has to stay, empty."""
    place = list(path)
    while len(place) > 1:
        section = _at(data, place[:-1])
        if place[-1] not in section:
            raise KeyError(place[-1])
        if len(section) > 1:
            return place
        if place[:-1] == [_NEEDED]:
            return None
        place.pop()
    if place[0] not in data:
        raise KeyError(place[0])
    return place


def _at(data: Mapping[str, Data], path: Path) -> Mapping[str, Data]:
    for key in path:
        found = data.get(key)
        if not isinstance(found, Mapping):
            raise KeyError(key)
        data = found
    return data


def _without(data: Mapping[str, Data], path: Path) -> dict[str, Data]:
    key, rest = path[0], path[1:]
    if rest:
        return {**data, key: _without(data[key], rest)}
    return {name: value for name, value in data.items() if name != key}


def _checked(document: str, changed: str | None, wanted: dict[str, Data]) -> Spliced:
    """What was spliced, if it says what was wanted; else the whole written anew."""
    was_rewritten = changed is None or not _says(changed, wanted)
    result = write_yaml(wanted) if was_rewritten or changed is None else changed
    lost = Counter(comments(document)) - Counter(comments(result))
    return Spliced(result, tuple(lost.elements()), was_rewritten)


def _says(document: str, wanted: dict[str, Data]) -> bool:
    try:
        return data_of(document) == _as_read(wanted)
    except NotSpliced:
        return False


def _as_read(wanted: dict[str, Data]) -> dict[str, Data]:
    """As reading gives it back: numbers and dates as their texts."""
    return data_of(write_yaml(wanted))


def _plain(node: Node) -> Data:
    if isinstance(node, MapNode):
        return {key: _plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, ListNode):
        return [_plain(item) for item in node.items]
    if node.plain and node.text in ("", "~", "null"):
        return None
    return PlainText(node.text) if node.plain else node.text


# The lines


def _put(document: str, path: list[str], value: Data) -> str | None:
    """By the lines of the smallest block that differs; None where it stands on a line with others."""
    root = yaml.compose(document, Loader=_Loader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    lines = _lines(document)
    return _put_under(lines, root, path, value)


def _put_under(lines: list[str], parent: yaml.MappingNode, path: list[str], value: Data) -> str | None:
    found = _entry(parent, path[0])
    if found is None:
        for key in reversed(path[1:]):
            value = {key: value}
        return _added(lines, parent, path[0], value)
    key_node, node = found
    block = node if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value else None
    if len(path) > 1:
        if block is not None:
            return _put_under(lines, block, path[1:], value)
        whole = put(_composed(node) or {}, path[1:], value)
        return _replaced(lines, key_node, node, path[0], whole)
    if block is not None and isinstance(value, Mapping) and value:
        return _updated(lines, block, value)
    return _replaced(lines, key_node, node, path[0], value)


def _updated(lines: list[str], node: yaml.MappingNode, value: Mapping[str, Data]) -> str | None:
    """A block mapping made to say the value, key by key."""
    document = "".join(lines)
    prefix = _path_to(document, node)
    if prefix is None:
        return None
    for key, before in _composed(node).items():
        if key not in value:
            changed = _take_out(document, [*prefix, key])
        elif _same(before, value[key]):
            continue
        else:
            changed = _put(document, [*prefix, key], value[key])
        if changed is None:
            return None
        document = changed
    for key in value:
        if _entry(node, key) is None:
            changed = _put(document, [*prefix, key], value[key])
            if changed is None:
                return None
            document = changed
    return document


def _path_to(document: str, wanted: yaml.MappingNode) -> list[str] | None:
    """Where a mapping stands in the document, told by its place in the text."""
    root: yaml.Node = yaml.compose(document, Loader=_Loader)  # type: ignore[assignment]
    place = (wanted.start_mark.line, wanted.start_mark.column)
    open_nodes: list[tuple[list[str], yaml.Node]] = [([], root)]
    while open_nodes:
        path, node = open_nodes.pop()
        if not isinstance(node, yaml.MappingNode):
            continue
        if path and (node.start_mark.line, node.start_mark.column) == place:
            return path
        open_nodes += [([*path, key.value], one) for key, one in node.value]
    return None


def _with_key(document: str, path: Path, key: str) -> str | None:
    node = yaml.compose(document, Loader=_Loader)
    place: yaml.Node | None = None
    for name in path:
        found = _entry(node, name) if isinstance(node, yaml.MappingNode) else None
        if found is None:
            return None
        place, node = found
    if place is None or place.start_mark.line != place.end_mark.line:
        return None
    lines = _lines(document)
    line = lines[place.start_mark.line]
    lines[place.start_mark.line] = line[: place.start_mark.column] + key + line[place.end_mark.column :]
    return "".join(lines)


def _take_out(document: str, path: list[str]) -> str | None:
    root = yaml.compose(document, Loader=_Loader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style:
        return None
    node: yaml.Node = root
    for depth, key in enumerate(path):
        if not isinstance(node, yaml.MappingNode):
            return None
        found = _entry(node, key)
        if found is None:
            return None
        key_node, inner = found
        if isinstance(inner, yaml.MappingNode) and inner.flow_style and depth + 1 < len(path):
            rest = _without(_composed(inner), path[depth + 1 :])
            return _replaced(_lines(document), key_node, inner, key, rest)
        if depth + 1 == len(path):
            lines = _lines(document)
            first, end = key_node.start_mark.line, _end(lines, inner, key_node)
            return "".join([*lines[:first], *lines[end:]])
        node = inner
    return None


def _replaced(lines: list[str], key_node: yaml.Node, node: yaml.Node, key: str, value: Data) -> str:
    first, end = key_node.start_mark.line, _end(lines, node, key_node)
    indent = key_node.start_mark.column
    block = _block(key, value, indent)
    tail = _comment_after(lines, node, first, end) if len(block) == 1 else ""
    if tail:
        block = [block[0].rstrip("\n") + tail + "\n"]
    return "".join([*lines[:first], *block, *lines[end:]])


def _comment_after(lines: list[str], node: yaml.Node, first: int, end: int) -> str:
    """What is said beside a value on one line: `  # agreed in March`."""
    if end != first + 1 or node.end_mark.line != first:
        return ""
    rest = lines[first][node.end_mark.column :].rstrip("\r\n")
    return rest.rstrip() if rest.lstrip().startswith("#") else ""


def _added(lines: list[str], parent: yaml.MappingNode, key: str, value: Data) -> str:
    last_key, last = parent.value[-1]
    at = _end(lines, last, last_key)
    before = lines[:at]
    if before and not before[-1].endswith("\n"):
        before[-1] += "\n"
    return "".join([*before, *_block(key, value, last_key.start_mark.column), *lines[at:]])


def _block(key: str, value: Data, indent: int) -> list[str]:
    written = write_yaml({PlainText(key): value}).splitlines(keepends=True)
    return [" " * indent + line if line.strip() else line for line in written]


def _end(lines: list[str], node: yaml.Node, key_node: yaml.Node) -> int:
    """The first line that is no longer the node's; blank lines and comments after it are not."""
    last = _last(node)
    mark = last.end_mark
    if isinstance(last, yaml.ScalarNode) and last.start_mark.line == mark.line == key_node.start_mark.line:
        return int(mark.line) + 1
    end = int(mark.line) + 1 if mark.column else int(mark.line)
    if isinstance(last, yaml.ScalarNode) and last.style is None and not last.value:
        end = _line_of_nothing(lines, node, key_node)
    while end > key_node.start_mark.line + 1 and not lines[end - 1].strip():
        end -= 1
    return max(end, int(key_node.start_mark.line) + 1)


def _line_of_nothing(lines: list[str], node: yaml.Node, key_node: yaml.Node) -> int:
    """An empty value is marked where the next token is: it ends with the line of its key."""
    key = key_node
    while isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) and node.value:
        if isinstance(node, yaml.MappingNode):
            key, node = node.value[-1]
        else:
            node = node.value[-1]
            key = node
    line = int(key.start_mark.line)
    return min(line, len(lines) - 1) + 1


def _last(node: yaml.Node) -> yaml.Node:
    """The last part of a block, by which one knows its end: the block's own mark lies behind what follows it."""
    while isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) and not node.flow_style and node.value:
        node = node.value[-1][1] if isinstance(node, yaml.MappingNode) else node.value[-1]
    return node


def _entry(parent: yaml.MappingNode, key: str) -> tuple[yaml.Node, yaml.Node] | None:
    return next(((k, v) for k, v in parent.value if k.value == key), None)


def _composed(node: yaml.Node) -> Data:
    """The data of a composed node, as `_plain` gives it."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: _composed(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_composed(item) for item in node.value]
    return _plain(Scalar(node.value, 0, isinstance(node, yaml.ScalarNode) and node.style is None))


def _same(before: Data, value: Data) -> bool:
    try:
        return bool(data_of(write_yaml({"value": before})) == data_of(write_yaml({"value": value})))
    except NotSpliced:
        return False  # a text that no document can hold: whoever reads the result says so


def _lines(document: str) -> list[str]:
    """As YAML counts them."""
    return document.replace("\r\n", "\n").replace("\r", "\n").splitlines(keepends=True)


# The comments


def comments(document: str) -> list[str]:
    """All comments of a document, from the sign to the line's end: what stands between two tokens."""
    lines = [line.rstrip("\n") for line in _lines(document)]
    found: list[str] = []
    at = (0, 0)
    for token in yaml.scan(document, Loader=_Loader):
        start = (token.start_mark.line, token.start_mark.column)
        if start > at:
            found += _between(lines, at, start)
        at = max(at, (token.end_mark.line, token.end_mark.column))
    return found + _between(lines, at, (len(lines), 0))


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> list[str]:
    found = []
    for number in range(start[0], min(end[0] + 1, len(lines))):
        first = start[1] if number == start[0] else 0
        last = end[1] if number == end[0] else None
        sign, said = "#", lines[number][first:last]
        if sign in said:
            found.append(said[said.index(sign) :].rstrip())
    return found
