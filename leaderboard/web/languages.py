"""Which language a page speaks, and how its numbers and dates are written."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import flask_babel
from babel import Locale
from babel.support import NullTranslations, Translations
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


@dataclass(frozen=True, slots=True)
class Speech:
    """How one page speaks: looked up once a request, for a page asks it some hundred times."""

    language: Language
    locale: Locale
    zone: dt.tzinfo
    texts: Translations | NullTranslations


def init_app(app: Flask, organization_locale: Callable[[], str | None], zone_name: Callable[[], str]) -> None:
    """Tells Flask-Babel where the catalogues are and how to choose among them."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CATALOGUES)
    app.extensions["organization_locale"] = organization_locale
    flask_babel.Babel(app, locale_selector=_locale, timezone_selector=zone_name)
    # In place of Flask-Babel's own look-ups, which find their way anew for every text.
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: speech().texts.ugettext(text),
        lambda one, many, num: speech().texts.ungettext(one, many, num),
        newstyle=True,
    )


def language() -> Language:
    """The language of the page being made: the user's choice, else the cookie's, else the browser's, else ours."""
    if not has_request_context():
        return _FALLBACK
    if "language" not in g:
        g.language = _chosen()
    found: Language = g.language
    return found


def speech() -> Speech:
    """How the page being made speaks."""
    if not has_request_context():
        return _speech(_FALLBACK)
    if "speech" not in g:
        g.speech = _speech(language())
    found: Speech = g.speech
    return found


def speak(other: Language) -> None:
    """From here on the page being made speaks another language: that of whom it is for."""
    g.language = other
    g.pop("speech", None)


@contextmanager
def speaking(other: Language) -> Iterator[None]:
    """A piece of the page being made, such as what hangs on a wall, in another language than the rest."""
    own = language()
    speak(other)
    try:
        yield
    finally:
        speak(own)


def locale() -> Locale:
    """The locale of the page being made."""
    return speech().locale


def zone() -> dt.tzinfo:
    """The organization's time zone."""
    return speech().zone


def gettext(text: str, **values: object) -> str:
    """The text in the page's language."""
    found: str = speech().texts.ugettext(text)
    return found % values if values else found


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """The text in the page's language, in the form that the number asks for; `%(num)s` is the number."""
    found: str = speech().texts.ungettext(one, many, num)
    return found % ({"num": num} | values)


def N_(text: str) -> str:  # noqa: N802 -- the name by which texts are found for translation
    """Marks a text that is translated later, where it is used."""
    return text


def known(code: str | None) -> Language | None:
    """The language of a code such as `pt_BR`, `pt-BR` or `pt`; None where we do not speak it."""
    if not code:
        return None
    plain = code.replace("-", "_")
    if plain in LANGUAGES:
        return LANGUAGES[plain]
    first = plain.partition("_")[0].lower()
    return next((one for one in LANGUAGES.values() if one.code.partition("_")[0] == first), None)


def _speech(spoken: Language) -> Speech:
    found: dt.tzinfo | None = flask_babel.get_timezone() if has_request_context() else None
    return Speech(spoken, Locale.parse(spoken.locale), found or dt.UTC, _texts(spoken.code))


@lru_cache(maxsize=len(LANGUAGES))
def _texts(code: str) -> Translations | NullTranslations:
    """The catalogue of a language; English is what the code says."""
    return NullTranslations() if code == _FALLBACK.code else Translations.load(CATALOGUES, [code])


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
