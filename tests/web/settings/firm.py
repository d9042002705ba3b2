"""The company in which there is something to decide, with a browser for each of its people."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from leaderboard.domain.instants import Instant
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Decision
from tests.cast import Cast
from tests.prepared import prepared
from tests.services.deciding_house import NOW, Deciders, build


class Firm:
    """The company with its logins, and browsers for them."""

    def __init__(self, app: Flask, at: Callable[[str], Instant]) -> None:
        self.app, self.cast, self.at = app, Cast(app), at
        at(NOW)
        self.who: Deciders = prepared(app, "firm", self._built)

    def _built(self) -> Deciders:
        with self.app.app_context():
            return build(current_session(), self.at)

    def browser(self, name: str) -> FlaskClient:
        return self.cast.logged_in(f"{name}@example.com")

    def decisions(self) -> list[tuple[str, str | None]]:
        with self.app.app_context():
            found = current_session().execute(select(Decision.kind, Decision.reason).order_by(Decision.id))
            return [(row.kind, row.reason) for row in found]


def fields(page: str, action: str) -> dict[str, str]:
    """What the form with this action would send as it stands."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert form, f"no form to {action}"
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form[1]))
