"""The versions of the roster: who stored what, when. The administrators'."""

from flask import Response, make_response, render_template, request

from leaderboard.services.roster_history import Version, roster_history
from leaderboard.web.incoming import key_of
from leaderboard.web.presenters.audit_words import called
from leaderboard.web.presenters.roster_words import ChangedView, changed_views
from leaderboard.web.settings.roster.area import part
from leaderboard.web.settings.roster.scene import whole

blueprint = part(__name__, "history")
_A_PAGE = 8
_MOST_CHANGED = 40


@blueprint.get("/history")
def history() -> Response:
    """Some versions, the newest first, each with what it changed."""
    whole()
    found = roster_history(request.args.get("before", type=key_of), _A_PAGE)
    shown = [(version, called(version.row.by), *_changed(version)) for version in found.versions]
    return make_response(
        render_template("settings/roster/history.html", shown=shown, more_before=found.more_before)
    )


def _changed(version: Version) -> tuple[tuple[ChangedView, ...], int]:
    """What is shown of it, and how many reps and teams more there are."""
    changed = changed_views(version.changes, version.before, version.after)
    return changed[:_MOST_CHANGED], max(0, len(changed) - _MOST_CHANGED)
