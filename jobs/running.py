"""How a job is run, by a worker or by the scheduler itself."""

from leaderboard import job_queue
from leaderboard.services import clock, heartbeats


def done(name: str) -> str:
    """The heartbeat that says when a job last ended well."""
    return f"job {name}"


def run(name: str, *args: object) -> None:
    """Runs a listed job in the application context at hand and notes that it ended well. Raises what it raises."""
    job_queue.resolve(name)(*args)
    heartbeats.beat_seldom(done(name), clock.now())
