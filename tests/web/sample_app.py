"""A tiny application that shows the sample pages: for tests of templates, and for looking at them.

`python -m tests.web.sample_app` serves them at http://127.0.0.1:5005/.
"""

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request, url_for
from flask_login import LoginManager, UserMixin
from flask_wtf import CSRFProtect, FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from leaderboard.settings import ROOT
from leaderboard.web import assets, errors, formats, headers, languages, preferences, shell
from leaderboard.web.htmx import page_or_part
from leaderboard.web.presenters.board import present_board
from leaderboard.web.presenters.data_health import present_data_health
from leaderboard.web.presenters.rep import present_rep
from leaderboard.web.presenters.viewer import Viewer
from tests.web import sample_health_pages, sample_pages, sample_rep_pages

FACTS = shell.OrganizationFacts("Acme", "America/Sao_Paulo", "pt_BR")


@dataclass
class SampleUser(UserMixin):
    """Somebody logged in as `?as=` says, else as a rep."""

    role: str = "rep"
    person_id: int | None = 4
    name: str = "Gus Lima"
    email: str = "gus@example.com"
    locale: str | None = None
    theme: str | None = None
    id: str = "1"


USERS = {
    "rep": SampleUser(),
    "manager": SampleUser("manager", 2, "Rui Faria", "rui@example.com"),
    "admin": SampleUser("admin", None, "Ada Admin", "ada@example.com"),
}


def create_sample_app() -> Flask:
    """The application, with routes of the same names as the real one's."""
    app = Flask("samples", root_path=str(ROOT), template_folder="templates", static_folder="static")
    app.config.update(SECRET_KEY="samples", TESTING=True, WTF_CSRF_TIME_LIMIT=None)
    languages.init_app(app, lambda: FACTS.locale, lambda: FACTS.zone)
    LoginManager(app).request_loader(_user)
    CSRFProtect(app)
    shell.init_app(app, lambda: FACTS)
    assets.init_app(app)
    formats.init_app(app, lambda: sample_pages.NOW)
    headers.init_app(app, is_https=False)
    errors.init_app(app)
    for blueprint in (
        _board(),
        _me(),
        _notes(),
        _awards(),
        _auth(),
        _health(),
        _settings(),
        _rules(),
        _appearance(),
        preferences.blueprint,
    ):
        app.register_blueprint(blueprint)
    return app


def _user(_request: object) -> SampleUser | None:
    return USERS.get(request.cookies.get("as") or request.args.get("as", "rep"))


def _viewer() -> Viewer:
    viewer = shell.current_viewer()
    assert viewer is not None
    return viewer


def _board() -> Blueprint:
    blueprint = Blueprint("board", __name__)
    pages = {
        "2026-11": sample_pages.reps,
        "2026-Q4": sample_pages.teams,
        "2026-09": sample_pages.sealed,
        "2026-08": sample_pages.empty,
        "2026-07": sample_pages.many_reps,
    }

    @blueprint.get("/")
    def home() -> AnyResponse:
        return redirect(url_for("board.standing", scope="reps", period="2026-11"))

    @blueprint.get("/leaderboard/<scope>/<period>")
    def standing(scope: str, period: str) -> Response:
        view = present_board(pages.get(period, sample_pages.reps)(), _viewer())
        return page_or_part("board/board.html", "live", view=view)

    return blueprint


def _me() -> Blueprint:
    blueprint = Blueprint("me", __name__)

    @blueprint.get("/me")
    @blueprint.get("/me/<period>")
    def mine(period: str = "2026-11") -> Response:
        page = sample_rep_pages.new_rep_page() if period == "2026-08" else sample_rep_pages.rep_page()
        return page_or_part("me/rep.html", "live", view=present_rep(page, _viewer()))

    @blueprint.get("/reps/<int:person_key>")
    @blueprint.get("/reps/<int:person_key>/<period>")
    def rep(person_key: int, period: str = "2026-11") -> Response:
        view = present_rep(sample_rep_pages.rep_page(is_own=False), _viewer())
        return page_or_part("me/rep.html", "live", view=view)

    return blueprint


class LoginForm(FlaskForm):
    """The fields that the login page shows."""

    email = StringField(validators=[InputRequired()])
    password = PasswordField(validators=[InputRequired()])


class SetupForm(LoginForm):
    """The fields that the first visit shows."""

    code = StringField(validators=[InputRequired()])
    name = StringField()
    again = PasswordField(validators=[InputRequired()])


def _auth() -> Blueprint:
    blueprint = Blueprint("auth", __name__)

    @blueprint.route("/login", methods=["GET", "POST"])
    def login() -> str:
        form = LoginForm()
        form.validate_on_submit()
        return render_template("auth/login.html", form=form)

    @blueprint.route("/setup", methods=["GET", "POST"])
    def setup() -> str:
        form = SetupForm()
        form.validate_on_submit()
        return render_template("auth/setup.html", form=form)

    @blueprint.get("/password")
    def password() -> str:
        return render_template("auth/password.html", form=SetupForm(), email="ana@example.com")

    @blueprint.get("/account/password")
    def change_password() -> str:
        return ""

    @blueprint.post("/logout")
    def logout() -> AnyResponse:
        return redirect("/")

    @blueprint.get("/fault/<int:code>")
    def fault(code: int) -> str:
        abort(code)

    return blueprint


def _health() -> Blueprint:
    blueprint = Blueprint("data_health", __name__)

    @blueprint.get("/data-health")
    def overview() -> str:
        page = sample_health_pages.calm() if "calm" in request.args else sample_health_pages.troubled()
        return render_template("manage/data_health.html", view=present_data_health(page))

    return blueprint


def _awards() -> Blueprint:
    blueprint = Blueprint("awards", __name__)
    blueprint.add_url_rule("/me/badges", "mine", lambda: redirect(url_for("me.mine")))
    blueprint.add_url_rule(
        "/reps/<int:person_key>/badges", "of_rep", lambda person_key: redirect(url_for("me.mine"))
    )
    return blueprint


def _appearance() -> Blueprint:
    blueprint = Blueprint("appearance", __name__)
    blueprint.add_url_rule("/me/on-screens", "choose", lambda: redirect(url_for("me.mine")))
    return blueprint


def _notes() -> Blueprint:
    blueprint = Blueprint("notes", __name__)
    blueprint.add_url_rule("/notes", "mine", lambda: redirect(url_for("me.mine")))
    return blueprint


def _rules() -> Blueprint:
    """For the navigation, which leads there."""
    blueprint = Blueprint("rules", __name__)

    @blueprint.get("/rules")
    def in_force() -> str:
        return ""

    return blueprint


def _settings() -> Blueprint:
    """An address for the shell to link to; its pages are tested over a database."""
    blueprint = Blueprint("settings", __name__)

    @blueprint.get("/settings")
    def home() -> AnyResponse:
        return redirect("/")

    return blueprint


if __name__ == "__main__":
    create_sample_app().run(port=5005, threaded=True, use_reloader=False, debug=False)
