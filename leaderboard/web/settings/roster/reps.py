"""Reps: finding one among many, and somebody new."""

from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for

from leaderboard.domain.roster import Rep
from leaderboard.services.roster_edits import Edit, NewRep, add_rep
from leaderboard.web.htmx import page_or_part
from leaderboard.web.incoming import key_of
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.roster import MemberView, member_view
from leaderboard.web.settings.roster.area import part
from leaderboard.web.settings.roster.forms import NewRepForm, team_choices
from leaderboard.web.settings.roster.saving import answer
from leaderboard.web.settings.roster.scene import Scene, scene, whole

blueprint = part(__name__, "reps")
_A_PAGE = 50
_MOST_NAMES = 400
WHO = ("here", "left", "all")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is asked for."""

    text: str
    team: str
    who: str
    page: int


@dataclass(frozen=True, slots=True)
class RepsView:
    """A page of the list."""

    asked: Asked
    members: tuple[MemberView, ...]
    total: int
    pages: int
    teams: list[tuple[str, str]]
    is_all: bool


@blueprint.get("/reps")
def reps() -> Response:
    """Those that are looked for, by name; 50 a page."""
    here = scene()
    asked = _asked()
    found = sorted(
        (rep for rep in here.using.roster.reps.values() if _is_found(here, rep, asked)),
        key=lambda rep: (rep.name.casefold(), rep.id),
    )
    pages = max(1, -(-len(found) // _A_PAGE))
    page = min(asked.page, pages)
    some = found[(page - 1) * _A_PAGE : page * _A_PAGE]
    view = RepsView(
        Asked(asked.text, asked.team, asked.who, page),
        tuple(member_view(rep, here.using.roster, here.using.keys, here.today) for rep in some),
        len(found),
        pages,
        team_choices(here, only_own=True, empty=gettext("All teams")),
        here.reach.is_all,
    )
    return page_or_part("settings/roster/reps.html", "found", view=view)


def _asked() -> Asked:
    who = request.args.get("who", "here")
    return Asked(
        request.args.get("q", "").strip()[:200],
        request.args.get("team", ""),
        who if who in WHO else "here",
        max(1, request.args.get("page", 1, type=key_of)),
    )


def _is_found(here: Scene, rep: Rep, asked: Asked) -> bool:
    if not here.reach.has_rep(rep, here.today):
        return False
    has_left = here.has_left(rep)
    if asked.who != "all" and has_left != (asked.who == "left"):
        return False
    if asked.team and asked.team not in _teams(here, rep, has_left):
        return False
    folded = asked.text.casefold()
    texts = (rep.name, rep.id, rep.email or "", *rep.aliases)
    return not folded or any(folded in text.casefold() for text in texts)


def _teams(here: Scene, rep: Rep, has_left: bool) -> set[str]:
    """The teams by which the rep is found: today's, or the last one."""
    if has_left:
        return {rep.teams[-1].team}
    team = rep.team_on(here.today)
    return {team} if team is not None else {span.team for span in rep.teams if span.from_on > here.today}


@blueprint.route("/reps/new", methods=["GET", "POST"])
def new() -> Response:
    """Somebody new: the administrators'."""
    here = whole()
    form = NewRepForm(data={"team": request.args.get("team", "")})
    form.team.choices = team_choices(here, only_own=True, empty=gettext("In no team yet"))

    def edit() -> Edit:
        typed = (form.id.data, form.name.data, form.email.data, form.team.data or None)
        return add_rep(NewRep(*typed, form.from_on.day))

    def page() -> Response:
        return make_response(render_template("settings/roster/new_rep.html", form=form))

    if not form.is_submitted():
        return page()
    return answer(here, form, edit, page, url_for("settings_roster_reps.reps", q=form.id.data))


def rep_names(here: Scene) -> tuple[str, ...]:
    """What a field that asks for a rep offers; nothing where there are too many to choose from."""
    found = [rep for rep in here.using.roster.reps.values() if here.reach.has_rep(rep, here.today)]
    if len(found) > _MOST_NAMES:
        return ()
    names = [rep.name for rep in found]
    return tuple(sorted(rep.name if names.count(rep.name) == 1 else rep.id for rep in found))
