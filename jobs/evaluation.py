"""What is due: leads that were touched, or whose clock ran out, are folded, and what follows is booked."""

from leaderboard.services import evaluation


def evaluate_due() -> None:
    """Twice changes nothing."""
    evaluation.evaluate_due()
