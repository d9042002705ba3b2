"""What rows are called on a wall, where anybody can look into the page."""

from hashlib import blake2b

from flask import current_app


def mark(kind: str, key: int) -> str:
    """The same for as long as it is the same row, and nothing that the pages of the signed in bear, too.

    There a person's key stands beside the name that is not to be known behind an alias.
    """
    secret = str(current_app.secret_key).encode()[:64]
    return blake2b(f"{kind}/{key}".encode(), key=secret, digest_size=6).hexdigest()
