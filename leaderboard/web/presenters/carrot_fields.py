"""Badges, recognition, contests and tasks of a rulebook's document as the fields of a form, and back, as texts.

Nothing is judged here. What is no number or date stays the text that was typed, and the reader of rulebooks says what
is wrong.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from leaderboard.web.presenters.entry_values import list_of, map_of, text_of
from leaderboard.web.presenters.level_fields import LEFT_EMPTY, typed

Data: TypeAlias = dict[str, Any]

BADGES, RECOGNITION, CONTESTS, TASKS = SECTIONS = ("badges", "recognition", "contests", "tasks")
RULES = ("count", "streak", "clean_month", "rank")
BY_HAND = "hand"
KINDS = (*RULES, BY_HAND)
"""What a badge is given for; `hand` is the one without a rule."""

TEXTS: Mapping[str, tuple[str, ...]] = {
    BADGES: (
        "name", "description", "icon", "points", "number", "service_level", "rating", "period", "scope",
    ),
    RECOGNITION: ("name", "description", "period", "scope", "places", "bonus", "badge"),
    CONTESTS: (
        "name", "description", "from", "until", "scope", "by", "minimum", "places", "points", "money",
    ),
    TASKS: ("name", "description", "until", "confirm", "points", "money"),
}  # fmt: skip
NUMBERS = ("points", "number", "places", "bonus", "minimum", "money")
LISTS: Mapping[str, tuple[str, ...]] = {CONTESTS: ("service_levels", "teams"), TASKS: ("teams",)}

_USUAL: Mapping[str, Data] = {
    BADGES: {"rating": "met", "points": 0},
    RECOGNITION: {},
    CONTESTS: {"scope": "rep", "by": "kept", "minimum": 1, "places": 1},
    TASKS: {"confirm": "manager"},
}
"""What is meant where nothing is said: it is written only where it was written before."""
_BEGUN: Mapping[str, Mapping[str, str]] = {
    BADGES: {"rating": "met", "period": "month", "scope": "rep"},
    RECOGNITION: {"period": "month", "scope": "rep", "places": "1"},
    CONTESTS: {"scope": "rep", "by": "kept", "places": "1"},
    TASKS: {"confirm": "manager"},
}


@dataclass(frozen=True, slots=True)
class CarrotFields:
    """Everything that a form asks, as it was typed; `kind` is what a badge is given for."""

    section: str
    id: str = ""
    kind: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")

    @property
    def name(self) -> str:
        """What it is called."""
        return self["name"]


def begun(section: str, kind: str) -> CarrotFields:
    """An empty form."""
    return CarrotFields(section, kind=kind, typed=_BEGUN[section])


def fields_of(section: str, entry_id: str, data: Mapping[str, Any]) -> CarrotFields:
    """The form's fields of an entry of the document, whatever is wrong with it."""
    rule, prize = map_of(data.get("for")), map_of(data.get("prize"))
    kind = next((one for one in RULES if one in rule), BY_HAND) if section == BADGES else ""
    found = {**_BEGUN[section]}
    for name in TEXTS[section]:
        value = data.get(name)
        if section == BADGES and name in ("service_level", "rating", "period", "scope"):
            value = rule.get(name)
        elif section == BADGES and name == "number":
            value = rule.get(kind)
        elif section in (CONTESTS, TASKS) and name in ("points", "money"):
            value = prize.get(name)
        found[name] = text_of(value) or found.get(name, "")
    chosen = {name: list_of(data.get(name)) for name in LISTS.get(section, ())}
    if section == CONTESTS:
        chosen["service_levels"] = _levels_of(data)
    return CarrotFields(section, entry_id, kind, found, chosen)


def _levels_of(data: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*list_of(data.get("service_level")), *list_of(data.get("service_levels")))))


def entry_of(fields: CarrotFields, before: Mapping[str, Any]) -> Data:
    """The entry of the document: what the form knows as it was typed, anything else as it was before."""
    written = {"name": fields.name, "description": fields["description"]} | _WRITTEN[fields.section](fields)
    if fields.section == CONTESTS:
        written |= _contest_levels(fields.chosen.get("service_levels", ()), before)
    return _merged(before, written, _USUAL[fields.section])


def _badge(fields: CarrotFields) -> Data:
    number: Any = typed(fields["number"]) if fields["number"] else LEFT_EMPTY
    given: Data = {one: number if one == fields.kind else "" for one in RULES}
    is_of_level, is_rank = fields.kind in ("count", "streak"), fields.kind == "rank"
    given |= {
        "service_level": fields["service_level"] if is_of_level else "",
        "rating": fields["rating"] if fields.kind == "count" else "",
        "period": fields["period"] if is_rank else "",
        "scope": fields["scope"] if is_rank else "",
    }
    return {
        "for": "" if fields.kind == BY_HAND else given,
        "points": typed(fields["points"]),
        "icon": fields["icon"],
    }


def _recognition(fields: CarrotFields) -> Data:
    return {
        "period": fields["period"],
        "scope": fields["scope"],
        "places": typed(fields["places"]),
        "bonus": typed(fields["bonus"]),
        "badge": fields["badge"],
    }


def _contest(fields: CarrotFields) -> Data:
    by_share = fields["by"] == "share"
    return {
        "from": _day(fields["from"]),
        "until": _day(fields["until"]),
        "scope": fields["scope"],
        "teams": list(fields.chosen.get("teams", ())),
        "by": fields["by"],
        "minimum": typed(fields["minimum"]) if by_share else "",
        "places": typed(fields["places"]),
        "prize": _prize(fields),
    }


def _task(fields: CarrotFields) -> Data:
    return {
        "until": _day(fields["until"]),
        "teams": list(fields.chosen.get("teams", ())),
        "prize": _prize(fields),
        "confirm": fields["confirm"],
    }


_WRITTEN: Mapping[str, Callable[[CarrotFields], Data]] = {
    BADGES: _badge,
    RECOGNITION: _recognition,
    CONTESTS: _contest,
    TASKS: _task,
}


def _prize(fields: CarrotFields) -> Data:
    return {"points": typed(fields["points"]), "money": typed(fields["money"])}


def _contest_levels(chosen: tuple[str, ...], before: Mapping[str, Any]) -> Data:
    """One by `service_level`, several by `service_levels`; nothing to write where they are those of before."""
    is_as_before = set(chosen) == set(_levels_of(before))
    if is_as_before and not ("service_level" in before and "service_levels" in before):
        return {}
    if len(chosen) == 1:
        return {"service_level": chosen[0], "service_levels": ""}
    return {"service_level": "", "service_levels": list(chosen)}


def _day(text: str) -> object:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text


def _merged(before: Mapping[str, Any], written: Mapping[str, Any], usual: Mapping[str, Any]) -> Data:
    made: Data = dict(before)
    for key, value in written.items():
        new = _merged(map_of(before.get(key)), value, usual) if isinstance(value, Mapping) else value
        if new in (None, "", {}, []):
            made.pop(key, None)
        elif key in before and _is_same(before[key], new):
            made[key] = before[key]
        elif key in before or key not in usual or usual[key] != new:
            made[key] = new
    return made


def _is_same(old: Any, new: Any) -> bool:
    """Whether it means the same, so that what nobody changed stays written as it was."""
    if isinstance(old, Mapping) or isinstance(new, Mapping):
        return bool(old == new)
    if isinstance(old, list) or isinstance(new, list):
        return set(list_of(old)) == set(list_of(new))
    written, is_now = typed(text_of(old)), typed(text_of(new))
    if isinstance(written, int | Decimal) and isinstance(is_now, int | Decimal):
        return written == is_now
    return text_of(old) == text_of(new)
