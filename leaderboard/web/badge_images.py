"""A badge as a picture of its own, to be taken along: the icon that pages show, on a medal."""

import re
from functools import lru_cache

from leaderboard.domain.badge_icons import BadgeIcon
from leaderboard.settings import ROOT

_SYMBOL = re.compile(r'<symbol id="([a-z-]+)"[^>]*>(.*?)</symbol>', re.DOTALL)
_KINDS = ("chain", "rosette")
"""Symbols of kinds of badges that are not of the drawn set."""
PICTURES = ROOT / "static" / "img" / "badges"
"""The same as PNG, drawn by tests/browser/medals.py."""
ICONS = frozenset({icon.value for icon in BadgeIcon} | set(_KINDS))

# A picture that leaves the house brings its colours along: the paper and gold of static/css/tokens.css.
_MEDAL = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512" width="512" height="512" role="img">'
    '<path d="M150 318 112 492l70-30 50 44 30-160zM362 318l38 174-70-30-50 44-30-160z" fill="#0f172d"/>'
    '<circle cx="256" cy="212" r="196" fill="#e6a417"/>'
    '<circle cx="256" cy="212" r="178" fill="#fdf2d6"/>'
    '<circle cx="256" cy="212" r="160" fill="none" stroke="#e6a417" stroke-width="4" stroke-dasharray="2 11"'
    ' stroke-linecap="round"/>'
    '<g transform="translate(148 104) scale(9)" fill="none" stroke="#0f172d" stroke-width="1.5"'
    ' stroke-linecap="round" stroke-linejoin="round">'
)


@lru_cache(maxsize=64)
def badge_image(icon: str) -> str:
    """The picture of an icon. Raises KeyError for one that badges do not bear."""
    if icon not in ICONS:
        raise KeyError(icon)
    return f"{_MEDAL}{_symbols()[icon]}</g></svg>"


@lru_cache(maxsize=64)
def badge_png(icon: str) -> bytes:
    """The picture as PNG. Raises KeyError for one that badges do not bear."""
    if icon not in ICONS:
        raise KeyError(icon)
    return (PICTURES / f"{icon}.png").read_bytes()


@lru_cache(maxsize=1)
def _symbols() -> dict[str, str]:
    return dict(_SYMBOL.findall((ROOT / "static" / "img" / "icons.svg").read_text("utf-8")))
