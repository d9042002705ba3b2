"""Who looks at a page."""

from dataclasses import dataclass
from functools import lru_cache

from leaderboard.web.languages import gettext

_MOST_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Viewer:
    """A login as the presenters know it."""

    role: str
    person_key: int | None
    name: str = ""
    email: str = ""

    @property
    def manages(self) -> bool:
        """Managers and administrators see falls, other people's receipts and data health."""
        return self.role in ("manager", "admin")

    def may_open(self, manager_key: int | None) -> bool:
        """Whether to link to somebody's points; the door itself is kept by leaderboard/services/visibility.py."""
        if self.role == "admin" or (self.role == "manager" and self.person_key is None):
            return True
        return self.role == "manager" and manager_key == self.person_key


@lru_cache(maxsize=8192)
def initials(name: str) -> str:
    """Two letters at most, of the first word and the last; of `Resolver 249` the number: it tells one from the next."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return name[:1].upper()
    if words[-1].isdigit():
        return words[-1][-_MOST_DIGITS:]
    return (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()


def role_name(role: str) -> str:
    """A role in words."""
    return {"rep": gettext("Rep"), "manager": gettext("Manager"), "admin": gettext("Administrator")}.get(
        role, role
    )
