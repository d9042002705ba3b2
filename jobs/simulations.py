"""Drafts are tried on what has happened."""

from leaderboard.services import simulation_runs


def simulate(request_id: int) -> None:
    """The one that was asked for. Twice changes nothing."""
    simulation_runs.run(request_id)


def simulate_waiting() -> None:
    """Those that nobody rang for in time, or that somebody died in. Twice changes nothing."""
    simulation_runs.run_waiting()
