"""The forms of the doors. Labels stand in the templates, faults here."""

from flask_wtf import FlaskForm
from wtforms import Field, Form, PasswordField, StringField
from wtforms.validators import StopValidation

from leaderboard.services.passwords import LEAST_CHARACTERS, MOST_CHARACTERS, Flaw
from leaderboard.web.languages import gettext

_LONGEST_NAME = 120


class Given:
    """The field must be filled in."""

    field_flags = {"required": True}  # noqa: RUF012 -- as WTForms reads it

    def __call__(self, _form: Form, field: Field) -> None:
        if not field.data:
            raise StopValidation(gettext("Please fill this in."))


class SameAs:
    """The field repeats another one."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, form: Form, field: Field) -> None:
        if field.data != form[self._name].data:
            raise StopValidation(gettext("The two passwords are not the same."))


def _stripped(text: str | None) -> str | None:
    return text.strip() if text else text


class LoginForm(FlaskForm):  # type: ignore[misc]
    """Come in."""

    email = StringField(filters=[_stripped], validators=[Given()])
    password = PasswordField(validators=[Given()])


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    """Choose a password."""

    password = PasswordField(validators=[Given()])
    again = PasswordField(validators=[Given(), SameAs("password")])


class ChangePasswordForm(NewPasswordForm):
    """Change the password that one has."""

    current = PasswordField(validators=[Given()])


def _as_name(text: str | None) -> str | None:
    return " ".join(text.split())[:_LONGEST_NAME] if text else text


class SetupForm(NewPasswordForm):
    """Make the first administrator."""

    code = StringField(filters=[_stripped], validators=[Given()])
    name = StringField(filters=[_as_name])
    email = StringField(filters=[_stripped], validators=[Given()])


def missing(is_sent: bool) -> str:
    """What is wrong with a file of which nothing came: none was chosen, or it is empty."""
    return gettext("This file is empty.") if is_sent else gettext("Please choose a file.")


def blame(field: Field, text: str) -> None:
    """Says beside the field what is wrong with it."""
    field.errors = [*field.errors, text]


def flaw_text(flaw: Flaw) -> str:
    """Why a password is not taken, in words."""
    words = {
        Flaw.TOO_SHORT: gettext("Please take at least %(least)s characters.", least=LEAST_CHARACTERS),
        Flaw.TOO_LONG: gettext("Please take at most %(most)s characters.", most=MOST_CHARACTERS),
        Flaw.TOO_PLAIN: gettext("This one is too easy to guess. Please take another."),
    }
    return words[flaw]
