"""An empty job, and an RQ worker that does nothing else: `python -m bench.empty_job URL`."""

import sys

from redis import Redis
from rq import Queue, Worker

QUEUE = "bench-empty"


def do_nothing() -> None:
    """Does nothing."""


def main() -> None:
    """Works until told to stop, as RQ does by default: each job in a process forked for it."""
    connection = Redis.from_url(sys.argv[1])
    Worker([Queue(QUEUE, connection=connection)], connection=connection).work(logging_level="ERROR")


if __name__ == "__main__":
    main()
