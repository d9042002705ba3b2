"""Worlds that many tests begin with: made in an empty database once, and copied for each other test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

from leaderboard.domain.instants import MINUTE, Instant
from leaderboard.persistence.db import db
from leaderboard.services import clock
from tests.databases import Database, Server

T = TypeVar("T")

_HOME = "tests.home"
_FRESH = MINUTE
"""What was made with the real time goes stale: it holds clocks that run."""
_KEPT: dict[tuple[int, str], "_Kept"] = {}


@dataclass(frozen=True, slots=True)
class _Kept:
    template: Database
    made: Any
    at: Instant


def is_home(app: Flask, server: Server, database: Database) -> None:
    """Notes where the application's database came from, and that it is empty."""
    app.extensions[_HOME] = (server, database)


def prepared(app: Flask, name: str, build: Callable[[], T]) -> T:
    """What `build` makes of the application's empty database; plain values that hold for a copy of it, too.

    Where somebody was there before, or it is not known where the database came from, it is built.
    """
    server, database = app.extensions.pop(_HOME, (None, None))
    if server is None or not _is_untouched(app):
        return build()
    kept = _KEPT.get((id(server), name))
    if kept is not None and 0 <= clock.now() - kept.at < _FRESH:
        server.replace(database, kept.template)
        return kept.made  # type: ignore[no-any-return]
    made = build()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    if kept is not None:
        server.drop(kept.template)
    _KEPT[id(server), name] = _Kept(server.keep(database), made, clock.now())
    return made


def _is_untouched(app: Flask) -> bool:
    """Whether nobody has asked its database for anything."""
    with app.app_context():
        pool: Any = db.engine.pool
        return bool(pool.checkedin() == pool.checkedout() == 0)
