"""What every test may ask for. A test that asks for `database`, `app` or `session` runs on both databases."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from leaderboard.app import create_app
from leaderboard.persistence.db import current_session, db
from leaderboard.web import template_cache
from tests import scratch
from tests.databases import KINDS, Database, PostgresqlServer, Server, SqliteFiles, settings_for
from tests.prepared import is_home


def pytest_configure(config: pytest.Config) -> None:
    """The first process makes the folder; the workers it starts find it in their environment."""
    if (folder := scratch.make()) is not None:
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(scope="session", autouse=True)
def _one_template_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Most tests have an instance of their own; to compile all templates for each took a third of their time."""
    shared = tmp_path_factory.mktemp("templates")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(template_cache, "folder", lambda _instance_dir: shared)
        yield


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> SqliteFiles:
    return SqliteFiles(tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    server = PostgresqlServer()
    yield server
    server.stop()


@pytest.fixture(params=KINDS)
def database_server(request: pytest.FixtureRequest) -> Server:
    """Where databases come from, one kind and then the other."""
    name = "sqlite_files" if request.param == "sqlite" else "postgresql_server"
    server: Server = request.getfixturevalue(name)
    return server


@pytest.fixture
def database(database_server: Server) -> Iterator[Database]:
    """A migrated, empty database of the test's own."""
    database = database_server.migrated()
    yield database
    database_server.drop(database)


@pytest.fixture
def make_app(database_server: Server, database: Database, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Makes applications on the test's database, with the settings named; as if each were a process."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        app = create_app(settings_for(database, tmp_path, **settings))
        app.testing = True
        if not made:
            is_home(app, database_server, database)
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session within the application's context; what is not committed is rolled back."""
    with app.app_context():
        yield current_session()
