"""Which passwords are taken, and that checking one never tells more than yes or no."""

import threading
import unicodedata

import pytest

from leaderboard.services import passwords
from leaderboard.services.passwords import Flaw, TooBusy, Unsafe, check, hash_password, is_outdated, is_right

GOOD = "a bird in the hand"


@pytest.mark.parametrize(
    ("password", "flaw"),
    [
        ("", Flaw.TOO_SHORT),
        ("eleven char", Flaw.TOO_SHORT),
        ("ab" * 10, Flaw.TOO_PLAIN),
        ("AaBbAaBbAaBb", Flaw.TOO_PLAIN),
        ("Ana@Example.com", Flaw.TOO_PLAIN),
        ("a bird in the hand" * 30, Flaw.TOO_LONG),
    ],
)
def test_what_would_not_hold_is_not_taken(password: str, flaw: Flaw) -> None:
    with pytest.raises(Unsafe) as refused:
        check(password, "ana@example.com")
    assert refused.value.flaw is flaw


@pytest.mark.parametrize(
    "password", [GOOD, "twelve chars", "ñandú über straße", "пароль из слов", "\ud800 and so on …"]
)
def test_any_sentence_will_do(password: str) -> None:
    check(password, "ana@example.com")
    kept = hash_password(password)
    assert is_right(kept, password)
    assert not is_right(kept, password + " ")
    assert not is_outdated(kept)


def test_accents_may_be_composed_either_way() -> None:
    kept = hash_password(unicodedata.normalize("NFD", "çedilha e acentuação"))
    assert is_right(kept, unicodedata.normalize("NFC", "çedilha e acentuação"))


@pytest.mark.parametrize("kept", [None, "", "nonsense", "$argon2id$v=19$m=1,t=1,p=1$x$y"])
def test_without_a_hash_nothing_is_right(kept: str | None) -> None:
    assert not is_right(kept, GOOD)


def test_an_unknown_name_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    class Hasher:
        def verify(self, kept: str, _password: bytes) -> None:
            seen.append(kept)

        def hash(self, _password: bytes) -> str:
            return "a hash"

    passwords._nobodys.cache_clear()
    monkeypatch.setattr(passwords, "_HASHER", Hasher())
    assert not is_right(None, GOOD)
    assert not is_right("kept", "x" * 10_000)
    assert seen == ["a hash", "a hash"]
    passwords._nobodys.cache_clear()


def test_no_more_than_two_are_worked_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    places = threading.BoundedSemaphore(2)
    monkeypatch.setattr(passwords, "_AT_ONCE", places)
    monkeypatch.setattr(passwords, "_PATIENCE_SECONDS", 0.01)
    places.acquire()
    kept = hash_password(GOOD)
    places.acquire()
    with pytest.raises(TooBusy):
        is_right(kept, GOOD)
    places.release()
    assert is_right(kept, GOOD)
    places.release()
