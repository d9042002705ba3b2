"""The leaderboard: reps and teams, by month and by quarter."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board import board_page
from leaderboard.queries.board_page import BoardPage
from leaderboard.web.access import logged_in
from leaderboard.web.htmx import page_or_part, unchanged
from leaderboard.web.incoming import key_of
from leaderboard.web.pages import period_of, reading
from leaderboard.web.presenters.board import present_board
from leaderboard.web.presenters.viewer import Viewer
from leaderboard.web.shell import current_viewer

blueprint = Blueprint("board", __name__)

_SCOPES = {"reps": SubjectKind.REP, "teams": SubjectKind.TEAM}
_TEMPLATE = "board/board.html"


@blueprint.get("/")
def home() -> Response:
    """The present month's reps."""
    return _show(SubjectKind.REP, None)


@blueprint.get("/leaderboard")
def short() -> AnyResponse:
    """For those who type it."""
    return redirect(url_for("board.home"))


@blueprint.get("/leaderboard/<scope>/<period>")
def standing(scope: str, period: str) -> Response:
    """A standing; with `seen`, only if it has changed since."""
    if scope not in _SCOPES:
        abort(404)
    return _show(_SCOPES[scope], period)


def _show(scope: SubjectKind, name: str | None) -> Response:
    now = reading()
    if now is None:
        return page_or_part("board/no_rules.html", "content")
    first = request.args.get("after", default=0, type=key_of)
    page = board_page(now, period_of(now, name), scope, logged_in().person_id, first)
    return _answer(page)


def _answer(page: BoardPage) -> Response:
    view = present_board(page, _viewer())
    if request.args.get("seen") == view.digest:
        return unchanged()
    return page_or_part(_TEMPLATE, "live", view=view)


def _viewer() -> Viewer:
    viewer = current_viewer()
    assert viewer is not None  # the gate lets nobody else through
    return viewer
