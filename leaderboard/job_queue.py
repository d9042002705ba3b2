"""The bell: what makes jobs run soon. Never a record; all of it may be lost, and a sweep finds the work.

Every job's name stands here once. A worker runs nothing else, whatever somebody writes into Redis.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any, cast

import click
import structlog
from flask import Flask, current_app
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq.job import Job
from rq.queue import Queue
from rq.serializers import JSONSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session

from leaderboard.queues import DEFAULT, EVALUATION, QUEUES

log = structlog.get_logger(__name__)

JOB_SECONDS = 30
_SILENCE_SECONDS = 5.0
_COALESCE_MILLISECONDS = 5_000
_BELLS = "bells"


LONG_RUNNING = "leaderboard.long_running"
"""In a click context: this command runs on and on, and its output is a log."""


class UnknownJob(Exception):
    """A name that is not on the list. The message is the name."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """Where a job lives, which queue carries it, and for how many seconds it may run."""

    function: str
    queue: str = DEFAULT
    seconds: int = JOB_SECONDS


JOBS: Mapping[str, JobKind] = MappingProxyType(
    {
        "evaluate_due": JobKind("jobs.evaluation.evaluate_due", EVALUATION, seconds=120),
        "standings": JobKind("jobs.standings.settle", seconds=300),
        "close_due": JobKind("jobs.closing.close_due", seconds=300),
        "simulate": JobKind("jobs.simulations.simulate", seconds=120),
        "simulate_waiting": JobKind("jobs.simulations.simulate_waiting", seconds=120),
        "work_order": JobKind("jobs.work_orders.work_order", seconds=600),
        "work_orders_waiting": JobKind("jobs.work_orders.work_orders_waiting", seconds=600),
        "count_trials": JobKind("jobs.trials.count_trials", seconds=600),
        "self_check": JobKind("jobs.selfcheck.self_check", seconds=1800),
        "propose_payouts": JobKind("jobs.payouts.propose", seconds=120),
        "announce": JobKind("jobs.announcements.announce", seconds=120),
        "note_moments": JobKind("jobs.moments.note"),
        "tidy": JobKind("jobs.tidy.tidy"),
    }
)


def resolve(name: object) -> Callable[..., None]:
    """The function behind a job's name. Raises UnknownJob for anything that is not on the list."""
    kind = JOBS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise UnknownJob(str(name)[:100])
    module, _, function = kind.function.rpartition(".")
    return cast(Callable[..., None], getattr(import_module(module), function))


class ListedJob(Job):
    """A job that is known by its listed name and brings no code, callback or address of its own."""

    @property
    def func(self) -> Callable[..., None]:
        """Looked up by name; RQ's own would import whatever dotted path the payload holds."""
        if self.instance is not None or self.kwargs:
            raise UnknownJob("a job that brings more than a name and arguments")
        return resolve(self.func_name)

    def restore(self, raw_data: Any) -> Any:
        """As RQ's, without the callbacks and webhooks that whoever wrote to Redis may have put in."""
        kept = super().restore(raw_data)
        self._success_callback_name = self._failure_callback_name = self._stopped_callback_name = None
        self.webhooks = []
        return kept


def queue(name: str, connection: Redis) -> Queue:
    """The RQ queue of that name, as both sides must open it: JSON, listed jobs only."""
    return Queue(name, connection=connection, serializer=JSONSerializer, job_class=ListedJob)


def connect(url: str, wait_seconds: float | None = None) -> Redis:
    """A client. With `wait_seconds` no call takes longer than that, and none is tried twice."""
    if wait_seconds is None:
        return Redis.from_url(url, health_check_interval=30)
    return Redis.from_url(
        url,
        socket_connect_timeout=wait_seconds,
        socket_timeout=wait_seconds,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=30,
    )


class Bell:
    """Rings for jobs, and keeps quiet for a while when nobody hears it, so that no request waits for Redis."""

    def __init__(self, url: str) -> None:
        self._redis = connect(url, wait_seconds=0.5)
        self._silent_until = 0.0
        self._away = False

    def ring(self, name: str, *args: object, tick: tuple[str, int] | None = None) -> bool:
        """Asks for a job; whether it was heard. Raises UnknownJob, and nothing else.

        While a job without arguments waits in its queue, ringing for it again is heard and adds nothing.
        """
        kind = JOBS.get(name)
        if kind is None:
            raise UnknownJob(name)
        if time.monotonic() < self._silent_until:
            return False
        try:
            if args or tick or self._redis.set(_mark(name), 1, nx=True, px=_COALESCE_MILLISECONDS):
                self._enqueue(name, kind, args, tick)
        except (RedisError, OSError) as error:
            self._missed(error)
            return False
        self._heard()
        return True

    def hush(self) -> None:
        """Rings no more: for a process that does all the work itself before anybody listens."""
        self._silent_until = float("inf")

    def answers(self) -> bool:
        """Whether Redis is there now."""
        try:
            return bool(self._redis.ping())
        except (RedisError, OSError):
            return False

    def waiting(self) -> dict[str, int]:
        """How many jobs wait in each queue. Raises RedisError when Redis is away."""
        return {name: queue(name, self._redis).count for name in QUEUES}

    def close(self) -> None:
        self._redis.close()

    def _enqueue(
        self, name: str, kind: JobKind, args: tuple[object, ...], tick: tuple[str, int] | None
    ) -> None:
        queue(kind.queue, self._redis).enqueue_call(
            name,
            args=args,
            timeout=kind.seconds,
            result_ttl=0,
            failure_ttl=24 * 3600,
            description=name,
            meta={"tick": list(tick)} if tick else {},
        )

    def _missed(self, error: Exception) -> None:
        if not self._away:
            tell = log.debug if _is_typed_command() else log.warning
            tell("bell not heard; the sweep of each minute does the work", error=str(error))
        self._away, self._silent_until = True, time.monotonic() + _SILENCE_SECONDS

    def _heard(self) -> None:
        if self._away:
            log.info("bell heard again")
        self._away = False


def _is_typed_command() -> bool:
    """Whoever typed a command need not hear of the bell: a running product finds the work within a minute."""
    context = click.get_current_context(silent=True)
    return context is not None and LONG_RUNNING not in context.meta


def begin(connection: Redis, name: str) -> None:
    """A worker says that it begins a job: from now on ringing for it adds one that runs after this one."""
    connection.delete(_mark(name))


def _mark(name: str) -> str:
    return f"leaderboard:rung:{name}"


def init_app(app: Flask, url: str) -> None:
    """Gives the application its bell. Connects to nothing yet."""
    app.extensions["bell"] = Bell(url)


def bell() -> Bell:
    """The bell of the application at hand."""
    return cast(Bell, current_app.extensions["bell"])


def ring(name: str, *args: object) -> bool:
    """Rings the application's bell, after what it rings for was committed; whether it was heard."""
    return bell().ring(name, *args)


def enqueue_after_commit(session: Session, name: str, *args: object) -> None:
    """Rings for a job once the session's transaction is committed, once for equal calls; not if it is rolled back.

    A job that was sent before the commit would look for rows that are not there yet.
    """
    if name not in JOBS:
        raise UnknownJob(name)
    session.info.setdefault(_BELLS, {})[(name, args)] = None


@event.listens_for(Session, "after_commit")
def _after_commit(session: Session) -> None:
    # Fires for savepoints too; only the outermost commit puts anything on disk.
    if session.in_nested_transaction():
        return
    for name, args in session.info.pop(_BELLS, {}):
        ring(name, *args)


@event.listens_for(Session, "after_rollback")
def _after_rollback(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_BELLS, None)
