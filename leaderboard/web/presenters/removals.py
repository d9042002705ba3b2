"""What is asked before a part of a draft goes; or what still names it, each with the way to its form."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for

from leaderboard.queries.rule_versions import DraftFacts
from leaderboard.services.draft_entries import CALENDARS, naming_calendar
from leaderboard.web.languages import N_, gettext
from leaderboard.web.presenters.carrot_fields import BADGES, CONTESTS, RECOGNITION
from leaderboard.web.presenters.entry_values import map_of, text_of
from leaderboard.web.presenters.ladder_fields import rows_of

LEVELS, LADDERS = "service_levels", "consequences"

_LISTS: Mapping[str, tuple[str, str]] = {
    CALENDARS: ("settings_rules_calendars.home", N_("Calendars")),
    LEVELS: ("settings_rules_levels.home", N_("Service levels")),
    LADDERS: ("settings_rules_ladders.home", N_("Ladders")),
}
_CARROTS = ("settings_rules_carrots.home", N_("Badges and prizes"))
_NAME_LEVELS = (
    (BADGES, N_("badge"), "rosette"),
    (LADDERS, N_("ladder"), "step"),
    (CONTESTS, N_("contest"), "flag"),
)
_GOES: Mapping[str, str] = {
    CALENDARS: N_("No service level names it, so no clock changes."),
    LEVELS: N_(
        "Nothing else in this draft names it. From the day on which this draft comes into force nobody is "
        "measured by it any more; what was booked before stays."
    ),
    LADDERS: N_(
        "From the day on which this draft comes into force nobody stands on it any more; what was decided "
        "and booked before stays."
    ),
}
_CARROT_GOES = N_(
    "Nothing else in this draft names it. From the day on which this draft comes into force nobody wins it "
    "any more; what was booked before stays."
)


@dataclass(frozen=True, slots=True)
class Named:
    """What names an entry still: what it is, its own name, and where it is edited."""

    kind: str
    name: str
    href: str
    icon: str


@dataclass(frozen=True, slots=True)
class Removal:
    """The page. `home` is the address of the list of its kind, which `kind` calls by name."""

    draft_id: int
    draft_name: str
    revision: int
    name: str
    kind: str
    home: str
    named_by: tuple[Named, ...]
    advice: str
    """What to do about those that name it; where none does, what its going means."""
    fault: str | None = None


def present_removal(found: DraftFacts, data: Mapping[str, Any], section: str, key: str) -> Removal:
    """The page of one entry of a draft, which must be there."""
    named = tuple(_naming(data, found.id, section, key))
    return Removal(
        draft_id=found.id,
        draft_name=found.name,
        revision=found.revision,
        name=_title(key, map_of(data.get(section)).get(key)),
        kind=gettext(_list_of(section)[1]),
        home=home_of(section, found.id),
        named_by=named,
        advice=_advice(section) if named else gettext(_GOES.get(section, _CARROT_GOES)),
    )


def home_of(section: str, draft_id: int) -> str:
    """The address of the list of a kind of entries."""
    return url_for(_list_of(section)[0], draft_id=draft_id)


def _list_of(section: str) -> tuple[str, str]:
    return _LISTS.get(section, _CARROTS)


def _advice(section: str) -> str:
    if section == BADGES:
        return gettext("They give it to whoever wins. Let them give another, or none, first.")
    return gettext("They would mean nothing without it. Take them out, or let them name another, first.")


def _naming(data: Mapping[str, Any], draft_id: int, section: str, key: str) -> Iterator[Named]:
    """What of a document names an entry; only these four are ever named."""
    if section == LEVELS:
        yield from _naming_level(data, draft_id, key)
    elif section == BADGES:
        for name, entry in map_of(data.get(RECOGNITION)).items():
            if text_of(map_of(entry).get("badge")) == key:
                href = _carrot(draft_id, RECOGNITION, name)
                yield Named(gettext("recognition"), _title(name, entry), href, "prize")
    elif section == LADDERS:
        href = url_for("settings_rules_suspensions.edit", draft_id=draft_id)
        for one in rows_of(data.get("suspensions")):
            if not one.is_for_all and key in one.ladders:
                told = f"{one.from_on} – {one.until_on}: {one.reason}"
                yield Named(gettext("suspension"), told, href, "pause")
    elif section == CALENDARS:
        levels = map_of(data.get(LEVELS))
        for name in dict.fromkeys(level for level, _ in naming_calendar(data, key)):
            href = url_for("settings_rules_levels.edit", draft_id=draft_id, level_id=name)
            yield Named(gettext("service level"), _title(name, levels[name]), href, "target")


def _naming_level(data: Mapping[str, Any], draft_id: int, key: str) -> Iterator[Named]:
    for section, kind, icon in _NAME_LEVELS:
        for name, entry in map_of(data.get(section)).items():
            if key not in _levels_in(map_of(entry)):
                continue
            if section == LADDERS:
                href = url_for("settings_rules_ladders.edit", draft_id=draft_id, ladder_id=name)
            else:
                href = _carrot(draft_id, section, name)
            yield Named(gettext(kind), _title(name, entry), href, icon)


def _levels_in(entry: Mapping[str, Any]) -> list[str]:
    several = entry.get("service_levels")
    return [
        str(one)
        for one in (
            entry.get("service_level"),
            map_of(entry.get("for")).get("service_level"),
            *(several if isinstance(several, list) else ()),
        )
        if one is not None
    ]


def _carrot(draft_id: int, section: str, name: str) -> str:
    return url_for("settings_rules_carrots.edit", draft_id=draft_id, section=section, entry_id=name)


def _title(name: str, entry: Any) -> str:
    return text_of(map_of(entry).get("name")) or name
