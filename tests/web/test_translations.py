"""All three languages are complete, fresh and natural; no text of a template escapes them."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from leaderboard.files.messages import ENGLISH
from leaderboard.settings import ROOT
from leaderboard.web.languages import CATALOGUES, LANGUAGES
from leaderboard.web.presenters.reasons import SPOKEN

TRANSLATED = sorted(code for code in LANGUAGES if code != "en")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# What the one country says and the other does not.
OF_BRAZIL = r"\b(você|equipe|equipes|arquivo|senha|usuário|registr\w+|contato|console|celular|tela)\b"
OF_PORTUGAL = r"\b(equipa|equipas|ficheiro|palavra-passe|utilizador|regist[oae]\w*|contacto|consola|ecrã)\b"


def catalogue(code: str) -> Catalog:
    with (CATALOGUES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=code)


@lru_cache(maxsize=1)
def in_the_code() -> frozenset[str]:
    python = extract_from_dir(str(ROOT / "leaderboard"), [("**.py", "python")])
    pages = extract_from_dir(
        str(ROOT / "templates"), [("**.html", "jinja2")], {"**.html": {"silent": "false"}}
    )
    texts = (message for _, _, message, _, _ in (*python, *pages))
    return frozenset(text if isinstance(text, str) else text[0] for text in texts)


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_is_translated_and_none_is_left_over(code: str) -> None:
    known = {_first(message.id) for message in catalogue(code) if message.id}
    wanted = in_the_code()
    assert sorted(wanted - known) == []
    assert sorted(known - wanted) == []


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_empty_or_a_guess_or_loses_a_figure(code: str) -> None:
    messages = catalogue(code)
    for message in messages:
        if message.id:
            forms = _forms(message.string)
            assert all(forms), message.id
            assert not message.fuzzy, message.id
            assert list(message.check(messages)) == [], message.id


@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_loaded_was_made_of_what_is_read(code: str) -> None:
    with (CATALOGUES / code / "LC_MESSAGES" / "messages.mo").open("rb") as file:
        made = read_mo(file)
    assert by_text(made) == by_text(catalogue(code)), "pybabel compile"


def by_text(messages: Catalog) -> dict[str, list[str]]:
    """Translations by their text; both kinds of file have sequences of their own for plurals."""
    return {_first(message.id): list(_forms(message.string)) for message in messages if message.id}


def _first(text: str | Sequence[str]) -> str:
    return text if isinstance(text, str) else text[0]


def _forms(text: str | Sequence[str]) -> Sequence[str]:
    return (text,) if isinstance(text, str) else text


@pytest.mark.parametrize(("code", "foreign"), [("pt_BR", OF_PORTUGAL), ("pt_PT", OF_BRAZIL)])
def test_each_portuguese_is_its_own(code: str, foreign: str) -> None:
    for message in catalogue(code):
        if message.id:
            forms = _forms(message.string)
            assert not any(re.search(foreign, form, re.IGNORECASE) for form in forms), message.string


def bare_texts(template: str) -> Iterator[str]:
    """What a reader would see of a template that no gettext call gives."""
    text = re.sub(
        r"\{#.*?#\}|<svg.*?</svg>|<code.*?</code>|<script.*?</script>| class=\"[^\"]*\"",
        " ",
        template,
        flags=re.DOTALL,
    )
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", text, flags=re.DOTALL)
    spoken = re.findall(r'(?:title|alt|placeholder|aria-label)="([^"]*)"', text)
    for piece in (*re.split(r"<[^>]*>", text), *spoken):
        yield from re.findall(r"[A-Za-zÀ-ÿ]{2,}", piece)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_no_text_of_its_own(path: Path) -> None:
    assert list(bare_texts(path.read_text("utf-8"))) == []


def test_every_reason_for_refusing_an_event_is_marked_for_translation() -> None:
    """Those of other files are met on the command line, which speaks English."""
    told = list(ENGLISH)
    met = {ENGLISH[code] for code in told[told.index("field_missing") :]}
    assert sorted(met ^ set(SPOKEN)) == []
