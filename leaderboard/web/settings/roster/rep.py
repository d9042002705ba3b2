"""A rep's page: where they are and were, when they are away, how they are called; each to be changed."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, make_response, render_template, url_for
from flask_wtf import FlaskForm

from leaderboard.domain.roster import Rep, TimeOff
from leaderboard.services import roster_edits
from leaderboard.services.roster_edits import Edit
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.roster import rep_view
from leaderboard.web.settings.roster.area import part
from leaderboard.web.settings.roster.forms import (
    AliasForm,
    BackForm,
    LeaveForm,
    MoveForm,
    NameForm,
    TimeOffForm,
    team_choices,
)
from leaderboard.web.settings.roster.saving import answer
from leaderboard.web.settings.roster.scene import Scene, scene, whole

blueprint = part(__name__, "rep")


@dataclass(frozen=True, slots=True)
class Forms:
    """The page's forms; each is sent on its own."""

    move: MoveForm
    leave: LeaveForm
    off: TimeOffForm
    alias: AliasForm
    name: NameForm


@blueprint.get("/reps/<int:person>")
def rep(person: int) -> Response:
    """The page."""
    here = scene()
    return _page(here, here.rep(person))


@blueprint.post("/reps/<int:person>/move")
def move(person: int) -> Response:
    """Into a team from a day on."""
    form = MoveForm(prefix="move-")

    def edit(rep: Rep) -> Edit:
        return roster_edits.assign(rep.id, form.team.data, form.from_on.given, form.until_on.day)

    return _answer(scene(), person, form, edit)


@blueprint.post("/reps/<int:person>/leave")
def leave(person: int) -> Response:
    """Out of the team after a day."""
    form = LeaveForm(prefix="leave-")
    return _answer(scene(), person, form, lambda rep: roster_edits.leave(rep.id, form.last_on.given))


@blueprint.post("/reps/<int:person>/off")
def off(person: int) -> Response:
    """Time off."""
    form = TimeOffForm(prefix="off-")

    def edit(rep: Rep) -> Edit:
        return roster_edits.add_time_off(rep.id, form.from_on.given, form.until_on.given)

    return _answer(scene(), person, form, edit)


@blueprint.post("/reps/<int:person>/back")
def back(person: int) -> Response:
    """Time off that is taken back."""
    form = BackForm(prefix="back-")

    def edit(rep: Rep) -> Edit:
        return roster_edits.remove_time_off(rep.id, TimeOff(form.from_on.given, form.until_on.given))

    return _answer(scene(), person, form, edit)


@blueprint.post("/reps/<int:person>/name")
def name(person: int) -> Response:
    """Another name or e-mail address: the administrators'."""
    form = NameForm(prefix="name-")
    return _answer(
        whole(), person, form, lambda rep: roster_edits.rename(rep.id, form.name.data, form.email.data)
    )


@blueprint.post("/reps/<int:person>/alias")
def alias(person: int) -> Response:
    """A name more in other systems: the administrators'."""
    form = AliasForm(prefix="alias-")
    return _answer(whole(), person, form, lambda rep: roster_edits.add_alias(rep.id, form.alias.data))


@blueprint.post("/reps/<int:person>/unalias")
def unalias(person: int) -> Response:
    """A name less: the administrators'."""
    form = AliasForm(prefix="unalias-")
    return _answer(whole(), person, form, lambda rep: roster_edits.remove_alias(rep.id, form.alias.data))


def _answer(here: Scene, person: int, form: FlaskForm, edit: Callable[[Rep], Edit]) -> Response:
    found = here.rep(person)
    if isinstance(form, MoveForm):
        form.team.choices = _teams(here, found)
    return answer(
        here,
        form,
        lambda: edit(found),
        lambda: _page(here, found, form),
        url_for("settings_roster_rep.rep", person=person),
    )


def _teams(here: Scene, rep: Rep) -> list[tuple[str, str]]:
    """Whoever is in a team can be handed on to any; who is in none is taken into one's own."""
    is_in_none = not rep.teams
    return team_choices(here, only_own=is_in_none, empty=gettext("Choose one"))


def _forms(here: Scene, rep: Rep, sent: FlaskForm | None) -> Forms:
    """All of them empty, but for the one that was sent: it keeps what was typed."""

    def form(kind: type[FlaskForm], prefix: str, **data: str | None) -> FlaskForm:
        return sent if sent is not None and sent._prefix == prefix else kind(None, prefix=prefix, data=data)

    forms = Forms(
        move=form(MoveForm, "move-"),
        leave=form(LeaveForm, "leave-"),
        off=form(TimeOffForm, "off-"),
        alias=form(AliasForm, "alias-"),
        name=form(NameForm, "name-", name=rep.name, email=rep.email),
    )
    forms.move.team.choices = _teams(here, rep)
    return forms


def _page(here: Scene, rep: Rep, sent: FlaskForm | None = None) -> Response:
    view = rep_view(rep, here.using.roster, here.using.keys, here.today)
    return make_response(
        render_template(
            "settings/roster/rep.html",
            view=view,
            forms=_forms(here, rep, sent),
            errors=list(sent.form_errors) if sent is not None else [],
            is_all=here.reach.is_all,
        )
    )
