"""What a browser sends of the forms of a ladder and of suspensions."""

from itertools import count, takewhile

from werkzeug.datastructures import MultiDict

from leaderboard.web.presenters.ladder_fields import (
    LadderFields,
    MeasureFields,
    StepFields,
    SuspensionFields,
)
from leaderboard.web.settings.typed_text import typed_line, typed_number, typed_text


def read_ladder(form: MultiDict[str, str]) -> LadderFields:
    """The fields as they were typed."""
    return LadderFields(
        id=_text(form, "id").lower(),
        name=_line(form, "name"),
        description=_text(form, "description"),
        service_level=_text(form, "service_level"),
        steps=tuple(_step(form, number) for number in _numbers(form, "step")),
        clears_after=_number(form, "clears_after"),
        grace_days=_number(form, "grace_days"),
        expires_after=_number(form, "expires_after"),
    )


def read_suspensions(form: MultiDict[str, str]) -> tuple[SuspensionFields, ...]:
    """The rows as they were typed, blank ones too."""
    return tuple(_row(form, f"row.{number}") for number in _numbers(form, "row"))


def _numbers(form: MultiDict[str, str], name: str) -> list[int]:
    """Those that a hidden field announces, from 1 on without a gap."""
    return list(takewhile(lambda number: f"{name}.{number}" in form, count(1)))


def _step(form: MultiDict[str, str], number: int) -> StepFields:
    places = takewhile(lambda place: f"step.{number}.{place}.do" in form, count(1))
    return tuple(_measure(form, f"step.{number}.{place}") for place in places)


def _measure(form: MultiDict[str, str], name: str) -> MeasureFields:
    return MeasureFields(
        _text(form, f"{name}.do"), _number(form, f"{name}.points"), form.get(f"{name}.approval") == "yes"
    )


def _row(form: MultiDict[str, str], name: str) -> SuspensionFields:
    return SuspensionFields(
        _text(form, f"{name}.from"),
        _text(form, f"{name}.until"),
        _text(form, f"{name}.reason"),
        form.get(f"{name}.which") != "some",
        tuple(dict.fromkeys(typed_line(one) for one in form.getlist(f"{name}.ladder"))),
    )


def _text(form: MultiDict[str, str], name: str) -> str:
    return typed_text(form.get(name, ""))


def _line(form: MultiDict[str, str], name: str) -> str:
    return typed_line(form.get(name, ""))


def _number(form: MultiDict[str, str], name: str) -> str:
    return typed_number(form.get(name, ""))
