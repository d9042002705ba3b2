"""What can be edited of a draft: a way to the form of each part, and what stands in it."""

from collections.abc import Callable
from dataclasses import dataclass

from leaderboard.domain.rulebook import Rulebook
from leaderboard.web.languages import N_, gettext, ngettext


@dataclass(frozen=True, slots=True)
class DraftPart:
    """A part of a draft: where its form is (an endpoint that takes the draft's id), and what it holds."""

    endpoint: str
    icon: str
    label: str
    words: str


def draft_parts(rulebook: Rulebook | None) -> tuple[DraftPart, ...]:
    """All of them; without counts where the draft cannot be read as a rulebook."""
    return tuple(
        DraftPart(endpoint, icon, gettext(label), "" if rulebook is None else words(rulebook))
        for endpoint, icon, label, words in _PARTS
    )


def _organization(rulebook: Rulebook) -> str:
    return rulebook.organization.name


def _calendars(rulebook: Rulebook) -> str:
    return ngettext("%(num)s calendar", "%(num)s calendars", len(rulebook.calendars))


def _levels(rulebook: Rulebook) -> str:
    found = len(rulebook.service_levels)
    return ngettext("%(num)s service level", "%(num)s service levels", found)


def _carrots(rulebook: Rulebook) -> str:
    found = (rulebook.badges, rulebook.recognition, rulebook.contests, rulebook.tasks)
    return ngettext("%(num)s thing to win", "%(num)s things to win", sum(len(section) for section in found))


def _ladders(rulebook: Rulebook) -> str:
    return ngettext("%(num)s ladder", "%(num)s ladders", len(rulebook.consequences))


def _text(_rulebook: Rulebook) -> str:
    return gettext("all of it, as YAML")


_PARTS: tuple[tuple[str, str, str, Callable[[Rulebook], str]], ...] = (
    ("settings_rules_organization.home", "handshake", N_("Organization and agreement"), _organization),
    ("settings_rules_calendars.home", "calendar", N_("Calendars"), _calendars),
    ("settings_rules_levels.home", "target", N_("Service levels"), _levels),
    ("settings_rules_carrots.home", "rosette", N_("Badges and prizes"), _carrots),
    ("settings_rules_ladders.home", "step", N_("Ladders"), _ladders),
    ("settings_rules_editor.edit", "pen", N_("Text"), _text),
)
