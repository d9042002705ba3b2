"""Who a request comes from, and what they may open: nothing, unless it is said here or they are logged in."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_login import AnonymousUserMixin, LoginManager, current_user
from werkzeug.wrappers import Response

from leaderboard.domain.instants import SECOND
from leaderboard.services import clock, login_sessions, users
from leaderboard.services.failures import DATABASE_AWAY
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.web.htmx import wants_part

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = frozenset(
    {
        "static",
        "auth.login",
        "auth.password",
        "auth.setup",
        "preferences.choose",
        "health.healthz",
        "health.readyz",
        "credentials.page",
        "credentials.token",
        "credentials.envelope",
        "credentials.picture",
        "credentials.photograph",
        "credentials.issuer",
        "credentials.check",
        "credentials.key",
        "credentials.key_set",
        "credentials.revoked",
        "credentials.image",
    }
)
"""The endpoints that anybody may open."""

BY_TOKEN = frozenset({"api.post_events", "api.get_standings", "health.show_metrics"})
"""The endpoints that programs open with a token; they look at it themselves, and at no cookie."""

BY_SCREEN = frozenset({"tv.show", "tv.state", "tv.frame", "tv.follow", "tv.sign"})
"""The endpoints that a screen on a wall opens; they look at its own cookie, and at no login."""

_LOGIN = "login"
_SOMEBODY = "somebody_has_a_login"


class Logins(LoginManager):  # type: ignore[misc]
    """Flask-Login for `current_user` only.

    Its own sessions outlive the logout and its remember cookie is good for a year: ours stand in the database.
    """

    def init_app(self, app: Flask, add_context_processor: bool = True) -> None:
        app.login_manager = self  # type: ignore[attr-defined]
        app.context_processor(lambda: {"current_user": current_user})

    def _load_user(self) -> None:
        token = session.get(_LOGIN)
        found = login_sessions.find(token, clock.now()) if isinstance(token, str) else None
        g._login_user = found or AnonymousUserMixin()


def init_app(app: Flask) -> None:
    """Gives the application its logins, and shuts every door that is not said to be open."""
    app.config["PERMANENT_SESSION_LIFETIME"] = login_sessions.LONGEST // SECOND
    # Its end stands in the database; a cookie in every answer would say nothing new.
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    Logins().init_app(app)
    app.before_request(_gate)


def _gate() -> Response | None:
    if request.endpoint is None or request.endpoint in PUBLIC | BY_TOKEN | BY_SCREEN:
        return None
    if current_user.is_authenticated:
        _touch()
        return None
    if not somebody_has_a_login():
        return redirect(url_for("auth.setup"))
    if wants_part():
        abort(401)
    came_for = request.full_path.rstrip("?") if request.method == "GET" and request.path != "/" else None
    return redirect(url_for("auth.login", next=came_for))


def _touch() -> None:
    """A page that asks again by itself is no sign that somebody sits there."""
    now = clock.now()
    if not wants_part() and logged_in().needs_touch(now):
        try:
            login_sessions.touch(session[_LOGIN], now)
        except DATABASE_AWAY:
            # The page can be read all the same; the next click writes it down.
            return


def logged_in() -> LoggedIn:
    """Who is logged in, behind a door that let nobody else through."""
    user = current_user._get_current_object()
    assert isinstance(user, LoggedIn)
    return user


def enter(token: str) -> None:
    """This browser is logged in from here on. What its cookie held before is gone: somebody else may have put it."""
    session.clear()
    session[_LOGIN] = token
    session.permanent = True
    g.pop("_login_user", None)


def leave() -> None:
    """This browser is logged out, and the cookie it had is worth nothing to whoever kept a copy."""
    token = session.get(_LOGIN)
    session.clear()
    g.pop("_login_user", None)
    if isinstance(token, str):
        login_sessions.end(token)


def somebody_has_a_login() -> bool:
    """Whether the first visit has been. Logins are never removed, so that once true it stays."""
    if not current_app.extensions.get(_SOMEBODY):
        current_app.extensions[_SOMEBODY] = users.any_exists()
    return bool(current_app.extensions[_SOMEBODY])


def role_required(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For views that only these roles may open; others get 403."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if logged_in().role not in roles:
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return decorate
