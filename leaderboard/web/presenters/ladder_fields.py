"""A ladder of consequences, and suspensions, as the fields of a form, and back: texts in, texts out.

Nothing is judged here: the reader of rulebooks says what is wrong.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from leaderboard.domain.rulebook import MeasureKind
from leaderboard.files.plain import PlainText
from leaderboard.web.presenters.level_fields import typed

Data: TypeAlias = dict[str, Any]

DEDUCT = MeasureKind.DEDUCT.value
BY_MANAGER = "manager"
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DIGITS = 4
_NUMBERS = ("clears_after", "grace_days", "expires_after")


@dataclass(frozen=True, slots=True)
class MeasureFields:
    """One measure of a step; `points` are asked for deductions only."""

    do: str = MeasureKind.NOTIFY_REP.value
    points: str = ""
    needs_approval: bool = False


StepFields: TypeAlias = tuple[MeasureFields, ...]


@dataclass(frozen=True, slots=True)
class LadderFields:
    """Everything that the form of a ladder asks, as it was typed."""

    id: str = ""
    name: str = ""
    description: str = ""
    service_level: str = ""
    steps: tuple[StepFields, ...] = ()
    clears_after: str = ""
    grace_days: str = ""
    expires_after: str = ""


@dataclass(frozen=True, slots=True)
class SuspensionFields:
    """Dates without ladders, as they were typed; `ladders` count only where not all are meant."""

    from_on: str = ""
    until_on: str = ""
    reason: str = ""
    is_for_all: bool = True
    ladders: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether nobody wrote anything here."""
        return not (self.from_on or self.until_on or self.reason)


def fields_of(ladder_id: str, data: Mapping[str, Any]) -> LadderFields:
    """The form's fields of an entry of the document, whatever is wrong with it."""
    return LadderFields(
        id=ladder_id,
        name=_text(data.get("name")),
        description=_text(data.get("description")),
        service_level=_text(data.get("service_level")),
        steps=_steps(data.get("steps")),
        clears_after=_text(data.get("clears_after")),
        grace_days=_text(data.get("grace_days")),
        expires_after=_text(data.get("expires_after")),
    )


def entry_of(fields: LadderFields, before: Mapping[str, Any]) -> Data:
    """The entry of the document: what the form knows as it was typed, anything else as it was before."""
    was = fields_of(fields.id, before)
    made = dict(before)
    for key, value in _written(fields).items():
        if getattr(was, key) == getattr(fields, key) and key in before:
            continue  # as it is written there
        if value == "":
            made.pop(key, None)
        else:
            made[key] = value
    return made


def _written(fields: LadderFields) -> Data:
    return {
        "name": fields.name,
        "description": fields.description,
        "service_level": fields.service_level,
        "steps": [_step_data(step) for step in fields.steps],
        **{key: typed(getattr(fields, key)) for key in _NUMBERS},
    }


def _step_data(step: StepFields) -> object:
    """A step of one measure is that measure, another a list."""
    listed = [_measure_data(one) for one in step]
    return listed[0] if len(listed) == 1 else listed


def _measure_data(one: MeasureFields) -> Data:
    made: Data = {"do": one.do}
    if one.do == DEDUCT and one.points:
        made["points"] = typed(one.points)
    if one.needs_approval:
        made["approval"] = BY_MANAGER
    return made


def _steps(value: Any) -> tuple[StepFields, ...]:
    return tuple(
        tuple(_measure(one) for one in (step if isinstance(step, list) else [step])) for step in _list(value)
    )


def _measure(value: Any) -> MeasureFields:
    data = value if isinstance(value, Mapping) else {}
    approval = data.get("approval")
    return MeasureFields(_text(data.get("do")), _text(data.get("points")), bool(_text(approval)))


# The steps, by buttons


def arranged(steps: Sequence[StepFields], act: str) -> tuple[StepFields, ...]:
    """The steps after a press of a button; those as they are where the button means nothing.

    `add`, `add.2` (a measure to the second step), `up.2`, `down.2`, `cut.2`, `cut.2.1` (its first measure).
    """
    word, *places = act.split(".")
    made = list(steps)
    if word == "add" and not places:
        return (*made, (MeasureFields(),))
    if not places or not all(one.isdecimal() and len(one) < _DIGITS for one in places):
        return tuple(made)
    if not 0 < int(places[0]) <= len(made):
        return tuple(made)
    place = int(places[0]) - 1
    if word == "add":
        made[place] = (*made[place], MeasureFields())
    elif word == "cut" and len(places) == 1:
        del made[place]
    elif word == "cut":
        cut = int(places[-1])
        made[place] = tuple(one for number, one in enumerate(made[place], 1) if number != cut)
    else:
        _move(made, place, {"up": -1, "down": 1}.get(word, 0))
    return tuple(made)


def _move(steps: list[StepFields], place: int, by: int) -> None:
    if 0 <= place + by < len(steps):
        steps.insert(place + by, steps.pop(place))


# Suspensions


def rows_of(value: Any) -> tuple[SuspensionFields, ...]:
    """The rows of the form, of the document's list."""
    return tuple(_row(one if isinstance(one, Mapping) else {}) for one in _list(value))


def _row(data: Mapping[str, Any]) -> SuspensionFields:
    named = data.get("consequences")
    return SuspensionFields(
        _text(data.get("from")),
        _text(data.get("until")),
        _text(data.get("reason")),
        named is None,
        tuple(text for one in _list(named) if (text := _text(one))),
    )


def list_of(rows: Sequence[SuspensionFields], before: Any) -> list[Any]:
    """The document's list; a row that nobody touched as it is written there."""
    written = dict(zip(rows_of(before), _list(before), strict=True))
    return [written[row] if row in written else _row_data(row) for row in rows]


def _row_data(row: SuspensionFields) -> Data:
    made: Data = {"from": _date(row.from_on), "until": _date(row.until_on), "reason": row.reason}
    made = {key: value for key, value in made.items() if value != ""}
    return made if row.is_for_all else {**made, "consequences": list(row.ladders)}


def is_date(text: str) -> bool:
    """Whether a browser's field for dates can hold it."""
    return _DATE.fullmatch(text) is not None


def _date(text: str) -> str:
    return PlainText(text) if is_date(text) else text


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return "" if value is None or isinstance(value, Mapping | list) else str(value).strip()
