"""The roster's part of the settings: its card on the overview, and the ways between its pages."""

from flask import Blueprint, request, url_for
from markupsafe import Markup

from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.roster_saving import names_waiting
from leaderboard.web.formats import number
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.presenters.words import rich, strong
from leaderboard.web.settings.areas import PEOPLE, Area, Need, Stand, Way
from leaderboard.web.settings.roster.scene import Scene, reach, scene

_WAYS = (
    ("settings_roster.home", N_("Teams"), False),
    ("settings_roster_reps.reps", N_("Reps"), False),
    ("settings_roster_unplaced.unplaced", N_("To be placed"), False),
    ("settings_roster_files.files", N_("File"), True),
    ("settings_roster_history.history", N_("History"), True),
)
"""Endpoint, label, and whether it is the administrators' only."""
_PARTS = {"settings_roster_rep": "settings_roster_reps"}
"""A rep's page lies on the way of the reps."""


def _stand(_who: LoggedIn) -> Stand:
    words, waiting = _counted(scene()), names_waiting()
    if not waiting:
        return Stand((words,))
    need = ngettext("%(num)s name waits to be placed", "%(num)s names wait to be placed", waiting)
    return Stand((words,), (Need(need, url_for("settings_roster_unplaced.unplaced")),))


def _counted(here: Scene) -> Markup:
    """How many reps and teams the pages of the roster show to whoever asks."""
    roster, count = here.using.roster, sum(map(here.reach.has_team, here.using.roster.teams))
    seen = sum(here.reach.has_rep(rep, here.today) and not here.has_left(rep) for rep in roster.reps.values())
    reps = strong(ngettext("%(num)s rep", "%(num)s reps", seen))
    if here.reach.is_all:
        teams = ngettext("%(num)s team", "%(num)s teams", count)
        return rich(gettext("%(reps)s in %(teams)s"), reps=reps, teams=strong(teams))
    own = ngettext("%(reps)s in your team", "%(reps)s in your %(num)s teams", count, reps="%(reps)s")
    return rich(own, reps=reps)


AREA = Area(
    key="roster",
    group=PEOPLE,
    label=N_("Teams and reps"),
    title=N_("Teams and reps"),
    icon="roster",
    order=30,
    is_open_to=lambda who: reach(who) is not None,
    stand=_stand,
)


def part(import_name: str, name: str | None = None) -> Blueprint:
    """A blueprint of the part, whose templates know the ways between its pages."""
    blueprint = AREA.blueprint(import_name, part=name)
    blueprint.context_processor(lambda: {"roster_ways": roster_ways})
    return blueprint


def roster_ways() -> tuple[Way, ...]:
    """Those that are theirs; how many names wait stands with theirs."""
    is_all, here = scene().reach.is_all, request.blueprint or ""
    waiting = names_waiting()
    found = []
    for endpoint, label, is_for_all in _WAYS:
        if is_for_all and not is_all:
            continue
        text = gettext(label)
        if endpoint == "settings_roster_unplaced.unplaced" and waiting:
            text = f"{text} ({number(waiting)})"
        found.append(Way(text, url_for(endpoint), _PARTS.get(here, here) == endpoint.partition(".")[0]))
    return tuple(found)
