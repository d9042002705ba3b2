"""Teams: who is in which today, and what they are called."""

from dataclasses import dataclass

from flask import Response, abort, make_response, render_template, url_for

from leaderboard.domain.roster import Team
from leaderboard.services.roster_edits import Edit, TypedTeam, add_team, change_team
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.roster import MemberView, TeamCard, member_view, team_cards
from leaderboard.web.settings.roster.area import part
from leaderboard.web.settings.roster.forms import TeamForm, department_choices, department_name
from leaderboard.web.settings.roster.reps import rep_names
from leaderboard.web.settings.roster.saving import answer
from leaderboard.web.settings.roster.scene import Scene, scene, whole

blueprint = part(__name__)
_MOST_MEMBERS = 500


@dataclass(frozen=True, slots=True)
class TeamsView:
    """The page of the teams."""

    cards: tuple[tuple[TeamCard, str], ...]
    """Each with its department's name."""
    is_all: bool


@dataclass(frozen=True, slots=True)
class TeamView:
    """A team's page; `team` is None for a new one."""

    team: Team | None
    form: TeamForm
    members: tuple[MemberView, ...]
    names: tuple[str, ...]
    is_all: bool


@blueprint.get("")
def home() -> Response:
    """A card for each team of theirs."""
    here = scene()
    roster = here.using.roster
    teams = [team for team in roster.teams.values() if here.reach.has_team(team.id)]
    cards = team_cards(roster, teams, here.using.keys, here.today)
    view = TeamsView(tuple((card, department_name(card.department)) for card in cards), here.reach.is_all)
    return page_or_part("settings/roster/teams.html", "roster", view=view)


@blueprint.route("/teams/new", methods=["GET", "POST"])
def new() -> Response:
    """Another team: the administrators'."""
    here = whole()
    form = _form(here, TeamForm(), None)

    def edit() -> Edit:
        return add_team(TypedTeam(form.id.data, form.name.data, form.department.data, form.manager.data))

    def page() -> Response:
        return _page(TeamView(None, form, (), rep_names(here), True))

    if not form.is_submitted():
        return page()
    return answer(here, form, edit, page, url_for("settings_roster.home"))


@blueprint.route("/teams/<team_id>", methods=["GET", "POST"])
def team(team_id: str) -> Response:
    """A team, who is in it, and for administrators its name, department and manager."""
    here = scene()
    found = here.using.roster.teams.get(team_id)
    if found is None or not here.reach.has_team(team_id):
        abort(404)
    typed = {"name": found.name, "department": found.department, "manager": _written(here, found.manager)}
    form = _form(here, TeamForm(data=typed), team_id)

    def edit() -> Edit:
        return change_team(TypedTeam(team_id, form.name.data, form.department.data, form.manager.data))

    def page() -> Response:
        view = TeamView(found, form, _members(here, team_id), rep_names(here), here.reach.is_all)
        return _page(view)

    if not form.is_submitted():
        return page()
    whole()
    return answer(here, form, edit, page, url_for("settings_roster.team", team_id=team_id))


def _written(here: Scene, rep_id: str | None) -> str | None:
    """A rep as one would write them: by name, where nobody else bears it."""
    if rep_id is None:
        return None
    names = here.using.roster.rep_names
    name = names.get(rep_id, rep_id)
    return name if sum(other.casefold() == name.casefold() for other in names.values()) == 1 else rep_id


def _form(here: Scene, form: TeamForm, team_id: str | None) -> TeamForm:
    there = department_choices(here.using.roster, team_id)
    form.department.choices = there if team_id else [("", gettext("Choose one")), *there]
    return form


def _members(here: Scene, team_id: str) -> tuple[MemberView, ...]:
    roster = here.using.roster
    reps = [rep for rep in roster.reps.values() if rep.team_on(here.today) == team_id]
    reps.sort(key=lambda rep: rep.name.casefold())
    return tuple(member_view(rep, roster, here.using.keys, here.today) for rep in reps[:_MOST_MEMBERS])


def _page(view: TeamView) -> Response:
    return make_response(render_template("settings/roster/team.html", view=view))
