"""/tv: a code until a manager has let the screen in, then the screen itself, which can read its own feed alone.

A screen holds one cookie, for /tv alone: first the secret behind its code, then its token. No login opens anything
here, and nothing here opens anything else.
"""

import socket
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    make_response,
    render_template,
    request,
    stream_with_context,
)
from flask import jsonify as json_answer

from leaderboard.domain.instants import SECOND
from leaderboard.services import clock, screen_pairing, screens
from leaderboard.services.screen_pairing import PairingProblem, Waiting
from leaderboard.services.screens import KnownScreen, Sign
from leaderboard.settings import Settings
from leaderboard.web.bearer import Rates
from leaderboard.web.languages import LANGUAGES, speak
from leaderboard.web.qr_codes import qr_code
from leaderboard.web.tv.calls import calls_for
from leaderboard.web.tv.frames import assets, frame_of, seen_of
from leaderboard.web.tv.hub import Hub
from leaderboard.web.tv.marks import LastId
from leaderboard.web.tv.stream import full, stream

blueprint = Blueprint("tv", __name__, url_prefix="/tv")

COOKIE = "tv"
_KEPT_SECONDS = 400 * 24 * 3600
"""As long as browsers keep any cookie; it is given anew with every page and every sign of life."""

_CODES_A_MINUTE = 30
_LONGEST_BROWSER = 200
_MOST_PIXELS = 20_000
_GONE_MILLISECONDS = 60_000


@dataclass(frozen=True, slots=True)
class CodePage:
    """A code to type, in two halves, and the same as a picture to scan."""

    first: str
    second: str
    qr: Any
    address: str
    seconds: int


@dataclass(frozen=True, slots=True)
class ScreenPage:
    """A screen: the rest comes by the stream."""

    assets: str
    theme: str
    name: str


def init_app(app: Any, settings: Settings) -> None:
    """Opens the door."""
    app.extensions["hub"] = Hub(app)
    app.extensions["tv_rates"] = Rates(_CODES_A_MINUTE)
    app.extensions["tv_streams"] = settings.screen_streams
    app.register_blueprint(blueprint)


def hub() -> Hub:
    """The screens' common eye in this process."""
    found: Hub = current_app.extensions["hub"]
    return found


@blueprint.get("")
def show() -> Response:
    """The screen, or a code for it."""
    token = request.cookies.get(COOKIE, "")
    screen = _screen_of(token)
    if screen is not None:
        speak(LANGUAGES[screen.look.language])
        page = ScreenPage(assets(), screen.look.theme, screen.look.name)
        return _kept(make_response(render_template("tv/screen.html", view=page)), token)
    now = clock.now()
    waiting = screen_pairing.waiting(token, now) if token else None
    try:
        waiting = waiting or _begin()
    except PairingProblem:
        return make_response(render_template("tv/crowded.html"), 429, {"Retry-After": "60"})
    page_of_code = make_response(render_template("tv/code.html", view=_code_page(waiting, now)))
    return _kept(page_of_code, waiting.device)


def _begin() -> Waiting:
    rates: Rates = current_app.extensions["tv_rates"]
    if rates.take(hash(request.remote_addr)):
        raise PairingProblem("crowded")
    return screen_pairing.begin(clock.now())


def _code_page(waiting: Waiting, now: int) -> CodePage:
    settings: Settings = current_app.extensions["settings"]
    half = screen_pairing.LENGTH // 2
    # A link made of what the screen was opened with: a phone in the same office finds it there, too.
    base = settings.base_url if settings.is_https else request.host_url.rstrip("/")
    return CodePage(
        waiting.code[:half],
        waiting.code[half:],
        qr_code(f"{base}/settings/screens/pair?code={waiting.code}"),
        f"{base.partition('://')[2]}/settings/screens",
        max(1, (waiting.expires_at - now) // SECOND),
    )


@blueprint.get("/state")
def state() -> Response:
    """Whether a screen that waits has been let in: `on`, `waiting`, or `new` where it is to begin again."""
    token = request.cookies.get(COOKIE, "")
    if _screen_of(token) is not None:
        return json_answer({"state": "on"})
    is_waiting = bool(token) and screen_pairing.waiting(token, clock.now()) is not None
    return json_answer({"state": "waiting" if is_waiting else "new"})


@blueprint.get("/frame")
def frame() -> Response:
    """The frame of now, for a screen to which no stream gets through; 304 where it has that one already."""
    screen = _known_screen()
    look = seen_of(screen.look)
    share = hub().sharing(hub().look().number)
    made = share(look, partial(frame_of, look, share))
    found = calls_for(screen, LastId.read(request.args.get("last", "")).mark)
    last = str(LastId(made.digest, found.mark))
    answer = json_answer(made.told({}) | {"calls": [call.told for call in found.calls], "last": last})
    answer.set_etag(last)
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


@blueprint.get("/stream")
def follow() -> Response:
    """The frames as they come, from where the screen was. One that finds no place is told to ask every few seconds."""
    screen = _known_screen()
    # A browser that comes back by itself says it in a header, one whose script opens the stream anew cannot.
    last_id = LastId.read(request.headers.get("Last-Event-ID") or request.args.get("last", ""))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    if not hub().come(current_app.extensions["tv_streams"]):
        return Response(full(), mimetype="text/event-stream", headers=headers)
    _notice_a_pulled_plug()
    events = stream_with_context(stream(hub(), screen, last_id))
    answer = Response(events, mimetype="text/event-stream", headers=headers)
    # Also where nobody waits for the first event any more.
    answer.call_on_close(hub().leave)
    return answer


def _notice_a_pulled_plug() -> None:
    """Who loses its power says no goodbye: left to itself, the system would hold its place for a quarter of an hour."""
    connection = request.environ.get("gunicorn.socket")
    if connection is not None and hasattr(socket, "TCP_USER_TIMEOUT"):
        with suppress(OSError):  # a socket of the system, where a proxy has to notice
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _GONE_MILLISECONDS)


@blueprint.post("/sign")
def sign() -> Response:
    """A sign of life. Only a script of this site can send it: a form of another can set no header."""
    if request.headers.get("X-Screen") != "1":
        abort(400)
    screen = _known_screen()
    told = request.get_json(silent=True)
    if not isinstance(told, dict):
        abort(400)
    given = Sign(
        slide=_text(told.get("slide"), 60),
        browser=(request.user_agent.string or "")[:_LONGEST_BROWSER],
        width=_pixels(told.get("width")),
        height=_pixels(told.get("height")),
        is_muted=told.get("muted") is not False,
    )
    screens.sign_of_life(screen.screen_id, given, clock.now())
    return _kept(Response(status=204), request.cookies.get(COOKIE, ""))


def _text(given: object, longest: int) -> str:
    return "".join(sign for sign in given if sign.isprintable())[:longest] if isinstance(given, str) else ""


def _pixels(given: object) -> int:
    return given if isinstance(given, int) and 0 < given <= _MOST_PIXELS else 0


def _screen_of(token: str) -> KnownScreen | None:
    return screens.find(token) if token else None


def _known_screen() -> KnownScreen:
    """The screen that asks; 401 for anybody else, and for one that was shut out."""
    screen = _screen_of(request.cookies.get(COOKIE, ""))
    if screen is None:
        abort(401)
    return screen


def _kept(answer: Response, token: str) -> Response:
    secure = bool(current_app.config.get("SESSION_COOKIE_SECURE"))
    answer.set_cookie(
        COOKIE, token, max_age=_KEPT_SECONDS, path="/tv", secure=secure, httponly=True, samesite="Strict"
    )
    return answer
