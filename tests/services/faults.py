"""Deaths to order: at the n-th statement, or at the commit, of what a session sends to the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from sqlalchemy import event

from leaderboard.persistence.db import db


class Killed(BaseException):
    """Nothing that code may catch and go on from: as if the process had ended there."""


@contextmanager
def dies_at(number: int) -> Iterator[None]:
    """Whatever runs within dies at its n-th statement; a commit is one, too."""
    left = count(number, -1)

    def at_statement(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        # Before a transaction has begun there is nothing to die of.
        if not statement.startswith(("BEGIN", "PRAGMA")) and next(left) == 1:
            raise Killed

    def at_commit(connection: Any) -> None:
        if next(left) == 1:
            connection.connection.rollback()  # for SQLAlchemy takes it for committed by now
            raise Killed

    event.listen(db.engine, "before_cursor_execute", at_statement)
    event.listen(db.engine, "commit", at_commit)
    try:
        yield
    finally:
        event.remove(db.engine, "before_cursor_execute", at_statement)
        event.remove(db.engine, "commit", at_commit)


def deaths_until_done(work: Callable[[], object], after_each: Callable[[], None] = lambda: None) -> int:
    """Does the work, dying at each of its statements in turn, until it gets through; how often it died."""
    for number in count(1):
        try:
            with dies_at(number):
                work()
        except Killed:
            db.session.remove()
            after_each()
        else:
            return number - 1
    raise AssertionError
