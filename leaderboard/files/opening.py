"""Opening a text file, with a refusal in words where that cannot be."""

from io import BufferedReader
from pathlib import Path

from leaderboard.files.problems import refuse
from leaderboard.files.yaml_nodes import kind_of_binary

_MAGIC_BYTES = 8


def first_bytes(path: Path, count: int) -> bytes:
    """The first bytes of a file. Raises FileProblems if it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError as error:
        raise refuse(str(path), "unreadable", detail=error.strerror or type(error).__name__) from error


def opened_text(path: Path, may_be_utf16: bool = False) -> tuple[BufferedReader, int]:
    """An open file and its size. Raises FileProblems if it cannot be read or is plainly no text."""
    try:
        file = path.open("rb")
        size = path.stat().st_size
        start = file.peek(_MAGIC_BYTES)
    except OSError as error:
        raise refuse(str(path), "unreadable", detail=error.strerror or type(error).__name__) from error
    kind = kind_of_binary(start)
    if kind is not None and not (may_be_utf16 and kind.startswith("UTF-16")):
        file.close()
        raise refuse(str(path), "not_text", kind=kind)
    return file, size
