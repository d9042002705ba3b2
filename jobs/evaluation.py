"""What is due: leads that were touched, or whose clock ran out, are folded, and what follows is booked."""

from leaderboard.services import evaluation, moments


def evaluate_due() -> None:
    """Twice changes nothing. Where screens hang, what has come of it may be worth a celebration there."""
    evaluation.evaluate_due()
    moments.ring_where_screens_hang()
