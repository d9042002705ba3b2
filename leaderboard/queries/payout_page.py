"""What the pages show of payouts."""

from dataclasses import dataclass
from decimal import Decimal

from leaderboard.domain.instants import Instant
from leaderboard.queries.ladder_page import Party


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """One payout."""

    number: int
    state: str
    source: str
    who: Party
    subject_id: str
    members: tuple[str, ...]
    period: str
    name: str
    rank: int | None
    amount: Decimal
    currency: str
    is_own: bool
    decided_at: Instant | None
    decided_by: str | None
    reason: str | None
    paid_at: Instant | None
    reference: str | None
