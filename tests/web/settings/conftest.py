"""The firm, on 2 August: July is over, and waits to be decided on."""

import pytest
from flask import Flask

from leaderboard.domain.instants import Instant, parse_rfc3339
from leaderboard.services import clock
from tests.web.settings.firm import Firm


@pytest.fixture
def firm(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Firm:
    def at(text: str) -> Instant:
        now = parse_rfc3339(text)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    return Firm(app, at)
