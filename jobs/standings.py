"""Brings the months that changed, and their quarters, up to date: ratings, badges, standings."""


def settle() -> None:
    """Settles what the folded leads left to settle. Twice changes nothing."""
    from leaderboard.services import settlement

    settlement.settle_due()
