"""What reading an event file gives, event by event, in the order of the file."""

from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, Protocol, Self, TypeAlias

from leaderboard.domain.events import Event
from leaderboard.files.events.forms import Original, RejectedForm
from leaderboard.files.events.reasons import Reason


class Accepted(NamedTuple):
    """A good event, the line in which its row begins, and the row."""

    line: int
    event: Event
    row: Original


class Rejected(NamedTuple):
    """An event that is none, with all the reasons, the line in which its row begins, and the row."""

    line: int
    reasons: tuple[Reason, ...]
    row: Original


Offered: TypeAlias = Accepted | Rejected


class EventFile(Protocol):
    """An open event file, to be gone through once. It closes itself at its end, or when left."""

    name: str
    size: int

    @property
    def bytes_read(self) -> int:
        """How far reading has come, of `size`."""
        ...

    @property
    def form(self) -> RejectedForm:
        """How its rejected rows are written."""
        ...

    def __iter__(self) -> Iterator[Offered]: ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
