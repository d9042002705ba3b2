"""What was received and could not be taken or placed: kept once each, for a person to look at."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.models import IntakeProblem

REJECTED = "rejected"
CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing for data health. Kept once, however often the same comes again."""

    kind: str
    reason: str
    source: str | None = None
    event_id: str | None = None
    origin: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
    payload: str | None = None

    @property
    def digest(self) -> str:
        """What makes it the same as another one."""
        parts = [self.kind, self.source, self.event_id, self.reason, self.payload]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def note(session: Session, problems: Sequence[Problem], at: Instant) -> None:
    """Keep these for a person; one that was noted before stays as it is. The caller commits."""
    rows = {problem.digest: _row(problem, at) for problem in problems}
    if rows:
        statement = insert_into(session, IntakeProblem.__table__).on_conflict_do_nothing()
        session.execute(statement, [rows[digest] for digest in sorted(rows)])


def _row(problem: Problem, at: Instant) -> dict[str, object]:
    return {
        "kind": problem.kind,
        "source": problem.source,
        "event_id": problem.event_id,
        "origin": problem.origin,
        "reason": problem.reason,
        "params": json.dumps(dict(problem.params), sort_keys=True) if problem.params else None,
        "payload": problem.payload,
        "digest": problem.digest,
        "noted_at": at,
    }
