"""A screen's browser for tests: let in by its code, and following its stream."""

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from leaderboard.domain.line_ups import LineUp, Slide, SlideKind
from leaderboard.services import clock, screen_pairing
from leaderboard.services.screens import Look
from tests.cast import Cast
from tests.web.house import House

CODE = re.compile(r'aria-label="([A-Z0-9]{3}) ([A-Z0-9]{3})"')
LOOK = Look(
    "Entrance", "en", LineUp((Slide(SlideKind.TEAMS, 20), Slide(SlideKind.NOTE, 9, title="Cake at four")))
)


def code_on(browser: FlaskClient) -> str:
    found = CODE.search(browser.get("/tv").text)
    assert found is not None
    return found[1] + found[2]


def let_in(house: House, look: Look = LOOK) -> tuple[FlaskClient, int]:
    """A screen's browser, and the screen's key."""
    return let_in_to(house.cast, look)


def let_in_to(cast: Cast, look: Look) -> tuple[FlaskClient, int]:
    """The same where there is another company."""
    browser = cast.browser()
    code = code_on(browser)
    with cast.app.app_context():
        return browser, screen_pairing.let_in(code, look, actor="test", now=clock.now())


class Listening:
    """A screen that follows the stream: its events one by one."""

    def __init__(self, browser: FlaskClient, last_id: str = "", in_header: bool = False) -> None:
        headers = {"Last-Event-ID": last_id} if in_header else {}
        query = {} if in_header else {"last": last_id}
        self.answer: TestResponse = browser.get("/tv/stream", headers=headers, query_string=query)
        assert self.answer.status_code == 200
        assert self.answer.mimetype == "text/event-stream"
        self._pieces: Iterator[bytes] = iter(self.answer.response)  # type: ignore[arg-type]

    def next(self, wanted: str) -> tuple[dict[str, Any], str]:
        """The next event of that name, and its id; others are passed over."""
        for piece in islice(self._pieces, 60):
            text = piece.decode() if isinstance(piece, bytes) else piece
            fields = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
            if fields.get("event") == wanted:
                return json.loads(fields["data"]), fields.get("id", "")
        raise AssertionError(f"the stream ended without {wanted}")

    def all_until(self, wanted: str, times: int = 1) -> list[tuple[str, dict[str, Any], str]]:
        """Every event until one of that name has come so often: name, content, id."""
        found = []
        for piece in self._pieces:
            text = piece.decode() if isinstance(piece, bytes) else piece
            fields = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line)
            if "event" in fields:
                found.append((fields["event"], json.loads(fields["data"]), fields.get("id", "")))
                times -= fields["event"] == wanted
            if not times:
                return found
        raise AssertionError(f"the stream ended without {wanted}")

    def close(self) -> None:
        self.answer.close()
