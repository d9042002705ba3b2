"""The overview of the settings: what stands where, and what needs somebody."""

from dataclasses import dataclass

from flask import Response

from leaderboard.services.login_sessions import LoggedIn
from leaderboard.web.access import logged_in
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.settings.areas import Area, Stand, grouped, open_areas, overview_blueprint

blueprint = overview_blueprint(__name__)


@dataclass(frozen=True, slots=True)
class Card:
    """A part of the settings as the overview shows it."""

    key: str
    title: str
    icon: str
    href: str
    stand: Stand


@dataclass(frozen=True, slots=True)
class GroupOfCards:
    """Parts that belong together."""

    key: str
    label: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The page."""

    headline: str
    groups: tuple[GroupOfCards, ...]


@blueprint.get("")
def home() -> Response:
    """A card for each part that is theirs."""
    who = logged_in()
    groups = tuple(
        GroupOfCards(group.key, gettext(group.label), tuple(_card(area, who) for area in areas))
        for group, areas in grouped(open_areas(who))
    )
    return page_or_part("settings/home.html", "settings", view=Overview(_headline(groups), groups))


def _card(area: Area, who: LoggedIn) -> Card:
    return Card(area.key, gettext(area.title), area.icon, area.href, area.stand(who))


def _headline(groups: tuple[GroupOfCards, ...]) -> str:
    waiting = sum(len(card.stand.needs) for group in groups for card in group.cards)
    if not waiting:
        return gettext("Nothing needs you")
    return ngettext("%(num)s thing needs somebody", "%(num)s things need somebody", waiting)
