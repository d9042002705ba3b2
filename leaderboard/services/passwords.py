"""Passwords: which are taken, how they are kept (Argon2id), and how many are worked on at once."""

import secrets
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

LEAST_CHARACTERS = 12
MOST_CHARACTERS = 500
"""Beyond it nobody types; hashing a megabyte would be work for the one who sends it to give."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# 19 MB and 40 ms each: without a bound a burst of logins would take all memory and all threads.
_AT_ONCE = threading.BoundedSemaphore(2)
_PATIENCE_SECONDS = 5.0
_LEAST_DIFFERENT_CHARACTERS = 5


class Flaw(StrEnum):
    """Why a password is not taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_PLAIN = "too_plain"
    """It repeats a few characters, or is the e-mail address."""


class Unsafe(Exception):
    """The password is not taken, because of `flaw`."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


class TooBusy(Exception):
    """Too many passwords are being checked just now; to be tried again in a moment."""


def check(password: str, email: str) -> None:
    """Raises Unsafe for a password that would not hold."""
    text = _normal(password)
    if len(text) < LEAST_CHARACTERS:
        raise Unsafe(Flaw.TOO_SHORT)
    if len(text) > MOST_CHARACTERS:
        raise Unsafe(Flaw.TOO_LONG)
    is_email = text.casefold() == email.casefold()
    if is_email or len(set(text.casefold())) < _LEAST_DIFFERENT_CHARACTERS:
        raise Unsafe(Flaw.TOO_PLAIN)


def hash_password(password: str) -> str:
    """What is kept of a password. Raises TooBusy."""
    with _place():
        return _HASHER.hash(_normal(password).encode("utf-8", "surrogatepass"))


def is_right(kept: str | None, password: str) -> bool:
    """Whether it is the password. With nothing kept it takes as long and is wrong. Raises TooBusy."""
    if len(password) > MOST_CHARACTERS:
        password, kept = "", None
    with _place():
        try:
            _HASHER.verify(kept or _nobodys(), _normal(password).encode("utf-8", "surrogatepass"))
        except (Argon2Error, InvalidHashError):
            return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with other parameters than today's; to be hashed again while the password is at hand."""
    return _HASHER.check_needs_rehash(kept)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """A hash of today's parameters that no password has: an unknown name must cost what a known one does."""
    return _HASHER.hash(secrets.token_bytes(16))


def _normal(password: str) -> str:
    """The same whichever way a keyboard composes its accents."""
    return unicodedata.normalize("NFC", password)


@contextmanager
def _place() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE_SECONDS):
        raise TooBusy
    try:
        yield
    finally:
        _AT_ONCE.release()
