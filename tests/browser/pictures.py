"""The pictures of the README and of docs/tv.md, taken anew: `python -m tests.browser.pictures [URL of a running demo]`.

Without an address it starts a demo of its own, in a directory that is thrown away, and stops it.
"""

import base64
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from leaderboard.services.demo.logins import PASSWORD
from tests.browser.chromium import launch
from tests.browser.wall_pictures import take_walls

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "img"
LARGEST = 200_000
"""Bytes of a picture: the README is read over slow lines too."""
_DESK, _PHONE = (1440, 900), (390, 844)
_SECONDS_TO_START = 180


class Picture(NamedTuple):
    """What is taken: as whom, where, on which screen, in which theme."""

    name: str
    account: str
    path: str
    size: tuple[int, int]
    theme: str = "light"
    receipt: bool = False
    """Whether the first receipt is opened, and scrolled to."""


PICTURES = (
    Picture("board-light", "ana", "/", _DESK),
    Picture("teams-dark", "ana", "/leaderboard/teams/{quarter}", _DESK, "dark"),
    Picture("points-phone", "ana", "/me", _PHONE),
    Picture("receipt-phone", "ana", "/me", _PHONE, receipt=True),
    Picture("data-health", "marta", "/data-health", _DESK),
)


def take(browser: Browser, url: str, picture: Picture) -> bytes:
    """One picture, as WebP."""
    width, height = picture.size
    with browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=2, locale="en-GB"
    ) as context:
        context.add_cookies([{"name": "theme", "value": picture.theme, "url": url}])
        page = context.new_page()
        _come_in(page, url, picture.account)
        quarter = page.get_by_role("link", name="Quarter").get_attribute("href") or ""
        page.goto(url + picture.path.format(quarter=quarter.rpartition("/")[2]))
        if picture.receipt:
            _open_a_receipt(page)
        page.evaluate("document.fonts.ready")
        session = context.new_cdp_session(page)
        shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": 82})
        return base64.b64decode(shot["data"])


def _come_in(page: Page, url: str, account: str) -> None:
    page.goto(url + "/login")
    page.get_by_label("Email").fill(f"{account}@demo.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(url + "/")


def _open_a_receipt(page: Page) -> None:
    receipt = page.locator(".receipt", has_text="of 30 working minutes").first
    receipt.locator("summary").click()
    receipt.evaluate("one => window.scrollBy(0, one.getBoundingClientRect().top - 160)")


@contextmanager
def demo() -> Iterator[str]:
    """A demo of its own."""
    with socket.socket() as free, tempfile.TemporaryDirectory() as folder:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        names = {"INSTANCE_DIR": folder, "PORT": str(port)}
        command = [sys.executable, "-m", "flask", "serve", "--demo"]
        process = subprocess.Popen(command, cwd=ROOT, env=os.environ | names)
        try:
            _wait_for(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def _wait_for(url: str) -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while True:
        try:
            urllib.request.urlopen(url + "/readyz").close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def main(url: str) -> None:
    """Takes them all; one that is too large is an error."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for picture in PICTURES:
            _keep(picture.name, take(browser, url.rstrip("/"), picture))
        for name, shot in take_walls(browser, url.rstrip("/")):
            _keep(name, shot)
        browser.close()


def _keep(name: str, shot: bytes) -> None:
    if len(shot) > LARGEST:
        raise SystemExit(f"{name}: {len(shot)} bytes are more than {LARGEST}")
    (FOLDER / f"{name}.webp").write_bytes(shot)
    print(f"{name}.webp  {len(shot):,} bytes")


if __name__ == "__main__":
    with nullcontext(sys.argv[1]) if len(sys.argv) > 1 else demo() as address:
        main(address)
