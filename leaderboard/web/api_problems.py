"""The API's errors: RFC 9457 problem documents, in English, for they are read in logs."""

import json
from http import HTTPStatus
from typing import Any

from flask import Response, request
from werkzeug.exceptions import HTTPException

TYPE = "application/problem+json"

_DETAILS = {
    401: "Send a token that is good: Authorization: Bearer TOKEN.",
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
    413: "The body is over 5 MB. Send fewer events at once.",
    500: "It was not you. Nothing that was acknowledged is lost; please send it again.",
    503: "The database cannot take it just now. Nothing of this request was stored; please send it again.",
}
_KEPT_HEADERS = ("Retry-After", "Allow", "WWW-Authenticate")


class ApiProblem(Exception):
    """Ends a request with a problem document."""

    def __init__(self, status: int, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}

    def response(self) -> Response:
        """The answer."""
        return problem(self.status, self.detail, self.headers)


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> Response:
    """A problem document. `type` is about:blank: the status says what kind it is, `detail` what to do."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.path,
    }
    response = Response(json.dumps(document) + "\n", status, content_type=TYPE)
    response.headers.update(headers or {})
    return response


def from_http(error: HTTPException) -> Response:
    """What the framework ends a request with, as a problem document."""
    code = error.code or 500
    given = error.get_response().headers
    kept = {name: given[name] for name in _KEPT_HEADERS if name in given}
    return problem(code, _DETAILS.get(code) or error.description or HTTPStatus(code).phrase, kept)
