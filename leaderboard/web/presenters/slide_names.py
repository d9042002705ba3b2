"""What slides are called where somebody composes them."""

from collections.abc import Mapping

from leaderboard.web.languages import N_, gettext

_NAMES: Mapping[str, str] = {
    "teams": N_("Teams of the quarter"),
    "reps": N_("First reps of the month"),
    "climbers": N_("Climbing since yesterday"),
    "badges": N_("Fresh badges"),
    "today": N_("Today, in time"),
    "pace": N_("On the way to the targets"),
    "contests": N_("Contests"),
    "sides": N_("Marketing beside sales"),
    "note": N_("An announcement"),
    "soon": N_("Waiting for the first rules"),
}
_WORDS: Mapping[str, str] = {
    "teams": N_("All teams, the bonus at stake, and the days left."),
    "reps": N_("The first places, never more than the upper half, by the names that people chose."),
    "climbers": N_("Who among them has gained places since midnight."),
    "badges": N_("Who was awarded what lately."),
    "today": N_("What was met and exceeded today, as it happens."),
    "pace": N_("Each team with its targets of the month."),
    "contests": N_("What can be won until when, and who is ahead; left out while there is none."),
    "sides": N_("What was delivered, and how soon it was followed up."),
    "note": N_("A headline and a text of your own."),
}


def slide_name(kind: str) -> str:
    """The name of a kind of slide; nothing for a word that is none."""
    return gettext(_NAMES[kind]) if kind in _NAMES else ""


def slide_words(kind: str) -> str:
    """What such a slide shows."""
    return gettext(_WORDS[kind]) if kind in _WORDS else ""
