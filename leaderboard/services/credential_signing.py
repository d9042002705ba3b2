"""Signing a credential as a token (VC-JWT), and seeing whether a token was signed here."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leaderboard.domain.instants import SECOND, parse_rfc3339
from leaderboard.files.open_badges import Document, Issuer, claims
from leaderboard.services.credential_keys import ALGORITHM, public_key, signing_key

LONGEST_TOKEN = 60_000


@dataclass(frozen=True, slots=True)
class Desk:
    """Where credentials are made out: by whom, and with the keys of which folder."""

    issuer: Issuer
    keys: Path


class NotOurs(Exception):
    """No key of ours is named by it, or what it names is no key."""


class Altered(Exception):
    """It names a key of ours, which did not sign it as it stands."""


def signed(desk: Desk, document: Document) -> str:
    """The token of a document. Raises KeyProblem."""
    from joserfc import jws  # with cryptography, for which most processes never have a use

    found = signing_key(desk.keys)
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": desk.issuer.key(found.thumbprint)}
    payload = claims(document) | {"nbf": parse_rfc3339(document["validFrom"]) // SECOND}
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, text.encode(), found.key, [ALGORITHM])


def opened(keys: Path, token: str) -> Document:
    """What a token says, if a key of ours signed it. Raises NotOurs, Altered.

    The key is found by the end of its address among the files of `keys`: no address is ever asked, no key in the token
    believed, and no other algorithm taken.
    """
    from joserfc import jws
    from joserfc.errors import JoseError

    key = public_key(keys, thumbprint_of(token))
    if key is None:
        raise NotOurs
    try:
        payload = json.loads(jws.deserialize_compact(token, key, [ALGORITHM]).payload)
    except (JoseError, ValueError, RecursionError) as error:
        raise Altered from error
    if not isinstance(payload, dict):
        raise Altered
    return payload


def thumbprint_of(token: str) -> str:
    """The thumbprint of the key that a token names. Raises NotOurs for what is no token of our kind."""
    from joserfc import jws
    from joserfc.errors import JoseError

    if len(token) > LONGEST_TOKEN:
        raise NotOurs
    try:
        header: dict[str, Any] = jws.extract_compact(token.encode("ascii")).headers()
    except (JoseError, ValueError, RecursionError, KeyError) as error:
        raise NotOurs from error
    kid = header.get("kid")
    if header.get("alg") != ALGORITHM or not isinstance(kid, str):
        raise NotOurs
    return kid.rpartition("/")[2]
