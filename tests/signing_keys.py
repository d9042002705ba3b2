"""A key to sign credentials with, made once in a process: making one takes its time."""

from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from leaderboard.services.credential_keys import signing_key


def keys_in(folder: Path) -> Path:
    """The folder with the tests' key in it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "signing.pem").write_bytes(_made())
    return folder


@lru_cache(maxsize=1)
def _made() -> bytes:
    folder = Path(mkdtemp())
    signing_key(folder)
    return (folder / "signing.pem").read_bytes()
