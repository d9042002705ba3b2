"""The key of an entry of a draft, as a form asks for it: what keeps it from being taken."""

from collections.abc import Container

from leaderboard.files.yaml_nodes import LONGEST_KEY
from leaderboard.web.languages import gettext


def key_fault(wanted: str, others: Container[str], taken: str) -> str | None:
    """What is wrong with a key beyond its letters, which the reader of rulebooks sees to.

    `taken` says that one of the others has it.
    """
    if not wanted:
        return gettext("Please fill this in.")
    if len(wanted) > LONGEST_KEY:
        return gettext(
            "This key is too long: please take at most %(most)s letters, digits and hyphens.",
            most=LONGEST_KEY,
        )
    return taken if wanted in others else None
