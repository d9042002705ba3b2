"""How I appear on public displays: each person chooses for themselves, and nobody overrules it."""

import unicodedata
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.db import current_session, writing_session
from leaderboard.persistence.models import DisplayChoice, Person, RepKey
from leaderboard.queries.look_alikes import likeness, mixes_alphabets
from leaderboard.queries.public_names import compared
from leaderboard.services.audit_log import actor_of, note
from leaderboard.services.login_sessions import LoggedIn

SHORTEST, LONGEST = 2, 40
_UNSEEN = "\u115f\u1160\u3164\uffa0\u2800"
"""Printable, as far as Unicode goes, and yet nothing is to be seen of it."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """By name (no alias), by an alias, or not at all."""

    alias: str | None = None
    is_absent: bool = False


class AliasProblem(Exception):
    """The alias is not taken: `why` is `length`, `signs`, `mixed`, or `taken`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def appearance_of(person_id: int) -> Appearance:
    """What a person chose; by name where they never did."""
    row = current_session().get(DisplayChoice, person_id)
    return Appearance() if row is None else Appearance(row.alias, row.is_absent)


def choose(who: LoggedIn, wanted: Appearance, now: Instant) -> None:
    """Keeps the choice of the person that the login stands for. Raises AliasProblem; nothing is kept then."""
    person_id = who.person_id
    if person_id is None:
        raise ValueError("a login that stands for nobody appears nowhere")
    session = writing_session()
    try:
        alias = None if wanted.alias is None else _checked(session, person_id, wanted.alias)
        _keep(session, person_id, Appearance(alias, wanted.is_absent), now)
        session.flush()
    except IntegrityError:
        session.rollback()
        raise AliasProblem("taken") from None
    except AliasProblem:
        session.rollback()
        raise
    # That it was chosen, not what: an alias in a log would tell who it is.
    note(session, now, actor_of(who.user_id), "display.chosen", f"person:{person_id}")
    session.commit()


def _keep(session: Session, person_id: int, wanted: Appearance, now: Instant) -> None:
    session.execute(delete(DisplayChoice).where(DisplayChoice.person_id == person_id))
    if wanted != Appearance():
        key = None if wanted.alias is None else compared(wanted.alias)
        row = {
            "person_id": person_id,
            "alias": wanted.alias,
            "alias_key": key,
            "is_absent": wanted.is_absent,
            "chosen_at": now,
        }
        session.execute(insert_into(session, DisplayChoice.__table__).values(row))


def _checked(session: Session, person_id: int, text: str) -> str:
    """The alias as it is kept. It neither is nor looks like somebody else's name, id or alias."""
    alias = unicodedata.normalize("NFC", " ".join(text.split()))
    # Marks that no letter takes up pile over the neighbours' lines.
    if not alias.isprintable() or any(sign in _UNSEEN or "\u0300" <= sign <= "\u036f" for sign in alias):
        raise AliasProblem("signs")
    if not SHORTEST <= len(alias) <= LONGEST or not compared(alias):
        raise AliasProblem("length")
    if mixes_alphabets(alias):
        raise AliasProblem("mixed")
    others = _names_of_others(session, person_id)
    if any(as_told(alias) in set(map(as_told, others)) for as_told in (compared, likeness)):
        raise AliasProblem("taken")
    return alias


def _names_of_others(session: Session, person_id: int) -> set[str]:
    people = session.execute(select(Person.name, Person.rep_id).where(Person.id != person_id))
    keys = session.scalars(select(RepKey.text).where(RepKey.person_id != person_id))
    aliases = session.scalars(select(DisplayChoice.alias).where(DisplayChoice.person_id != person_id))
    named = [*(text for row in people for text in row), *keys, *aliases]
    return {text for text in named if text}
