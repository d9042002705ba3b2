"""The parts of the settings: each says once what it is, who may open it, and how things stand in it.

A part is a module of this package with an `Area` and the blueprint made of it; registering the blueprint
(leaderboard/web/site.py) brings its card on the overview and its entry in the navigation, both under its group.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from flask import Blueprint, abort, current_app, request, url_for
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

from leaderboard.services.login_sessions import LoggedIn
from leaderboard.web.access import logged_in
from leaderboard.web.languages import N_, gettext

_AREAS = "settings_areas"
_PREFIX = "settings_"
OVERVIEW = "settings.home"


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that belong together: one entry of the navigation. `label` is a text of the catalogues."""

    key: str
    label: str


RULES = Group("rules", N_("Rules"))
PEOPLE = Group("people", N_("People"))
DECISIONS = Group("decisions", N_("Decisions"))
SCREENS = Group("screens", N_("Screens"))
RECORD = Group("record", N_("Record"))
GROUPS = (RULES, PEOPLE, DECISIONS, SCREENS, RECORD)
"""In the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for somebody, and where to do it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Stand:
    """How things stand in a part: a few sentences, and what needs attention."""

    words: tuple[str | Markup, ...]
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the settings. Its pages lie under /settings/`key`, the first of them is the view `home`.

    `label` (short, for the navigation) and `title` (for the card) are texts of the catalogues, marked by `N_`.
    `order` is its place among the parts of its group.
    """

    key: str
    group: Group
    label: str
    title: str
    icon: str
    order: int
    is_open_to: Callable[[LoggedIn], bool]
    stand: Callable[[LoggedIn], Stand]

    def blueprint(self, import_name: str, part: str | None = None) -> Blueprint:
        """A blueprint under the part's address that is nobody else's to open: 404, as if nothing were there.

        A part of several modules names all but the first.
        """
        name = f"{_PREFIX}{self.key}" + (f"_{part}" if part else "")
        blueprint = Blueprint(name, import_name, url_prefix=f"/settings/{self.key}")
        blueprint.before_request(self._guard)
        blueprint.context_processor(_navigation)
        if part is None:
            blueprint.record_once(partial(_add, self))
        return blueprint

    @property
    def href(self) -> str:
        return url_for(f"{_PREFIX}{self.key}.home")

    @property
    def is_current(self) -> bool:
        """Whether the page being made is one of its own."""
        name = f"{_PREFIX}{self.key}"
        found = request.blueprint or ""
        return found == name or found.startswith(f"{name}_")

    def _guard(self) -> None:
        if not self.is_open_to(logged_in()):
            abort(404)


@dataclass(frozen=True, slots=True)
class Way:
    """An entry of the navigation between the parts."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Ways:
    """The navigation: the overview and the groups, and the parts of the group that is open, where it has several."""

    groups: tuple[Way, ...]
    group: str
    parts: tuple[Way, ...]


def overview_blueprint(import_name: str) -> Blueprint:
    """The blueprint of /settings itself: for managers and administrators."""
    blueprint = Blueprint("settings", import_name, url_prefix="/settings")
    blueprint.before_request(_guard_overview)
    blueprint.context_processor(_navigation)
    return blueprint


def open_areas(who: LoggedIn) -> tuple[Area, ...]:
    """The parts that are theirs, group by group, in order."""
    areas: Iterable[Area] = current_app.extensions.get(_AREAS, ())
    theirs = (area for area in areas if area.is_open_to(who))
    return tuple(sorted(theirs, key=lambda area: (GROUPS.index(area.group), area.order)))


def grouped(areas: Iterable[Area]) -> tuple[tuple[Group, tuple[Area, ...]], ...]:
    """Parts in order, by their groups."""
    return tuple((group, tuple(found)) for group, found in groupby(areas, lambda area: area.group))


def _add(area: Area, state: BlueprintSetupState) -> None:
    state.app.extensions.setdefault(_AREAS, []).append(area)


def _guard_overview() -> None:
    if logged_in().role not in ("manager", "admin"):
        abort(404)


def _navigation() -> dict[str, Callable[[], Ways]]:
    """Asked for by the layout only: a page for a failure of ours asks nothing of nobody."""
    return {"settings_ways": _ways}


def _ways() -> Ways:
    groups = grouped(open_areas(logged_in()))
    here = next((areas for _, areas in groups if any(area.is_current for area in areas)), ())
    ways = tuple(_group_way(group, areas, areas is here) for group, areas in groups)
    overview = Way(gettext("Overview"), url_for(OVERVIEW), request.endpoint == OVERVIEW)
    parts = here if len(here) > 1 else ()
    return Ways(
        (overview, *ways),
        gettext(here[0].group.label) if here else "",
        tuple(Way(gettext(area.label), area.href, area.is_current) for area in parts),
    )


def _group_way(group: Group, areas: tuple[Area, ...], is_current: bool) -> Way:
    """A group leads to its first part; where that is the only one, it is named by it."""
    label = group.label if len(areas) > 1 else areas[0].label
    return Way(gettext(label), areas[0].href, is_current)
