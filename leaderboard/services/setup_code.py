"""The one-time code of the first visit: printed on the console, and kept as a hash beside the data."""

import hmac
import os
import secrets
from pathlib import Path

from leaderboard.services.secret_tokens import hash_of

_FILE = "setup_code"
# Without 0, O, 1, I: it may be typed from one screen into another.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_CHARACTERS = 16


def ensure(instance_dir: Path, *, has_login: bool) -> str | None:
    """A new code for the first visit, to be printed; None where somebody has a login. An earlier code ends."""
    if has_login:
        end(instance_dir)
        return None
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_CHARACTERS))
    _write(instance_dir / _FILE, hash_of(letters))
    return "-".join(letters[start : start + 4] for start in range(0, _CHARACTERS, 4))


def end(instance_dir: Path) -> None:
    """No code is good any more."""
    (instance_dir / _FILE).unlink(missing_ok=True)


def is_right(instance_dir: Path, code: str) -> bool:
    """Whether it is the code, however it is spaced."""
    letters = "".join(character for character in code.upper() if character.isalnum())
    try:
        kept = (instance_dir / _FILE).read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return False
    return hmac.compare_digest(kept, hash_of(letters))


def _write(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text + "\n")
    draft.replace(path)
