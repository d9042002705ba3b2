"""What every answer bears: a request id, and the headers that keep a browser from doing more than we ask."""

import re
import secrets
import time

import structlog
from flask import Flask, Response, g, request

from leaderboard.web.request_times import observe

log = structlog.get_logger(__name__)

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,100}", re.ASCII)

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # same-origin, not no-referrer: Flask-WTF looks at the Referer of https forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_A_YEAR = 365 * 24 * 3600


def init_app(app: Flask, is_https: bool) -> None:
    """Hooks request ids, the access log and the security headers into every request."""
    app.before_request(_begin)

    @app.after_request
    def finish(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={_A_YEAR}")
        if "Cache-Control" not in response.headers and request.endpoint != "static":
            # Pages show people's names and points; no shared cache may keep them.
            response.headers["Cache-Control"] = "no-store"
        response.headers["X-Request-ID"] = g.get("request_id", "")
        _tell(response)
        return response


def _begin() -> None:
    """A caller's own id is kept where it is harmless, so that its log and ours can be laid side by side."""
    offered = request.headers.get("X-Request-ID", "")
    g.request_id = offered if _REQUEST_ID.fullmatch(offered) else secrets.token_hex(8)
    g.began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _tell(response: Response) -> None:
    """In the metrics, and but for files in the log: the path without query, for that may hold a token."""
    seconds = time.perf_counter() - g.get("began", time.perf_counter())
    observe(request.method, request.endpoint, response.status_code, seconds)
    if request.endpoint == "static":
        return
    log.info(
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        milliseconds=round(seconds * 1000, 1),
    )
