"""What the forms of all parts of a draft share: the draft, and saving it unless somebody was quicker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.files.rulebook.splicing import NotSpliced, data_of
from leaderboard.queries.rule_versions import DraftFacts, history, saved_text
from leaderboard.services import clock, drafts
from leaderboard.services.audit_log import actor_of
from leaderboard.services.draft_entries import Tried
from leaderboard.services.drafts import DraftRefused, Overtaken
from leaderboard.services.rule_versions import reading_session
from leaderboard.web.access import logged_in
from leaderboard.web.formats import moment
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.draft_form import Conflict, DraftForm, both_changed, upon_theirs
from leaderboard.web.presenters.entry_values import map_of
from leaderboard.web.presenters.rule_refusals import refusal_words
from leaderboard.web.settings.rule_drafts import existing, told_changes

Form = TypeVar("Form", bound=DraftForm)
Typed: TypeAlias = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes the entry, as it was typed, of the one that the form began from."""


@dataclass(frozen=True, slots=True)
class Attempt(Generic[Form]):
    """A form that was sent, tried upon the draft as it stands.

    `show` answers with the form again, `overtaken` where somebody saved since the form was opened; `home` is where
    saving leads.
    """

    found: DraftFacts
    tried: Tried
    page: Form
    show: Callable[[Form, int], Response]
    overtaken: Callable[[DraftFacts], AnyResponse]
    thanks: str
    home: str


def save_or_show(sent: Attempt[Form]) -> AnyResponse:
    """Keeps what the form says; else the form as it was typed, with what keeps it from being saved."""
    if sent.found.revision != revision():
        return sent.overtaken(sent.found)
    page, spliced = as_sent(sent.page), sent.tried.spliced
    if page.faults or "check" in request.form:
        return sent.show(page, 400 if page.faults else 200)
    if spliced.lost_comments and request.form.get("lose_comments") != "yes":
        lost, anew = spliced.lost_comments, spliced.was_rewritten
        return sent.show(replace(page, lost_comments=lost, is_rewritten=anew), 409)
    try:
        refused = store(sent.found, page.revision, spliced.document, page.why)
    except Overtaken:
        return sent.overtaken(editable(sent.found.id))
    if refused is not None:
        return sent.show(replace(page, fault=refused), 400)
    flash(sent.thanks, "success")
    if sent.tried.others:
        flash(gettext("Other parts of the draft no longer fit it: see what is to be mended."), "warning")
        return redirect(url_for("settings_rules_drafts.show", draft_id=sent.found.id))
    return redirect(sent.home)


def as_sent(page: Form) -> Form:
    """With the saving that it began with, so that saving it later tells of what came between."""
    return replace(page, revision=revision(), why=request.form.get("why", ""))


def with_conflict(page: Form, newer: DraftFacts, *path: str, typed: Typed | None = None) -> Form:
    """To be saved upon what somebody else saved meanwhile, which it tells; `typed` as for `merged_entry`."""
    conflict = meanwhile(newer, revision(), *path)
    if typed is not None and conflict.touches_this:
        base, theirs = _both(newer, path)
        is_apart = isinstance(base, Mapping) and not both_changed(typed(base), base, theirs)
        conflict = replace(conflict, is_apart=is_apart)
    return replace(page, conflict=conflict, why=request.form.get("why", ""))


def merged_entry(newer: DraftFacts, path: tuple[str, str], typed: Typed) -> Mapping[str, Any] | None:
    """An entry as it was typed, and as they have it where it was left; None where it was not there, or is no more.

    `typed` makes the entry of the one that the form began from.
    """
    base, theirs = _both(newer, path)
    if not isinstance(base, Mapping) or not isinstance(theirs, Mapping):
        return None
    merged: Mapping[str, Any] = upon_theirs(typed(base), base, theirs)
    return merged


def editors_only() -> None:
    """404 for whoever may not edit rules."""
    if not logged_in().may_edit_rules:
        abort(404)


def editable(draft_id: int) -> DraftFacts:
    """A draft that can be edited; from one that no longer can back to its page, which is told why.

    A form that was opened before is let through: saving refuses it, and what was typed into it is kept.
    """
    found = existing(draft_id)
    why = "scheduled" if found.scheduled_as is not None else "withdrawn" if found.is_withdrawn else None
    if why is not None and request.method != "POST":
        flash(refusal_words(why), "warning")
        abort(redirect(url_for("settings_rules_drafts.show", draft_id=draft_id)))
    return found


def open_draft(draft_id: int, otherwise: str = ".home") -> tuple[DraftFacts, dict[str, Any]]:
    """A draft that can be edited, and its data; where it has none, to the page that says so, by its endpoint."""
    found = editable(draft_id)
    try:
        return found, data_of(found.document)
    except NotSpliced:
        abort(redirect(url_for(otherwise, draft_id=draft_id)))


def section(data: dict[str, Any], name: str) -> dict[str, Any]:
    """A section of entries by key; empty where the document has none that could be read."""
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def known_entry(entries: Mapping[str, Any], entry_id: str) -> Mapping[str, Any]:
    """An entry as far as it is a map; 404 where there is none of that key."""
    if entry_id not in entries:
        abort(404)
    return map_of(entries[entry_id])


def named(entries: Mapping[str, Any], field: str) -> str:
    """Which of the entries a field of the form names; nothing for none of them."""
    sent = request.form.get(field, "")
    return sent if sent in entries else ""


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


def _both(newer: DraftFacts, path: tuple[str, ...]) -> tuple[Any, Any]:
    """What stood at the path when the form was opened, and what they have there."""
    base = saved_text(reading_session(), newer.id, revision()) or ""
    return _at(base, path), _at(newer.document, path)


def _at(document: str, path: tuple[str, ...]) -> Any:
    try:
        found: Any = data_of(document)
    except NotSpliced:
        return None
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found
