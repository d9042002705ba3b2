"""Tries to log in, counted in the database: guessing gets slow, and nobody is locked out for good.

Three counts: of an account from one address, of an account from anywhere, of an address for any account. Each lets
some failures pass, then asks for a wait that doubles up to a bound. An address from which the account was logged
into before is not slowed by what others try on that account, so that a stranger cannot keep its owner out.
A try is written down before the password is looked at: a hundred at once do not slip through together.
"""

import hashlib
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import and_, delete, false, func, insert, or_, select, true, update
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from leaderboard.persistence.db import is_sqlite, writing_session
from leaderboard.persistence.models import LoginAttempt

_KNOWN_FOR = 60 * DAY
_LONGEST_WINDOW = DAY
_SKEW = MINUTE


class TooManyAttempts(Exception):
    """To be tried again after `wait_seconds`, at least 1."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(wait_seconds)
        self.wait_seconds = wait_seconds


@dataclass(frozen=True, slots=True)
class _Limit:
    """`free` failures within `window` cost nothing; the next ones 1, 2, 4… seconds, at most `longest`."""

    free: int
    window: Instant
    longest: Instant

    def ready_at(self, failures: int, last_at: Instant) -> Instant:
        """When the next try may come; 0 for at any time, whatever clock the last one was counted by."""
        if failures < self.free:
            return 0
        return last_at + min(self.longest, SECOND << min(failures - self.free, 30))


_PAIR = _Limit(free=5, window=DAY, longest=300 * SECOND)
_ACCOUNT = _Limit(free=20, window=DAY, longest=60 * SECOND)
_ADDRESS = _Limit(free=50, window=HOUR, longest=60 * SECOND)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that is under way; it counts as failed until it is said to have succeeded."""

    pair: str
    account: str
    address: str
    ids: tuple[int, ...]


def begin(email: str, address: str, now: Instant) -> Attempt:
    """Writes the try down. Raises TooManyAttempts when it comes too soon; such a try costs and counts nothing."""
    pair, account, place = _keys(email, address)
    limits = {pair: _PAIR, account: _ACCOUNT, place: _ADDRESS}
    session = writing_session()
    _one_after_the_other(session, sorted(limits))
    wait = _wait(session, limits, pair, account, now)
    if wait > 0:
        session.rollback()
        raise TooManyAttempts(ceil(wait / SECOND))
    rows = [{"key": key, "at": now, "succeeded": False} for key in limits]
    ids = session.scalars(insert(LoginAttempt).returning(LoginAttempt.id), rows).all()
    session.commit()
    return Attempt(pair, account, place, tuple(ids))


def succeed(session: Session, attempt: Attempt) -> None:
    """The try was right: its owner starts afresh from this address, which is known from now on. The caller commits."""
    session.execute(
        delete(LoginAttempt).where(
            or_(
                and_(LoginAttempt.key == attempt.pair, LoginAttempt.id.not_in(attempt.ids)),
                and_(LoginAttempt.key != attempt.pair, LoginAttempt.id.in_(attempt.ids)),
            )
        )
    )
    kept = and_(LoginAttempt.key == attempt.pair, LoginAttempt.id.in_(attempt.ids))
    session.execute(update(LoginAttempt).where(kept).values(succeeded=True))


def forget_old(now: Instant) -> None:
    """Drops what no longer counts."""
    session = writing_session()
    failed = and_(LoginAttempt.succeeded == false(), LoginAttempt.at <= now - _LONGEST_WINDOW)
    session.execute(delete(LoginAttempt).where(or_(failed, LoginAttempt.at <= now - _KNOWN_FOR)))
    session.commit()


def _wait(session: Session, limits: dict[str, _Limit], pair: str, account: str, now: Instant) -> Instant:
    found = _counts(session, limits, now)
    is_known = any(row.key == pair and row.succeeded for row in found)
    ready = [
        limits[row.key].ready_at(row.failures, row.last_at)
        for row in found
        if not row.succeeded and not (is_known and row.key == account)
    ]
    return max(ready, default=0) - now


def _counts(session: Session, limits: dict[str, _Limit], now: Instant) -> Sequence[Any]:
    """By key and success: how many, and the last."""
    attempt = LoginAttempt
    # What a clock that was ahead wrote down makes nobody wait for it.
    until = now + _SKEW
    within = [
        and_(attempt.key == key, attempt.at.between(now - limit.window, until))
        for key, limit in limits.items()
    ]
    known = and_(attempt.key.in_(limits), attempt.succeeded == true())
    last_at = func.max(attempt.at).label("last_at")
    statement = (
        select(attempt.key, attempt.succeeded, func.count().label("failures"), last_at)
        .where(or_(known, *within))
        .group_by(attempt.key, attempt.succeeded)
    )
    return session.execute(statement).all()


def _one_after_the_other(session: Session, keys: list[str]) -> None:
    """Tries of one account or address wait for each other, so that each sees those before it."""
    if not is_sqlite(session):
        for key in keys:
            session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def _keys(email: str, address: str) -> tuple[str, str, str]:
    place = network_of(address)
    return _hashed("pair", email, place), _hashed("account", email), _hashed("address", place)


def _hashed(*parts: str) -> str:
    """The table tells nobody who tried to log in from where."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def network_of(address: str) -> str:
    """An IPv4 address, or the /64 that one household or machine has of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
