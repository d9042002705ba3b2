"""The form of organization, agreement and limits by hand: what may not change any more, and what points are worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from babel import numbers

from leaderboard.domain.rulebook import Organization, Rulebook
from leaderboard.files.problems import Problem
from leaderboard.files.yaml_nodes import path_of
from leaderboard.services.draft_entries import Tried
from leaderboard.web.formats import money, number, short_day
from leaderboard.web.languages import LANGUAGES, gettext, locale, ngettext
from leaderboard.web.presenters.draft_form import DraftForm
from leaderboard.web.presenters.form_faults import by_field, mistakes
from leaderboard.web.presenters.organization_fields import LIMITS, OrganizationFields
from leaderboard.web.presenters.rule_problems import ProblemView, present_problems
from leaderboard.web.presenters.rule_sentences import by_hand_sentences

_EXAMPLE_POINTS = 120
_MOST_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Settled:
    """What all versions share, as the others have it: it may not differ in this one."""

    timezone: str
    fiscal_year_start: str
    words: str


@dataclass(frozen=True, slots=True)
class OrganizationBeside:
    """What stands beside the form: what points are worth, and what the limits come to."""

    worth: str = ""
    examples: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    others: tuple[ProblemView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationForm(DraftForm):
    """The page of the form. `settled` is None as long as no version was applied."""

    fields: OrganizationFields
    settled: Settled | None
    months: tuple[tuple[str, str], ...]
    locales: tuple[tuple[str, str], ...]
    currencies: tuple[tuple[str, str], ...]
    zones: tuple[str, ...]
    beside: OrganizationBeside

    def is_settled(self, name: str) -> bool:
        """Whether a value is as all versions have it, so that there is nothing to choose."""
        return self.settled is not None and getattr(self.settled, name) == self.fields[name]


def settled_by(other: Rulebook | None) -> Settled | None:
    """What the versions in use have settled."""
    if other is None:
        return None
    who = other.organization
    words = gettext(
        "All versions have the same, for months are cut by it: it was settled by the version of %(day)s.",
        day=short_day(other.effective_from),
    )
    return Settled(who.zone.key, str(who.fiscal_year_start), words)


def month_choices() -> tuple[tuple[str, str], ...]:
    """The months of a year."""
    names = locale().months["stand-alone"]["wide"]
    return tuple((str(month), names[month][:1].upper() + names[month][1:]) for month in range(1, 13))


def locale_choices() -> tuple[tuple[str, str], ...]:
    """The languages that are spoken here."""
    return tuple((one.code, one.name) for one in LANGUAGES.values())


def currency_choices() -> tuple[tuple[str, str], ...]:
    """All currencies of today, by code, with their names."""
    names = locale().currencies
    return tuple((code, names[code]) for code in sorted(numbers.list_currencies()) if code in names)


def present_beside(tried: Tried) -> OrganizationBeside:
    """What stands beside the form."""
    problems = mistakes(tried.own)
    others = present_problems(tried.others, tried.spliced.document)
    rulebook = tried.rulebook
    if rulebook is None or tried.own:
        return OrganizationBeside(problems=problems, others=others)
    who = rulebook.organization
    return OrganizationBeside(
        worth=_worth(who),
        examples=tuple(_examples(rulebook)),
        facts=(_closing(who), *by_hand_sentences(rulebook.by_hand)),
        problems=problems,
        others=others,
    )


def _worth(who: Organization) -> str:
    if not who.point_value:
        return gettext("Points are shown without money.")
    return ngettext(
        "%(num)s points are %(money)s",
        "%(num)s points are %(money)s",
        _EXAMPLE_POINTS,
        money=money(who.point_value * _EXAMPLE_POINTS, who.currency),
    )


def _examples(rulebook: Rulebook) -> Iterable[str]:
    """What some months of the draft itself would be worth."""
    who = rulebook.organization
    if not who.point_value:
        return
    rated = [one for one in rulebook.service_levels.values() if one.month.met > 0]
    for level in rated[:_MOST_EXAMPLES]:
        yield gettext(
            "A month of “%(level)s” met: %(points)s points, %(money)s",
            level=level.name,
            points=number(level.month.met),
            money=money(who.point_value * Decimal(level.month.met), who.currency),
        )


def _closing(who: Organization) -> str:
    return ngettext(
        "A month is sealed %(num)s day after its end.",
        "A month is sealed %(num)s days after its end.",
        who.closing_after_days,
    )


def organization_faults(
    problems: Iterable[Problem], fields: OrganizationFields
) -> dict[str, tuple[str, ...]]:
    """What is wrong, by the field that it belongs to."""
    found = by_field(problems, lambda one: _field(one.key, fields))
    if fields.nameless:
        found["term.other"] = (gettext("Please fill this in."),)
    return found


def _field(key: str, fields: OrganizationFields) -> str:
    """`agreement.definitions.MQL` belongs to the first term, `by_hand.points` to limit.points."""
    section, _, rest = key.partition(".")
    first, _, more = rest.partition(".")
    if section == "by_hand":
        return f"limit.{first}" if first in LIMITS else "limits"
    if first == "definitions" and more:
        places = [place for place, (term, _) in enumerate(fields.terms, 1) if path_of(term) == more]
        return f"term.{places[0]}" if places else "terms"
    if first == "parties" and more:
        return f"party.{more}"
    return {"closing": "after_days", "": section}.get(first, first)
