"""The forms of ladders and suspensions, and the list of them: faults beside their fields, and what people will read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leaderboard.domain.rulebook import Consequence, MeasureKind, Rulebook, StepMeasure
from leaderboard.files.problems import Problem
from leaderboard.services.draft_entries import Tried
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.draft_form import DraftForm
from leaderboard.web.presenters.form_faults import by_field, mistakes
from leaderboard.web.presenters.ladder_fields import (
    DEDUCT,
    LadderFields,
    MeasureFields,
    StepFields,
    SuspensionFields,
    is_date,
)
from leaderboard.web.presenters.ladders import RungView, step_words
from leaderboard.web.presenters.rule_problems import ProblemView, present_problems
from leaderboard.web.presenters.rule_sentences import (
    ladder_sentences,
    level_name,
    suspension_sentence,
)

_RATED_ANYWAY = ("volume", "ratio")
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class LadderBeside:
    """What stands beside the form: the ladder as the person concerned reads it, and what hinders it."""

    rungs: tuple[RungView, ...]
    sentences: tuple[str, ...]
    problems: tuple[str, ...]
    others: tuple[ProblemView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderForm(DraftForm):
    """The page of one ladder's form."""

    is_new: bool
    ladder_id: str
    fields: LadderFields
    levels: tuple[tuple[str, str], ...]
    measures: tuple[tuple[str, str], ...]
    beside: LadderBeside
    copied_from: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionsForm(DraftForm):
    """The page of all suspensions of a draft."""

    rows: tuple[SuspensionFields, ...]
    ladders: tuple[tuple[str, str], ...]
    sentences: tuple[str, ...]
    problems: tuple[str, ...]
    others: tuple[ProblemView, ...]

    def date_type(self, text: str) -> str:
        """A field for dates drops what is none."""
        return "date" if not text or is_date(text) else "text"


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One ladder of a draft's list."""

    id: str
    name: str
    level: str
    description: str
    rungs: tuple[RungView, ...]
    sentences: tuple[str, ...]
    faults: int


@dataclass(frozen=True, slots=True)
class LaddersPage:
    """All ladders of a draft, and when they stand still."""

    draft_id: int
    draft_name: str
    rows: tuple[LadderRow, ...]
    suspensions: tuple[str, ...]
    is_readable: bool


def measure_choices() -> tuple[tuple[str, str], ...]:
    """What a step can do, as the form says it."""
    return (
        (MeasureKind.NOTIFY_REP.value, gettext("a message about it")),
        (MeasureKind.NOTIFY_MANAGER.value, gettext("a message to the manager")),
        (MeasureKind.COACHING.value, gettext("a coaching conversation")),
        (MeasureKind.DEDUCT.value, gettext("points off:")),
        (MeasureKind.PAUSE_ASSIGNMENT.value, gettext("no new leads for now")),
        (MeasureKind.NO_BONUS.value, gettext("no recognition bonus in that quarter")),
    )


def level_choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The service levels whose months are rated."""
    levels = data.get("service_levels")
    listed = levels.items() if isinstance(levels, Mapping) else ()
    return tuple(
        (name, title_of(name, one))
        for name, one in listed
        if isinstance(one, Mapping) and ("target" in one or one.get("measure") in _RATED_ANYWAY)
    )


def ladder_choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """All ladders of a document."""
    ladders = data.get("consequences")
    listed = ladders.items() if isinstance(ladders, Mapping) else ()
    return tuple((name, title_of(name, one)) for name, one in listed)


def title_of(name: str, entry: Any) -> str:
    """The entry's own name, else its key."""
    title = entry.get("name") if isinstance(entry, Mapping) else None
    return title if isinstance(title, str) and title else name


def rungs(steps: Sequence[StepFields]) -> tuple[RungView, ...]:
    """Every step in the words that the person concerned reads."""
    return tuple(RungView(number, _step_told(step), False) for number, step in enumerate(steps, 1))


def _step_told(step: StepFields) -> str:
    if not step:
        return gettext("Nothing happens on this step.")
    made = [_measure(one) for one in step]
    if None in made:
        return gettext("Its words stand here once it is complete.")
    return step_words([one for one in made if one is not None])


def _measure(one: MeasureFields) -> StepMeasure | None:
    if one.do not in {kind.value for kind in MeasureKind}:
        return None
    if one.do != DEDUCT:
        return StepMeasure(MeasureKind(one.do), 0, one.needs_approval)
    is_number = one.points.isascii() and one.points.isdecimal() and len(one.points) <= _MOST_DIGITS
    if not is_number or not int(one.points):
        return None
    return StepMeasure(MeasureKind.DEDUCT, int(one.points), one.needs_approval)


def sentences_of(rule: Consequence, rulebook: Rulebook) -> tuple[str, ...]:
    """What moves it, as the person concerned reads it."""
    first = gettext(
        "Each month in which “%(level)s” is missed leads one step up; the last step repeats.",
        level=level_name(rulebook, rule.service_level),
    )
    return (first, *ladder_sentences(rule, rulebook)[1:])


def present_row(
    name: str, fields: LadderFields, levels: Mapping[str, str], rulebook: Rulebook | None, faults: int
) -> LadderRow:
    """A ladder of the list."""
    rule = None if rulebook is None else rulebook.consequences.get(name)
    told = () if rule is None or rulebook is None else sentences_of(rule, rulebook)
    level = levels.get(fields.service_level, fields.service_level)
    return LadderRow(name, fields.name or name, level, fields.description, rungs(fields.steps), told, faults)


def present_beside(tried: Tried | None, name: str, fields: LadderFields) -> LadderBeside:
    """What stands beside the form; `tried` is None for one that nobody filled in yet."""
    if tried is None:
        return LadderBeside(rungs(fields.steps), (), (), ())
    rule = None if tried.rulebook is None else tried.rulebook.consequences.get(name)
    told = () if rule is None or tried.rulebook is None else sentences_of(rule, tried.rulebook)
    problems = mistakes(tried.own)
    others = present_problems(tried.others, tried.spliced.document)
    return LadderBeside(rungs(fields.steps), told, problems, others)


def suspension_words(rulebook: Rulebook | None, rows: Iterable[SuspensionFields]) -> tuple[str, ...]:
    """Each as it is read; as it is written, where the draft cannot be read."""
    if rulebook is not None:
        return tuple(suspension_sentence(one, rulebook) for one in rulebook.suspensions)
    return tuple(f"{one.from_on} – {one.until_on}: {one.reason}" for one in rows)


def ladder_faults(problems: Iterable[Problem], prefix: str) -> dict[str, tuple[str, ...]]:
    """What is wrong with a ladder, by the field that it belongs to."""
    return _faults(problems, prefix, _ladder_field)


def suspension_faults(problems: Iterable[Problem]) -> dict[str, tuple[str, ...]]:
    """What is wrong with suspensions, by the field that it belongs to."""
    return _faults(problems, "suspensions", _row_field)


def _faults(
    problems: Iterable[Problem], prefix: str, field_of: Callable[[str, str], str]
) -> dict[str, tuple[str, ...]]:
    return by_field(problems, lambda one: field_of(one.key.removeprefix(prefix).removeprefix("."), one.code))


def _ladder_field(key: str, code: str) -> str:
    """`steps.2.points` and `steps.2.1.points` belong to the number of the first measure of the second step."""
    first, *rest = key.split(".")
    if first != "steps" or not rest:
        return first or "id"
    place = rest[1] if len(rest) > 1 and rest[1].isdecimal() else "1"
    is_number = code == "deduct_points" or rest[-1] == "points"
    return f"step.{rest[0]}.{place}" + (".points" if is_number else "")


def _row_field(key: str, _code: str) -> str:
    """`2.consequences.1` belongs to the ladders of the second row."""
    number, _, rest = key.partition(".")
    if not number:
        return "rows"
    name = rest.partition(".")[0]
    return f"row.{number}.{name if name in ('until', 'reason', 'consequences') else 'from'}"
