"""A draft with people who may and may not edit it, and what its forms would send."""

import html
import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Draft
from leaderboard.services import clock, drafts, login_changes
from leaderboard.services.login_changes import Access
from tests.cast import Cast
from tests.web.house import build_house

ADA, RUI, RIGHTS, ANA = ("ada@example.com", "rui@example.com", "lia@example.com", "ana@example.com")
"""An administrator, a manager, a manager with the right to edit rulebooks, a rep."""


@dataclass(frozen=True)
class DraftRoom:
    """A draft, and the people."""

    cast: Cast
    draft: int
    editor: FlaskClient
    """The browser of the one with the right."""

    @property
    def root(self) -> str:
        return f"/settings/rules/drafts/{self.draft}"

    def document(self) -> str:
        with self.cast.app.app_context():
            return current_session().scalars(select(Draft.document).where(Draft.id == self.draft)).one()

    def theirs(self, document: str) -> None:
        """Somebody else saves."""
        with self.cast.app.app_context():
            drafts.save(self.draft, 1, document, "louder", "test", clock.now())

    def send(self, page: str, changes: dict[str, str] | None = None) -> TestResponse:
        """The form of a page as it stands, but for some values, by the one with the right."""
        browser = self.browser()
        form = fields(browser.get(page).text)
        for name, value in (changes or {}).items():
            form.setlist(name, [value])
        return browser.post(page, data=form)

    def browser(self) -> FlaskClient:
        return self.editor


def build_room(app: Flask, document: str) -> DraftRoom:
    """Acme, and a draft with this text."""
    house = build_house(app)
    with app.app_context():
        login_changes.invite(RIGHTS, Access("manager", may_edit_rules=True), actor="test", now=house.now)
        draft = drafts.create(document, "A draft", "test", clock.now())
    return DraftRoom(house.cast, draft, house.cast.logged_in(RIGHTS))


def fields(page: str) -> MultiDict[str, str]:
    """What the form of a draft's part would send as it stands."""
    page = re.split(r'<form[^>]* id="[a-z]+-form"', page)[1].partition("</form>")[0]
    page = re.sub(r"<datalist.*?</datalist>", "", page, flags=re.DOTALL)
    sent: MultiDict[str, str] = MultiDict()
    for tag in re.finditer(r"<input[^>]*>|<select.*?</select>|<textarea.*?</textarea>", page, re.DOTALL):
        text = tag[0]
        name = re.search(r'name="([^"]+)"', text)
        if name is None or (re.search('type="(checkbox|radio)"', text) and " checked" not in text):
            continue
        if text.startswith("<select"):
            value = re.search(r'value="([^"]*)" selected', text) or re.search(r'value="([^"]*)"', text)
        elif text.startswith("<textarea"):
            value = re.search(r">\n?(.*?)</textarea>", text, re.DOTALL)
        else:
            value = re.search(r'value="([^"]*)"', text)
        sent.add(name[1], html.unescape(value[1] if value else ""))
    return sent
