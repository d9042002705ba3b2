"""What is wrong with a file, told all at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from leaderboard.files.messages import Params, cut_off, english

WHOLE_FILE = "file"
"""The key of a problem that is not one value's."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, and what was expected (a code with parameters, for translation)."""

    line: int | None
    key: str
    code: str
    params: Params = field(default_factory=dict, hash=False)

    @property
    def message(self) -> str:
        """The problem in English."""
        return english(self.code, self.params)

    @property
    def place(self) -> str:
        """The key as it is told: no part of it too long."""
        return ".".join(map(cut_off, self.key.split(".")))


class FileProblems(Exception):
    """A file that was refused whole. Its text is one line a problem, `FILE:LINE: key: what is wrong`."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.name = name
        self.problems = tuple(sorted(problems, key=lambda problem: problem.line or 1))
        super().__init__(name, self.problems)

    @property
    def lines(self) -> tuple[str, ...]:
        """The problems as the command line prints them; what concerns the whole file stands at line 1."""
        return tuple(f"{self.name}:{p.line or 1}: {p.place}: {p.message}" for p in self.problems)

    def __str__(self) -> str:
        return "\n".join(self.lines)


def refuse(name: str, code: str, line: int | None = None, **params: str | int) -> FileProblems:
    """The exception for one problem with a whole file."""
    return FileProblems(name, [Problem(line, WHOLE_FILE, code, params)])
