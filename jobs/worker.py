"""A worker: `python -m jobs.worker QUEUE`. It runs listed jobs of one queue, in a process that is not its own."""

import os
import random
import signal
import socket
import sys
import time
from types import FrameType
from typing import Any

import structlog
from flask import Flask
from redis import RedisError
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from rq.worker import Worker

from jobs.running import run
from jobs.work_horse import Horse
from leaderboard import job_queue, queues
from leaderboard.app import after_fork, before_fork, create_app
from leaderboard.leash import end_with_parent
from leaderboard.services import clock, heartbeats, rehearsal, rules

log = structlog.get_logger(__name__)

_BEAT_SECONDS = 30
_GRACE_SECONDS = 15


class RunningJob(job_queue.ListedJob):
    """A listed job, run as the scheduler would run it."""

    def perform(self) -> None:
        """Raises UnknownJob, within the job, for one that is not on the list."""
        assert self.func is not None
        with structlog.contextvars.bound_contextvars(job=self.func_name):
            job_queue.begin(self.connection, str(self.func_name))
            run(str(self.func_name), *self.args)


class QueueWorker(Worker):
    """RQ's worker by our rules: listed names, JSON, no connection taken across the fork, life shown in the database."""

    max_connection_wait_time = 5.0

    def __init__(self, app: Flask, queue_name: str, url: str) -> None:
        connection = job_queue.connect(url)
        super().__init__(
            [Queue(queue_name, connection=connection, serializer=JSONSerializer, job_class=RunningJob)],
            connection=connection,
            serializer=JSONSerializer,
            job_class=RunningJob,
            # RQ waits for this less 15 seconds before it looks up, and so before it beats.
            worker_ttl=_BEAT_SECONDS + _GRACE_SECONDS,
            log_job_description=False,
        )
        self._app = app
        self._horse: Horse | None = None
        self._beat_due = 0.0
        self._is_rehearsed = queue_name != queues.EVALUATION

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        """RQ's, and every half minute one in the database."""
        super().heartbeat(*args, **kwargs)
        if not self.is_horse and time.monotonic() >= self._beat_due:
            self._beat_due = time.monotonic() + _BEAT_SECONDS
            self._show_life()
        if self._stop_requested and not self.is_horse:
            raise StopRequested

    def _show_life(self) -> None:
        """A database that is away does not stop it: its jobs fail by themselves, and the sweep repeats them."""
        try:
            with self._app.app_context():
                name = f"worker {self.queue_names()[0]}"
                heartbeats.beat(name, clock.now(), f"{socket.gethostname()}:{os.getpid()}")
                # A horse is forked from this process, and begins with what it has.
                rules.read_ahead()
                self._is_rehearsed = self._is_rehearsed or rehearsal.rehearse()
        except StopRequested:
            raise
        except Exception:
            log.exception("no sign of life could be written")
        finally:
            before_fork(self._app)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """RQ's raises out of whatever is under way, and that may swallow it; so it is remembered too."""
        self._stop_requested = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        """Gives the job to the horse that is there; forks one where there is none, or where it died meanwhile."""
        assert self.execution is not None
        order = [job.id, self.execution.composite_key]
        if self._horse is not None and not self._horse.takes(order):
            self._let_horse_go()
        if self._horse is None:
            self._horse = Horse.raised(self._become_horse, self._perform_order)
            self._horse.takes(order)
        self._horse_pid = self._horse.pid

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        """Until the job is done. As RQ's, where the horse ended with it; else as if it had ended well."""
        if self._horse is not None and self._horse.is_done():
            return self._horse.pid, os.EX_OK, None
        ended = super().wait_for_horse()
        self._let_horse_go()
        return ended

    def teardown(self) -> None:
        """Nothing is left of it."""
        self._let_horse_go()
        super().teardown()  # type: ignore[no-untyped-call]

    def _let_horse_go(self) -> None:
        horse, self._horse = self._horse, None
        if horse is not None:
            horse.let_go()

    def _perform_order(self, order: list[str]) -> bool:
        """In the horse: performs a job, by its id and its execution's; whether it ended well."""
        job_id, execution_key = order
        job = self.job_class.fetch(job_id, connection=self.connection, serializer=self.serializer)
        job.redis_server_version = self.redis_server_version
        execution = Execution.from_composite_key(execution_key, connection=self.connection)
        execution.worker_name = self.name
        with self._app.app_context(), structlog.contextvars.bound_contextvars(job_id=job.id):
            return self.perform_job(job, self.queues[0], execution)

    def _become_horse(self) -> None:
        """In the forked process: it ends with the worker, and takes none of its connections along."""
        end_with_parent(signal.SIGKILL)
        after_fork(self._app)
        random.seed()
        self.setup_work_horse_signals()  # type: ignore[no-untyped-call]
        self._is_horse = True


def work(app: Flask, queue_name: str) -> None:
    """Works until told to stop. Redis that is away is waited for."""
    url = app.extensions["settings"].bell_url
    while True:
        try:
            worker = QueueWorker(app, queue_name, url)
        except (RedisError, OSError) as error:
            log.warning("waiting for Redis", error=str(error))
            time.sleep(1)
            continue
        worker.work(logging_level="WARNING")
        return


def main() -> None:
    """Takes the queue's name from the command line."""
    if len(sys.argv) != 2 or sys.argv[1] not in queues.QUEUES:
        raise SystemExit(f"usage: python -m jobs.worker {'|'.join(queues.QUEUES)}")
    app = create_app()
    for name in job_queue.JOBS:
        job_queue.resolve(name)  # imported before the fork, not after each
    work(app, sys.argv[1])


if __name__ == "__main__":
    main()
