"""Addresses of static files that change with their content, so that browsers may keep them for ever."""

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

_A_YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Gives templates `asset()`, and such addresses their long life."""
    app.add_template_global(asset, "asset")
    app.after_request(_keep)


@lru_cache(maxsize=256)
def asset(name: str) -> str:
    """The address of a file under static/, with a piece of its hash. Read once in a process: a page has many icons."""
    folder = current_app.static_folder
    assert folder is not None
    version = blake2b((Path(folder) / name).read_bytes(), digest_size=6).hexdigest()
    return url_for("static", filename=name, v=version)


def _keep(response: Response) -> Response:
    if request.endpoint == "static" and response.status_code == 200:
        versioned = "v" in request.args
        response.headers["Cache-Control"] = (
            f"public, max-age={_A_YEAR}, immutable" if versioned else "public, max-age=3600"
        )
    return response
