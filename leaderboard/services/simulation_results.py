"""What came out of a simulation, and of a trial, with the names that people have today."""

from typing import Any

from leaderboard.queries import simulations, trials
from leaderboard.queries.ground import Reading
from leaderboard.services.directory import Directory
from leaderboard.services.simulation_names import with_names


def result_of(reading: Reading, run_id: int) -> dict[str, Any] | None:
    """The document of docs/simulation.md; None as long as there is nothing."""
    return _named(reading, simulations.result(reading.session, run_id))


def trial_result_of(reading: Reading, trial_id: int, period: str) -> dict[str, Any] | None:
    """The same of a period of a trial; None as long as it is not counted."""
    return _named(reading, trials.trial_result(reading.session, trial_id, period))


def _named(reading: Reading, kept: dict[str, Any] | None) -> dict[str, Any] | None:
    if kept is None:
        return None
    return with_names(kept, Directory(reading.session), reading.ground.placement.roster)
