"""A company on the test's database, ready to be harmed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from leaderboard.app import create_app
from tests.databases import Database, settings_for
from tests.faults.stage import found_acme


@pytest.fixture
def acme(make_app: Callable[..., Flask]) -> Flask:
    """The application on a database with rules and a roster."""
    app = make_app()
    with app.app_context():
        found_acme()
    return app


@pytest.fixture
def new_app(tmp_path: Path) -> Callable[[Database], Flask]:
    """Makes an application on a database that is not the test's own."""

    def make(database: Database) -> Flask:
        (tmp_path / "other").mkdir(exist_ok=True)
        return create_app(settings_for(database, tmp_path / "other"))

    return make
