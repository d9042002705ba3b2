"""How long requests took, for Prometheus: the one thing that is counted within the web processes.

gunicorn's workers each count in a file of their own, which prometheus-client lays out and adds up (gunicorn.conf.py
says where); a single process counts in its memory. Every label has a fixed number of values, whatever is asked for.
"""

import os

from prometheus_client import CollectorRegistry, Histogram, disable_created_metrics
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

SHARED_BY = "PROMETHEUS_MULTIPROC_DIR"
"""The environment's name for where the processes of one server count; it must be there before the first import."""

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_NOWHERE = "none"

disable_created_metrics()  # type: ignore[no-untyped-call]
_TIMES = Histogram(
    "leaderboard_http_request_duration_seconds",
    "How long requests took, by method, endpoint and class of the answer.",
    ["method", "endpoint", "status"],
    registry=None,
)


def observe(method: str, endpoint: str | None, status: int, seconds: float) -> None:
    """Counts an answered request; an address or method that is none of ours is told as one kind."""
    known = method if method in _METHODS else "other"
    _TIMES.labels(known, endpoint or _NOWHERE, f"{status // 100}xx").observe(seconds)


def collector() -> Collector:
    """What all processes of this server have counted."""
    if SHARED_BY not in os.environ:
        return _TIMES
    shared: Collector = MultiProcessCollector(CollectorRegistry())  # type: ignore[no-untyped-call]
    return shared
