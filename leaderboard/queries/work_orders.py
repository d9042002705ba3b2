"""Work orders as their pages show them. A statement each."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import Instant
from leaderboard.persistence.models import WorkOrder

_LARGEST_KEY = 2**63 - 1


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """One of them; `error` and `result` as they were noted, empty as long as there is none."""

    id: int
    kind: str
    subject: str
    asked_at: Instant
    asked_by: str
    given: Mapping[str, Any]
    state: str
    progress: int
    result: Mapping[str, Any]
    error: Mapping[str, Any]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.state in ("done", "failed")


def find(session: Session, order_id: int) -> OrderFacts | None:
    """The one of a key; None for none such."""
    if order_id > _LARGEST_KEY:
        return None
    row = session.scalar(select(WorkOrder).where(WorkOrder.id == order_id))
    if row is None:
        return None
    return OrderFacts(
        row.id, row.kind, row.subject, row.asked_at, row.asked_by, json.loads(row.given), row.state, row.progress,
        json.loads(row.result or "{}"), json.loads(row.error or "{}"),
    )  # fmt: skip
