"""What each field of a rulebook is called, where a change of it is told."""

from collections.abc import Mapping

from leaderboard.web.languages import N_, gettext

SECTIONS: Mapping[str, str] = {
    "effective_from": N_("In force"),
    "organization": N_("Organization"),
    "agreement": N_("Agreement"),
    "service_levels": N_("Service levels"),
    "calendars": N_("Calendars"),
    "badges": N_("Badges"),
    "recognition": N_("Recognition"),
    "contests": N_("Contests"),
    "tasks": N_("Tasks"),
    "consequences": N_("Consequences"),
    "suspensions": N_("Suspensions"),
    "by_hand": N_("By hand"),
}
"""In the order in which they are told; a section that is not here comes last."""

_COUNTED = {
    "": N_("What is counted"),
    ".events": N_("Counted events"),
    ".worth": N_("What each counts"),
    ".once_per_lead": N_("Each lead once"),
}
_POINTS = {
    "each.exceeded": N_("Points for each exceeded"),
    "each.met": N_("Points for each met"),
    "each.missed": N_("Points for each missed"),
    "month.exceeded": N_("Points for a month exceeded"),
    "month.met": N_("Points for a month met"),
    "month.missed": N_("Points for a month missed"),
}
_NAMED = {"name": N_("Name"), "description": N_("Description")}
_LEVEL = {
    **_NAMED,
    **_POINTS,
    "measure": N_("Measure"),
    "party": N_("Who promises it"),
    "subject": N_("Whose it is"),
    "minimum": N_("Least outcomes for a rating"),
    "target": N_("Target"),
    "exceed": N_("Exceeded from"),
    "start": N_("The clock starts"),
    "stop": N_("The clock stops"),
    "within": N_("Time limit"),
    "within.*": N_("Time limit"),
    "exceed_within": N_("Time limit to exceed it"),
    "exceed_within.*": N_("Time limit to exceed it"),
    "pause": N_("The clock pauses"),
    "resume": N_("The clock goes on"),
    "calendar": N_("Calendar"),
    "on_reassign": N_("When the lead is handed on"),
    "prorate": N_("Scaled by working days of"),
    **{f"counted{key}": label for key, label in _COUNTED.items()},
    **{f"numerator{key}": label for key, label in _COUNTED.items()},
    **{f"denominator{key}": label for key, label in _COUNTED.items()},
}
_FIELDS: Mapping[str, Mapping[str, str]] = {
    "organization": {
        "name": N_("Name"),
        "zone": N_("Time zone"),
        "currency": N_("Currency"),
        "locale": N_("Language"),
        "fiscal_year_start": N_("First month of the fiscal year"),
        "point_value": N_("A point is worth"),
        "closing_after_days": N_("Days until a month is sealed"),
    },
    "agreement": {
        "title": N_("Title"),
        "parties.*": N_("Who stands for it"),
        "definitions.*": N_("Definition"),
        "handover": N_("Handed over with each lead"),
        "review_on": N_("To be reviewed on"),
    },
    "calendars.*": {
        "zone": N_("Time zone"),
        "week.*": N_("Open"),
        "region": N_("Holidays"),
        "closed": N_("Closed dates"),
    },
    "service_levels.*": _LEVEL,
    "badges.*": {
        **_NAMED,
        "rule": N_("Given for"),
        "points": N_("Points"),
        "icon": N_("Icon"),
    },
    "recognition.*": {
        **_NAMED,
        "period": N_("Period"),
        "scope": N_("Who can win"),
        "places": N_("Places"),
        "bonus": N_("Bonus"),
        "badge": N_("Badge"),
    },
    "contests.*": {
        **_NAMED,
        "from_on": N_("From"),
        "until_on": N_("Until"),
        "service_levels": N_("Service levels"),
        "prize.points": N_("Prize in points"),
        "prize.money": N_("Prize in money"),
        "scope": N_("Who can win"),
        "teams": N_("Teams"),
        "by": N_("Goes by"),
        "minimum": N_("Least outcomes to take part"),
        "places": N_("Places"),
    },
    "tasks.*": {
        **_NAMED,
        "until_on": N_("Until"),
        "prize.points": N_("Prize in points"),
        "prize.money": N_("Prize in money"),
        "teams": N_("Teams"),
        "confirm": N_("Confirmed"),
    },
    "consequences.*": {
        **_NAMED,
        "service_level": N_("Service level"),
        "steps.*": N_("Step"),
        "clears_after": N_("Clean months that clear it"),
        "grace_days": N_("Days of grace"),
        "expires_after": N_("Months that a missed one counts"),
    },
    "by_hand": {
        "points": N_("Points a manager may give a month"),
        "badges": N_("Badges a manager may give a month"),
        "alone": N_("Points at once without a second person"),
    },
}

LABELS: Mapping[str, str] = {
    "effective_from": N_("From"),
    "suspensions": N_("Suspension"),
    **{f"{section}.{key}": label for section, known in _FIELDS.items() for key, label in known.items()},
}
"""By the field as `leaderboard.files.rulebook.changes` tells it."""

_SIDES = {"numerator": N_("of how many kept"), "denominator": N_("of how many in all")}


def section_label(section: str) -> str:
    """The heading of a section; its own name where it has none yet."""
    return gettext(SECTIONS[section]) if section in SECTIONS else _plain(section)


def field_label(field: str) -> str:
    """What a field is called; its own name, readably, where it has none yet."""
    if field not in LABELS:
        return _plain(field.replace(".*", "").rpartition(".")[2])
    told = gettext(LABELS[field])
    side = next((one for one in _SIDES if f".{one}" in field), None)
    return told if side is None else f"{told} ({gettext(_SIDES[side])})"


def _plain(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]
