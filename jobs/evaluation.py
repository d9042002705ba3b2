"""Folds the leads that were touched or fell due, and books what came of it."""


def evaluate_due() -> None:
    """Folds them. Twice changes nothing."""
    from leaderboard.services import evaluation

    evaluation.evaluate_due()
