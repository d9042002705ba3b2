"""Two people changed one text: both their changes, where they did not touch the same lines."""

from difflib import SequenceMatcher

_Blocks = list[tuple[int, int, list[str]]]


def merged(base: str, mine: str, theirs: str) -> str | None:
    """The text with what either changed in it; None where both changed the same place, or places that touch."""
    lines = base.splitlines(keepends=True)
    ours, others = _edits(lines, mine), _edits(lines, theirs)
    if any(_clash(one, other) for one in ours for other in others if one != other):
        return None
    wanted = sorted([*ours, *(one for one in others if one not in ours)], key=lambda edit: edit[:2])
    result: list[str] = []
    at = 0
    for start, end, put in wanted:
        result += [*lines[at:start], *put]
        at = end
    return "".join([*result, *lines[at:]])


def _edits(base: list[str], text: str) -> _Blocks:
    """What to put in place of which lines of the base."""
    other = text.splitlines(keepends=True)
    matcher = SequenceMatcher(None, base, other, autojunk=False)
    return [
        (start, end, other[first:last])
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _clash(one: tuple[int, int, list[str]], other: tuple[int, int, list[str]]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
