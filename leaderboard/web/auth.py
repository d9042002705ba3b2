"""The doors: log in, log out, choose or change a password, and the first visit."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.services import clock, login_throttle, logins, one_time_links, passwords, users
from leaderboard.services import setup as first_visit
from leaderboard.services.demo import accounts as demo_accounts
from leaderboard.services.demo import logins as demo_logins
from leaderboard.settings import Settings
from leaderboard.web import access
from leaderboard.web.forms import ChangePasswordForm, LoginForm, NewPasswordForm, SetupForm, blame, flaw_text
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.viewer import role_name
from leaderboard.web.redirects import own_path

blueprint = Blueprint("auth", __name__)

_LINK = "link"
_LONGEST_LINK = 200
_BUSY_SECONDS = 2


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> AnyResponse:
    """E-mail address and password; afterwards to where they wanted to go."""
    if not access.somebody_has_a_login():
        return redirect(url_for("auth.setup"))
    if current_user.is_authenticated:
        return redirect(_way_on())
    form, page = LoginForm(), "auth/login.html"
    if not form.validate_on_submit():
        return _page(page, form, **_demo())
    come_in = partial(logins.log_in, form.email.data, form.password.data, _address(), clock.now())
    return _opened(page, form, come_in, **_demo()) or redirect(_way_on())


def _demo() -> dict[str, Any]:
    """Who may come in, where this is a demo; else nothing."""
    shown = demo_accounts.shown_accounts()
    if not shown:
        return {}
    told = [{"email": account.email, "role": role_name(account.role)} for account in shown]
    return {"demo_accounts": told, "demo_password": Markup("<code>%s</code>") % demo_logins.PASSWORD}


@blueprint.post("/logout")
def logout() -> AnyResponse:
    """Out, on this device."""
    access.leave()
    return redirect(url_for("auth.login"))


@blueprint.route("/password", methods=["GET", "POST"])
def password() -> AnyResponse:
    """Where a one-time link leads: choose a password, and be in."""
    given = request.args.get(_LINK)
    if given is not None:
        # Out of the address at once: those are kept in histories and read over shoulders.
        session[_LINK] = given[:_LONGEST_LINK]
        return redirect(url_for("auth.password"))
    token = session.get(_LINK, "")
    email = one_time_links.email_of(token, clock.now())
    if email is None:
        return _spent_link()
    form, page = NewPasswordForm(), "auth/password.html"
    if not form.validate_on_submit():
        return _page(page, form, email=email)
    use = partial(one_time_links.use, token, form.password.data, clock.now())
    return _opened(page, form, use, email=email) or _thanks(gettext("Your password is kept, and you are in."))


@blueprint.route("/account/password", methods=["GET", "POST"])
def change_password() -> AnyResponse:
    """Another password, for who has one."""
    form, page = ChangePasswordForm(), "auth/change_password.html"
    if not form.validate_on_submit():
        return _page(page, form)
    email, old, new = access.logged_in().email, form.current.data, form.password.data
    change = partial(logins.change_password, email, old, new, _address(), clock.now())
    return _opened(page, form, change) or _thanks(
        gettext("Your new password is kept. Everywhere else you are signed out.")
    )


@blueprint.route("/setup", methods=["GET", "POST"])
def setup() -> AnyResponse:
    """The first visit makes the administrator, against the code that the console shows."""
    if access.somebody_has_a_login():
        return redirect(url_for("auth.login"))
    form, page = SetupForm(), "auth/setup.html"
    if not form.validate_on_submit():
        return _page(page, form)
    directory = cast(Settings, current_app.extensions["settings"]).instance_dir
    code, email, new = form.code.data, form.email.data, form.password.data
    told = (code, email, new, _address(), clock.now(), form.name.data or None)
    create = partial(first_visit.create_administrator, directory, *told)
    return _opened(page, form, create) or _thanks(gettext("Welcome. This login is the administrator’s."))


def _opened(
    page: str, form: FlaskForm, open_session: Callable[[], str], **context: Any
) -> AnyResponse | None:
    """None where this browser is logged in with the session that was opened; else what it gets instead."""
    try:
        token = open_session()
    except login_throttle.TooManyAttempts as error:
        return _wait(page, form, error.wait_seconds, **context)
    except passwords.TooBusy:
        return _wait(page, form, _BUSY_SECONDS, **context)
    except first_visit.AlreadySetUp:
        return redirect(url_for("auth.login"))
    except one_time_links.LinkSpent:
        return _spent_link()
    except (logins.WrongPassword, passwords.Unsafe, first_visit.WrongCode, users.UserProblem) as error:
        _blame(form, error)
        return _page(page, form, **context)
    access.enter(token)
    return None


def _thanks(text: str) -> AnyResponse:
    flash(text, "success")
    return redirect(url_for("board.home"))


def _blame(form: FlaskForm, error: Exception) -> None:
    if isinstance(error, passwords.Unsafe):
        blame(form.password, flaw_text(error.flaw))
    elif isinstance(error, first_visit.WrongCode):
        blame(form.code, gettext("This is not the code that the console showed last."))
    elif isinstance(error, users.UserProblem):
        blame(form.email, gettext("This is not an email address."))
    elif "current" in form:
        blame(form.current, gettext("This is not your password."))
    else:
        form.form_errors.append(gettext("This email address and password do not go together."))


def _page(page: str, form: FlaskForm, code: int | None = None, **context: Any) -> Response:
    answer = render_template(page, form=form, **context)
    return make_response(answer, code or (400 if request.method == "POST" else 200))


def _wait(page: str, form: FlaskForm, seconds: int, **context: Any) -> Response:
    text = ngettext(
        "That was one try too many. Please wait a second.",
        "That was one try too many. Please wait %(num)s seconds.",
        seconds,
    )
    form.form_errors.append(text)
    answer = _page(page, form, 429, **context)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _spent_link() -> AnyResponse:
    """A link that opens nothing leads to the login, which says so."""
    session.pop(_LINK, None)
    flash(
        gettext("This link was used already or is too old. Please ask your administrator for another."),
        "error",
    )
    return redirect(url_for("auth.login"))


def _way_on() -> str:
    return own_path(request.args.get("next")) or url_for("board.home")


def _address() -> str:
    """Where the request comes from; a proxy's word for it counts by PROXY_HOPS only."""
    return request.remote_addr or ""
