"""Open Badges 3.0: an award as a verifiable credential (W3C data model 2.0), its issuer, and the list of the revoked.

Only what its owner shares is in it: no points, no place, no id of ours. The e-mail address stands as a salted hash, by
which a site that knows the address sees whose it is.
"""

import gzip
import hashlib
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leaderboard.domain.instants import SECOND, Instant, format_instant

Document = dict[str, Any]

_W3C = "https://www.w3.org/ns/credentials/v2"
_OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
_CONTROLLER = "https://www.w3.org/ns/cid/v1"
LIST_LENGTH = 131_072
"""Entries of a status list: the least that a Bitstring Status List may have, so that nobody is picked out by it."""


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs: the organization, at the address by which the world reaches it."""

    base_url: str
    name: str

    @property
    def id(self) -> str:
        """The address of its profile."""
        return f"{self.base_url}/credentials/issuer"

    def credential(self, address: str) -> str:
        """Where a credential is looked up."""
        return f"{self.base_url}/credentials/{address}"

    def key(self, thumbprint: str) -> str:
        """Where the public key of a thumbprint is."""
        return f"{self.base_url}/credentials/keys/{thumbprint}"

    def status_list(self, number: int) -> str:
        """Where the list of the revoked is."""
        return f"{self.base_url}/credentials/status/{number}"


@dataclass(frozen=True, slots=True)
class Achievement:
    """What was achieved, in words of one language; `key` names it among the issuer's."""

    key: str
    name: str
    description: str
    narrative: str
    icon: str
    language: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose it is, as far as they want it told. `salt` is new for each credential."""

    name: str | None
    email: str | None
    salt: str


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of a credential in the lists of the revoked."""

    list: int
    index: int


def open_badge(
    address: str, issuer: Issuer, what: Achievement, whose: Holder, awarded_at: Instant, slot: Slot
) -> Document:
    """The credential of an award, unsigned."""
    listed = issuer.status_list(slot.list)
    return {
        "@context": [_W3C, _OPEN_BADGES],
        "id": issuer.credential(address),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": what.name,
        "issuer": _profile(issuer),
        "validFrom": _whole_second(awarded_at),
        "awardedDate": _whole_second(awarded_at),
        "credentialSubject": {
            "id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, issuer.credential(address))}",
            "type": ["AchievementSubject"],
            **_identified(whose),
            "achievement": _achievement(issuer, what),
        },
        "credentialStatus": {
            "id": f"{listed}#{slot.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(slot.index),
            "statusListCredential": listed,
        },
    }


def status_list(issuer: Issuer, number: int, revoked: Iterable[int], now: Instant) -> Document:
    """The credential that says which of a list's credentials are revoked, unsigned."""
    address = issuer.status_list(number)
    return {
        "@context": [_W3C],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.id,
        "validFrom": _whole_second(now),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded_list(revoked),
        },
    }


def issuer_profile(issuer: Issuer, keys: Mapping[str, Document]) -> Document:
    """The issuer with its public keys by thumbprint, the retired ones among them."""
    return {
        "@context": [_CONTROLLER, _OPEN_BADGES],
        **_profile(issuer),
        "verificationMethod": [
            {
                "id": issuer.key(thumbprint),
                "type": "JsonWebKey",
                "controller": issuer.id,
                "publicKeyJwk": dict(key),
            }
            for thumbprint, key in keys.items()
        ],
        "assertionMethod": [issuer.key(thumbprint) for thumbprint in keys],
    }


def enveloped(token: str) -> Document:
    """A signed credential as JSON: the data model's envelope around the token, so that nothing unsigned travels."""
    return {
        "@context": _W3C,
        "id": f"data:application/vc+jwt,{token}",
        "type": "EnvelopedVerifiableCredential",
    }


def claims(document: Document) -> Document:
    """The payload of the token: the credential, and the claims that Open Badges asks for beside it."""
    issuer = document["issuer"]
    return document | {
        "iss": issuer if isinstance(issuer, str) else issuer["id"],
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
    }


def email_hash(email: str, salt: str) -> str:
    """As Open Badges hashes an identity."""
    return "sha256$" + hashlib.sha256((email + salt).encode()).hexdigest()


def encoded_list(revoked: Iterable[int]) -> str:
    """The bits of a list, the first one on the left, compressed; equal lists are equal to the letter."""
    bits = bytearray(LIST_LENGTH // 8)
    for index in revoked:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def _profile(issuer: Issuer) -> Document:
    return {"id": issuer.id, "type": ["Profile"], "name": issuer.name, "url": issuer.base_url}


def _achievement(issuer: Issuer, what: Achievement) -> Document:
    image = f"{issuer.base_url}/credentials/badges/{what.icon}.svg"
    return {
        "id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{issuer.id}#{what.key}')}",
        "type": ["Achievement"],
        "achievementType": "Badge",
        "name": what.name,
        "description": what.description,
        "criteria": {"narrative": what.narrative},
        "image": {"id": image, "type": "Image", "caption": what.name},
        "inLanguage": what.language,
    }


def _identified(whose: Holder) -> Document:
    """By name and by the hash of the address, as far as they want; by neither, the subject is known by its id alone."""
    found: list[Document] = []
    if whose.name is not None:
        found.append(_identity("name", whose.name, hashed=False))
    if whose.email is not None:
        found.append(
            _identity("emailAddress", email_hash(whose.email, whose.salt), hashed=True) | {"salt": whose.salt}
        )
    return {"identifier": found} if found else {}


def _identity(kind: str, value: str, *, hashed: bool) -> Document:
    return {"type": "IdentityObject", "hashed": hashed, "identityHash": value, "identityType": kind}


def _whole_second(at: Instant) -> str:
    """The claim `nbf` counts seconds, and must equal it."""
    return format_instant(at // SECOND * SECOND)
