"""Months and quarters: how final each is, closed by hand after a preview, and seals proved on request."""

from dataclasses import dataclass

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.periods import Period
from leaderboard.queries import work_orders as stored
from leaderboard.queries.ground import Reading
from leaderboard.queries.work_orders import OrderFacts
from leaderboard.services import clock, work_orders
from leaderboard.services.audit_log import actor_of
from leaderboard.services.closing_preview import catch_up, preview_closing
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.open_things import open_things
from leaderboard.services.period_page import closing_notice, period_rows
from leaderboard.services.work_orders import CLOSE, VERIFY
from leaderboard.web.access import logged_in
from leaderboard.web.formats import ago
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.pages import period_of, read_again, reading
from leaderboard.web.presenters.periods import (
    OpenView,
    PreviewView,
    QuarterView,
    headline,
    notice_words,
    open_views,
    present_periods,
    present_preview,
    refusal_words,
    title_of,
)
from leaderboard.web.settings.areas import DECISIONS, Area, Need, Stand

_FAILURES = {
    "given_up": N_("It was begun several times and never came to an end. Please ask again."),
    "unexpected": N_("Something went wrong here. It was written down; please ask again later."),
}
"""Of any work order; what is refused for a reason of its own is told by that."""


def _is_open_to(who: LoggedIn) -> bool:
    return who.role in ("manager", "admin")


def _stand(who: LoggedIn) -> Stand:
    """What closes by itself soon, with what is still open."""
    now = reading()
    if now is None:
        return Stand((gettext("There are no rules yet, so there is nothing to close."),))
    words = (gettext("Which months and quarters are sealed, and when the next one closes."),)
    told = _notice(now, who)
    return Stand(words) if told is None else Stand(words, (Need(told.sentence, AREA.href),))


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What closes by itself soon: in short, with what is open in one sentence, and that one by one."""

    words: str
    sentence: str
    open: tuple[OpenView, ...]


def _notice(now: Reading, who: LoggedIn) -> NoticeView | None:
    notice = closing_notice(now)
    if notice is None:
        return None
    things = open_things(now, who, now.ground.book.calendar.parse(notice.facts.name))
    return NoticeView(notice_words(notice), notice_words(notice, things), open_views(things))


AREA = Area(
    key="periods",
    group=DECISIONS,
    label=N_("Periods"),
    title=N_("Months and quarters"),
    icon="seal",
    order=44,
    is_open_to=_is_open_to,
    stand=_stand,
)
blueprint = AREA.blueprint(__name__)


@dataclass(frozen=True, slots=True)
class PeriodsView:
    """The page."""

    headline: str
    notice: tuple[OpenView, ...] | None
    quarters: tuple[QuarterView, ...]
    may_close: bool


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """The preview, and what is to be said about it."""

    preview: PreviewView
    waiting: bool
    """Whether events still wait to be counted: then nothing can be confirmed yet."""
    changed: bool


@dataclass(frozen=True, slots=True)
class OrderView:
    """How far a work order is, or what came of it."""

    id: int
    kind: str
    name: str
    headline: str
    title: str
    asked: str
    is_over: bool
    percent: int
    fault: str | None
    again: str | None
    differences: int | None
    sha256: str | None
    command: str
    """What names each difference, on the server."""


@blueprint.get("")
def home() -> Response:
    """All of them, the newest first."""
    now, who = reading(), logged_in()
    if now is None:
        return page_or_part(
            "settings/periods.html", "settings", view=PeriodsView(_nothing(), None, (), False)
        )
    views = present_periods(period_rows(now), now, who.may_edit_rules)
    told = _notice(now, who)
    view = PeriodsView(
        headline(views, None if told is None else told.words),
        None if told is None else told.open,
        views,
        who.may_edit_rules,
    )
    return page_or_part("settings/periods.html", "settings", view=view)


def _nothing() -> str:
    return gettext("There are no rules yet, so there is nothing to close.")


@blueprint.get("/<name>/close")
def preview(name: str) -> Response:
    """What closing it would seal and bring."""
    is_counted = _caught_up()
    now, period = _found(name)
    return _preview(now, period, is_counted)


def _caught_up() -> bool:
    """Before anything is read, for the counting writes."""
    if not logged_in().may_edit_rules:
        abort(404)
    is_counted = catch_up()
    read_again()
    return is_counted


def _found(name: str) -> tuple[Reading, Period]:
    """For who may close and prove; else there is nothing here."""
    now = reading()
    if now is None or not logged_in().may_edit_rules:
        abort(404)
    return now, period_of(now, name)


def _preview(
    now: Reading, period: Period, is_counted: bool, changed: bool = False, code: int = 200
) -> Response:
    found = present_preview(preview_closing(now, logged_in(), period), now)
    view = ClosingPage(found, not is_counted, changed)
    response = page_or_part("settings/closing.html", "settings", view=view)
    response.status_code = code
    return response


@blueprint.post("/<name>/close")
def close(name: str) -> AnyResponse:
    """Closes it as it was shown; where something else would be sealed by now, that is shown instead."""
    is_counted = _caught_up()
    now, period = _found(name)
    seen = request.form.get("seen", "")
    found = preview_closing(now, logged_in(), period)
    if found.refusal is not None or not is_counted or found.digest != seen:
        return _preview(now, period, is_counted, changed=found.refusal is None, code=409)
    order_id = work_orders.ask(CLOSE, period.name, actor_of(logged_in().user_id), clock.now(), seen=seen)
    return redirect(url_for(".order", order_id=order_id), 303)


@blueprint.post("/<name>/verify")
def verify(name: str) -> AnyResponse:
    """Recomputes what was sealed."""
    now, period = _found(name)
    if period.name not in {row.facts.name for row in period_rows(now) if row.seal is not None}:
        flash(gettext("It is not sealed yet."), "error")
        return redirect(url_for(".home"), 303)
    order_id = work_orders.ask(VERIFY, period.name, actor_of(logged_in().user_id), clock.now())
    return redirect(url_for(".order", order_id=order_id), 303)


@blueprint.get("/work/<int:order_id>")
def order(order_id: int) -> Response:
    """How far it is, or what came of it; for htmx only that."""
    now = reading()
    found = None if now is None else stored.find(now.session, order_id)
    if now is None or found is None or found.kind not in (CLOSE, VERIFY) or not logged_in().may_edit_rules:
        abort(404)
    return page_or_part("settings/period_order.html", "state", view=_order_view(now, found))


def _order_view(now: Reading, found: OrderFacts) -> OrderView:
    period = now.ground.book.calendar.parse(found.subject)
    title = title_of(period)
    fault = _fault(now, found)
    differences = found.result.get("differences")
    return OrderView(
        id=found.id,
        kind=found.kind,
        name=found.subject,
        headline=_order_headline(found, title),
        title=title,
        asked=gettext("asked for %(time)s ago", time=ago(max(0, now.now - found.asked_at))),
        is_over=found.is_over,
        percent=found.progress // 10,
        fault=fault,
        again=url_for(".preview", name=found.subject) if fault is not None and found.kind == CLOSE else None,
        differences=differences,
        sha256=found.result.get("sha256"),
        command=f"flask periods verify {found.subject}",
    )


def _order_headline(found: OrderFacts, title: str) -> str:
    closing = found.kind == CLOSE
    if not found.is_over:
        return (
            gettext("Closing %(period)s …", period=title)
            if closing
            else gettext("Recomputing %(period)s …", period=title)
        )
    if found.state == "failed":
        return (
            gettext("%(period)s was not closed", period=title)
            if closing
            else gettext("%(period)s could not be recomputed", period=title)
        )
    if closing:
        return gettext("%(period)s is sealed", period=title)
    count = found.result.get("differences", 0)
    if not count:
        return gettext("%(period)s: what was sealed is what follows", period=title)
    return ngettext("%(period)s: %(num)s difference", "%(period)s: %(num)s differences", count, period=title)


def _fault(now: Reading, found: OrderFacts) -> str | None:
    if found.state != "failed":
        return None
    code = found.error.get("code", "unexpected")
    if code in _FAILURES:
        return gettext(_FAILURES[code])
    return refusal_words(work_orders.refused_of(found.error), now)
