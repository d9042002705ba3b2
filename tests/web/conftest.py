"""The cast, for tests of the web; on both databases."""

import pytest
from flask import Flask

from leaderboard.domain.instants import Instant, parse_rfc3339
from leaderboard.services import clock
from tests.cast import Cast, cast_of
from tests.web.settings.firm import Firm


@pytest.fixture
def cast(app: Flask) -> Cast:
    return cast_of(app)


@pytest.fixture
def firm(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """July is over, and waits to be decided on."""

    def at(text: str) -> Instant:
        now = parse_rfc3339(text)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return Firm(app, at)
