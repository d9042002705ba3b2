"""Which language a page speaks, and how its numbers and dates are written."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import flask_babel
from babel import Locale
from flask import Flask, current_app, g, has_request_context, request
from flask_login import current_user

CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
LANGUAGE_COOKIE = "language"


@dataclass(frozen=True, slots=True)
class Language:
    """One of the languages we speak: its code, its own name for itself, and the locale it is written in."""

    code: str
    name: str
    locale: str

    @property
    def tag(self) -> str:
        """As HTML and HTTP write it."""
        return self.code.replace("_", "-")


# English dates are written day first and with 24 hours: we speak to an international house, not to one country.
LANGUAGES = {
    language.code: language
    for language in (
        Language("en", "English", "en_GB"),
        Language("pt_BR", "Português (Brasil)", "pt_BR"),
        Language("pt_PT", "Português (Portugal)", "pt_PT"),
    )
}
_FALLBACK = LANGUAGES["en"]


def init_app(app: Flask, organization_locale: Callable[[], str | None], zone_name: Callable[[], str]) -> None:
    """Tells Flask-Babel where the catalogues are and how to choose among them."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    app.extensions["organization_locale"] = organization_locale
    flask_babel.Babel(app, locale_selector=_locale, timezone_selector=zone_name)


def language() -> Language:
    """The language of the page being made: the user's choice, else the cookie's, else the browser's, else ours."""
    if not has_request_context():
        return _FALLBACK
    if "language" not in g:
        g.language = _chosen()
    found: Language = g.language
    return found


def locale() -> Locale:
    """The locale of the page being made."""
    found: Locale | None = flask_babel.get_locale()
    return found or Locale.parse(_FALLBACK.locale)


def zone() -> dt.tzinfo:
    """The organization's time zone."""
    found: dt.tzinfo | None = flask_babel.get_timezone()
    return found or dt.UTC


def gettext(text: str, **values: object) -> str:
    """The text in the page's language. (Flask-Babel bears no types.)"""
    return str(flask_babel.gettext(text, **values))


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The text in the page's language, in the form that the number asks for; `%(num)s` is the number."""
    return str(flask_babel.ngettext(one, many, num, **values))


def known(code: str | None) -> Language | None:
    """The language of a code such as `pt_BR`, `pt-BR` or `pt`; None where we do not speak it."""
    if not code:
        return None
    plain = code.replace("-", "_")
    if plain in LANGUAGES:
        return LANGUAGES[plain]
    first = plain.partition("_")[0].lower()
    return next((one for one in LANGUAGES.values() if one.code.partition("_")[0] == first), None)


def is_alone() -> bool:
    """Whether the page must get by without the database: it is the page that says so."""
    return bool(g.get("is_alone"))


def _locale() -> str:
    return language().locale


def _chosen() -> Language:
    own = None if is_alone() else getattr(current_user, "locale", None)
    return (
        known(own)
        or known(request.cookies.get(LANGUAGE_COOKIE))
        or _accepted()
        or known(_organization_locale())
        or _FALLBACK
    )


def _accepted() -> Language | None:
    """The best of what the browser asks for; `*` asks for nothing in particular."""
    return next(
        (found for code, quality in request.accept_languages if quality and (found := known(code))), None
    )


def _organization_locale() -> str | None:
    if is_alone():
        return None
    ask: Callable[[], str | None] = current_app.extensions["organization_locale"]
    return ask()
