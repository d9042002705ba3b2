"""Lets so many requests in at once, and streams to screens beside them.

A server's threads are as many as both together; without this all of them could ask the database at the same time.
"""

import threading

from flask import Flask, g, request

_STREAM = "tv.follow"
_INSIDE = "inside"


def init_app(app: Flask, at_once: int) -> None:
    """Whoever does not get in at once waits for the one before, as for a free thread. Before all other hooks."""
    free = threading.BoundedSemaphore(at_once)

    @app.before_request
    def come_in() -> None:
        if request.endpoint != _STREAM:
            free.acquire()
            setattr(g, _INSIDE, True)

    @app.teardown_request
    def go_out(_error: BaseException | None) -> None:
        if g.pop(_INSIDE, False):
            free.release()
