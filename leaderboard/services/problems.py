"""What was received and could not be taken or placed: kept once each, for a person to look at."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.files.events import Reason, joined_reasons
from leaderboard.persistence.bulk import insert_into
from leaderboard.persistence.models import IntakeProblem

REJECTED = "rejected"
CONFLICT = "conflict"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing for data health. Kept once, however often the same comes again."""

    kind: str
    reasons: tuple[Reason, ...]
    source: str | None = None
    event_id: str | None = None
    origin: str | None = None
    payload: str | None = None

    @property
    def digest(self) -> str:
        """What makes it the same as another one."""
        parts = [self.kind, self.source, self.event_id, joined_reasons(self.reasons), self.payload]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def note(session: Session, problems: Sequence[Problem], at: Instant) -> None:
    """Keep these for a person; one that was noted before stays as it is. The caller commits."""
    rows = {problem.digest: _row(problem, at) for problem in problems}
    if rows:
        statement = insert_into(session, IntakeProblem.__table__).on_conflict_do_nothing()
        session.execute(statement, [rows[digest] for digest in sorted(rows)])


def _row(problem: Problem, at: Instant) -> dict[str, object]:
    """`params` is for pages in other languages: a list of the reasons' codes and parameters."""
    params = [{"code": reason.code, "params": dict(reason.params)} for reason in problem.reasons]
    return {
        "kind": problem.kind,
        "source": problem.source,
        "event_id": problem.event_id,
        "origin": problem.origin,
        "reason": joined_reasons(problem.reasons),
        "params": json.dumps(params, sort_keys=True),
        "payload": problem.payload,
        "digest": problem.digest,
        "noted_at": at,
    }
