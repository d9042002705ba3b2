"""Random texts that open a door, and the hash that is all we keep of them."""

import hashlib
import secrets

_BYTES = 32


def new_token(prefix: str = "") -> str:
    """256 random bits: nobody guesses it, so a plain hash of it is enough."""
    return prefix + secrets.token_urlsafe(_BYTES)


def hash_of(token: str) -> str:
    """What is stored, and looked up: whoever reads the database opens nothing with it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
