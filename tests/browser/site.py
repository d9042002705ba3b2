"""A running server for a browser to visit."""

from dataclasses import dataclass, field

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests.cast import Cast

PHONE = {"width": 390, "height": 844}
SOON = 15_000
"""Milliseconds: the board asks every 6 seconds."""


@dataclass
class Site:
    """Where it is, who is logged in where nothing else is said, and what browsers complained of."""

    app: Flask
    url: str
    cookie: str
    complaints: list[str] = field(default_factory=list)
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, chromium: Browser, path: str = "/", **options: object) -> Page:
        """A page as Ana sees it; what the browser complains of is kept."""
        page = self.come(chromium, **options)
        page.context.add_cookies([{"name": "session", "value": self.cookie, "url": self.url}])
        page.goto(self.url + path)
        return page

    def come(self, chromium: Browser, **options: object) -> Page:
        """The empty page of a browser that has never been here."""
        context: BrowserContext = chromium.new_context(**options)  # type: ignore[arg-type]
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda told: self.complaints.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def as_login(self, chromium: Browser, email: str, path: str, **options: object) -> Page:
        """A page as this login sees it, on a phone where nothing else is said."""
        held = Cast(self.app).logged_in(email).get_cookie("session")
        assert held is not None
        page = self.come(chromium, **{"locale": "en-GB", "viewport": PHONE} | options)
        page.context.add_cookies([{"name": "session", "value": held.value, "url": self.url}])
        page.goto(self.url + path)
        page.wait_for_load_state("networkidle")
        return page

    def leave(self) -> None:
        """Closes what was opened: a page left behind goes on asking a server that is gone."""
        while self._contexts:
            self._contexts.pop().close()

    def command(self, *words: str) -> str:
        """What a `flask` command prints."""
        done = self.app.test_cli_runner().invoke(args=list(words))
        assert done.exit_code == 0, done.output
        return done.output
