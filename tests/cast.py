"""Who appears in tests of the web: an administrator, a manager, a rep, and a stranger."""

import re
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from leaderboard.persistence.db import current_session
from leaderboard.services import api_tokens, clock, login_sessions, passwords, users

PASSWORD = "correct horse battery"
ADMIN, MANAGER, REP = "ada@example.com", "rui@example.com", "ana@example.com"
STRANGER = "stranger@example.com"
_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Cast:
    """The application, and a browser for each of its people."""

    app: Flask

    def browser(self) -> FlaskClient:
        """A browser that has never been here."""
        return self.app.test_client()

    def logged_in(self, email: str) -> FlaskClient:
        """A browser in which this person has logged in."""
        browser = self.browser()
        with self.app.app_context():
            session = current_session()
            token = login_sessions.begin(session, users.existing(email).id, clock.now())
            session.commit()
        with browser.session_transaction() as held:
            held["login"] = token
            held.permanent = True
        return browser

    def token(self, *scopes: str, sources: tuple[str, ...] = ()) -> str:
        """An API token."""
        with self.app.app_context():
            return api_tokens.create("test", list(scopes), list(sources), actor="test", now=clock.now())


def cast_of(app: Flask) -> Cast:
    """Makes the logins of the cast; the stranger has none."""
    with app.app_context():
        session = current_session()
        for email, role in ((ADMIN, "admin"), (MANAGER, "manager"), (REP, "rep")):
            users.insert(session, email, role, None, _hash(), clock.now())
        session.commit()
    return Cast(app)


@lru_cache(maxsize=1)
def _hash() -> str:
    """Made once: it is meant to take its time."""
    return passwords.hash_password(PASSWORD)


def csrf(browser: FlaskClient, page: str = "/login", **environ: str) -> str:
    """The token of a page's form."""
    answer = browser.get(page, environ_overrides=environ)
    found = _TOKEN.search(answer.text)
    assert found, f"no form on {page}: {answer.status}"
    return found[1]


def log_in(
    browser: FlaskClient, email: str, password: str = PASSWORD, next_page: str | None = None, **environ: str
) -> TestResponse:
    """Fills in the login form."""
    form = {"email": email, "password": password, "csrf_token": csrf(browser, "/login", **environ)}
    query = {"next": next_page} if next_page is not None else None
    return browser.post("/login", data=form, query_string=query, environ_overrides=environ)


def log_out(browser: FlaskClient) -> TestResponse:
    """Presses Sign out."""
    return browser.post("/logout", data={"csrf_token": csrf(browser, "/account/password")})
