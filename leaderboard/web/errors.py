"""Pages for what goes wrong: what it is, why, and the way on, in the reader's language.

The database may be what broke: a page for a failure of ours asks it nothing (`g.is_alone`).
"""

from dataclasses import dataclass

import structlog
from flask import Flask, Response, g, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError, ServiceUnavailable

from leaderboard.services.failures import DATABASE_AWAY
from leaderboard.web import api_problems
from leaderboard.web.htmx import render_block, wants_part
from leaderboard.web.languages import gettext

log = structlog.get_logger(__name__)

_API = "/api/"
_AWAY_SECONDS = 5
_PLAIN_PATHS = (_API, "/hooks/", "/healthz", "/readyz", "/metrics")
"""What programs ask; they get no page (the API has problems of its own)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What an error page says."""

    code: int
    title: str
    text: str
    way_on: str
    href: str
    reference: str | None = None


def init_app(app: Flask) -> None:
    """Gives every HTTP error its page."""
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(SecurityError, _foreign_host)
    for kind in DATABASE_AWAY:
        app.register_error_handler(kind, _database_away)
    app.register_error_handler(Exception, _broken)


def _stale_form(error: CSRFError) -> Response:
    fault = Fault(
        400,
        gettext("This form is too old"),
        gettext(
            "Your session has changed since the page was opened, so what you sent was not taken. Open the page "
            "again and send it once more."
        ),
        gettext("Open the page again"),
        request.path,
    )
    return _page(fault, error)


def _foreign_host(_error: SecurityError) -> Response:
    """A name that TRUSTED_HOSTS does not have. No page: what is not at home here has no addresses to link to."""
    text = "This server does not answer to that host name.\n"
    return make_response(text, 400, {"Content-Type": "text/plain; charset=utf-8"})


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if code >= 400 and request.path.startswith(_API):
        return api_problems.from_http(error)
    if code < 400 or request.path.startswith(_PLAIN_PATHS):
        return make_response(error.get_response())
    g.is_alone = code >= 500
    return _page(_fault(code), error)


def _database_away(error: Exception) -> Response:
    """Not a failure of the request: it may come again in a moment."""
    # What the driver said; SQLAlchemy adds the statement with its parameters, and so people's names.
    log.warning("database away", path=request.path, error=str(getattr(error, "orig", None) or error))
    return _http_error(ServiceUnavailable(retry_after=_AWAY_SECONDS))


def _broken(error: Exception) -> Response:
    """A failure of ours: logged whole, told in one sentence and a number to find it by."""
    log.error("request failed", path=request.path, exc_info=error)
    if request.path.startswith(_API):
        return api_problems.from_http(InternalServerError())
    if request.path.startswith(_PLAIN_PATHS):
        return make_response("Internal Server Error\n", 500, {"Content-Type": "text/plain; charset=utf-8"})
    g.is_alone = True
    return _page(_fault(500), None)


def _fault(code: int) -> Fault:
    title, text = _words().get(code) or _words()[500 if code >= 500 else 400]
    reference = g.get("request_id") if code >= 500 else None
    return Fault(code, title, text, gettext("To the leaderboard"), url_for("board.home"), reference)


def _words() -> dict[int, tuple[str, str]]:
    return {
        400: (
            gettext("That could not be understood"),
            gettext("Something in the address or in what was sent is not as it should be."),
        ),
        403: (
            gettext("This is not yours to open"),
            gettext(
                "Your login does not have the right to see this page. If it should, ask your administrator."
            ),
        ),
        404: (gettext("There is nothing here"), gettext("The address is wrong, or what stood here is gone.")),
        405: (
            gettext("That does not work this way"),
            gettext("This address cannot be opened like that. Start again from the leaderboard."),
        ),
        413: (
            gettext("That is too large"),
            gettext("What was sent is over the limit of 5 MB. Large files are imported on the command line."),
        ),
        429: (gettext("Too many tries"), gettext("Please wait a little, then try again. Nothing is lost.")),
        500: (
            gettext("Something broke on our side"),
            gettext("It was not you. Nothing that was acknowledged is lost; please try again in a moment."),
        ),
        503: (
            gettext("Not available for a moment"),
            gettext(
                "The database cannot be reached. The board comes back by itself; events are kept by those who "
                "send them, and sent again."
            ),
        ),
    }


def _page(fault: Fault, error: HTTPException | None) -> Response:
    """Whole, or for htmx the bare message; with the headers that the error brought (Retry-After, Allow)."""
    render = (
        render_block("errors/error.html", "fault", fault=fault)
        if wants_part()
        else render_template("errors/error.html", fault=fault)
    )
    response = make_response(render, fault.code)
    for name, value in error.get_response().headers if error else ():
        if name in ("Retry-After", "Allow"):
            response.headers[name] = value
    return response
