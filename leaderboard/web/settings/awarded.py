"""Badges awarded: to whom, when, with a certificate for each; what is public of them, revoked, or allowed anew."""

from collections import defaultdict
from dataclasses import dataclass

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.instants import Instant
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.award_shelf import Shelf
from leaderboard.queries.credentials import CredentialState, of_subjects
from leaderboard.queries.ground import Reading
from leaderboard.services import credentials
from leaderboard.services.award_access import Lately, awards_lately
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.powers import decides
from leaderboard.services.sittings import LONGEST_REASON
from leaderboard.web.access import logged_in
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import N_, gettext
from leaderboard.web.pages import asked_page, read_again, reading
from leaderboard.web.presenters.awards import AwardView, TakenView, present_award, present_taken
from leaderboard.web.settings.areas import DECISIONS, Area, Stand
from leaderboard.web.settings.decision_forms import Fault, Forms, sent, sent_token, tried

_HOME = "settings_awarded.home"
_Mark = tuple[str, str, Instant]


def _stand(_who: LoggedIn) -> Stand:
    return Stand((gettext("Each badge with its certificate to print, and what people took along."),))


AREA = Area(
    key="awarded",
    group=DECISIONS,
    label=N_("Badges"),
    title=N_("Badges awarded"),
    icon="rosette",
    order=43,
    is_open_to=decides,
    stand=_stand,
)
blueprint = AREA.blueprint(__name__)


@dataclass(frozen=True, slots=True)
class AwardedView:
    """The page."""

    awards: tuple[AwardView, ...]
    newer: str | None
    older: str | None
    forms: Forms
    longest: int = LONGEST_REASON


@blueprint.get("")
def home() -> Response:
    """The latest first."""
    return _page(reading(), Forms())


@blueprint.post("/<int:number>/revoke")
def revoke(number: int) -> AnyResponse:
    """End a credential for good."""
    fault = tried(
        f"revoke/{number}",
        lambda: credentials.revoke(logged_in(), number, sent("reason"), token=sent_token()),
    )
    if fault is not None:
        return _failed(fault)
    flash(gettext("Revoked. Whoever checks it is told so from now on."), "success")
    return redirect(url_for(_HOME), 303)


@blueprint.post("/<int:number>/allow")
def allow(number: int) -> AnyResponse:
    """Let an award be taken along anew whose credential was revoked wrongly."""
    fault = tried(
        f"allow/{number}",
        lambda: credentials.allow_anew(logged_in(), number, sent("reason"), token=sent_token()),
    )
    if fault is not None:
        return _failed(fault)
    flash(gettext("Allowed. Its owner can take it along anew, under another address."), "success")
    return redirect(url_for(_HOME), 303)


def _failed(fault: Fault) -> Response:
    response = _page(read_again(), Forms(fault))
    response.status_code = 422
    return response


def _page(now: Reading | None, forms: Forms) -> Response:
    page = asked_page()
    lately = (
        Lately(Shelf((), page, False), frozenset()) if now is None else awards_lately(now, logged_in(), page)
    )
    view = AwardedView(
        awards=() if now is None else _views(now, lately),
        newer=url_for(_HOME, page=page - 1) if page > 1 else None,
        older=url_for(_HOME, page=page + 1) if lately.shelf.has_more else None,
        forms=forms,
    )
    return page_or_part("settings/awarded.html", "settings", view=view)


def _views(now: Reading, lately: Lately) -> tuple[AwardView, ...]:
    """With what stands or was revoked; what its owner withdrew is nobody's business any more."""
    people = {award.key for award in lately.shelf.awards if award.subject is SubjectKind.REP}
    teams = {award.key for award in lately.shelf.awards if award.subject is SubjectKind.TEAM}
    taken: dict[tuple[int | None, _Mark], list[TakenView]] = defaultdict(list)
    for one in of_subjects(now.session, people, teams):
        if one.state is not CredentialState.WITHDRAWN:
            whose = one.person_key if one.subject is SubjectKind.REP else one.team_key
            name = _name(now, one.person_key) if one.subject is SubjectKind.TEAM else None
            taken[whose, one.award].append(present_taken(one, name, one.person_key in lately.people))
    return tuple(present_award(award, tuple(taken[award.key, award.mark])) for award in lately.shelf.awards)


def _name(now: Reading, person_key: int) -> str:
    rep_id = now.ground.rep_ids.get(person_key, f"person-{person_key}")
    return now.ground.placement.roster.rep_name(rep_id)
