"""Is it alive, is it ready, and how is it doing: for supervisors, load balancers and Prometheus."""

import ipaddress
import json

from flask import Blueprint, Response, request

from leaderboard.services import api_tokens, clock, readiness
from leaderboard.web import metrics
from leaderboard.web.api_problems import ApiProblem
from leaderboard.web.bearer import given_token

blueprint = Blueprint("health", __name__)

_THROUGH_A_PROXY = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")


@blueprint.errorhandler(ApiProblem)
def _problem(error: ApiProblem) -> Response:
    return error.response()


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process lives. It asks nobody else: a database that is away is no reason to start the web anew."""
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Database, migrations and queue are there; else 503 with what is missing."""
    report = readiness.report()
    document = {
        "status": "not ready" if report.missing else "ready",
        "missing": list(report.missing),
        "database": report.database,
        "queue": report.queue,
    }
    return Response(
        json.dumps(document) + "\n", 503 if report.missing else 200, content_type="application/json"
    )


@blueprint.get("/metrics")
def show_metrics() -> Response:
    """For Prometheus: to this machine itself, or with a token that has the scope `metrics`. No names are in it."""
    if not _is_from_this_machine():
        token = given_token()
        if token is None or api_tokens.METRICS not in token.scopes:
            detail = f"From elsewhere, send a token with the scope {api_tokens.METRICS}."
            raise ApiProblem(
                401 if token is None else 403, detail, {"WWW-Authenticate": 'Bearer realm="leaderboard"'}
            )
    text, content_type = metrics.exposition(clock.now())
    return Response(text, content_type=content_type)


def _is_from_this_machine() -> bool:
    """Not what a proxy on this machine passes on from elsewhere."""
    if any(name in request.headers for name in _THROUGH_A_PROXY):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
