"""Under which name people appear where everybody can look: the one that they chose, or not at all.

Every public display asks here, and nowhere else, who somebody is.
"""

import unicodedata
from collections.abc import Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.persistence.models import DisplayChoice


def public_names(session: Session, names: Mapping[int, str]) -> dict[int, str]:
    """By key, from people's own names: the alias where they chose one; who is absent is not in it."""
    choices = choices_of(session, names)
    return {key: shown for key, name in names.items() if (shown := _shown(choices, key, name)) is not None}


def choices_of(session: Session, keys: Iterable[int]) -> dict[int, tuple[str | None, bool]]:
    """Alias and absence of those who chose anything, by key."""
    choice = DisplayChoice
    statement = select(choice.person_id, choice.alias, choice.is_absent)
    wanted = set(keys)
    return {key: (alias, absent) for key, alias, absent in session.execute(statement) if key in wanted}


def _shown(choices: Mapping[int, tuple[str | None, bool]], key: int, name: str) -> str | None:
    alias, is_absent = choices.get(key, (None, False))
    return None if is_absent else alias or name


def compared(name: str) -> str:
    """A name as it is compared with others: without marks, signs, spaces and capitals."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in plain if sign.isalnum())
