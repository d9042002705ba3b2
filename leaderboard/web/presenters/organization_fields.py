"""Organization, agreement and limits by hand of a rulebook's document as the fields of one form, and back.

Texts in, texts out. Nothing is judged here: the reader of rulebooks says what is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from leaderboard.files.plain import PlainText
from leaderboard.web.presenters.draft_form import both_changed
from leaderboard.web.presenters.entry_values import list_of, map_of, text_of
from leaderboard.web.presenters.level_fields import typed

Data: TypeAlias = dict[str, Any]

ORGANIZATION, AGREEMENT, BY_HAND = SECTIONS = ("organization", "agreement", "by_hand")
TERMS = ("MQL", "SAL", "SQL", "ICP")
"""What every agreement between marketing and sales defines; others may be added."""

_OF_ORGANIZATION = ("name", "timezone", "currency", "locale", "fiscal_year_start", "point_value")
_NUMBERS = ("fiscal_year_start", "point_value")
_USUAL = {"locale": "en", "fiscal_year_start": "1", "after_days": "3"}
LIMITS = ("points", "badges", "alone")
PARTIES = ("marketing", "sales")
TYPED_NUMBERS = ("point_value", "after_days", *(f"limit.{name}" for name in LIMITS))


@dataclass(frozen=True, slots=True)
class OrganizationFields:
    """Everything that the form asks, as it was typed: single values by name, terms with what they mean, and a list."""

    typed: Mapping[str, str] = field(default_factory=dict)
    terms: tuple[tuple[str, str], ...] = ()
    handover: tuple[str, ...] = ()
    nameless: str = ""
    """A meaning that was typed without its word."""

    def __getitem__(self, name: str) -> str:
        return self.typed.get(name, "")


SINGLE = (
    *_OF_ORGANIZATION,
    "after_days",
    "title",
    "review_on",
    *(f"party.{party}" for party in PARTIES),
    *(f"limit.{name}" for name in LIMITS),
)
"""The names of the single values."""


def fields_of(data: Mapping[str, Any]) -> OrganizationFields:
    """The form's fields of a document, whatever is wrong with it."""
    who, signed, limits = (map_of(data.get(section)) for section in SECTIONS)
    parties, definitions = map_of(signed.get("parties")), map_of(signed.get("definitions"))
    single = {name: text_of(who.get(name)) for name in _OF_ORGANIZATION}
    single["after_days"] = text_of(map_of(who.get("closing")).get("after_days"))
    single |= {name: single[name] or usual for name, usual in _USUAL.items()}
    single["title"], single["review_on"] = text_of(signed.get("title")), text_of(signed.get("review_on"))
    single |= {f"party.{party}": text_of(parties.get(party)) for party in PARTIES}
    single |= {f"limit.{name}": text_of(limits.get(name)) for name in LIMITS}
    others = {term: text_of(meaning) for term, meaning in definitions.items() if term not in TERMS}
    terms = {term: text_of(definitions.get(term)) for term in TERMS} | others
    return OrganizationFields(single, tuple(terms.items()), list_of(signed.get("handover")))


def sections_of(fields: OrganizationFields, data: Mapping[str, Any]) -> dict[str, Data]:
    """The three sections: what the form knows as it was typed, anything else as it was before."""
    was = fields_of(data)
    changed = {name: fields[name] for name in SINGLE if fields[name] != was[name]}
    who, signed, limits = (dict(map_of(data.get(section))) for section in SECTIONS)
    _put_organization(who, changed)
    _put_agreement(signed, changed, fields, was)
    for name in LIMITS:
        if f"limit.{name}" in changed:
            _put(limits, name, typed(changed[f"limit.{name}"]))
    return {ORGANIZATION: who, AGREEMENT: signed, BY_HAND: limits}


def _put_organization(who: Data, changed: Mapping[str, str]) -> None:
    for name in _OF_ORGANIZATION:
        if name in changed:
            _put(who, name, typed(changed[name]) if name in _NUMBERS else changed[name])
    if "after_days" in changed:
        _put(who, "closing", _with(who.get("closing"), "after_days", typed(changed["after_days"])))


def _put_agreement(
    signed: Data, changed: Mapping[str, str], fields: OrganizationFields, was: OrganizationFields
) -> None:
    if "title" in changed:
        _put(signed, "title", changed["title"])
    for party in PARTIES:
        if f"party.{party}" in changed:
            _put(signed, "parties", _with(signed.get("parties"), party, changed[f"party.{party}"]))
    meanings = dict(was.terms)
    for term, meaning in fields.terms:
        if meaning != meanings.get(term, ""):
            _put(signed, "definitions", _with(signed.get("definitions"), term, meaning))
    if fields.handover != was.handover:
        _put(signed, "handover", list(fields.handover))
    if "review_on" in changed:
        _put(signed, "review_on", PlainText(changed["review_on"]))


def is_apart(typed_now: OrganizationFields, base: OrganizationFields, theirs: OrganizationFields) -> bool:
    """Whether nothing was changed on both sides."""
    sides = [
        {**one.typed, "terms": dict(one.terms), "handover": one.handover} for one in (typed_now, base, theirs)
    ]
    return not both_changed(*sides)


def merged(
    typed_now: OrganizationFields, base: OrganizationFields, theirs: OrganizationFields
) -> OrganizationFields:
    """What was typed, and theirs wherever it was left as it was."""
    single = {name: theirs[name] if typed_now[name] == base[name] else typed_now[name] for name in SINGLE}
    was, now = dict(base.terms), dict(theirs.terms)
    terms = {
        term: now.get(term, "") if meaning == was.get(term, "") else meaning
        for term, meaning in typed_now.terms
    }
    handover = theirs.handover if typed_now.handover == base.handover else typed_now.handover
    return OrganizationFields(single, tuple((now | terms).items()), handover, typed_now.nameless)


def _with(mapping: Any, key: str, value: Any) -> Data:
    made = dict(map_of(mapping))
    _put(made, key, value)
    return made


def _put(made: Data, key: str, value: Any) -> None:
    if value in ("", None, {}, []):
        made.pop(key, None)
    else:
        made[key] = value
