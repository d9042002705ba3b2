"""Line-ups as the store keeps them: JSON, and back."""

import json
from typing import Any

from leaderboard.domain.line_ups import EVERY_DAY, MINUTES_A_DAY, LineUp, Slide, SlideKind


def write_line_up(line_up: LineUp) -> str:
    """JSON of a line-up; what is as always is left out."""
    return json.dumps([_told(slide) for slide in line_up.slides], ensure_ascii=False, separators=(",", ":"))


def read_line_up(text: str) -> LineUp:
    """The line-up of such a text."""
    return LineUp(tuple(_slide(told) for told in json.loads(text)))


def _told(slide: Slide) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": slide.kind.value, "seconds": slide.seconds}
    if slide.days != EVERY_DAY:
        told["days"] = sorted(slide.days)
    if (slide.from_minute, slide.until_minute) != (0, MINUTES_A_DAY):
        told |= {"from": slide.from_minute, "until": slide.until_minute}
    if slide.kind is SlideKind.NOTE:
        told |= {"title": slide.title, "text": slide.text}
    return told


def _slide(told: dict[str, Any]) -> Slide:
    return Slide(
        kind=SlideKind(told["kind"]),
        seconds=told["seconds"],
        days=frozenset(told.get("days", EVERY_DAY)),
        from_minute=told.get("from", 0),
        until_minute=told.get("until", MINUTES_A_DAY),
        title=told.get("title", ""),
        text=told.get("text", ""),
    )
