"""What the product is compared with, in the same gunicorn: Flask's hello, a page that commits one row, and the board's
own template on rows that never change.
"""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from flask import Flask, render_template, request

from leaderboard.domain.periods import PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence import db as database
from leaderboard.queries.board import board_page
from leaderboard.settings import load_settings
from leaderboard.web.pages import reading
from leaderboard.web.presenters.board import present_board
from leaderboard.web.shell import current_viewer


def hello() -> Flask:
    """Flask's first page."""
    app = Flask("hello")

    @app.get("/")
    def say() -> str:
        return "<p>Hello, World!</p>"

    return app


def one_row() -> Flask:
    """A page that takes JSON and commits one row of it, by the same rules of the database as the product."""
    app = Flask("one_row")
    database.init_app(app, load_settings().database_url)

    class Note(database.Base):
        """What came in."""

        __tablename__ = "bench_notes"
        id = sa.Column(sa.Integer, primary_key=True)
        text = sa.Column(sa.Text)

    with app.app_context():
        Note.__table__.create(database.db.engine, checkfirst=True)  # type: ignore[attr-defined]
        database.db.engine.dispose()

    @app.post("/")
    def store() -> tuple[dict[str, int], int]:
        session = database.current_session()
        session.add(Note(text=request.get_json()["id"]))
        session.commit()
        return {"accepted": 1}, 202

    return app


def constant_board() -> Flask:
    """The product, with a page beside the board: its template on rows that are made once.

    The gate looks the session up; the one SELECT is that of the rules in use, which the template's shell asks for.
    """
    from leaderboard.app import create_app

    app = create_app()

    @lru_cache(maxsize=1)
    def view() -> Any:
        """As the board shows it, worked out at the first request."""
        now, viewer = reading(), current_viewer()
        assert now is not None
        assert viewer is not None
        period = now.ground.book.calendar.at(PeriodKind.MONTH, now.now)
        return present_board(board_page(now, period, SubjectKind.REP, None), viewer)

    @app.get("/constant")
    def constant() -> str:
        return render_template("board/board.html", view=view())

    return app
