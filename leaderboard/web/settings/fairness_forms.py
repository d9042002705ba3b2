"""The form of a look at fairness: which rules, over how many months."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField

from leaderboard.queries.simulations import DraftChoice
from leaderboard.web.forms import blame
from leaderboard.web.languages import gettext, ngettext

IN_FORCE = "in-force"


class FairnessForm(FlaskForm):  # type: ignore[misc]
    """The version in force or a draft, and the last months."""

    rules = SelectField(validate_choice=False)
    months = RadioField(validate_choice=False)

    def offer(
        self, months: Sequence[tuple[int, str]], in_force: str | None, drafts: Sequence[DraftChoice]
    ) -> None:
        """What there is to choose from: numbers of months with what they span, the day of the version, and drafts."""
        self.months.choices = [
            (str(count), ngettext("the last month", "the last %(num)s months", count), span)
            for count, span in months
        ]
        ours = (
            []
            if in_force is None
            else [(IN_FORCE, gettext("The version in force since %(day)s", day=in_force))]
        )
        whole = [one for one in drafts if not one.problems]
        self.rules.choices = [
            *ours,
            *((str(one.id), gettext("The draft “%(name)s”", name=one.name)) for one in whole),
        ]
        if not self.months.data and months:
            self.months.data = str(months[-1][0])

    def chosen_months(self) -> int | None:
        """How many; None, with the fault beside the field, for what was not offered."""
        known = {value for value, _, _ in self.months.choices}
        if self.months.data in known:
            return int(self.months.data)
        self.blame_months(gettext("Please choose one of these."))
        return None

    def blame_rules(self, words: str) -> None:
        """Says beside the field what is wrong with the rules."""
        blame(self.rules, words)

    def blame_months(self, words: str) -> None:
        """Says beside the field what is wrong with the months."""
        blame(self.months, words)
