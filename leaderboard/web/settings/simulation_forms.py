"""The form of a simulation: which draft, on which period."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import RadioField, SelectField, TextAreaField

from leaderboard.queries.board_page import PeriodFacts
from leaderboard.queries.simulations import DraftChoice
from leaderboard.web.formats import period_title
from leaderboard.web.forms import blame, missing
from leaderboard.web.languages import gettext, ngettext

DRAFT, FILE, TEXT = "draft", "file", "text"


class SimulationForm(FlaskForm):  # type: ignore[misc]
    """A draft that is kept, a file, or a text, and the period to try it on."""

    period = SelectField(validate_choice=False)
    source = RadioField(validate_choice=False)
    draft = SelectField(validate_choice=False)
    file = FileField()
    text = TextAreaField()

    def offer(
        self,
        quarters: Iterable[PeriodFacts],
        months: Iterable[PeriodFacts],
        drafts: Iterable[DraftChoice],
    ) -> None:
        """What there is to choose from."""
        self.period.choices = {
            gettext("Quarters"): [(one.name, period_title(one)) for one in quarters],
            gettext("Months"): [(one.name, period_title(one)) for one in months],
        }
        self.draft.choices = [(str(one.id), _draft_words(one)) for one in drafts]
        kept = [(DRAFT, gettext("A draft"))] if self.draft.choices else []
        self.source.choices = [*kept, (FILE, gettext("A file")), (TEXT, gettext("A text"))]
        if not self.source.data:
            self.source.data = self.source.choices[0][0]

    def document(self, draft_text: str | None) -> tuple[str, str] | None:
        """The YAML and its name; None, with the fault beside the field, where there is none."""
        if self.source.data == TEXT:
            if (self.text.data or "").strip():
                return self.text.data, gettext("A text")
            blame(self.text, gettext("Please paste the rulebook here."))
        elif self.source.data == FILE:
            return self._uploaded()
        elif draft_text is None:
            blame(self.draft, gettext("Please choose one of these."))
        else:
            names = dict(self.draft.choices or ())
            return draft_text, names.get(self.draft.data, "")
        return None

    def _uploaded(self) -> tuple[str, str] | None:
        content = self.file.data.read() if self.file.data else b""
        if not content:
            blame(self.file, missing(is_sent=bool(self.file.data)))
            return None
        try:
            return content.decode("utf-8-sig"), self.file.data.filename or ""
        except UnicodeDecodeError:
            blame(self.file, gettext("This is no text in UTF-8. Please choose a rulebook in YAML."))
            return None

    def blame_document(self, words: Iterable[str]) -> None:
        """Says beside the field that the draft came by what is wrong with it."""
        field = {DRAFT: self.draft, FILE: self.file}.get(self.source.data or "", self.text)
        for one in words:
            blame(field, one)


def _draft_words(draft: DraftChoice) -> str:
    if not draft.problems:
        return draft.name
    problems = ngettext("%(num)s problem", "%(num)s problems", draft.problems)
    return gettext("%(name)s (%(problems)s)", name=draft.name, problems=problems)
