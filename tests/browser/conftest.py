"""One browser for all tests of a process.

Without a Chromium these tests are left out, and pytest says so at its end; with BROWSER_TESTS=required they fail.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from leaderboard.app import create_app
from leaderboard.domain.instants import Instant, parse_rfc3339
from leaderboard.persistence.db import db
from leaderboard.services import clock, screen_orders
from leaderboard.services.screen_orders import OrderKind
from tests.browser.chromium import MISSING, find_chromium, launch
from tests.browser.hall import MANAGER, Hall, build_hall
from tests.browser.site import Site
from tests.cast import Cast
from tests.databases import SqliteFiles, settings_for
from tests.web.house import build_house
from tests.web.settings.firm import Firm


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Each test opens a context, and so cookies, of its own."""
    if find_chromium() is None:
        leave_out = pytest.fail if os.environ.get("BROWSER_TESTS") == "required" else pytest.skip
        leave_out(MISSING)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def site(sqlite_files: SqliteFiles, tmp_path: Path) -> Iterator[Site]:
    """A small organization's board, served."""
    app = create_app(settings_for(sqlite_files.migrated(), tmp_path))
    with served(app, build_house(app).cast.logged_in("ana@example.com")) as visited:
        yield visited


@pytest.fixture
def firm_site(sqlite_files: SqliteFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The company in which there is something to decide, on 2 August, served; Ben is logged in."""

    def at(text: str) -> Instant:
        now = parse_rfc3339(text)
        monkeypatch.setattr(clock, "now", lambda: now)
        return now

    app = create_app(settings_for(sqlite_files.migrated(), tmp_path))
    with served(app, Firm(app, at).browser("ben")) as visited:
        yield visited


@contextmanager
def served(app: Flask, browser: FlaskClient) -> Iterator[Site]:
    """The application, with a server and with this browser's session for who says nothing else."""
    held = browser.get_cookie("session")
    assert held is not None
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    visited = Site(app, f"http://127.0.0.1:{server.port}", held.value)
    yield visited
    visited.leave()
    server.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="module")
def hall(sqlite_files: SqliteFiles, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """One server for all of these tests, on an afternoon of November."""
    began, afternoon = clock.now(), parse_rfc3339("2026-11-20T14:32:00Z")
    real = clock.now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: afternoon + real() - began)
        app = create_app(settings_for(sqlite_files.migrated(), tmp_path_factory.mktemp("hall")))
        quarter = build_hall(app)
        with served(app, Cast(app).logged_in(MANAGER)) as site:
            yield Hall(site, quarter)


@pytest.fixture
def visit(hall: Hall) -> Iterator[Hall]:
    """The hall with nothing on its screens that an earlier test began."""
    yield hall
    hall.site.leave()
    with hall.site.app.app_context():
        screen_orders.give(OrderKind.STOP, {}, 1, screen_id=None, actor="test", now=clock.now())
