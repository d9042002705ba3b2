"""What is to be won, as a draft has it: the list, the form of each, faults beside their fields, what names what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leaderboard.domain.rulebook import Rulebook
from leaderboard.files.problems import Problem
from leaderboard.queries.board_page import BadgeKind
from leaderboard.services.draft_entries import lies_in
from leaderboard.web.languages import N_, gettext
from leaderboard.web.presenters.badge_signs import SignChoice, sign_choices, sign_of_kind
from leaderboard.web.presenters.carrot_fields import (
    BADGES,
    BY_HAND,
    CONTESTS,
    KINDS,
    RECOGNITION,
    RULES,
    SECTIONS,
    TASKS,
    CarrotFields,
)
from leaderboard.web.presenters.draft_form import DraftForm
from leaderboard.web.presenters.entry_values import map_of, text_of
from leaderboard.web.presenters.form_faults import by_field
from leaderboard.web.presenters.rule_problems import ProblemView
from leaderboard.web.presenters.rules import (
    Thing,
    badge_thing,
    contest_thing,
    recognition_thing,
    task_thing,
)

_TITLES = {
    BADGES: N_("Badges"),
    RECOGNITION: N_("Recognition"),
    CONTESTS: N_("Contests"),
    TASKS: N_("Tasks"),
}
_OF_KIND = {
    "count": BadgeKind.COUNT,
    "streak": BadgeKind.STREAK,
    "clean_month": BadgeKind.CLEAN_MONTH,
    "rank": BadgeKind.RANK,
    BY_HAND: BadgeKind.GIVEN,
}
_OFFERS: Mapping[tuple[str, str], tuple[str, str]] = {
    (BADGES, "count"): (N_("Badge for many"), N_("So many outcomes on one service level within a month.")),
    (BADGES, "streak"): (N_("Badge for a streak"), N_("So many in a row in time, time and again.")),
    (BADGES, "clean_month"): (N_("Badge for a clean month"), N_("A month with enough outcomes and none missed.")),
    (BADGES, "rank"): (N_("Badge for a place"), N_("Among the first of a month or a quarter.")),
    (BADGES, BY_HAND): (N_("Badge by hand"), N_("Given by recognition, or by a manager with a reason.")),
    (RECOGNITION, ""): (N_("A recognition"), N_("The first of each month or quarter win a bonus, a badge, or both.")),
    (CONTESTS, ""): (N_("A contest"), N_("From one day to another, for a prize in points or money.")),
    (TASKS, ""): (N_("A task"), N_("Something to be done by a day: a training, a profile.")),
}  # fmt: skip
_SIGNS = {RECOGNITION: "crown", CONTESTS: "flag", TASKS: "check"}


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that can be added."""

    section: str
    kind: str
    label: str
    hint: str
    icon: str


@dataclass(frozen=True, slots=True)
class CarrotRow:
    """One entry of the list; `thing` is None where it cannot be read."""

    id: str
    name: str
    icon: str
    thing: Thing | None
    faults: int


@dataclass(frozen=True, slots=True)
class CarrotGroup:
    """All badges, or all of another section."""

    section: str
    title: str
    rows: tuple[CarrotRow, ...]


@dataclass(frozen=True, slots=True)
class CarrotsPage:
    """All that is to be won by a draft."""

    draft_id: int
    draft_name: str
    groups: tuple[CarrotGroup, ...]
    offers: tuple[Offer, ...]
    is_readable: bool


@dataclass(frozen=True, slots=True)
class CarrotBeside:
    """What stands beside the form: the sentence that it makes, or what is missing for one."""

    thing: Thing | None
    problems: tuple[str, ...]
    others: tuple[ProblemView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrotForm(DraftForm):
    """The page of one form. Choices are pairs of a key and its words."""

    is_new: bool
    entry_id: str
    fields: CarrotFields
    offer: Offer
    levels: tuple[tuple[str, str], ...]
    badges: tuple[tuple[str, str], ...]
    teams: tuple[tuple[str, str], ...]
    currency: str
    signs: tuple[SignChoice, ...]
    beside: CarrotBeside
    copied_from: str = ""


def offers() -> tuple[Offer, ...]:
    """All that can be added."""
    return tuple(offer(section, kind) for section, kind in _OFFERS)


def offer(section: str, kind: str) -> Offer:
    """One of them."""
    label, hint = _OFFERS[section, kind]
    return Offer(section, kind, gettext(label), gettext(hint), _sign(section, kind))


def _sign(section: str, kind: str) -> str:
    return sign_of_kind(_OF_KIND[kind]) if section == BADGES else _SIGNS[section]


def signs_for(section: str, kind: str) -> tuple[SignChoice, ...]:
    """The symbols that it may bear; none but badges bear one."""
    return sign_choices(_OF_KIND[kind]) if section == BADGES else ()


def groups(
    data: Mapping[str, Any], rulebook: Rulebook | None, problems: Iterable[Problem]
) -> tuple[CarrotGroup, ...]:
    """Everything that a document gives to win, section by section."""
    listed, found = tuple(problems), []
    for section in SECTIONS:
        entries = map_of(data.get(section)).items()
        rows = tuple(_row(section, name, entry, rulebook, listed) for name, entry in entries)
        found.append(CarrotGroup(section, gettext(_TITLES[section]), rows))
    return tuple(found)


def _row(
    section: str, name: str, entry: Any, rulebook: Rulebook | None, problems: Iterable[Problem]
) -> CarrotRow:
    thing = None if rulebook is None else thing_of(rulebook, section, name)
    faults = sum(lies_in(one, section, name) for one in problems)
    sign = thing.icon if thing is not None and thing.icon else _SIGNS.get(section, "rosette")
    return CarrotRow(name, title_of(name, entry), sign, thing, faults)


def title_of(name: str, entry: Any) -> str:
    """What an entry is called; its key where it has no name."""
    return text_of(map_of(entry).get("name")) or name


def thing_of(rulebook: Rulebook, section: str, name: str) -> Thing | None:
    """An entry in words; None where the rulebook lacks it."""
    if section == BADGES:
        badge = rulebook.badges.get(name)
        return None if badge is None else badge_thing(badge, rulebook)
    if section == RECOGNITION:
        recognition = rulebook.recognition.get(name)
        return None if recognition is None else recognition_thing(recognition, rulebook)
    if section == CONTESTS:
        contest = rulebook.contests.get(name)
        return None if contest is None else contest_thing(contest, rulebook)
    task = rulebook.tasks.get(name)
    return None if task is None else task_thing(task, rulebook)


def level_choices(data: Mapping[str, Any], section: str) -> tuple[tuple[str, str], ...]:
    """The service levels that one can win by: those with outcomes, and for contests those of a sum."""
    measures = ("response", "recorded", "volume") if section == CONTESTS else ("response", "recorded")
    levels = map_of(data.get("service_levels"))
    return tuple(
        (name, title_of(name, entry))
        for name, entry in levels.items()
        if text_of(map_of(entry).get("measure")) in measures
    )


def badge_choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """All badges of a document."""
    return tuple((name, title_of(name, entry)) for name, entry in map_of(data.get(BADGES)).items())


def faults_of(problems: Iterable[Problem], prefix: str, section: str) -> dict[str, tuple[str, ...]]:
    """What is wrong, by the field that it belongs to."""
    return by_field(
        problems, lambda one: _field(one.key.removeprefix(prefix).removeprefix("."), section, one.code)
    )


def _field(key: str, section: str, code: str) -> str:
    """`for.count` belongs to the number, `prize.money` to money, `teams.0` to teams."""
    if section == CONTESTS and (code == "one_or_several_levels" or key.startswith("service_level")):
        return "service_levels"
    if not key:
        return "id"
    if key in ("for", *(f"for.{one}" for one in RULES)):
        return "number"
    if key == "prize":
        return "points"
    return key.removeprefix("for.").removeprefix("prize.").partition(".")[0]


def kind_is_known(section: str, kind: str) -> bool:
    """Whether there is a form for it."""
    return kind in KINDS if section == BADGES else not kind
