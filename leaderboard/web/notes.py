"""My notes: what happened to me, what waits for my word, good news. Nobody else reads them."""

from flask import Blueprint, Response, abort, request

from leaderboard.services import clock, notes_seen
from leaderboard.services.notes_page import notes_page
from leaderboard.web.access import logged_in
from leaderboard.web.htmx import page_or_part
from leaderboard.web.incoming import key_of
from leaderboard.web.pages import reading
from leaderboard.web.presenters.notes import NotesView, present_notes

blueprint = Blueprint("notes", __name__, url_prefix="/notes")


@blueprint.get("")
def mine() -> Response:
    """The newest first; who looks has seen them, and what was new before is still marked on this page."""
    who = logged_in()
    before = request.args.get("before", None, key_of)
    if "before" in request.args and not before:
        abort(404)
    seen = notes_seen.look(who, clock.now())
    now = reading()
    view = (
        NotesView(manages=who.role != "rep")
        if now is None
        else present_notes(notes_page(now, who, seen, before), who, before)
    )
    return page_or_part("notes/notes.html", "content", view=view)
