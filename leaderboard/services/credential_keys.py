"""The keys by which credentials are signed: files of the instance, never in the database.

`signing.pem` is the private key in use; `THUMBPRINT.pub.pem` the public half of every key that ever signed, which stay
published: what an earlier key signed must still be seen to be ours. RS256, which Open Badges asks all to understand.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

ALGORITHM = "RS256"
_BITS = 3072
_SIGNING, _PUBLISHED = "signing.pem", ".pub.pem"
_THUMBPRINT_LENGTH = 43


class KeyProblem(Exception):
    """The keys cannot be used; the message is one line that says which file, and why."""


@dataclass(frozen=True)
class SigningKey:
    """The private key in use, and the thumbprint by which its public half is found."""

    key: "RSAKey"
    thumbprint: str


def signing_key(folder: Path) -> SigningKey:
    """The key in use, made at first use. Raises KeyProblem."""
    path = folder / _SIGNING
    try:
        if not path.exists():
            _make_first(folder)
        return _loaded(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise KeyProblem(f"{path}: {error.strerror}") from None


def rotate(folder: Path) -> str:
    """Signs with a new key from now on; the old one's public half stays. Gives the new thumbprint."""
    signing_key(folder)
    try:
        draft, found = _drafted(folder)
        os.replace(draft, folder / _SIGNING)
    except OSError as error:
        raise KeyProblem(f"{folder}: {error.strerror}") from None
    return found.thumbprint


def published(folder: Path) -> Mapping[str, dict[str, Any]]:
    """The public keys as JWKs by thumbprint: the one in use first, then those before it."""
    in_use = signing_key(folder).thumbprint
    names = sorted(path.name.removesuffix(_PUBLISHED) for path in folder.glob(f"*{_PUBLISHED}"))
    ordered = [in_use, *(name for name in names if name != in_use and len(name) == _THUMBPRINT_LENGTH)]
    return {name: public_jwk(folder, name) for name in ordered}


def public_jwk(folder: Path, thumbprint: str) -> dict[str, Any]:
    """A published key as a JWK. Raises KeyProblem for none."""
    found = public_key(folder, thumbprint)
    if found is None:
        raise KeyProblem(f"{folder / (thumbprint + _PUBLISHED)}: not there")
    return {**found.as_dict(private=False), "kid": thumbprint, "use": "sig", "alg": ALGORITHM}


def public_key(folder: Path, thumbprint: str) -> "RSAKey | None":
    """A published key; None where no key of ours has that thumbprint, which may be any text."""
    if len(thumbprint) != _THUMBPRINT_LENGTH or not thumbprint.replace("-", "").replace("_", "").isalnum():
        return None
    path = folder / f"{thumbprint}{_PUBLISHED}"
    return _public(path) if thumbprint.isascii() and path.is_file() else None


def copy_keys(source: Path, target: Path, replace: bool = False) -> int:
    """Copies all keys of a folder beside those of another, and says how many there were.

    A public half is named by what it is, so that one which is there already is the same one. The key that signs takes
    the place of another only with `replace`.
    """
    published_keys = sorted(source.glob(f"*{_PUBLISHED}"))
    signing = [source / _SIGNING] if (source / _SIGNING).exists() else []
    if not published_keys and not signing:
        return 0
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    for path in (*published_keys, *signing):
        is_private = path.name == _SIGNING
        if not (target / path.name).exists() or (is_private and replace):
            draft = target / f"{path.name}.{secrets.token_hex(4)}"
            _write(draft, path.read_bytes(), 0o600 if is_private else 0o644)
            os.replace(draft, target / path.name)
    return len(published_keys)


@lru_cache(maxsize=32)
def _public(path: Path) -> "RSAKey":
    from joserfc.jwk import RSAKey  # with cryptography, for which most processes never have a use

    return RSAKey.import_key(path.read_bytes())


@lru_cache(maxsize=4)
def _loaded(path: Path, _changed_ns: int) -> SigningKey:
    from joserfc.jwk import RSAKey

    try:
        key = RSAKey.import_key(path.read_bytes())
    except ValueError as error:
        raise KeyProblem(f"{path}: not a private key in PEM ({error})") from None
    if not key.is_private:
        raise KeyProblem(f"{path}: not a private key")
    found = SigningKey(key, key.thumbprint())
    _publish(path.parent, found)
    return found


def _make_first(folder: Path) -> None:
    """Linked into place whole: of two processes at once one wins, and both read the same."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft, _ = _drafted(folder)
    try:
        os.link(draft, folder / _SIGNING)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _drafted(folder: Path) -> tuple[Path, SigningKey]:
    from joserfc.jwk import RSAKey

    key = RSAKey.generate_key(_BITS, auto_kid=False)
    found = SigningKey(key, key.thumbprint())
    _publish(folder, found)
    draft = folder / f"{_SIGNING}.{secrets.token_hex(4)}"
    _write(draft, key.as_pem(private=True), 0o600)
    return draft, found


def _publish(folder: Path, found: SigningKey) -> None:
    """Before the key signs anything: nobody shall meet a signature whose key is not to be found."""
    path = folder / f"{found.thumbprint}{_PUBLISHED}"
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
        _write(draft, found.key.as_pem(private=False), 0o644)
        os.replace(draft, path)


def _write(path: Path, content: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
