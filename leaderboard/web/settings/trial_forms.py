"""The forms of trials: begin one, give it more time, stop it. What was typed stays; faults stand beside the field."""

import datetime as dt
from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, RadioField, StringField, TextAreaField

from leaderboard.domain.periods import Month
from leaderboard.services.trials import LONGEST_REASON, MOST_AT_ONCE, TrialRefused
from leaderboard.web.forms import blame
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.rule_pages import month_name


class _DayField(DateField):  # type: ignore[misc]
    """A day as browsers send it. What is none keeps what was typed, and is None."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(gettext("This is no date.")) from error

    @property
    def text(self) -> str:
        """As it is shown in the field."""
        return str(self._value())


class StartForm(FlaskForm):  # type: ignore[misc]
    """From which month, until which day, and which text was seen."""

    counts_from = RadioField(validate_choice=False)
    last_on = _DayField()
    sha256 = HiddenField()

    def offer(self, months: Iterable[Month], present: Month, last_on: dt.date) -> None:
        """The months there are to choose from; the present one and a day to end on, where nothing was chosen."""
        self.counts_from.choices = [(one.first_on.isoformat(), _month_words(one, present)) for one in months]
        if self.counts_from.raw_data is None and not self.counts_from.data:
            self.counts_from.data = present.first_on.isoformat()
        if self.last_on.raw_data is None:
            self.last_on.data = last_on

    def since(self) -> dt.date | None:
        """The day that was chosen; None, with the fault, for none of these."""
        offered = [value for value, _ in self.counts_from.choices or ()]
        if self.counts_from.data in offered:
            return dt.date.fromisoformat(self.counts_from.data)
        blame(self.counts_from, gettext("Please choose one of these."))
        return None

    def until(self) -> dt.date | None:
        """The day that was typed; None, with the fault, for none."""
        return _day(self.last_on)

    def refuse(self, refused: TrialRefused) -> bool:
        """Says beside the field what is wrong with it; whether it is the matter of one."""
        return _refuse(refused, {"counts_from": self.counts_from, **dict.fromkeys(_OF_DAYS, self.last_on)})


class ExtendForm(FlaskForm):  # type: ignore[misc]
    """A later last day, in place of the one that was seen."""

    until = _DayField()
    seen = HiddenField()

    def day(self) -> dt.date | None:
        """The day that was typed; None, with the fault, for none."""
        return _day(self.until)

    def was(self) -> dt.date:
        """The last day that was seen; one that never was for what is none."""
        try:
            return dt.date.fromisoformat(self.seen.data or "")
        except ValueError:
            return dt.date.min

    def refuse(self, refused: TrialRefused) -> bool:
        """As that of the other forms."""
        return _refuse(refused, dict.fromkeys(_OF_DAYS, self.until))


class StopForm(FlaskForm):  # type: ignore[misc]
    """Why it is stopped."""

    reason = TextAreaField()

    def refuse(self, refused: TrialRefused) -> bool:
        """As that of the other forms."""
        return _refuse(refused, dict.fromkeys(("no_reason", "long_reason"), self.reason))


class PlainForm(FlaskForm):  # type: ignore[misc]
    """A button, with the text that was seen where that matters."""

    sha256 = StringField()


_OF_DAYS = ("ends_too_soon", "ends_before", "ends_too_late", "not_later", "changed_meanwhile")


def refusal_words(code: str) -> str:
    """The sentence of `TrialRefused.code`."""
    words = {
        "no_rules": gettext("No rulebook is in force yet that it could run beside."),
        "withdrawn": gettext("It is withdrawn: take it up again first."),
        "scheduled": gettext("It is scheduled: take that back first."),
        "draft_changed": gettext("The text was changed since you opened it. Please read it again."),
        "problems": gettext("A draft with problems cannot be put in trial."),
        "in_trial": gettext("This draft is in trial already."),
        "too_many": gettext(
            "%(most)s drafts are in trial already, and more at once would be hard to read. Stop one of them first.",
            most=MOST_AT_ONCE,
        ),
        "counts_from": gettext("Please choose one of these."),
        "ends_too_soon": gettext("Please choose a day after today."),
        "ends_before": gettext("It would end before it begins to count."),
        "ends_too_late": gettext("Please choose a day within half a year: a trial is no state to stay in."),
        "not_later": gettext("Please choose a later day. To end it sooner, stop it."),
        "changed_meanwhile": gettext("Somebody changed the last day meanwhile. Please look at it again."),
        "no_reason": gettext("Please say why: whoever reads its result later wants to know."),
        "long_reason": gettext("Please take at most %(most)s characters.", most=LONGEST_REASON),
        "over": gettext("This trial is over."),
        "same_text": gettext("The draft says what is in trial already."),
    }
    return words.get(code, gettext("This could not be done."))


def _refuse(refused: TrialRefused, fields: dict[str, Field]) -> bool:
    field = fields.get(refused.code)
    if field is None:
        return False
    blame(field, refusal_words(refused.code))
    return True


def _day(field: _DayField) -> dt.date | None:
    found: dt.date | None = field.data
    if found is None and not field.errors:
        blame(field, gettext("This is no date."))
    return found


def _month_words(month: Month, present: Month) -> str:
    name = month_name(month.first_on)
    if month == present:
        return gettext("%(month)s, the present month", month=name)
    if month > present:
        return gettext("%(month)s: it begins to count then", month=name)
    return gettext("%(month)s, looking back", month=name)
