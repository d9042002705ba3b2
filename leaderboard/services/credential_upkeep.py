"""What administrators do about the keys of credentials, noted in the audit log."""

from pathlib import Path

from leaderboard.persistence.db import writing_session
from leaderboard.services import audit_log, clock, credential_keys


def rotate_key(folder: Path, *, actor: str) -> str:
    """Signs with a new key from now on; gives its thumbprint. Raises KeyProblem."""
    thumbprint = credential_keys.rotate(folder)
    session = writing_session()
    audit_log.note(session, clock.now(), actor, "key.rotated", "keys", after={"thumbprint": thumbprint})
    session.commit()
    return thumbprint
