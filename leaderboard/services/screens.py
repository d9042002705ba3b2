"""Screens on the walls: let in by a code, changed, told what to do, and shut out again; each noted in the audit log."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.domain.line_ups import LineUp
from leaderboard.files.line_ups import read_line_up, write_line_up
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.db import look_up, writing_session
from leaderboard.persistence.models import Screen, ScreenSign
from leaderboard.services.audit_log import note
from leaderboard.services.secret_tokens import hash_of
from leaderboard.services.visibility import LARGEST_KEY

LONGEST_NAME = 60
DEFAULT_PLACES = 10


class ScreenProblem(Exception):
    """A screen cannot be had or changed: `why` is `gone`, `changed`, or `unsealed`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Look:
    """What a manager gives a screen: its name and language, whose people it shows, and how."""

    name: str
    language: str
    line_up: LineUp
    teams: tuple[int, ...] = ()
    """Keys of the teams whose people it shows; none: of all."""
    theme: str = "dark"
    has_sound: bool = False
    top_places: int = DEFAULT_PLACES
    night: tuple[int, int] | None = None
    """Minutes after midnight from which on, and until which, it is dimmed."""

    def with_line_up(self, line_up: LineUp) -> "Look":
        """The same with other slides."""
        return replace(self, line_up=line_up)


@dataclass(frozen=True, slots=True)
class KnownScreen:
    """A screen that holds a good token."""

    screen_id: int
    look: Look
    revision: int


@dataclass(frozen=True, slots=True)
class Sign:
    """What a screen says of itself."""

    slide: str = ""
    browser: str = ""
    width: int = 0
    height: int = 0
    is_muted: bool = True


_COLUMNS = (
    Screen.id, Screen.name, Screen.language, Screen.line_up, Screen.teams, Screen.theme, Screen.has_sound,
    Screen.top_places, Screen.night_from, Screen.night_until, Screen.revision,
)  # fmt: skip
_FIND = select(*_COLUMNS).where(Screen.token_hash == bindparam("token_hash"))
_BY_KEY = select(*_COLUMNS).where(Screen.id == bindparam("screen_id"), Screen.revoked_at.is_(None))

_SHUT_OUT = select(Screen.name).where(Screen.id == bindparam("screen_id"), Screen.revoked_at.is_not(None))


def find(token: str) -> KnownScreen | None:
    """The screen that holds this token; None where it opens nothing, or no longer."""
    return _known(look_up(_FIND, {"token_hash": hash_of(token)}))


def existing(screen_id: int) -> KnownScreen | None:
    """The screen of a key; None for none, and for one that was shut out."""
    if screen_id > LARGEST_KEY:
        return None
    return _known(look_up(_BY_KEY, {"screen_id": screen_id}))


def shut_out(screen_id: int) -> str | None:
    """The name of a screen that was here and was shut out; None for any other number."""
    row = look_up(_SHUT_OUT, {"screen_id": screen_id}) if 0 < screen_id <= LARGEST_KEY else None
    return None if row is None else row.name


def make(session: Session, look: Look, token_hash: str, actor: str, now: Instant) -> int:
    """A screen with that token, in the caller's transaction; its key."""
    values = _columns(look) | {
        "token_hash": token_hash, "revision": 1, "created_at": now, "created_by": actor,
    }  # fmt: skip
    made: int = session.execute(
        insert_into(session, Screen.__table__).values(values).returning(Screen.id)
    ).scalar_one()
    note(session, now, actor, "screen.paired", f"screen:{made}", after=told(look))
    return made


def change(screen_id: int, look: Look, revision: int, *, actor: str, now: Instant) -> None:
    """Gives a screen another look. Raises ScreenProblem where it was changed since `revision`, or is gone."""
    session = writing_session()
    screen = _held(session, screen_id)
    if screen.revision != revision:
        session.rollback()
        raise ScreenProblem("changed")
    before = look_of(screen)
    if before != look:
        for name, value in _columns(look).items():
            setattr(screen, name, value)
        screen.revision += 1
        old, new = told(before), told(look)
        changed = [name for name in new if old[name] != new[name]]
        note(
            session, now, actor, "screen.changed", f"screen:{screen_id}",
            before={name: old[name] for name in changed}, after={name: new[name] for name in changed},
        )  # fmt: skip
    session.commit()


def revoke(screen_id: int, *, actor: str, now: Instant) -> None:
    """Shuts a screen out: within seconds it is back at a code. Raises ScreenProblem for one that is not there."""
    session = writing_session()
    screen = _held(session, screen_id)
    screen.token_hash, screen.revoked_at, screen.revoked_by = None, now, actor
    note(session, now, actor, "screen.revoked", f"screen:{screen_id}", before={"name": screen.name})
    session.commit()


def sign_of_life(screen_id: int, sign: Sign, now: Instant) -> None:
    """Writes down that a screen is there, and what it says of itself."""
    session = writing_session()
    values = {
        "seen_at": now, "slide": sign.slide, "browser": sign.browser, "width": sign.width, "height": sign.height,
        "is_muted": sign.is_muted,
    }  # fmt: skip
    statement = insert_into(session, ScreenSign.__table__).values(values | {"screen_id": screen_id})
    session.execute(statement.on_conflict_do_update(index_elements=["screen_id"], set_=values))
    session.commit()


def look_of(screen: Screen | Row[Any]) -> Look:
    """What a stored screen is given."""
    night = None
    if screen.night_from is not None and screen.night_until is not None:
        night = (screen.night_from, screen.night_until)
    return Look(
        screen.name, screen.language, read_line_up(screen.line_up), tuple(json.loads(screen.teams)), screen.theme,
        screen.has_sound, screen.top_places, night,
    )  # fmt: skip


def told(look: Look) -> dict[str, object]:
    """As the audit log keeps it."""
    return {
        "name": look.name, "language": look.language, "theme": look.theme, "teams": list(look.teams),
        "sound": look.has_sound, "places": look.top_places, "night": list(look.night) if look.night else None,
        "slides": [slide.kind.value for slide in look.line_up.slides],
    }  # fmt: skip


def _held(session: Session, screen_id: int) -> Screen:
    statement = select(Screen).where(Screen.id == screen_id, Screen.revoked_at.is_(None)).with_for_update()
    found = session.scalars(statement).one_or_none() if 0 < screen_id <= LARGEST_KEY else None
    if found is None:
        session.rollback()
        raise ScreenProblem("gone")
    return found


def _columns(look: Look) -> dict[str, object]:
    night_from, night_until = look.night or (None, None)
    return {
        "name": look.name, "language": look.language, "line_up": write_line_up(look.line_up),
        "teams": json.dumps(look.teams), "theme": look.theme, "has_sound": look.has_sound,
        "top_places": look.top_places, "night_from": night_from, "night_until": night_until,
    }  # fmt: skip


def _known(row: Row[Any] | None) -> KnownScreen | None:
    return None if row is None else KnownScreen(row.id, look_of(row), row.revision)
