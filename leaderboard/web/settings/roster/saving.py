"""Every change goes the same way: what it changes is told in words, confirmed, and stored as another version."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

from flask import Response, flash, make_response, redirect, render_template, request
from wtforms import Field

from leaderboard.services import clock, roster_saving
from leaderboard.services.audit_log import actor_of
from leaderboard.services.roster_edits import Edit, EditRefused
from leaderboard.services.roster_saving import ChangedMeanwhile, Preview
from leaderboard.web.incoming import key_of
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.roster_words import ChangesView, present_changes
from leaderboard.web.settings.roster.forms import blame_for
from leaderboard.web.settings.roster.scene import Scene

_SEEN, _AGAIN, _TOKEN = "seen", "again", "csrf_token"
_WRONG = 422
Typed: TypeAlias = list[tuple[str, str]]
"""Names and values of fields."""


class Sent(Protocol):
    """A form, or several that are sent together."""

    form_errors: list[str]

    def validate(self) -> bool: ...

    def __contains__(self, name: str) -> bool: ...

    def __getitem__(self, name: str) -> Field: ...


def answer(
    here: Scene,
    form: Sent,
    edit: Callable[[], Edit],
    page: Callable[[], Response],
    back: str,
    typed: Callable[[], Typed] | None = None,
) -> Response:
    """To a form that was sent: the page with what is wrong; what it changes, to be confirmed; or saved, and back.

    `edit` is made of the form once that is valid; it may raise EditRefused. `typed` is what is sent again with the
    yes, where that is not what was sent.
    """
    if _AGAIN in request.form:
        form.validate()
        return page()
    if not form.validate():
        return _wrong(page)
    try:
        made = edit()
        if _SEEN not in request.form or not _saved(here, made):
            return _ask(here, made, back, (typed or _typed)())
    except EditRefused as refused:
        blame_for(form, refused)
        return _wrong(page)
    flash(gettext("Saved. What follows from it is being worked out."), "good")
    return _to(back)


def _wrong(page: Callable[[], Response]) -> Response:
    response = page()
    response.status_code = _WRONG
    return response


def _saved(here: Scene, edit: Edit) -> bool:
    """False where somebody else was quicker."""
    seen = request.form.get(_SEEN, type=key_of, default=-1)
    try:
        roster_saving.save(edit, seen, here.reach, clock.now(), actor_of(here.who.user_id))
    except ChangedMeanwhile:
        return False
    return True


def _ask(here: Scene, edit: Edit, back: str, typed: Typed) -> Response:
    preview = roster_saving.preview(edit, here.zone, here.reach)
    if not preview.changes:
        flash(gettext("The roster says so already; nothing was changed."), "good")
        return _to(back)
    return make_response(
        render_template(
            "settings/roster/confirm.html",
            view=_changes(preview),
            typed=typed,
            seen=preview.version,
            back=back,
            is_stale=_SEEN in request.form,
        )
    )


def _changes(preview: Preview) -> ChangesView:
    return present_changes(preview.changes, preview.before, preview.after, preview.impact)


def _typed() -> Typed:
    """All that was typed, to be sent once more with the yes."""
    own = (_SEEN, _AGAIN, _TOKEN)
    return [(name, value) for name, value in request.form.items(multi=True) if name not in own]


def _to(back: str) -> Response:
    return make_response(redirect(back, 303))
