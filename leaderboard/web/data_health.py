"""Data health, for managers: what came in and could not be counted, and what to do about it."""

from flask import Blueprint, Response, url_for

from leaderboard.queries.data_health import data_health_page
from leaderboard.web.access import logged_in, role_required
from leaderboard.web.htmx import page_or_part
from leaderboard.web.pages import reading
from leaderboard.web.presenters.data_health import present_data_health
from leaderboard.web.settings.roster.scene import reach

blueprint = Blueprint("data_health", __name__)


@blueprint.get("/data-health")
@role_required("manager", "admin")
def overview() -> Response:
    """All kinds of trouble, and the sources."""
    now = reading()
    if now is None:
        return page_or_part("board/no_rules.html", "content")
    may_place = reach(logged_in()) is not None
    href = url_for("settings_roster_unplaced.unplaced") if may_place else None
    view = present_data_health(data_health_page(now), href)
    return page_or_part("manage/data_health.html", "content", view=view)
