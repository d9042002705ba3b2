"""What every page has around it: who looks, where they can go, in which language and theme."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from flask import Flask, current_app, request, url_for
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from leaderboard.web.languages import LANGUAGES, Language, gettext, is_alone, language
from leaderboard.web.presenters.viewer import Viewer, initials, role_name

PRODUCT = "Leaderboard"
THEME_COOKIE = "theme"
THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """Whose board it is. Before the first rulebook it has no name, and counts in UTC."""

    name: str | None = None
    zone: str = "UTC"
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the few places to go."""

    label: str
    href: str
    icon: str
    is_current: bool


class Shell:
    """Made for each request, and each part only when the template asks for it."""

    product = PRODUCT
    languages = tuple(LANGUAGES.values())

    @cached_property
    def viewer(self) -> Viewer | None:
        """Who is logged in; None at the door."""
        return current_viewer()

    @cached_property
    def organization(self) -> str | None:
        return organization().name

    @cached_property
    def zone(self) -> str:
        return organization().zone.replace("_", " ")

    @cached_property
    def language(self) -> Language:
        return language()

    @cached_property
    def theme(self) -> str | None:
        """`light` or `dark` by choice; None: as the system."""
        chosen = None if is_alone() else getattr(current_user, "theme", None)
        chosen = chosen if chosen in THEMES else request.cookies.get(THEME_COOKIE)
        return chosen if chosen in THEMES else None

    @cached_property
    def csrf_token(self) -> str:
        return str(generate_csrf())

    @cached_property
    def here(self) -> str:
        """Where to come back to after a choice; a form that failed has only its own address."""
        return request.full_path.rstrip("?") if request.method == "GET" else request.path

    @cached_property
    def new_notes(self) -> int:
        """How many notes the viewer has not seen; the page of the notes itself marks its own."""
        if self.viewer is None or request.endpoint == "notes.mine":
            return 0
        return int(getattr(current_user, "new_notes", 0))

    @cached_property
    def initials(self) -> str:
        return initials(self.viewer.name) if self.viewer else ""

    @cached_property
    def role_name(self) -> str:
        return role_name(self.viewer.role) if self.viewer else ""

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Leaderboard, my points, rules, data health, settings: as far as they are this viewer's."""
        return _entries(self.viewer) if self.viewer else ()


def init_app(app: Flask, facts: Callable[[], OrganizationFacts]) -> None:
    """Gives every template its `shell`."""
    app.extensions["organization"] = facts
    app.context_processor(lambda: {"shell": Shell()})


def organization() -> OrganizationFacts:
    """Whose board it is, by the rulebook in force; nobody's while the database is away."""
    if is_alone():
        return OrganizationFacts()
    facts: Callable[[], OrganizationFacts] = current_app.extensions["organization"]
    return facts()


def current_viewer() -> Viewer | None:
    """The login of this request as the presenters know it."""
    if is_alone() or not getattr(current_user, "is_authenticated", False):
        return None
    return Viewer(
        role=current_user.role,
        person_key=current_user.person_id,
        name=getattr(current_user, "name", None) or current_user.email,
        email=current_user.email,
    )


def _entries(viewer: Viewer) -> tuple[Entry, ...]:
    endpoint = request.endpoint or ""
    entries = [Entry(gettext("Leaderboard"), url_for("board.home"), "board", endpoint.startswith("board."))]
    if viewer.person_key is not None:
        is_mine = endpoint in ("me.mine", "awards.mine", "awards.take_along")
        entries.append(Entry(gettext("My points"), url_for("me.mine"), "me", is_mine))
    entries.append(
        Entry(gettext("Rules"), url_for("rules.in_force"), "scales", endpoint.startswith("rules."))
    )
    if viewer.manages:
        href = url_for("data_health.overview")
        entries.append(Entry(gettext("Data health"), href, "health", endpoint.startswith("data_health.")))
        is_settings = endpoint.startswith(("settings.", "settings_"))
        entries.append(Entry(gettext("Settings"), url_for("settings.home"), "settings", is_settings))
    return tuple(entries)
