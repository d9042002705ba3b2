"""Who appears in tests of the settings, over a real database: Acme with its logins, and the firm on 2 August."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from leaderboard.persistence.db import current_session
from leaderboard.services import login_changes, users
from leaderboard.services.login_changes import Access
from tests.cast import Cast
from tests.web.house import build_house

ADA, RUI, RIGHTS, ANA, BIA = (
    "ada@example.com",
    "rui@example.com",
    "lia@example.com",
    "ana@example.com",
    "bia@example.com",
)
"""An administrator, the manager of Ana's team, a manager with the right to edit rulebooks, two reps."""


@dataclass(frozen=True)
class People:
    """The application with its logins by address."""

    cast: Cast
    ids: dict[str, int]
    persons: dict[str, int | None]

    def browser(self, email: str | None) -> FlaskClient:
        return self.cast.browser() if email is None else self.cast.logged_in(email)


@pytest.fixture
def people(app: Flask) -> People:
    house = build_house(app)
    with app.app_context():
        login_changes.invite(RIGHTS, Access("manager", may_edit_rules=True), actor="test", now=house.now)
        found = {email: users.existing(email) for email in (ADA, RUI, RIGHTS, ANA, BIA)}
        ids = {email: user.id for email, user in found.items()}
        persons = {email: user.person_id for email, user in found.items()}
        found[ADA].password_hash = "somebody chose one"
        current_session().commit()
    return People(house.cast, ids, persons)
