"""The form of a service level, and the list of them: choices, faults beside their fields, and what comes of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from babel.dates import format_skeleton

from leaderboard.domain.periods import Month
from leaderboard.files.problems import Problem
from leaderboard.files.yaml_nodes import path_of
from leaderboard.services.attainment import Attainment
from leaderboard.web.formats import number, percent
from leaderboard.web.languages import N_, gettext, locale, ngettext
from leaderboard.web.presenters.draft_form import DraftForm
from leaderboard.web.presenters.form_faults import by_field, fault_words, is_missing
from leaderboard.web.presenters.level_fields import OTHERWISE, RATINGS, ROWS, CountedFields, LevelFields
from leaderboard.web.presenters.level_sentences import LevelView
from leaderboard.web.presenters.rule_problems import ProblemView
from leaderboard.web.presenters.words import event_word

KNOWN_EVENTS = (
    "lead.created", "lead.graded", "lead.marketing_qualified", "lead.assigned", "lead.contact_attempted",
    "lead.contacted", "lead.accepted", "lead.qualified", "lead.disqualified", "lead.returned", "lead.paused",
    "lead.resumed", "opportunity.created", "opportunity.won", "opportunity.lost",
)  # fmt: skip
NOT_OFFERED = ("outcome.recorded", "lead.excluded", "event.voided", "task.completed")

_KINDS: Mapping[str, tuple[str, str, str]] = {
    "response": (
        N_("A clock for each lead"),
        N_("Something is done within a time: a first contact, a verdict on a lead."),
        "clock",
    ),
    "recorded": (
        N_("Another system’s verdict"),
        N_("A score or a check that is made elsewhere and sent here."),
        "verdict",
    ),
    "volume": (N_("How many, how much"), N_("A sum in the month: qualified leads, revenue won."), "target"),
    "ratio": (N_("How many of how many"), N_("A share of two sums: accepted of handed over."), "board"),
}  # fmt: skip
_FIELDS: Mapping[str, str] = {
    "stop.event": "stop",
    "stop.count": "count",
    "stop.distinct": "distinct",
    "stop.apart": "apart",
}
POINTS = tuple(f"points.{row}.{rating}" for row in ROWS for rating in RATINGS)
"""The fields of the points, each with faults of its own."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A measure to choose from."""

    measure: str
    label: str
    hint: str
    icon: str


@dataclass(frozen=True, slots=True)
class EventChoice:
    """A type of event: its name, and in words."""

    type: str
    words: str


@dataclass(frozen=True, slots=True)
class AttainmentView:
    """Last month at a setting, in words."""

    figure: str
    sentence: str
    subjects: str
    note: str
    share: float


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the form: the sentence that it makes, or what is missing for one."""

    level: LevelView | None
    problems: tuple[str, ...]
    others: tuple[ProblemView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelForm(DraftForm):
    """The page of one service level's form."""

    is_new: bool
    level_id: str
    fields: LevelFields
    kind: Kind
    events: tuple[EventChoice, ...]
    calendars: tuple[str, ...]
    beside: Beside
    copied_from: str = ""

    def words_of(self, types: Iterable[str]) -> str:
        """The chosen events, on the button that opens the choice."""
        return ", ".join(event_word(one) for one in types)

    def other_events(self, types: Iterable[str]) -> str:
        """Those that the choice does not list."""
        listed = {one.type for one in self.events}
        return ", ".join(one for one in types if one not in listed)


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One service level of a draft's list; `view` is None where it cannot be read."""

    id: str
    name: str
    view: LevelView | None
    last_month: str
    faults: int


@dataclass(frozen=True, slots=True)
class LevelsPage:
    """All service levels of a draft."""

    draft_id: int
    draft_name: str
    rows: tuple[LevelRow, ...]
    kinds: tuple[Kind, ...]
    month: str | None
    is_readable: bool


def kinds() -> tuple[Kind, ...]:
    """All measures."""
    return tuple(kind(measure) for measure in _KINDS)


def kind(measure: str) -> Kind:
    """One measure."""
    label, hint, sign = _KINDS[measure]
    return Kind(measure, gettext(label), gettext(hint), sign)


def event_choices(seen: Iterable[str]) -> tuple[EventChoice, ...]:
    """The types that every lead has, then those that were received."""
    others = sorted(set(seen) - {*KNOWN_EVENTS, *NOT_OFFERED})
    return tuple(EventChoice(one, event_word(one)) for one in (*KNOWN_EVENTS, *others))


def faults_of(problems: Iterable[Problem], prefix: str, fields: LevelFields) -> dict[str, tuple[str, ...]]:
    """What is wrong, by the field that it belongs to."""
    return by_field(
        problems, lambda one: _field(one.key.removeprefix(prefix).removeprefix("."), fields), level_fault
    )


def level_fault(problem: Problem) -> str:
    """As the form asks it: it has a field for the number and one for the unit."""
    told = {
        "need_duration": gettext("Please write a whole number here."),
        "need_share": gettext("Please write a number, such as 90 or 97.5."),
    }
    return fault_words(problem) if is_missing(problem) else told.get(problem.code) or fault_words(problem)


def _field(key: str, fields: LevelFields) -> str:
    """`within.A` belongs to the row of that grade, `numerator.events.2` to numerator.events."""
    if not key:
        return "id"
    first, _, rest = key.partition(".")
    if first in ("numerator", "denominator"):
        side = fields.numerator if first == "numerator" else fields.denominator
        return _counted_field(first, rest, side)
    if first in ("events", "value", "once_per_lead"):
        return _counted_field("counted", key, fields.counted)
    if first in ("within", "exceed_within") and rest:
        spans = fields.within if first == "within" else fields.exceed_within
        return _row(first, rest, [one.grade for one in spans if one.grade]) or first
    for path, name in _FIELDS.items():
        if key == path or key.startswith(f"{path}."):
            return name
    return key if key in POINTS else first


def _counted_field(side: str, key: str, fields: CountedFields) -> str:
    """`value.grade.A` belongs to the row of that grade, `value` to the number."""
    if key == "value":
        return f"{side}.amount"
    if key == "value.attribute":
        return f"{side}.attribute"
    if key.startswith("value.grade."):
        grades = [grade or OTHERWISE for grade, _ in fields.grades]
        return _row(side, key.removeprefix("value.grade."), grades) or f"{side}.value"
    return f"{side}.value" if key.startswith("value") else f"{side}.events" if key else side


def _row(name: str, grade: str, grades: Sequence[str]) -> str | None:
    """The row of a grade, by its number."""
    places = [place for place, one in enumerate(grades, 1) if path_of(one) == grade]
    return f"{name}.row.{places[0]}" if places else None


def month_words(month: Month) -> str:
    """`October 2026`."""
    return str(format_skeleton("yMMMM", month.first_on, locale=locale()))


def present_attainment(found: Attainment, fields: LevelFields, target: Decimal | None) -> AttainmentView:
    """Last month at this setting: the figure, what it says, and of how many leads."""
    note = ""
    if not found.is_whole:
        note = gettext(
            "Counted on %(leads)s of %(all)s leads, drawn by chance, so as not to let you wait.",
            leads=number(found.leads),
            all=number(found.leads_of),
        )
    figure, sentence, share = _figure(found, fields)
    return AttainmentView(figure, sentence, _subjects(found, fields, target), note, share)


def _figure(found: Attainment, fields: LevelFields) -> tuple[str, str, float]:
    if fields.measure == "volume":
        total = found.sums[0] if found.sums else Decimal(0)
        return (
            number(total),
            gettext("gathered by all together in %(month)s.", month=month_words(found.month)),
            0.0,
        )
    kept, of = Decimal(found.tally.kept), Decimal(found.tally.total)
    if fields.measure == "ratio":
        kept, of = (found.sums[1], found.sums[2]) if len(found.sums) == 3 else (Decimal(0), Decimal(0))
    if not of:
        return "–", gettext("Nothing of this was counted in %(month)s.", month=month_words(found.month)), 0.0
    sentence = gettext(
        "%(kept)s of %(all)s in %(month)s.",
        kept=number(kept),
        all=number(of),
        month=month_words(found.month),
    )
    return percent(kept, of), sentence, float(kept / of)


def _subjects(found: Attainment, fields: LevelFields, target: Decimal | None) -> str:
    if target is None or not found.subjects:
        return ""
    if fields.subject == "team":
        told = ngettext(
            "%(met)s of %(num)s team would have met the month",
            "%(met)s of %(num)s teams would have met the month",
            found.subjects,
            met=number(found.subjects_met),
        )
    else:
        told = ngettext(
            "%(met)s of %(num)s rep would have met the month",
            "%(met)s of %(num)s reps would have met the month",
            found.subjects,
            met=number(found.subjects_met),
        )
    if found.subjects_exceeded:
        return gettext(
            "%(met)s, %(more)s of them exceeded it.", met=told, more=number(found.subjects_exceeded)
        )
    return f"{told}."
