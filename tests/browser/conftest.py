"""The real Chromium that drives the pages: Debian's, or the one that CHROMIUM names.

Without one these tests are left out, and pytest says so at its end; with BROWSER_TESTS=required they fail instead.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Its path, or None where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a process; each test opens a context, and so cookies, of its own."""
    path = find_chromium()
    if path is None:
        leave_out = pytest.fail if os.environ.get("BROWSER_TESTS") == "required" else pytest.skip
        leave_out("no Chromium here; install Debian's package chromium, or set CHROMIUM to one's path")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_QUIET, *sandbox])
        yield browser
        browser.close()
