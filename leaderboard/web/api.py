"""The API for programs (interfaces.md, HTTP): events in, standings out. No cookie opens it, only a token."""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, Response, abort, request

from leaderboard.domain.instants import Instant, parse_rfc3339
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.files.events.json_events import NotJson
from leaderboard.services import answers, api_tokens, clock, delivery, published
from leaderboard.web.api_problems import ApiProblem
from leaderboard.web.bearer import token_for

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

_CLOUDEVENTS = ("application/cloudevents+json", "application/cloudevents-batch+json")
_LOST_PLUS = re.compile(r" (\d\d:\d\d)$", re.ASCII)
_PATIENCE_SECONDS = 5.0
_MOST_THROWN_AWAY, _PIECE = 32 * 1024 * 1024, 64 * 1024
"""Bytes of a body that is too large."""
# To see the world as it stood at an instant all events are gone through: one such request a process at a time.
_PAST = threading.BoundedSemaphore(1)


@blueprint.errorhandler(ApiProblem)
def _problem(error: ApiProblem) -> Response:
    return error.response()


@blueprint.post("/events")
def post_events() -> Response:
    """One event or a list. What is accepted is on disk before the answer is sent."""
    token = token_for(api_tokens.EVENTS_WRITE)
    if request.content_encoding:
        raise ApiProblem(415, "Send the body as it is, without Content-Encoding.")
    cloudevents = request.mimetype in _CLOUDEVENTS
    try:
        receipt = delivery.receive(_body(), cloudevents, token, clock.now())
    except NotJson as error:
        raise ApiProblem(400, f"The body {error.reason.message}.") from None
    except delivery.ForeignSources as error:
        raise ApiProblem(403, f"This token may not speak for the source {error}.") from None
    rejected = [{"index": one.index, "id": one.event_id, "reason": one.reason} for one in receipt.rejected]
    document = {"accepted": receipt.accepted, "duplicates": receipt.duplicates, "rejected": rejected}
    return _json(document, 202)


def _body() -> bytes:
    """All of it; 413 over the limit. One sent in chunks says no length, and is cut off at the limit without a word."""
    limit = request.max_content_length
    if limit is not None and (request.content_length or 0) > limit:
        _let_run_out(request.content_length or 0)
        abort(413)
    body = request.get_data(cache=False)
    if limit is not None and request.content_length is None and len(body) >= limit:
        abort(413)
    return body


def _let_run_out(length: int) -> None:
    """Reads what is refused to its end and throws it away: a sender that is cut off while it sends hears no answer."""
    source, left = request.environ["wsgi.input"], min(length, _MOST_THROWN_AWAY)
    while left > 0 and (piece := source.read(min(left, _PIECE))):
        left -= len(piece)


@blueprint.get("/standings/<period>")
def get_standings(period: str) -> Response:
    """A period's standing, as `flask standings --json` prints it."""
    token_for(api_tokens.READ)
    scope, as_of = _scope(), _as_of()
    try:
        with _looking_at(as_of):
            document = published.standings(period, scope, as_of)
    except answers.NoRulebook:
        raise ApiProblem(404, "There is no rulebook yet, so there are no standings.") from None
    except ValueError:
        detail = f"{period[:40]!r} is no period: a month is 2026-08, a quarter 2026-Q3."
        raise ApiProblem(404, detail) from None
    # The answer about now names another instant at each request; it is the same as long as the rest is.
    same = document if as_of is not None else {**document, "as_of": None}
    response = _json(document, 200)
    response.set_etag(hashlib.sha256(json.dumps(same).encode()).hexdigest()[:32], weak=as_of is None)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


@contextmanager
def _looking_at(as_of: Instant | None) -> Iterator[None]:
    if as_of is None:
        yield
        return
    if not _PAST.acquire(timeout=_PATIENCE_SECONDS):
        detail = "Another request about the past is being answered. Try again in a few seconds."
        raise ApiProblem(429, detail, {"Retry-After": "5"})
    try:
        yield
    finally:
        _PAST.release()


def _scope() -> SubjectKind:
    text = request.args.get("scope", SubjectKind.REP.value)
    try:
        return SubjectKind(text)
    except ValueError:
        raise ApiProblem(400, "scope is rep or team.") from None


def _as_of() -> Instant | None:
    text = request.args.get("as_of")
    if text is None:
        return None
    try:
        # In an address a plus sign that was not escaped stands for a space.
        return parse_rfc3339(_LOST_PLUS.sub(r"+\1", text))
    except ValueError:
        raise ApiProblem(
            400, "as_of is an RFC 3339 date-time with offset, such as 2026-08-03T10:00:00Z."
        ) from None


def _json(document: dict[str, object], status: int) -> Response:
    return Response(json.dumps(document) + "\n", status, content_type="application/json")
