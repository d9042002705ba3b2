"""The symbol that a badge bears: the one its version chose, else the one of its kind; and the names of all of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from leaderboard.domain.badge_icons import BadgeIcon
from leaderboard.domain.rulebook import Badge
from leaderboard.queries.board_page import BadgeKind, BadgeMark
from leaderboard.queries.marks import badge_kind
from leaderboard.web.languages import N_, gettext

_OF_KIND: Mapping[BadgeKind, str] = {
    BadgeKind.COUNT: "bolt",
    BadgeKind.STREAK: "chain",
    BadgeKind.CLEAN_MONTH: "shield",
    BadgeKind.RANK: "crown",
    BadgeKind.GIVEN: "rosette",
}
_NAMES: Mapping[BadgeIcon, str] = {
    BadgeIcon.BOLT: N_("Bolt"),
    BadgeIcon.CLOCK: N_("Clock"),
    BadgeIcon.COMPASS: N_("Compass"),
    BadgeIcon.CROWN: N_("Crown"),
    BadgeIcon.DIAMOND: N_("Diamond"),
    BadgeIcon.FLAG: N_("Flag"),
    BadgeIcon.FLAME: N_("Flame"),
    BadgeIcon.GEM: N_("Gem"),
    BadgeIcon.HANDSHAKE: N_("Handshake"),
    BadgeIcon.HEART_HAND: N_("Heart in hand"),
    BadgeIcon.LAUREL: N_("Laurel"),
    BadgeIcon.LEAF: N_("Leaf"),
    BadgeIcon.LIGHTHOUSE: N_("Lighthouse"),
    BadgeIcon.MEDAL: N_("Medal"),
    BadgeIcon.MOUNTAIN: N_("Mountain"),
    BadgeIcon.PHONE: N_("Phone"),
    BadgeIcon.PUZZLE: N_("Puzzle"),
    BadgeIcon.ROCKET: N_("Rocket"),
    BadgeIcon.SHIELD: N_("Shield"),
    BadgeIcon.STAR: N_("Star"),
    BadgeIcon.SUN: N_("Sun"),
    BadgeIcon.TARGET: N_("Bull’s eye"),
    BadgeIcon.TROPHY: N_("Trophy"),
    BadgeIcon.WAVE: N_("Wave"),
}


@dataclass(frozen=True, slots=True)
class SignChoice:
    """A symbol to choose: "" is the one of the badge's kind."""

    value: str
    sign: str
    words: str


def sign_of_kind(kind: BadgeKind) -> str:
    """The symbol of a kind of badge."""
    return _OF_KIND[kind]


def sign_of_mark(mark: BadgeMark) -> str:
    """The symbol of a badge that somebody won, by the version that gave it."""
    return mark.icon or _OF_KIND[mark.kind]


def sign_of(badge: Badge) -> str:
    """The symbol of a badge of the rules."""
    return _OF_KIND[badge_kind(badge.rule)] if badge.icon is None else badge.icon.value


def sign_choices(kind: BadgeKind) -> tuple[SignChoice, ...]:
    """The kind's own symbol, then the drawn set by the names of the reader's language."""
    usual = SignChoice("", _OF_KIND[kind], gettext("As usual"))
    drawn = [SignChoice(icon.value, icon.value, gettext(name)) for icon, name in _NAMES.items()]
    return (usual, *drawn)
