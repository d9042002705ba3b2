"""The key of an entry of a draft, as a form asks for it: what keeps it from being taken."""

from collections.abc import Container

from leaderboard.files.yaml_nodes import LONGEST_KEY
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.form_faults import key_too_long


def key_fault(wanted: str, others: Container[str], taken: str) -> str | None:
    """What is wrong with a key beyond its letters, which the reader of rulebooks sees to.

    `taken` says that one of the others has it.
    """
    if not wanted:
        return gettext("Please fill this in.")
    if len(wanted) > LONGEST_KEY:
        return key_too_long()
    return taken if wanted in others else None
