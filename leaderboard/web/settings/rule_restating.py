"""Restating a version in force: what would be booked is computed and shown, then exactly that is confirmed."""

from dataclasses import dataclass
from functools import partial

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.queries import work_orders as stored
from leaderboard.queries.ground import Reading
from leaderboard.queries.rule_versions import DraftFacts, versions
from leaderboard.queries.work_orders import OrderFacts
from leaderboard.services import clock, work_orders
from leaderboard.services.audit_log import actor_of
from leaderboard.services.directory import Directory
from leaderboard.services.drafts import Origin, copy_of
from leaderboard.services.restating import LONGEST_REASON, with_names_of_today
from leaderboard.services.rule_versions import reading_session
from leaderboard.services.signing import Hindrance
from leaderboard.services.work_orders import PREVIEW, RESTATE
from leaderboard.web.access import logged_in
from leaderboard.web.formats import ago, short_day
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import N_, gettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.periods import title_of
from leaderboard.web.presenters.restating import RestatementView, present_restatement
from leaderboard.web.presenters.rule_pages import hindrance_words
from leaderboard.web.presenters.rule_refusals import refusal_words
from leaderboard.web.settings.rule_drafts import existing
from leaderboard.web.settings.rules import area

blueprint = area.blueprint(__name__, "restating")

_FAILURES = {
    "changed": N_("Something has changed since you looked: other points would be booked by now."),
    "busy": N_("So much comes in just now that it could not be confirmed. Please try again in a while."),
    "reason": N_("Please say why, in at most 1,000 characters: everybody concerned will read it."),
    "not_begun": N_("It has not begun yet: it is scheduled, and restates nothing."),
    "given_up": N_("It was begun several times and never came to an end. Please ask again."),
    "unexpected": N_("Something went wrong here. It was written down; please ask again later."),
}


@dataclass(frozen=True, slots=True)
class RestatingPage:
    """A preview, or a restatement under way. `fault` is beside the reason where that is what is wrong."""

    id: int
    kind: str
    draft_id: int
    draft_name: str
    starts: str
    headline: str
    asked: str
    is_over: bool
    percent: int
    failure: str | None
    result: RestatementView | None
    reason: str
    fault: str | None
    version_on: str | None
    longest: int = LONGEST_REASON


@blueprint.post("/versions/<day>/correct")
def correct(day: str) -> AnyResponse:
    """A draft of a version in force that starts on the same day: what it says otherwise, it says from then on."""
    if not logged_in().may_edit_rules:
        abort(404)
    facts = next((one for one in versions(reading_session()) if one.effective_from.isoformat() == day), None)
    if facts is None:
        abort(404)
    name = gettext("Correction of the rules of %(day)s", day=short_day(facts.effective_from))
    origin = Origin(revision=facts.latest.revision)
    draft_id = copy_of(origin, name, None, actor_of(logged_in().user_id), clock.now()).draft_id
    flash(gettext("Correct it here. Both parties sign it, then you see what it would book."), "success")
    return redirect(url_for("settings_rules_drafts.show", draft_id=draft_id), 303)


@blueprint.post("/drafts/<int:draft_id>/restate")
def ask(draft_id: int) -> AnyResponse:
    """Has it computed what restating by the draft would book."""
    _for_editors(draft_id)
    order_id = work_orders.ask(PREVIEW, str(draft_id), actor_of(logged_in().user_id), clock.now())
    return redirect(url_for(".show", order_id=order_id), 303)


@blueprint.get("/restatements/<int:order_id>")
def show(order_id: int) -> Response:
    """What would be booked, or how far it is; for htmx only that."""
    now, found = _order(order_id)
    return _page(now, found)


@blueprint.post("/restatements/<int:order_id>")
def confirm(order_id: int) -> AnyResponse:
    """Restates as the preview of that key showed it."""
    now, found = _order(order_id)
    if found.kind != PREVIEW or found.state != "done":
        abort(404)
    reason = " ".join(request.form.get("reason", "").split())
    if not 0 < len(reason) <= LONGEST_REASON:
        fault = _FAILURES["reason"]
        response = _page(now, found, request.form.get("reason", ""), gettext(fault))
        response.status_code = 422
        return response
    seen = {name: found.result[name] for name in ("sha256", "as_of", "digest")}
    number = work_orders.ask(
        RESTATE, found.subject, actor_of(logged_in().user_id), clock.now(), reason=reason, **seen
    )
    return redirect(url_for(".show", order_id=number), 303)


def _for_editors(draft_id: int) -> DraftFacts:
    if not logged_in().may_edit_rules:
        abort(404)
    return existing(draft_id)


def _order(order_id: int) -> tuple[Reading, OrderFacts]:
    now = reading()
    found = None if now is None else stored.find(now.session, order_id)
    if now is None or found is None or found.kind not in (PREVIEW, RESTATE):
        abort(404)
    if not logged_in().may_edit_rules:
        abort(404)
    return now, found


def _page(now: Reading, found: OrderFacts, reason: str = "", fault: str | None = None) -> Response:
    draft = existing(int(found.subject))
    result = None
    if found.kind == PREVIEW and found.state == "done":
        named = with_names_of_today(dict(found.result), Directory(now.session), now.ground.placement.roster)
        result = present_restatement(named, partial(_title, now))
    first_on = draft.effective_from
    view = RestatingPage(
        id=found.id,
        kind=found.kind,
        draft_id=draft.id,
        draft_name=draft.name,
        starts="" if first_on is None else short_day(first_on),
        headline=_headline(found, result),
        asked=gettext("asked for %(time)s ago", time=ago(max(0, now.now - found.asked_at))),
        is_over=found.is_over,
        percent=found.progress // 10,
        failure=_failure(found, draft),
        result=result,
        reason=reason,
        fault=fault,
        version_on=None if first_on is None or draft.scheduled_as is None else first_on.isoformat(),
    )
    return page_or_part("settings/rules/restating.html", "state", view=view)


def _title(now: Reading, name: str) -> str:
    return title_of(now.ground.book.calendar.parse(name))


def _headline(found: OrderFacts, result: RestatementView | None) -> str:
    if result is not None:
        return result.headline
    if found.state == "failed":
        return (
            gettext("Nothing was changed") if found.kind == RESTATE else gettext("This could not be computed")
        )
    if found.kind == PREVIEW:
        return gettext("Computing what would be booked …")
    return gettext("It is restated") if found.state == "done" else gettext("Restating …")


def _failure(found: OrderFacts, draft: DraftFacts) -> str | None:
    if found.state != "failed":
        return None
    code = found.error.get("code", "unexpected")
    if code == "hindered":
        return " ".join(hindrance_words(Hindrance(one), draft) for one in found.error["told"])
    if code in _FAILURES:
        return gettext(_FAILURES[code])
    return refusal_words(code)
