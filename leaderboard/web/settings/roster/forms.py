"""The forms of the roster's pages, and what is wrong with what was typed into them, in words."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, SelectField, StringField
from wtforms.validators import Optional as MayBeEmpty
from wtforms.validators import ValidationError

from leaderboard.domain.roster import Roster
from leaderboard.services.roster_edits import DEPARTMENTS, EditRefused
from leaderboard.web.forms import Given, blame
from leaderboard.web.languages import N_, gettext
from leaderboard.web.settings.roster.scene import Scene

_FIRST_YEAR, _LAST_YEAR = 1900, 2199

_WORDS: Mapping[str, str] = {
    "need_text": N_("Please fill this in."),
    "need_one_line": N_("Please write it on one line."),
    "too_long": N_("Please take at most %(most)s characters."),
    "bad_text_character": N_("There is a character in it that nobody can see."),
    "bad_email": N_("This is no e-mail address."),
    "bad_id": N_(
        "Small letters, digits, dots, dashes and underscores, please; the first is a letter or digit."
    ),
    "name_taken": N_("This names %(rep)s already."),
    "team_taken": N_("This is the id of %(team)s already."),
    "unknown_team": N_("There is no such team any more. Please choose another one."),
    "unknown_rep": N_("Nobody in the roster is called “%(written)s”. Try the id or the e-mail address."),
    "several_reps": N_("Several reps are called “%(written)s”. Please write the id or the e-mail address."),
    "until_before_from": N_("The last day lies before the first one."),
    "in_no_team": N_("On this day there is no team to leave."),
    "need_from": N_("From which day on?"),
    "need_department": N_("Please choose sales or marketing."),
    "rep_gone": N_("This rep is no longer in the roster."),
    "team_gone": N_("This team is no longer in the roster."),
    "either_or": N_("Either somebody new or somebody who is there: please empty one of the two."),
    "not_yours": N_("Only an administrator may change this."),
    "not_your_days": N_(
        "In these days another manager’s team would change. Ask that manager, or an administrator, to hand over."
    ),
}


class DayField(StringField):  # type: ignore[misc]
    """A date as browsers send it, 2026-07-01; what cannot be read is kept as it was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist[0].strip() if valuelist else ""

    def pre_validate(self, _form: object) -> None:
        if self.data and self.day is None:
            raise ValidationError(gettext("Please give a day such as 2026-07-01."))

    @property
    def day(self) -> dt.date | None:
        """The date; None where nothing, or nothing that is one, was typed."""
        try:
            found = dt.date.fromisoformat(self.data or "")
        except ValueError:
            return None
        return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None

    @property
    def given(self) -> dt.date:
        """The date of a field that was validated and must be filled in."""
        assert self.day is not None
        return self.day


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _text(*validators: object) -> Field:
    return StringField(filters=[_stripped], validators=list(validators) or [MayBeEmpty()])


class MoveForm(FlaskForm):  # type: ignore[misc]
    """In a team from a day on, perhaps until another."""

    team = SelectField(validators=[Given()])
    from_on = DayField(validators=[Given()])
    until_on = DayField(validators=[MayBeEmpty()])


class LeaveForm(FlaskForm):  # type: ignore[misc]
    """The last day in a team."""

    last_on = DayField(validators=[Given()])


class TimeOffForm(FlaskForm):  # type: ignore[misc]
    """Away from a day until another."""

    from_on = DayField(validators=[Given()])
    until_on = DayField(validators=[Given()])


class BackForm(FlaskForm):  # type: ignore[misc]
    """Time off that is taken back."""

    from_on = DayField(validators=[Given()])
    until_on = DayField(validators=[Given()])


class AliasForm(FlaskForm):  # type: ignore[misc]
    """A name in another system."""

    alias = _text(Given())


class NameForm(FlaskForm):  # type: ignore[misc]
    """What somebody is called."""

    name = _text(Given())
    email = _text()


class NewRepForm(FlaskForm):  # type: ignore[misc]
    """Somebody new."""

    name = _text(Given())
    id = _text(Given())
    email = _text()
    team = SelectField(validators=[MayBeEmpty()])
    from_on = DayField(validators=[MayBeEmpty()])


class PlaceForm(FlaskForm):  # type: ignore[misc]
    """A name that waits: in a team as somebody new, or somebody who is there already. Empty: it goes on waiting."""

    name = _text()
    team = SelectField(validators=[MayBeEmpty()])
    from_on = DayField(validators=[MayBeEmpty()])
    rep = _text()


class FileForm(FlaskForm):  # type: ignore[misc]
    """A roster's file; once it was read, its bytes are kept in the form until the yes."""

    file = FileField()
    kept = StringField()
    file_name = StringField()


class TeamForm(FlaskForm):  # type: ignore[misc]
    """A team."""

    name = _text(Given())
    id = _text()
    department = SelectField(validators=[Given()])
    manager = _text()


def team_choices(here: Scene, only_own: bool, empty: str | None = None) -> list[tuple[str, str]]:
    """Teams to choose from, by name; first the empty choice, where there is one."""
    teams = [
        team for team in here.using.roster.teams.values() if not only_own or here.reach.has_team(team.id)
    ]
    named = sorted(((team.id, team.name) for team in teams), key=lambda one: one[1].casefold())
    return named if empty is None else [("", empty), *named]


def department_name(department: str) -> str:
    """`Sales`; another one that a file names is called as it is there."""
    return {"sales": gettext("Sales"), "marketing": gettext("Marketing")}.get(department, department)


def department_choices(roster: Roster, team: str | None) -> list[tuple[str, str]]:
    """The two that there are, and the one that a file gave the team."""
    there = {roster.teams[team].department} if team is not None and team in roster.teams else set()
    return [(one, department_name(one)) for one in (*DEPARTMENTS, *sorted(there - set(DEPARTMENTS)))]


def blame_for(form: Any, refused: EditRefused) -> None:
    """Says beside the field that is to blame, else above the form, what is wrong."""
    words = refusal_words(refused)
    if refused.field in form:
        blame(form[refused.field], words)
    else:
        form.form_errors.append(words)


def refusal_words(refused: EditRefused) -> str:
    """What is wrong, in the reader's language."""
    known = _WORDS.get(refused.code)
    return gettext("This cannot be taken.") if known is None else gettext(known) % dict(refused.params)
