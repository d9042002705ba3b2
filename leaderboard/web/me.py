"""My points, and for managers those of their reps: the receipt of every one."""

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.periods import PeriodKind
from leaderboard.queries.receipts import receipts
from leaderboard.queries.rep import rep_page, who
from leaderboard.services import proposals
from leaderboard.services.ladder_stands import ladder_stands
from leaderboard.services.running_clocks import running_clocks
from leaderboard.services.task_stands import task_stands
from leaderboard.web.access import logged_in
from leaderboard.web.csv_files import csv_answer
from leaderboard.web.htmx import page_or_part, unchanged
from leaderboard.web.languages import gettext
from leaderboard.web.pages import period_of, reading, rep_for
from leaderboard.web.presenters.receipts import receipt_rows
from leaderboard.web.presenters.rep import present_rep
from leaderboard.web.settings.decision_forms import Forms, sent_token, tried
from leaderboard.web.shell import current_viewer

blueprint = Blueprint("me", __name__)

_ALL = 100_000
"""Of a table to take away: more than anybody earns in a month."""


@blueprint.get("/me")
@blueprint.get("/me/<period>")
def mine(period: str | None = None) -> Response:
    """My own page; 404 for a login that stands for no rep."""
    person_key = logged_in().person_id
    if person_key is None:
        abort(404)
    return _show(person_key, period, is_own=True)


@blueprint.get("/reps/<int:person_key>")
@blueprint.get("/reps/<int:person_key>/<period>")
def rep(person_key: int, period: str | None = None) -> Response:
    """A rep's page for who may look into it; 404 for others, as if there were nobody."""
    return _show(rep_for(person_key), period, is_own=person_key == logged_in().person_id)


def _show(person_key: int, name: str | None, is_own: bool) -> Response:
    now = reading()
    if now is None:
        return page_or_part("board/no_rules.html", "content")
    period = period_of(now, name, PeriodKind.MONTH)
    found = who(now, person_key)
    if found is None:
        abort(404)
    if request.args.get("format") == "csv":
        days, _ = receipts(now, period, person_key, most=_ALL)
        return csv_answer(f"points-{period.name}.csv", receipt_rows(days))
    is_now = now.now in period
    clocks = running_clocks(now, person_key, found.rep_id) if is_now else ()
    ladders = ladder_stands(now, person_key, found.rep_id) if is_now else ()
    tasks = task_stands(now, person_key, found.rep_id) if is_now else ()
    viewer = current_viewer()
    assert viewer is not None
    page = rep_page(now, found, period, clocks, is_own, request.args.get("before"))
    view = present_rep(page, viewer, ladders, tasks)
    if request.args.get("seen") == view.digest:
        return unchanged()
    return page_or_part("me/rep.html", "live", view=view, forms=Forms())


@blueprint.post("/me/tasks/<task>")
def tick(task: str) -> AnyResponse:
    """I have done a task."""
    counts: list[bool] = []
    fault = tried(task, lambda: counts.append(proposals.tick_off(logged_in(), task, token=sent_token())))
    if fault is not None:
        flash(fault.text, "warning")
    elif all(counts):
        flash(gettext("Done, and counted."), "success")
    else:
        flash(gettext("Ticked off. It counts once your manager confirms it."), "success")
    return redirect(url_for("me.mine"), 303)
