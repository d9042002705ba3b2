"""What a browser sends of the form of a calendar."""

from dataclasses import replace
from itertools import count, takewhile

from werkzeug.datastructures import MultiDict

from leaderboard.files.rulebook.organization import DAYS
from leaderboard.files.rulebook.regions import subdivisions
from leaderboard.web.presenters.calendar_fields import CalendarFields, copied_to
from leaderboard.web.settings.typed_text import typed_line

_LONGEST = 1_000
_MOST_DATES = 500


def read_calendar(form: MultiDict[str, str]) -> CalendarFields:
    """The fields as they were typed; closed dates in order, without blank rows."""
    closed = [_text(form, f"closed.{number}") for number in _numbers(form)]
    return CalendarFields(
        id=typed_line(form.get("id", "")).lower(),
        zone=_text(form, "zone"),
        week=tuple(_text(form, f"hours.{day}") for day in DAYS),
        country=_text(form, "country"),
        subdivision=_text(form, "subdivision") if _text(form, "country") else "",
        closed=tuple(sorted({one for one in closed if one})),
    )


def rearranged(fields: CalendarFields, act: str) -> CalendarFields:
    """After a press of a button of the form: `copy.5`, `copy.7`, `closed.add`, `closed.cut.2`, `country`."""
    if act == "closed.add":
        return replace(fields, closed=(*fields.closed, ""))
    if act.startswith("closed.cut."):
        kept = (one for number, one in enumerate(fields.closed, 1) if act != f"closed.cut.{number}")
        return replace(fields, closed=tuple(kept))
    if act == "country" and fields.subdivision not in dict(subdivisions(fields.country)):
        return replace(fields, subdivision="")
    return copied_to(fields, act)


def _numbers(form: MultiDict[str, str]) -> list[int]:
    return list(takewhile(lambda number: f"closed.{number}" in form, count(1)))[:_MOST_DATES]


def _text(form: MultiDict[str, str], name: str) -> str:
    return typed_line(form.get(name, ""), _LONGEST)
