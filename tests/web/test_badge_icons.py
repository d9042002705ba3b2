"""Every icon that a badge may bear is drawn, in the one family with the one stroke, and stands for the badge."""

import datetime as dt
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from leaderboard.domain.badge_icons import BadgeIcon
from leaderboard.domain.rulebook import Badge, Organization, Rulebook
from leaderboard.domain.versions import Book
from leaderboard.queries.board_page import BadgeKind, BadgeMark
from leaderboard.queries.marks import badge_mark
from leaderboard.settings import ROOT
from leaderboard.web.presenters.badge_signs import sign_of, sign_of_mark

SPRITE = (ROOT / "static" / "img" / "icons.svg").read_text("utf-8")


@pytest.mark.parametrize("icon", BadgeIcon)
def test_each_icon_has_a_symbol_of_the_family(icon: BadgeIcon) -> None:
    found = re.findall(rf'<symbol id="{icon.value}" ([^>]*)>', SPRITE)
    assert len(found) == 1
    assert 'viewBox="0 0 24 24"' in found[0]
    assert 'stroke-width="1.75"' in found[0]
    assert 'stroke="currentColor"' in found[0]


def test_a_badge_bears_the_symbol_that_its_version_chose_and_else_that_of_its_kind() -> None:
    mark = BadgeMark("spark", "Spark", BadgeKind.COUNT)
    assert sign_of_mark(mark) == "bolt"
    assert sign_of_mark(replace(mark, icon="gem")) == "gem"
    assert sign_of(Badge("spark", "Spark", None)) == "rosette"
    assert sign_of(Badge("spark", "Spark", None, icon=BadgeIcon.GEM)) == "gem"


def test_a_badge_keeps_the_symbol_of_the_version_that_gave_it() -> None:
    acme = Organization(name="Acme", zone=ZoneInfo("UTC"), currency="EUR")
    badge = Badge("spark", "Spark")
    before = Rulebook(dt.date(2026, 1, 1), acme, {}, badges={"spark": badge})
    after = Rulebook(dt.date(2026, 2, 1), acme, {}, badges={"spark": replace(badge, icon=BadgeIcon.GEM)})
    book = Book([before, after])
    assert sign_of_mark(badge_mark(book, "spark", "2026-01-01", 1)) == "rosette"
    assert sign_of_mark(badge_mark(book, "spark", "2026-02-01", 1)) == "gem"
