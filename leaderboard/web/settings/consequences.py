"""The measures of the ladders that wait for a manager, with the facts beside them. Private, like all that follows."""

from dataclasses import dataclass

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.services import deciding
from leaderboard.services.deciding import MeasureKey
from leaderboard.services.ladder_cases import CASES_A_PAGE, Queue, count_waiting, queue_for
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.powers import decides
from leaderboard.services.sittings import LONGEST_REASON
from leaderboard.web.access import logged_in
from leaderboard.web.htmx import page_or_part
from leaderboard.web.incoming import key_of
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.ladders import (
    CaseView,
    DecidedView,
    present_case,
    present_decided,
)
from leaderboard.web.settings.areas import DECISIONS, Area, Need, Stand
from leaderboard.web.settings.decision_forms import Fault, Forms, sent, sent_token, tried


def _stand(who: LoggedIn) -> Stand:
    now = reading()
    waiting = 0 if now is None else count_waiting(now, who)
    if not waiting:
        return Stand((gettext("No measure waits for a word of yours."),))
    text = ngettext("%(num)s case waits for your word", "%(num)s cases wait for your word", waiting)
    return Stand((gettext("Measures of the ladders are decided here."),), (Need(text, AREA.href),))


AREA = Area(
    key="consequences",
    group=DECISIONS,
    label=N_("Consequences"),
    title=N_("Consequences"),
    icon="step",
    order=40,
    is_open_to=decides,
    stand=_stand,
)
blueprint = AREA.blueprint(__name__)


_HOME = "settings_consequences.home"
_MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class ConsequencesView:
    """The page."""

    headline: str
    waiting: tuple[CaseView, ...]
    applying: tuple[CaseView, ...]
    decided: tuple[DecidedView, ...]
    applying_more: int
    newer: str | None
    older: str | None
    forms: Forms
    longest: int = LONGEST_REASON


@blueprint.get("")
def home() -> Response:
    """What waits, what applies, what was decided."""
    return _page(Forms())


def _page(forms: Forms, status: int = 200) -> Response:
    now, page = reading(), request.args.get("page", 1, key_of)
    page = page if 0 < page < _MOST_PAGES else 1
    queue = Queue() if now is None else queue_for(now, logged_in(), page)
    view = ConsequencesView(
        headline=_headline(queue.waiting_in_all),
        waiting=tuple(present_case(case) for case in queue.waiting),
        applying=tuple(present_case(case) for case in queue.applying),
        decided=tuple(present_decided(one) for one in queue.decided),
        applying_more=queue.applying_in_all - len(queue.applying) if page == 1 else 0,
        newer=url_for(_HOME, page=page - 1) if page > 1 else None,
        older=url_for(_HOME, page=page + 1) if page * CASES_A_PAGE < queue.waiting_in_all else None,
        forms=forms,
    )
    response = page_or_part("settings/consequences.html", "settings", view=view)
    response.status_code = status
    return response


def _headline(waiting: int) -> str:
    if not waiting:
        return gettext("Nothing waits for your word")
    return ngettext("%(num)s case waits for your word", "%(num)s cases wait for your word", waiting)


@blueprint.post("/<month>/<consequence>/<subject>/<int:key>/<int:place>/<word>")
def decide(month: str, consequence: str, subject: str, key: int, place: int, word: str) -> AnyResponse:
    """Approve, or waive with a reason."""
    if subject not in tuple(SubjectKind) or word not in ("approve", "waive"):
        abort(404)
    measure = MeasureKey(month, consequence, SubjectKind(subject), key, place)
    form = f"{word}/{month}/{consequence}/{subject}/{key}/{place}"
    if word == "approve":
        fault = tried(form, lambda: deciding.approve(logged_in(), measure, token=sent_token()))
        return _after(fault, gettext("Approved. It applies from now on."))
    fault = tried(form, lambda: deciding.waive(logged_in(), measure, sent("reason"), token=sent_token()))
    return _after(fault, gettext("Waived. Your reason is shown with it."))


@blueprint.post("/decisions/<int:number>/undo")
def undo(number: int) -> AnyResponse:
    """Takes a decision back, with a reason."""
    fault = tried(
        f"undo/{number}", lambda: deciding.undo(logged_in(), number, sent("reason"), token=sent_token())
    )
    return _after(fault, gettext("Undone. What it had booked is booked back."))


def _after(fault: Fault | None, told: str) -> AnyResponse:
    if fault is not None:
        return _page(Forms(fault), 422)
    flash(told, "success")
    return redirect(url_for(_HOME), 303)
