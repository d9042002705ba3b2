"""Two save one part of a draft: what is told of it is so, in every language."""

import pytest
from flask import Flask

from tests.web.settings.draft_room import DraftRoom, build_room, fields
from tests.web.settings.test_rule_level_reading import DOCUMENT


@pytest.fixture
def room(app: Flask) -> DraftRoom:
    return build_room(app, DOCUMENT)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "They changed this too, but nothing that you changed: saving keeps their changes, and yours."),
        ("pt_BR", "mas nada do que você mudou: ao salvar, ficam as mudanças dela e as suas."),
        ("pt_PT", "mas nada do que foi alterado aqui: ao guardar, ficam as alterações dela e as suas."),
    ],
)
def test_two_may_change_different_fields_of_one_thing(room: DraftRoom, language: str, words: str) -> None:
    browser, page = room.browser(), f"{room.root}/service-levels/first-contact"
    browser.set_cookie("language", language)
    form = fields(browser.get(page).text)
    theirs = DOCUMENT.replace("target: 90%", "target: 95%")
    room.theirs(theirs)
    form["name"] = "Mine"
    answer = browser.post(page, data=form)
    assert answer.status_code == 409
    assert words in answer.text
    assert browser.post(page, data=fields(answer.text)).status_code == 302
    assert room.document() == theirs.replace("name: First contact", "name: Mine")
