"""The roster as a file: taken away, and sent back with a preview of what changes. The administrators'."""

import base64
import zlib
from collections.abc import Callable

from flask import Response, make_response, render_template, url_for

from leaderboard.domain.roster import Roster
from leaderboard.files.problems import FileProblems, Problem
from leaderboard.files.roster import write_roster
from leaderboard.files.roster_csv import write_roster_csv
from leaderboard.files.roster_files import read_roster_file
from leaderboard.files.yaml_nodes import MOST_BYTES
from leaderboard.services.roster_edits import Edit
from leaderboard.web.forms import blame, missing
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.reasons import problem_words
from leaderboard.web.settings.roster.area import part
from leaderboard.web.settings.roster.forms import FileForm
from leaderboard.web.settings.roster.saving import Typed, answer
from leaderboard.web.settings.roster.scene import whole

blueprint = part(__name__, "files")
_MOST_KEPT = 450_000
"""Characters that a form's field may have; a roster of some ten thousand reps."""
_MOST_PROBLEMS = 100
_WRONG = 422


@blueprint.route("/file", methods=["GET", "POST"])
def files() -> Response:
    """The files to take away, and the form to send one."""
    here = whole()
    form = FileForm()
    if not form.is_submitted():
        return _page(form)
    name, content = _sent(form)
    try:
        found = read_roster_file(content, name) if content else None
    except FileProblems as refused:
        return _page(form, name, refused.problems)
    kept = base64.b64encode(zlib.compress(content)).decode("ascii")
    if found is None or len(kept) > _MOST_KEPT:
        is_sent = bool(name) and not form.kept.data
        blame(form.file, missing(is_sent) if found is None else _too_large())
        return _page(form, status=_WRONG)
    typed: Typed = [("kept", kept), ("file_name", name)]
    back = url_for("settings_roster_files.files")
    return answer(here, form, lambda: _replaced(found), lambda: _page(form), back, lambda: typed)


def _too_large() -> str:
    return gettext(
        "This file is too large for the page. On the command line it is imported by flask roster import."
    )


def _sent(form: FileForm) -> tuple[str, bytes]:
    """The file's name and bytes: those sent now, or those kept since the preview."""
    if form.kept.data:
        return form.file_name.data or "roster.yaml", _unpacked(form.kept.data)
    sent = form.file.data
    if sent is None or not hasattr(sent, "read"):
        return "", b""
    return sent.filename or "roster.yaml", sent.read(MOST_BYTES + 1)


def _unpacked(kept: str) -> bytes:
    """No more than a file may have, whatever somebody made of the field."""
    try:
        return zlib.decompressobj().decompress(base64.b64decode(kept, validate=True), MOST_BYTES + 1)
    except (ValueError, zlib.error):
        return b""


def _replaced(found: Roster) -> Edit:
    return lambda _before: found


def _page(form: FileForm, name: str = "", problems: tuple[Problem, ...] = (), status: int = 200) -> Response:
    shown = [(one.line, one.place, problem_words(one)) for one in problems[:_MOST_PROBLEMS]]
    page = render_template(
        "settings/roster/file.html",
        form=form,
        name=name,
        problems=shown,
        more=max(0, len(problems) - _MOST_PROBLEMS),
        total=len(problems),
    )
    return make_response(page, _WRONG if problems else status)


@blueprint.get("/roster.yaml")
def as_yaml() -> Response:
    """The roster in use."""
    return _download("roster.yaml", "application/yaml; charset=utf-8", write_roster)


@blueprint.get("/roster.csv")
def as_csv() -> Response:
    """The roster in use as a table; with a byte order mark, without which spreadsheets take it for another encoding."""
    return _download(
        "roster.csv", "text/csv; charset=utf-8", lambda roster: "\ufeff" + write_roster_csv(roster)
    )


def _download(name: str, kind: str, write: Callable[[Roster], str]) -> Response:
    response = Response(write(whole().using.roster), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
