"""What managers give by hand: badges and points within a budget, a second person's word, and tasks to confirm."""

from dataclasses import dataclass
from itertools import groupby

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.ladder_page import Party
from leaderboard.services import deciding, proposals
from leaderboard.services.by_hand_page import ByHandPage, by_hand_page, count_waiting_by_hand
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.powers import decides
from leaderboard.services.sittings import LONGEST_REASON, Refusal, Refused
from leaderboard.web.access import logged_in
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.by_hand import (
    BudgetView,
    GivenView,
    WaitingView,
    badge_words,
    present_budget,
    present_given,
    present_waiting,
)
from leaderboard.web.settings.areas import DECISIONS, Area, Need, Stand
from leaderboard.web.settings.decision_forms import Fault, Forms, sent, sent_token, tried
from leaderboard.web.settings.typed_text import typed_number

_HOME = "settings_by-hand.home"
_MOST_DIGITS = 9


def _stand(who: LoggedIn) -> Stand:
    now = reading()
    waiting = 0 if now is None else count_waiting_by_hand(now, who)
    words = (gettext("Badges and points by a manager’s hand, and tasks that were ticked off."),)
    if not waiting:
        return Stand(words)
    text = ngettext("%(num)s waits for your yes or no", "%(num)s wait for your yes or no", waiting)
    return Stand(words, (Need(text, AREA.href),))


AREA = Area(
    key="by-hand",
    group=DECISIONS,
    label=N_("By hand"),
    title=N_("Given by hand"),
    icon="rosette",
    order=41,
    is_open_to=decides,
    stand=_stand,
)
blueprint = AREA.blueprint(__name__)


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody, or a badge, in a list."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ByHandView:
    """The page."""

    headline: str
    budget: tuple[BudgetView, ...]
    alone: int
    reps: tuple[tuple[str, tuple[Choice, ...]], ...]
    teams: tuple[Choice, ...]
    badges: tuple[Choice, ...]
    ticks: tuple[WaitingView, ...]
    adjustments: tuple[WaitingView, ...]
    given: tuple[GivenView, ...]
    forms: Forms
    longest: int = LONGEST_REASON


@blueprint.get("")
def home() -> Response:
    """What may be given, what waits, what was given."""
    return _page(Forms())


def _page(forms: Forms, status: int = 200) -> Response:
    now = reading()
    if now is None:
        return page_or_part("board/no_rules.html", "content")
    page = by_hand_page(now, logged_in())
    version = now.ground.book.at(now.now) or now.ground.book.versions[0]
    view = _view(page, version.rulebook.organization.currency, forms)
    response = page_or_part("settings/by_hand.html", "settings", view=view)
    response.status_code = status
    return response


def _view(page: ByHandPage, currency: str, forms: Forms) -> ByHandView:
    waiting = len(page.ticks) + sum(not one.is_mine for one in page.adjustments)
    return ByHandView(
        headline=ngettext("%(num)s waits for your yes or no", "%(num)s wait for your yes or no", waiting)
        if waiting
        else gettext("Given by hand"),
        budget=present_budget(page.budget),
        alone=page.budget.limits.alone,
        reps=_by_team(page.reps),
        teams=tuple(Choice(f"team:{one.key}", one.name) for one in page.teams),
        badges=tuple(Choice(one.id, badge_words(one)) for one in page.badges),
        ticks=tuple(present_waiting(one, currency) for one in page.ticks),
        adjustments=tuple(present_waiting(one, currency) for one in page.adjustments),
        given=tuple(present_given(one) for one in page.given),
        forms=forms,
    )


def _by_team(reps: tuple[Party, ...]) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    return tuple(
        (team, tuple(Choice(f"rep:{one.key}", one.name) for one in group))
        for team, group in groupby(reps, key=lambda one: one.team or "")
    )


@blueprint.post("/badge")
def badge() -> AnyResponse:
    """Gives a badge."""

    def give() -> None:
        _, key = _chosen(SubjectKind.REP)
        deciding.give_badge(logged_in(), key, sent("badge"), sent("reason"), token=sent_token())

    return _after(tried("badge", give), gettext("Given, with your reason."))


@blueprint.post("/points")
def points() -> AnyResponse:
    """Adjusts points; above what one may do alone it is a proposal."""
    done: list[bool] = []

    def adjust() -> None:
        subject, key = _chosen(SubjectKind.REP, SubjectKind.TEAM)
        who, number = logged_in(), _points(sent("points"))
        done.append(deciding.adjust(who, subject, key, number, sent("reason"), token=sent_token()))

    fault = tried("points", adjust)
    booked = gettext("Booked, with your reason.")
    return _after(
        fault, booked if all(done) else gettext("Proposed. It is booked once a second person confirms it.")
    )


@blueprint.post("/proposals/<int:number>/<word>")
def settle(number: int, word: str) -> AnyResponse:
    """A second person's word on an adjustment, or a manager's on a task."""
    if word not in ("confirm", "refuse"):
        abort(404)
    form = f"{word}/{number}"
    if word == "confirm":
        fault = tried(form, lambda: proposals.confirm(logged_in(), number, token=sent_token()))
        return _after(fault, gettext("Confirmed and booked."))
    fault = tried(form, lambda: proposals.refuse(logged_in(), number, sent("reason"), token=sent_token()))
    return _after(fault, gettext("Refused. Your reason is kept with it."))


@blueprint.post("/decisions/<int:number>/undo")
def undo(number: int) -> AnyResponse:
    """Takes back what was given, with a reason."""
    fault = tried(
        f"undo/{number}", lambda: deciding.undo(logged_in(), number, sent("reason"), token=sent_token())
    )
    return _after(fault, gettext("Undone. What it had booked is booked back."))


def _chosen(*kinds: SubjectKind) -> tuple[SubjectKind, int]:
    """Whom the form names. Raises Refused where nobody was chosen."""
    kind, _, key = request.form.get("who", "").partition(":")
    if kind not in kinds or not (key.isascii() and key.isdigit()):
        raise Refused(Refusal.SUBJECT)
    return SubjectKind(kind), int(key[:20])


def _points(text: str) -> int:
    """A whole number, its sign written one way or the other. Raises Refused."""
    plain = typed_number(text)
    digits = plain.removeprefix("-").removeprefix("+")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MOST_DIGITS:
        raise Refused(Refusal.POINTS)
    return -int(digits) if plain.startswith("-") else int(digits)


def _after(fault: Fault | None, told: str) -> AnyResponse:
    if fault is not None:
        return _page(Forms(fault), 422)
    flash(told, "success")
    return redirect(url_for(_HOME), 303)
