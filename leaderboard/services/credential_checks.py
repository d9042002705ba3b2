"""Whether something that somebody holds up was signed here, is untouched, and still stands."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from leaderboard.files.credential_carriers import token_in
from leaderboard.files.open_badges import Document
from leaderboard.queries.credentials import CredentialFacts, CredentialState, by_address
from leaderboard.queries.ground import Reading
from leaderboard.services.credential_signing import Altered, NotOurs, opened

LARGEST = 100_000
"""Bytes: a picture with a credential baked in has some thousands."""


class Verdict(StrEnum):
    """What is to be said of it."""

    UNREADABLE = "unreadable"
    NOT_OURS = "not_ours"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    """Our signature, and nothing known of it here: a list of ours, or one of an instance with the same keys."""
    VALID = "valid"
    FALLEN = "fallen"
    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer; the document only where it is ours and valid, so that nothing ended is told again."""

    verdict: Verdict
    document: Document | None = None
    address: str | None = None


def checked(reading: Reading, keys: Path, data: bytes) -> Checked:
    """The answer to any bytes."""
    token = token_in(data) if len(data) <= LARGEST else None
    if token is None:
        return Checked(Verdict.UNREADABLE)
    try:
        document = opened(keys, token)
    except NotOurs:
        return Checked(Verdict.NOT_OURS)
    except Altered:
        return Checked(Verdict.ALTERED)
    found = by_address(reading.session, str(document.get("id", "")).rpartition("/")[2])
    if found is None:
        return Checked(Verdict.UNKNOWN)
    if found.state is not CredentialState.VALID:
        return Checked(Verdict(found.state.value), address=found.address)
    return Checked(Verdict.VALID, document, found.address)


def shown(found: CredentialFacts, keys: Path) -> Document | None:
    """What a valid credential says; None where it is not valid, or its signature does not hold."""
    if found.state is not CredentialState.VALID or found.token is None:
        return None
    try:
        return opened(keys, found.token)
    except (NotOurs, Altered):
        return None
