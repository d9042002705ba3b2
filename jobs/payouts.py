"""Proposes the payouts of periods that were closed."""

from leaderboard.services import payout_proposals


def propose() -> None:
    """Twice changes nothing."""
    payout_proposals.propose_payouts()
