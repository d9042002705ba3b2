"""A screen without a keyboard is let in: it shows a code, a manager types it, and the screen is in.

The screen holds a secret from the start, and the database its hash; the code is made of the secret, so that it is
the same after a reload and stands nowhere. Let in, the screen goes on with the secret as its token.
"""

import hmac
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from leaderboard.domain.instants import MINUTE, Instant
from leaderboard.persistence.db import look_up, writing_session
from leaderboard.persistence.models import ScreenPairing
from leaderboard.services import screens
from leaderboard.services.screens import Look
from leaderboard.services.secret_tokens import hash_of, new_token

PREFIX = "tv_"
GOOD_FOR = 10 * MINUTE
SIGNS = "234679CDFGHJKMNPQRTVWXY"
"""What a code is made of: nothing in it is read or heard for something else."""
LENGTH = 6
MOST_WAITING = 1_000


class PairingProblem(Exception):
    """`why` is `code` for one that is none, or no longer; `crowded` where too many screens wait already."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Waiting:
    """A screen that shows its code."""

    device: str
    code: str
    expires_at: Instant


def begin(now: Instant) -> Waiting:
    """A code for a new screen. Raises PairingProblem `crowded`."""
    session = writing_session()
    session.execute(delete(ScreenPairing).where(ScreenPairing.expires_at <= now))
    waiting = session.scalar(select(func.count()).select_from(ScreenPairing)) or 0
    if waiting >= MOST_WAITING:
        session.rollback()
        raise PairingProblem("crowded")
    device = new_token(PREFIX)
    row = ScreenPairing(
        code_hash=hash_of(code_of(device)),
        device_hash=hash_of(device),
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    session.add(row)
    try:
        session.commit()
    except IntegrityError:
        # Another screen shows the same code just now: it happens once in a hundred thousand days.
        session.rollback()
        return begin(now)
    return Waiting(device, code_of(device), now + GOOD_FOR)


def waiting(device: str, now: Instant) -> Waiting | None:
    """The screen that holds this secret, as long as its code is good; None for none that waits."""
    pairing = ScreenPairing
    statement = select(pairing.expires_at).where(
        pairing.device_hash == hash_of(device), pairing.expires_at > now
    )
    row = look_up(statement, {})
    return None if row is None else Waiting(device, code_of(device), row.expires_at)


def let_in(code: str, look: Look, *, actor: str, now: Instant) -> int:
    """Makes a screen of the one that shows this code; its key. Raises PairingProblem `code`."""
    session = writing_session()
    pairing = ScreenPairing
    shown = delete(pairing).where(pairing.code_hash == hash_of(plain(code)), pairing.expires_at > now)
    device_hash = session.execute(shown.returning(pairing.device_hash)).scalar_one_or_none()
    if device_hash is None:
        session.rollback()
        raise PairingProblem("code")
    screen_id = screens.make(session, look, device_hash, actor, now)
    session.commit()
    return screen_id


def is_shown(code: str, now: Instant) -> bool:
    """Whether a screen shows this code now."""
    pairing = ScreenPairing
    statement = select(pairing.id).where(pairing.code_hash == hash_of(plain(code)), pairing.expires_at > now)
    return look_up(statement, {}) is not None


def code_of(device: str) -> str:
    """The code of a secret: nobody without it can tell."""
    number = int.from_bytes(hmac.digest(device.encode(), b"pairing code", "sha256"))
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(SIGNS))
        signs.append(SIGNS[place])
    return "".join(signs)


def plain(code: str) -> str:
    """A code as people type it: small letters, spaces and dashes are no mistake."""
    return "".join(sign for sign in code.upper() if sign.isalnum())[: LENGTH * 4]
