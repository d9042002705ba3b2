"""Taking an entry out of a draft: asked first, and never while something names it still."""

from dataclasses import replace
from typing import Any

from flask import Response, abort, flash, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.files.rulebook.splicing import NotSpliced, data_of, without_entry
from leaderboard.queries.rule_versions import DraftFacts
from leaderboard.services.drafts import Overtaken
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.entry_values import map_of
from leaderboard.web.presenters.removals import Removal, home_of, present_removal
from leaderboard.web.settings.draft_saving import editable, revision, store


def ask_removal(draft_id: int, section: str, key: str) -> Response:
    """What names it still; where nothing does, whether it is to go."""
    found, data = _open(draft_id, section)
    if key not in map_of(data.get(section)):
        abort(404)
    return _show(present_removal(found, data, section, key))


def remove_entry(draft_id: int, section: str, key: str) -> AnyResponse:
    """Takes it out of the draft, unless something names it still. One that is out already is as good as removed."""
    found, data = _open(draft_id, section)
    if key not in map_of(data.get(section)):
        flash(gettext("“%(name)s” is not in this draft any more.", name=key), "warning")
        return redirect(home_of(section, draft_id))
    page = present_removal(found, data, section, key)
    if page.named_by:
        return _show(page, 409)
    why = request.form.get("why", "").strip() or gettext("“%(name)s” removed", name=page.name)
    document = without_entry(found.document, [section, key]).document
    try:
        refused = store(found, revision(), document, why)
    except Overtaken:
        return _overtaken(draft_id, section, key)
    if refused is not None:
        return _show(replace(page, fault=refused), 400)
    flash(gettext("“%(name)s” is removed from this draft.", name=page.name), "success")
    return redirect(page.home)


def _overtaken(draft_id: int, section: str, key: str) -> AnyResponse:
    found, data = _open(draft_id, section)
    told = gettext("Somebody saved it meanwhile: look at it again first.")
    if key not in map_of(data.get(section)):
        flash(told, "warning")
        return redirect(home_of(section, draft_id))
    return _show(replace(present_removal(found, data, section, key), fault=told), 409)


def _open(draft_id: int, section: str) -> tuple[DraftFacts, dict[str, Any]]:
    """A draft that can be edited, and its data; where it has none, back to the list, which says so."""
    found = editable(draft_id)
    try:
        return found, data_of(found.document)
    except NotSpliced:
        abort(redirect(home_of(section, draft_id)))


def _show(page: Removal, status: int = 200) -> Response:
    answer = page_or_part("settings/rules/removal.html", "settings", view=page)
    answer.status_code = status
    return answer
