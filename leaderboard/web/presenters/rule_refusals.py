"""Why something was not done with a draft, in words."""

from leaderboard.web.languages import gettext


def refusal_words(code: str) -> str:
    """The sentence of `DraftRefused.code`."""
    words = {
        "too_large": gettext("This is larger than any rulebook needs to be (400,000 characters)."),
        "control_character": gettext("The text holds a character that cannot be printed."),
        "no_name": gettext("Please give it a name."),
        "long_name": gettext("The name is one line of at most 120 characters."),
        "renamed_meanwhile": gettext("Somebody gave it another name meanwhile."),
        "scheduled": gettext("It is scheduled: take that back first."),
        "withdrawn": gettext("It is withdrawn: take it up again first."),
        "in_trial": gettext("It is in trial: stop the trial first."),
        "unreadable": gettext("Its text cannot be read: mend that first, or write the month there."),
        "no_right": gettext("You may not sign for either party: an administrator can let you."),
        "changed_meanwhile": gettext("The text was changed since you opened it. Please read it again."),
        "problems": gettext("A draft with problems cannot be signed."),
        "signed_already": gettext("Somebody has signed for this party already."),
        "signed_for_other": gettext("You signed for the other party: nobody signs for both."),
    }
    return words.get(code, gettext("This could not be done."))
