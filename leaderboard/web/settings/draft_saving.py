"""What the forms of ladders and of suspensions share: the draft, and saving it unless somebody was quicker."""

from typing import Any

from flask import abort, redirect, request, url_for

from leaderboard.files.rulebook.splicing import NotSpliced, data_of
from leaderboard.queries.rule_versions import DraftFacts, history, saved_text
from leaderboard.services import clock, drafts
from leaderboard.services.audit_log import actor_of
from leaderboard.services.drafts import DraftRefused
from leaderboard.services.rule_versions import reading_session
from leaderboard.web.access import logged_in
from leaderboard.web.formats import moment
from leaderboard.web.presenters.level_forms import Conflict
from leaderboard.web.presenters.rule_refusals import refusal_words
from leaderboard.web.settings.rule_drafts import existing, told_changes


def editors_only() -> None:
    """404 for whoever may not edit rules."""
    if not logged_in().may_edit_rules:
        abort(404)


def editable(draft_id: int) -> DraftFacts:
    """A draft that can be edited; else 404."""
    found = existing(draft_id)
    if found.scheduled_as is not None or found.is_withdrawn:
        abort(404)
    return found


def open_draft(draft_id: int) -> tuple[DraftFacts, dict[str, Any]]:
    """A draft that can be edited, and its data; where it has none, back to the list, which says so."""
    found = editable(draft_id)
    try:
        return found, data_of(found.document)
    except NotSpliced:
        abort(redirect(url_for("settings_rules_ladders.home", draft_id=draft_id)))


def section(data: dict[str, Any], name: str) -> dict[str, Any]:
    """A section of entries by key; empty where the document has none that could be read."""
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def revision() -> int:
    """The saving that the form began with."""
    written = request.form.get("revision", "")
    if not written.isdecimal() or len(written) > 18:
        abort(400)
    return int(written)


def store(found: DraftFacts, began_with: int, document: str, why: str) -> str | None:
    """Keeps the text; says why it was refused. Raises Overtaken."""
    try:
        drafts.save(found.id, began_with, document, why, actor_of(logged_in().user_id), clock.now())
    except DraftRefused as refused:
        return refusal_words(refused.code)
    return None


def meanwhile(newer: DraftFacts, began_with: int, *path: str) -> Conflict:
    """What somebody else saved since, and whether it touched what stands at the path."""
    session = reading_session()
    base = saved_text(session, newer.id, began_with) or ""
    last = history(session, newer.id)[0]
    touched = _at(newer.document, path) != _at(base, path)
    return Conflict(last.name, moment(last.at), last.why, told_changes(base, newer.document), touched)


def _at(document: str, path: tuple[str, ...]) -> Any:
    try:
        found: Any = data_of(document)
    except NotSpliced:
        return None
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found
