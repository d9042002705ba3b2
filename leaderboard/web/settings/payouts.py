"""Payouts: what was won becomes money, with a manager's word and a reference; a list for payroll; certificates."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.queries.payout_page import PayoutFacts
from leaderboard.services import payouts
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.payout_page import count_proposed, payouts_for
from leaderboard.services.powers import decides
from leaderboard.services.sittings import LONGEST_REASON
from leaderboard.web.access import logged_in
from leaderboard.web.csv_files import csv_answer
from leaderboard.web.formats import machine_time, money, short_day
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.certificates import certificate_of_payout
from leaderboard.web.presenters.payouts import PayoutView, TotalView, present_payout
from leaderboard.web.settings.areas import DECISIONS, Area, Need, Stand
from leaderboard.web.settings.decision_forms import Fault, Forms, sent, sent_token, tried
from leaderboard.web.shell import organization

_HOME = "settings_payouts.home"
_STATES = ("proposed", "approved", "paid", "refused")
_COLUMNS = (
    "payout", "state", "source", "name", "period", "subject", "subject_id", "subject_name", "members", "amount",
    "currency", "decided_by", "decided_at", "paid_at", "reference", "reason",
)  # fmt: skip


def _stand(who: LoggedIn) -> Stand:
    now = reading()
    waiting = 0 if now is None else count_proposed(now, who)
    words = (gettext("Bonuses and prizes in money, from the sealed standing to payroll."),)
    if not waiting:
        return Stand(words)
    text = ngettext("%(num)s payout waits for approval", "%(num)s payouts wait for approval", waiting)
    return Stand(words, (Need(text, AREA.href),))


AREA = Area(
    key="payouts",
    group=DECISIONS,
    label=N_("Payouts"),
    title=N_("Payouts"),
    icon="prize",
    order=42,
    is_open_to=decides,
    stand=_stand,
)
blueprint = AREA.blueprint(__name__)


@dataclass(frozen=True, slots=True)
class Group:
    """The payouts of one state, with what they come to."""

    state: str
    title: str
    totals: tuple[TotalView, ...]
    payouts: tuple[PayoutView, ...]


@dataclass(frozen=True, slots=True)
class PayoutsView:
    """The page."""

    headline: str
    groups: tuple[Group, ...]
    forms: Forms
    longest: int = LONGEST_REASON
    longest_reference: int = payouts.LONGEST_REFERENCE


@blueprint.get("")
def home() -> AnyResponse:
    """All of them by state; `?format=csv` for payroll."""
    if request.args.get("format") == "csv":
        return csv_answer("payouts.csv", [_COLUMNS, *_rows(_found(request.args.get("state")))])
    return _page(Forms())


def _found(state: str | None = None) -> Sequence[PayoutFacts]:
    now = reading()
    return () if now is None else payouts_for(now, logged_in(), state if state in _STATES else None)


def _page(forms: Forms, status: int = 200) -> Response:
    by_state: dict[str, list[PayoutFacts]] = defaultdict(list)
    for one in _found():
        by_state[one.state].append(one)
    waiting = sum(not one.is_own for one in by_state["proposed"])
    view = PayoutsView(
        headline=ngettext("%(num)s payout waits for approval", "%(num)s payouts wait for approval", waiting)
        if waiting
        else gettext("Payouts"),
        groups=tuple(_group(state, by_state[state]) for state in _STATES if by_state[state]),
        forms=forms,
    )
    response = page_or_part("settings/payouts.html", "settings", view=view)
    response.status_code = status
    return response


def _group(state: str, found: list[PayoutFacts]) -> Group:
    titles = {
        "proposed": gettext("To approve"),
        "approved": gettext("To pay"),
        "paid": gettext("Paid"),
        "refused": gettext("Refused"),
    }
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in found:
        sums[one.currency] += one.amount
    totals = tuple(TotalView(currency, money(amount, currency)) for currency, amount in sorted(sums.items()))
    return Group(state, titles[state], totals, tuple(present_payout(one) for one in found))


def _rows(found: Sequence[PayoutFacts]) -> Iterator[tuple[str | int, ...]]:
    for one in found:
        yield (
            one.number, one.state, one.source, one.name, one.period, one.who.subject.value, one.subject_id,
            one.who.name, "; ".join(one.members), f"{one.amount:.2f}", one.currency, one.decided_by or "",
            _stamp(one.decided_at), _stamp(one.paid_at), one.reference or "", one.reason or "",
        )  # fmt: skip


def _stamp(at: int | None) -> str:
    return "" if at is None else machine_time(at)


@blueprint.post("/<int:number>/<word>")
def settle(number: int, word: str) -> AnyResponse:
    """A word on one of them."""
    if word not in ("approve", "refuse", "paid"):
        abort(404)
    form, who = f"{word}/{number}", logged_in()
    if word == "approve":
        fault = tried(form, lambda: payouts.approve(who, number, token=sent_token()))
        return _after(fault, gettext("Approved. It is now to be paid."))
    if word == "refuse":
        fault = tried(form, lambda: payouts.refuse(who, number, sent("reason"), token=sent_token()))
        return _after(fault, gettext("Refused. Your reason is kept with it."))
    fault = tried(form, lambda: payouts.mark_paid(who, number, sent("reference"), token=sent_token()))
    return _after(fault, gettext("Noted as paid."))


def _after(fault: Fault | None, told: str) -> AnyResponse:
    if fault is not None:
        return _page(Forms(fault), 422)
    flash(told, "success")
    return redirect(url_for(_HOME), 303)


@blueprint.get("/<int:number>/certificate")
def certificate(number: int) -> str:
    """One to print, in the reader's language; not of what was refused."""
    now = reading()
    found = next((one for one in _found() if one.number == number and one.state != "refused"), None)
    if now is None or found is None:
        abort(404)
    today = short_day(now.ground.book.calendar.date_at(now.now))
    back = url_for(_HOME)
    view = certificate_of_payout(found, organization().name or "", today, back, gettext("Payouts"))
    return render_template("certificate.html", view=view)
