"""Badges one by one: the shelf of a person, certificates to print, and taking an award along as a credential."""

from collections import defaultdict
from dataclasses import dataclass

import structlog
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.queries.award_shelf import HeldAward, shelf_of
from leaderboard.queries.credentials import CredentialFacts, CredentialState, of_people
from leaderboard.queries.ground import Reading
from leaderboard.services import credentials
from leaderboard.services.award_access import award_for, is_own, language_of
from leaderboard.services.credential_keys import KeyProblem
from leaderboard.services.credentials import Naming, Wish, shown_name
from leaderboard.web.access import logged_in
from leaderboard.web.credential_desk import desk
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import gettext, known, speak
from leaderboard.web.pages import asked_page, reading, rep_for
from leaderboard.web.presenters.awards import AwardView, achievement_of, present_award, present_taken
from leaderboard.web.presenters.certificates import certificate_of_award
from leaderboard.web.settings.decision_forms import Fault, Forms, sent, sent_token, tried
from leaderboard.web.shell import organization

blueprint = Blueprint("awards", __name__)
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ShelfView:
    """The badges of a person."""

    name: str
    is_own: bool
    awards: tuple[AwardView, ...]
    back: str
    newer: str | None
    older: str | None
    forms: Forms


@dataclass(frozen=True, slots=True)
class TakeAlongView:
    """The question how an award is taken along, and what will be public of it."""

    award: AwardView
    team: str | None
    organization: str
    address: str
    names: tuple[tuple[str, str], ...]
    chosen: str
    email: str
    with_email: bool
    forms: Forms


@blueprint.get("/me/badges")
def mine() -> AnyResponse:
    """My own badges; 404 for a login that stands for no rep."""
    return _shelf(_own_key(), Forms())


@blueprint.get("/reps/<int:person_key>/badges")
def of_rep(person_key: int) -> AnyResponse:
    """A rep's badges for who may look into their points."""
    if person_key == logged_in().person_id:
        return redirect(url_for("awards.mine"))
    return _shelf(rep_for(person_key), Forms())


@blueprint.get("/awards/<int:number>/certificate")
def certificate(number: int) -> str:
    """One to print, in the language of the person concerned."""
    now, award = _award(number)
    if spoken := known(language_of(now, award)):
        speak(spoken)
    taken = _taken(now, award.key) if not _is_team(award) else {}
    valid = next((one for one in taken.get(award.mark, ()) if one.state is CredentialState.VALID), None)
    check_at = None if valid is None else desk().issuer.credential(valid.address)
    back, label = _back(award)
    return render_template(
        "certificate.html",
        view=certificate_of_award(award, organization().name or "", check_at, back, label),
    )


@blueprint.get("/awards/<int:number>/take-along")
def ask(number: int) -> Response:
    """How it is to be taken along."""
    return _ask(*_own_award(number), Forms())


@blueprint.post("/awards/<int:number>/take-along")
def take_along(number: int) -> AnyResponse:
    """Take it along."""
    now, award = _own_award(number)
    naming, form = sent("naming"), f"take/{number}"
    if naming not in [one.value for one in Naming]:
        return _ask(now, award, Forms(Fault(form, "naming", gettext("Please choose one."))), 422)
    wish = Wish(Naming(naming), request.form.get("with_email") == "y")
    what, made_out = achievement_of(award), desk()
    try:
        fault = tried(
            form,
            lambda: credentials.take_along(logged_in(), number, wish, what, made_out, token=sent_token()),
        )
    except KeyProblem as problem:
        log.error("credential_keys", problem=str(problem))
        words = gettext("It cannot be signed just now. Please tell an administrator.")
        return _ask(*_own_award(number), Forms(Fault(form, "naming", words)), 503)
    if fault is not None:
        flash(fault.text, "warning")
    else:
        flash(gettext("It is signed, and has a public page now. You can withdraw it at any time."), "success")
    return redirect(url_for("awards.mine"), 303)


@blueprint.post("/me/badges/<int:number>/withdraw")
def withdraw(number: int) -> AnyResponse:
    """Close the public page of one."""
    fault = tried("withdraw", lambda: credentials.withdraw(logged_in(), number, token=sent_token()))
    if fault is not None:
        flash(fault.text, "warning")
    else:
        flash(gettext("Withdrawn. Its public page tells nothing of you any more."), "success")
    return redirect(url_for("awards.mine"), 303)


def _own_key() -> int:
    key = logged_in().person_id
    if key is None:
        abort(404)
    return key


def _award(number: int) -> tuple[Reading, HeldAward]:
    now = reading()
    award = None if now is None else award_for(now, logged_in(), number)
    if now is None or award is None:
        abort(404)
    return now, award


def _own_award(number: int) -> tuple[Reading, HeldAward]:
    now, award = _award(number)
    if not is_own(now, logged_in(), award):
        abort(404)
    return now, award


def _is_team(award: HeldAward) -> bool:
    return award.subject.value == "team"


def _taken(now: Reading, person_key: int) -> dict[tuple[str, str, int], tuple[CredentialFacts, ...]]:
    found: dict[tuple[str, str, int], list[CredentialFacts]] = defaultdict(list)
    for one in of_people(now.session, [person_key]):
        found[one.award].append(one)
    return {mark: tuple(ones) for mark, ones in found.items()}


def _shelf(person_key: int, forms: Forms) -> Response:
    now = reading()
    if now is None:
        return page_or_part("board/no_rules.html", "content")
    page = asked_page()
    shelf, taken = shelf_of(now, person_key, page), _taken(now, person_key)
    own = person_key == logged_in().person_id
    here = url_for("awards.mine") if own else url_for("awards.of_rep", person_key=person_key)
    rep_id = now.ground.rep_ids.get(person_key, f"person-{person_key}")
    view = ShelfView(
        name=now.ground.placement.roster.rep_name(rep_id),
        is_own=own,
        awards=tuple(_on_shelf(award, taken.get(award.mark, ()), own) for award in shelf.awards),
        back=url_for("me.mine") if own else url_for("me.rep", person_key=person_key),
        newer=f"{here}?page={page - 1}" if page > 1 else None,
        older=f"{here}?page={page + 1}" if shelf.has_more else None,
        forms=forms,
    )
    return page_or_part("me/badges.html", "content", view=view)


def _on_shelf(award: HeldAward, taken: tuple[CredentialFacts, ...], own: bool) -> AwardView:
    is_free = not any(one.is_barred or one.state is CredentialState.VALID for one in taken)
    return present_award(award, tuple(present_taken(one) for one in taken if own), may_take=own and is_free)


def _ask(now: Reading, award: HeldAward, forms: Forms, status: int = 200) -> Response:
    who = logged_in()
    name = now.ground.placement.roster.rep_name(now.ground.rep_ids.get(_own_key(), ""))
    short = shown_name(name, Naming.SHORT)
    names = [(Naming.FULL.value, name)]
    if short != name:
        names.append((Naming.SHORT.value, short or ""))
    names.append((Naming.NONE.value, gettext("Without a name")))
    chosen = sent("naming") if request.method == "POST" else Naming.FULL.value
    view = TakeAlongView(
        award=present_award(award),
        team=award.name if _is_team(award) else None,
        organization=organization().name or "",
        address=desk().issuer.credential("…"),
        names=tuple(names),
        chosen=chosen,
        email=who.email,
        with_email=request.method == "GET" or request.form.get("with_email") == "y",
        forms=forms,
    )
    response = page_or_part("me/take_along.html", "content", view=view)
    response.status_code = status
    return response


def _back(award: HeldAward) -> tuple[str, str]:
    key = logged_in().person_id
    if _is_team(award):
        return url_for("awards.mine") if key is not None else url_for("board.home"), gettext("Badges")
    if award.key == key:
        return url_for("awards.mine"), gettext("Badges")
    return url_for("awards.of_rep", person_key=award.key), gettext("Badges")
