"""How far a screen has come: which frame is on its glass, and which moments and orders it has heard."""

import re
from dataclasses import dataclass

_ID = re.compile(r"([0-9a-f]{18}):(?:([0-9]{1,18})\.([0-9]{1,18}))?")


@dataclass(frozen=True, slots=True)
class Mark:
    """The numbers of the last moment and of the last order that were heard."""

    moment: int
    order: int

    def __str__(self) -> str:
        return f"{self.moment}.{self.order}"


@dataclass(frozen=True, slots=True)
class LastId:
    """What an event is called, and what a screen that comes back names: the digest of its frame, and its mark.

    Without a mark the screen begins as one that has heard nothing: it is told what stands.
    """

    shown: str = ""
    mark: Mark | None = None

    def __str__(self) -> str:
        return f"{self.shown}:{'' if self.mark is None else self.mark}"

    @staticmethod
    def read(text: str) -> "LastId":
        """As a screen gives it; of anything else nothing is believed."""
        found = _ID.fullmatch(text)
        if found is None:
            return LastId()
        shown, moment, order = found.groups()
        return LastId(shown, None if moment is None else Mark(int(moment), int(order)))
