"""The real Chromium that drives the pages: Debian's, or the one that CHROMIUM names."""

import os
import shutil

from playwright.sync_api import Browser, Playwright

MISSING = "no Chromium here; install Debian's package chromium, or set CHROMIUM to one's path"
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_QUIET = (
    "--disable-gpu",
    "--in-process-gpu",
    "--renderer-process-limit=2",
    "--disable-features=IsolateOrigins,site-per-process,Translate,MediaRouter,OptimizationHints",
    "--disable-extensions",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Its path, or None where there is none."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


def launch(playwright: Playwright) -> Browser:
    """The browser, without a window; SystemExit where there is none."""
    path = find_chromium()
    if path is None:
        raise SystemExit(MISSING)
    # As root, as in containers, it does not run in its sandbox.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=[*_QUIET, *sandbox])
