"""How I appear on public displays: by my name, by another one, or not at all."""

from dataclasses import dataclass

from flask import Blueprint, Response, abort, flash, redirect, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import RadioField, StringField

from leaderboard.services import clock, display_choices
from leaderboard.services.display_choices import LONGEST, SHORTEST, AliasProblem, Appearance
from leaderboard.web.access import logged_in
from leaderboard.web.forms import blame
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import N_, gettext
from leaderboard.web.presenters.viewer import initials

blueprint = Blueprint("appearance", __name__)

_NAME, _ALIAS, _ABSENT = "name", "alias", "absent"
_CHOICES = ((_NAME, N_("By my name")), (_ALIAS, N_("By another name")), (_ABSENT, N_("Not at all")))


class AppearanceForm(FlaskForm):  # type: ignore[misc]
    """The choice, and the other name."""

    how = RadioField()
    alias = StringField()


@dataclass(frozen=True, slots=True)
class AppearanceView:
    """The page."""

    name: str
    initials: str
    longest: int = LONGEST


@blueprint.route("/me/on-screens", methods=["GET", "POST"])
def choose() -> AnyResponse:
    """My choice; 404 for a login that stands for no rep."""
    who = logged_in()
    if who.person_id is None:
        abort(404)
    form = AppearanceForm(data=_kept(who.person_id))
    form.how.choices = [(value, gettext(text)) for value, text in _CHOICES]
    if form.validate_on_submit():
        try:
            display_choices.choose(who, _wanted(form), clock.now())
        except AliasProblem as problem:
            blame(form.alias, _words(problem))
            return _page(form, 422)
        flash(gettext("Chosen. Screens show it within seconds."), "success")
        return redirect(url_for("appearance.choose"), 303)
    return _page(form, 422 if form.errors else 200)


def _page(form: AppearanceForm, status: int) -> Response:
    name = logged_in().name
    response = page_or_part(
        "me/appearance.html", "content", form=form, view=AppearanceView(name, initials(name))
    )
    response.status_code = status
    return response


def _kept(person_id: int) -> dict[str, str]:
    kept = display_choices.appearance_of(person_id)
    how = _ABSENT if kept.is_absent else _NAME if kept.alias is None else _ALIAS
    return {"how": how, "alias": kept.alias or ""}


def _wanted(form: AppearanceForm) -> Appearance:
    if form.how.data == _ALIAS:
        return Appearance(alias=form.alias.data or "")
    return Appearance(is_absent=form.how.data == _ABSENT)


def _words(problem: AliasProblem) -> str:
    return {
        "length": gettext("Please take %(least)s to %(most)s characters.", least=SHORTEST, most=LONGEST),
        "signs": gettext("Please take letters, digits and plain signs."),
        "mixed": gettext("Please keep to the letters of one alphabet within a word."),
        "taken": gettext(
            "Somebody else goes by that name, or by one that looks the same. Please take another."
        ),
    }[problem.why]
