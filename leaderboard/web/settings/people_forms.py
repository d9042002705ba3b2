"""The forms of people and roles: a new login, and what one is and may do."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import BooleanField, Form, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import StopValidation

from leaderboard.services import users
from leaderboard.services.login_changes import NOBODY, Access
from leaderboard.web.forms import Given, blame
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.people import PARTIES, ROLES, party_name, stamp
from leaderboard.web.presenters.viewer import role_name
from leaderboard.web.settings.typed_text import typed_line

_NO_REP = ""
_LONGEST_NAME = 120


class Listed:
    """One of the choices that the page showed; WTForms would say so in English only."""

    def __call__(self, _form: Form, field: SelectField) -> None:
        if field.data not in {value for value, *_ in field.iter_choices()}:
            raise StopValidation(gettext("Please choose one of these."))


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


def _as_line(text: str | None) -> str | None:
    return typed_line(text, _LONGEST_NAME) if text else text


class AccessForm(FlaskForm):  # type: ignore[misc]
    """Role, rep and rights."""

    role = RadioField(validate_choice=False, validators=[Listed()], default="rep")
    name = StringField(filters=[_as_line])
    rep = SelectField(validate_choice=False, validators=[Listed()], default=_NO_REP)
    may_edit_rules = BooleanField()
    signs_for = SelectField(validate_choice=False, validators=[Listed()], default=NOBODY)
    seen = HiddenField()

    def offer(self, reps: Iterable[tuple[int, str]]) -> None:
        """Fills the choices, in the reader's language."""
        self.role.choices = [(role, role_name(role)) for role in ROLES]
        self.rep.choices = [(_NO_REP, gettext("no rep")), *((str(key), name) for key, name in reps)]
        self.signs_for.choices = [
            (NOBODY, gettext("nobody")),
            *((party, party_name(party)) for party in PARTIES),
        ]

    def show(self, access: Access) -> None:
        """Fills the fields with what a login is now."""
        self.role.data = access.role
        self.rep.data = _NO_REP if access.person_id is None else str(access.person_id)
        self.name.data = access.name or ""
        self.may_edit_rules.data = access.may_edit_rules
        self.signs_for.data = access.signs_for or NOBODY
        self.seen.data = stamp(access)

    def access(self) -> Access:
        """What was chosen; the form is valid."""
        return Access(
            role=self.role.data,
            person_id=int(self.rep.data) if self.rep.data else None,
            may_edit_rules=bool(self.may_edit_rules.data),
            signs_for=None if self.signs_for.data == NOBODY else self.signs_for.data,
            name=self.name.data or None,
        )

    def blame(self, problem: users.UserProblem) -> None:
        """Says what a service refused beside the field that is to blame."""
        field, text = _told(problem)
        if field in self:
            blame(self[field], text)
        else:
            self.form_errors.append(text)


class InviteForm(AccessForm):
    """A new login."""

    email = StringField(filters=[_stripped], validators=[Given()])


def _told(problem: users.UserProblem) -> tuple[str, str]:
    told = {
        "email": ("email", gettext("This is not an email address.")),
        "taken": ("email", gettext("This address has a login already.")),
        "rep": ("rep", gettext("This rep is not there any more. Please choose another.")),
        "last_admin": (
            "role",
            gettext("This is the only administrator. Make somebody else one first."),
        ),
        "own": (
            "role",
            gettext(
                "This is your own login, and you would lock yourself out. Another administrator can do it."
            ),
        ),
        "changed": (
            "",
            gettext("Somebody else changed this login meanwhile. Nothing was saved; below is how it is now."),
        ),
    }
    return told.get(problem.code, ("", gettext("This could not be saved.")))
