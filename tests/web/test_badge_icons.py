"""Every icon that a badge may bear is drawn, in the one family with the one stroke."""

import re

import pytest

from leaderboard.domain.badge_icons import BadgeIcon
from leaderboard.settings import ROOT

SPRITE = (ROOT / "static" / "img" / "icons.svg").read_text("utf-8")


@pytest.mark.parametrize("icon", BadgeIcon)
def test_each_icon_has_a_symbol_of_the_family(icon: BadgeIcon) -> None:
    found = re.findall(rf'<symbol id="{icon.value}" ([^>]*)>', SPRITE)
    assert len(found) == 1
    assert 'viewBox="0 0 24 24"' in found[0]
    assert 'stroke-width="1.75"' in found[0]
    assert 'stroke="currentColor"' in found[0]
