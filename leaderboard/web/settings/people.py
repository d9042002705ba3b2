"""People and roles: who may come in, as what, and with which rights."""

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.queries.logins import Login
from leaderboard.services import clock, login_changes, login_directory, one_time_links, users
from leaderboard.services.audit_log import actor_of
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.web.access import logged_in
from leaderboard.web.htmx import page_or_part
from leaderboard.web.incoming import key_of
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.pages import read_again, reading
from leaderboard.web.presenters.people import (
    Asked,
    access_of,
    present_login,
    present_people,
    rep_choices,
    stamp,
)
from leaderboard.web.settings.areas import PEOPLE, Area
from leaderboard.web.settings.people_forms import AccessForm, InviteForm
from leaderboard.web.settings.people_stand import people_stand
from leaderboard.web.settings.shown_links import put_aside, take

_LONGEST_SEARCH = 100


def _is_open_to(who: LoggedIn) -> bool:
    """A manager's login that stands for no rep manages no team of the roster."""
    return who.role == "admin" or (who.role == "manager" and who.person_id is not None)


AREA = Area(
    key="people",
    group=PEOPLE,
    label=N_("Logins"),
    title=N_("People and roles"),
    icon="people",
    order=20,
    is_open_to=_is_open_to,
    stand=people_stand,
)
blueprint = AREA.blueprint(__name__)


@blueprint.get("")
def home() -> Response:
    """The list; for htmx only its rows."""
    who, now = logged_in(), clock.now()
    asked = Asked(
        search=request.args.get("q", "")[:_LONGEST_SEARCH].strip(),
        show=request.args.get("show", ""),
        first=request.args.get("after", default=0, type=key_of),
    )
    view = present_people(
        login_directory.looked_after(who, reading(), now),
        login_directory.without_login() if _is_admin() else (),
        asked,
        reading(),
        now,
        is_admin=_is_admin(),
        own_id=who.user_id,
    )
    return page_or_part("settings/people.html", "found", view=view)


@blueprint.route("/new", methods=["GET", "POST"])
def invite() -> AnyResponse:
    """A new login, which begins with a link to choose a password."""
    _administrators_only()
    form = InviteForm()
    _offer(form)
    if request.method == "GET":
        _suggest(form)
    elif form.validate():
        try:
            user_id, token = login_changes.invite(
                form.email.data, form.access(), actor=_actor(), now=clock.now()
            )
        except users.UserProblem as problem:
            form.blame(problem)
            read_again()
        else:
            put_aside(user_id, token)
            return redirect(url_for(".login", user_id=user_id))
    return _page("settings/invite.html", form=form)


@blueprint.get("/<int:user_id>")
def login(user_id: int) -> AnyResponse:
    """One login: how it stands, what it may do, and what can be done."""
    one = _login(user_id)
    form = None
    if _is_admin():
        form = AccessForm(formdata=None)
        _offer(form, one)
        form.show(access_of(one))
    return _page("settings/login.html", **_shown(one), form=form, link=take(user_id))


@blueprint.post("/<int:user_id>")
def save(user_id: int) -> AnyResponse:
    """Another role, rep or rights."""
    _administrators_only()
    one = _login(user_id)
    form, seen = AccessForm(), access_of(one)
    _offer(form, one)
    if form.validate():
        try:
            if form.seen.data != stamp(seen):
                raise users.UserProblem("changed", "it is another than was seen")
            login_changes.change(user_id, form.access(), actor=_actor(), now=clock.now(), seen=seen)
        except users.UserProblem as problem:
            read_again()
            one = _login(user_id)
            if problem.code == "changed":
                form.show(access_of(one))
            form.blame(problem)
        else:
            return _done(user_id, gettext("Saved. It holds from the next click on."))
    return _page("settings/login.html", **_shown(one), form=form, link=None)


@blueprint.post("/<int:user_id>/link")
def link(user_id: int) -> AnyResponse:
    """A link by which its owner chooses a new password; shown once."""
    _login(user_id)
    try:
        token = one_time_links.make_for(user_id, actor=_actor(), now=clock.now())
    except users.UserProblem:
        return _done(user_id, gettext("A disabled login gets no link. Let it in again first."), "error")
    put_aside(user_id, token)
    return redirect(url_for(".login", user_id=user_id))


@blueprint.post("/<int:user_id>/sign-out")
def sign_out(user_id: int) -> AnyResponse:
    """Ends its sessions, all of them."""
    _login(user_id)
    ended = login_changes.end_sessions(user_id, actor=_actor(), now=clock.now())
    if not ended:
        return _done(user_id, gettext("It was signed in nowhere."), "warning")
    text = ngettext("Signed out: %(num)s session ended.", "Signed out: %(num)s sessions ended.", ended)
    return _done(user_id, text)


@blueprint.post("/<int:user_id>/disable")
def disable(user_id: int) -> AnyResponse:
    """Nobody comes in with it any more."""
    _administrators_only()
    _login(user_id)
    try:
        login_changes.disable(user_id, actor=_actor(), now=clock.now())
    except users.UserProblem as problem:
        form = AccessForm(formdata=None)
        form.blame(problem)
        return _done(user_id, " ".join([*form.role.errors, *form.form_errors]), "error")
    return _done(user_id, gettext("Disabled: nobody comes in with it, and what it earned stays."))


@blueprint.post("/<int:user_id>/enable")
def enable(user_id: int) -> AnyResponse:
    """Lets it in again."""
    _administrators_only()
    _login(user_id)
    login_changes.enable(user_id, actor=_actor(), now=clock.now())
    return _done(user_id, gettext("Let in again, with the password it had."))


def _login(user_id: int) -> Login:
    """The login, where it is theirs to look after; else 404, as if there were none."""
    found = login_directory.find(logged_in(), user_id, reading(), clock.now())
    if found is None:
        abort(404)
    return found


def _administrators_only() -> None:
    if not _is_admin():
        abort(404)


def _is_admin() -> bool:
    return logged_in().role == "admin"


def _actor() -> str:
    return actor_of(logged_in().user_id)


def _offer(form: AccessForm, one: Login | None = None) -> None:
    now, own = clock.now(), None if one is None else one.person_key
    logins = login_directory.looked_after(logged_in(), reading(), now)
    form.offer(rep_choices(logins, login_directory.without_login(), reading(), own))


def _suggest(form: InviteForm) -> None:
    """For a rep who has none, what the roster knows."""
    asked = request.args.get("rep", "")
    for one in login_directory.without_login():
        if str(one.person_key) == asked:
            form.rep.data, form.email.data = asked, one.email


def _shown(one: Login) -> dict[str, object]:
    who = logged_in()
    return {"view": present_login(one, reading(), clock.now(), who.user_id), "is_admin": _is_admin()}


def _done(user_id: int, text: str, category: str = "success") -> AnyResponse:
    flash(text, category)
    return redirect(url_for(".login", user_id=user_id))


def _page(template: str, **context: object) -> Response:
    return make_response(render_template(template, **context), 400 if request.method == "POST" else 200)
