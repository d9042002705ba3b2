"""Who did what, when, to what: entries that are never changed, with people in them by key and never by name."""

import json
from collections.abc import Mapping

from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.models import AuditEntry


def actor_of(user_id: int) -> str:
    """A login as the one who does something. Its key outlives the name and the address."""
    return f"user:{user_id}"


def note(
    session: Session,
    now: Instant,
    actor: str,
    action: str,
    subject: str,
    *,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Adds an entry to the caller's transaction: what was done is noted if it is done, and only then."""
    session.add(
        AuditEntry(
            at=now, actor=actor, action=action, subject=subject, before=_json(before), after=_json(after)
        )
    )


def _json(values: Mapping[str, object] | None) -> str | None:
    return None if values is None else json.dumps(values, ensure_ascii=False, sort_keys=True)
