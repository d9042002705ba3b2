"""How the groups of a look at fairness are called."""

from typing import Any

from leaderboard.web.formats import number
from leaderboard.web.languages import N_, gettext, ngettext

Document = dict[str, Any]

GROUPINGS = {
    "team": N_("By team"),
    "tenure": N_("By time in the company"),
    "leads": N_("By leads handed to them in the month"),
}
STANDS = {
    "more": N_("more often than the others"),
    "less": N_("less often than the others"),
    "alike": N_("as the others, as far as can be told"),
}
STANDS_BRIEFLY = {"more": N_("more often"), "less": N_("less often"), "alike": ""}
_TENURES = {
    "new": N_("Under 3 months"),
    "settled": N_("3 to 12 months"),
    "seasoned": N_("Over a year"),
    "": N_("First day not known"),
}
_TENURES_WHO = {
    "new": N_("Reps with under 3 months"),
    "settled": N_("Reps with 3 to 12 months"),
    "seasoned": N_("Reps with over a year"),
    "": N_("Reps whose first day is not known"),
}


def group_name(grouping: str, group: Document, bands: Document | None) -> str:
    """As beside its dot."""
    key = group["key"]
    if grouping == "team":
        return group["name"] or gettext("In no team")
    if grouping == "tenure":
        return gettext(_TENURES[key])
    few, middle = _ends(bands)
    return {
        "none": gettext("None"),
        "few": gettext("Up to %(most)s", most=number(few)),
        "middle": gettext("%(least)s to %(most)s", least=number(few + 1), most=number(middle)),
        "many": gettext("Over %(most)s", most=number(middle)),
    }[str(key)]


def group_who(grouping: str, group: Document, bands: Document | None) -> str:
    """Those of it, as the beginning of a sentence; a team by its name."""
    key = group["key"]
    if grouping == "team":
        return group["name"] or gettext("Reps in no team")
    if grouping == "tenure":
        return gettext(_TENURES_WHO[key])
    few, middle = _ends(bands)
    return {
        "none": gettext("Reps without leads"),
        "few": ngettext(
            "Reps with %(most)s lead in the month",
            "Reps with up to %(most)s leads in the month",
            few,
            most=number(few),
        ),
        "middle": gettext(
            "Reps with %(least)s to %(most)s leads in the month", least=number(few + 1), most=number(middle)
        ),
        "many": ngettext(
            "Reps with over %(most)s lead in the month",
            "Reps with over %(most)s leads in the month",
            middle,
            most=number(middle),
        ),
    }[str(key)]


def _ends(bands: Document | None) -> tuple[int, int]:
    return (0, 0) if bands is None else (bands["few_until"], bands["middle_until"])
