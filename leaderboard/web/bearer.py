"""Tokens of programs: which one a request bears, whether it may do this, and how often."""

import threading
import time

from flask import current_app, request

from leaderboard.services import api_tokens
from leaderboard.services.api_tokens import Token
from leaderboard.settings import Settings
from leaderboard.web.api_problems import ApiProblem

_UNAUTHORIZED = {"WWW-Authenticate": 'Bearer realm="leaderboard"'}
_MOST_KEPT = 10_000


def token_for(scope: str) -> Token:
    """The request's token. Raises ApiProblem 401 without a good one, 403 without this scope, 429 beyond its rate."""
    token = given_token()
    if token is None:
        raise ApiProblem(401, "Send a token that is good: Authorization: Bearer TOKEN.", _UNAUTHORIZED)
    if scope not in token.scopes:
        challenge = {
            "WWW-Authenticate": f'Bearer realm="leaderboard", error="insufficient_scope", scope="{scope}"'
        }
        raise ApiProblem(403, f"This token does not have the scope {scope}.", challenge)
    rates: Rates = current_app.extensions["api_rates"]
    wait_seconds = rates.take(token.token_id)
    if wait_seconds:
        detail = f"This token sends too much. Try again in {wait_seconds} seconds."
        raise ApiProblem(429, detail, {"Retry-After": str(wait_seconds)})
    return token


def given_token() -> Token | None:
    """The token that the request bears; None for none, or one that opens nothing."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    return api_tokens.find(given.token)


class Rates:
    """How often each token or address came, as buckets that refill; in this process, so that refusing costs nothing.

    With N web processes a token gets through at most N times as often: it is a guard against a sender gone mad,
    not a price.
    """

    def __init__(self, per_minute: int) -> None:
        self._size = float(per_minute)
        self._per_second = per_minute / 60
        self._buckets: dict[int | str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, whose: int | str, now: float | None = None) -> int:
        """0 where the request may go on; else the seconds to wait, at least 1."""
        if not self._size:
            return 0
        at = time.monotonic() if now is None else now
        with self._lock:
            left, since = self._buckets.get(whose, (self._size, at))
            left = min(self._size, left + (at - since) * self._per_second)
            if left < 1:
                self._buckets[whose] = (left, at)
                return int((1 - left) / self._per_second) + 1
            if len(self._buckets) > _MOST_KEPT:
                self._buckets.clear()
            self._buckets[whose] = (left - 1, at)
        return 0


def rates_for(settings: Settings) -> Rates:
    """The buckets that the settings ask for."""
    return Rates(settings.api_requests_per_minute)
