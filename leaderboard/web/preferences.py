"""Language and theme: chosen in the account menu, also by somebody who is not logged in."""

from flask import Blueprint, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from leaderboard.services import users
from leaderboard.web.access import logged_in
from leaderboard.web.languages import LANGUAGE_COOKIE, known
from leaderboard.web.redirects import own_path
from leaderboard.web.shell import THEME_COOKIE, THEMES

blueprint = Blueprint("preferences", __name__)

_A_YEAR = 365 * 24 * 3600


@blueprint.post("/preferences")
def choose() -> Response:
    """Keeps the choice in a cookie of this browser, and with the login where there is one; then back."""
    answer = redirect(own_path(request.form.get("next")) or url_for("board.home"))
    language = known(request.form.get("language"))
    theme = request.form.get("theme")
    if current_user.is_authenticated:
        kept = "auto" if theme == "system" else theme
        users.prefer(logged_in().user_id, locale=language.code if language else None, theme=kept)
    if language is not None:
        _keep(answer, LANGUAGE_COOKIE, language.code)
    if theme in THEMES:
        _keep(answer, THEME_COOKIE, theme)
    elif theme == "system":
        answer.delete_cookie(THEME_COOKIE)
    return answer


def _keep(answer: Response, name: str, value: str) -> None:
    secure = bool(current_app.config.get("SESSION_COOKIE_SECURE"))
    answer.set_cookie(name, value, max_age=_A_YEAR, secure=secure, httponly=True, samesite="Lax")
