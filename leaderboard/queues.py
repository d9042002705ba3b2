"""The queues of jobs by their names: also for who starts the workers, and imports nothing else of them."""

EVALUATION = "evaluation"
DEFAULT = "default"
QUEUES = (EVALUATION, DEFAULT)
"""One worker process listens to one queue: with several, a worker that dies while taking a job can lose it."""
