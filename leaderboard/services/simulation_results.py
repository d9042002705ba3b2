"""What came out of a simulation, with the names that people have today."""

from typing import Any

from leaderboard.queries import simulations
from leaderboard.queries.ground import Reading
from leaderboard.services.directory import Directory
from leaderboard.services.simulation_names import with_names


def result_of(reading: Reading, run_id: int) -> dict[str, Any] | None:
    """The document of docs/simulation.md; None as long as there is nothing."""
    kept = simulations.result(reading.session, run_id)
    if kept is None:
        return None
    return with_names(kept, Directory(reading.session), reading.ground.placement.roster)
