"""The pages about versions and drafts: where each stands on its way, and what comes next, in words."""

import datetime as dt
import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from babel import dates

from leaderboard.domain.instants import Instant, midnight
from leaderboard.domain.rulebook import Party
from leaderboard.domain.versions import Book
from leaderboard.queries.rule_versions import DraftFacts, Signed, VersionFacts
from leaderboard.queries.trials import TrialFacts
from leaderboard.services.signing import Hindrance
from leaderboard.web.formats import moment, short_day
from leaderboard.web.languages import gettext, locale, ngettext
from leaderboard.web.presenters import rule_terms as terms
from leaderboard.web.presenters.audit_words import called

_HASH_SHOWN = 12
_MOST_MONTHS = 12


class State(StrEnum):
    """Where a rulebook stands on its way. A trial is a matter of choice, and may have ended."""

    DRAFT = "draft"
    CHECKED = "checked"
    IN_TRIAL = "in_trial"
    TRIAL_ENDED = "trial_ended"
    SIGNED = "signed"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


WAY = (State.DRAFT, State.CHECKED, State.IN_TRIAL, State.SIGNED, State.SCHEDULED, State.IN_FORCE)


@dataclass(frozen=True, slots=True)
class SignatureView:
    """Whether a party has signed: by whom and when, or not yet."""

    party: str
    is_there: bool
    words: str
    hash: str


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the way."""

    label: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the timeline."""

    effective_from: dt.date
    state: State
    title: str
    words: str
    note: str
    changes: str
    is_signed: bool


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in the list."""

    id: int
    name: str
    state: State
    state_words: str
    words: str
    note: str


def month_name(on: dt.date) -> str:
    """`September 2026`, as inside a sentence."""
    pattern = "LLLL 'de' y" if locale().language == "pt" else "LLLL y"
    return dates.format_date(on, pattern, locale=locale())


def state_words(state: State) -> str:
    """A state, as a chip says it."""
    return {
        State.DRAFT: gettext("Draft"),
        State.CHECKED: gettext("Checked"),
        State.IN_TRIAL: gettext("In trial"),
        State.TRIAL_ENDED: gettext("Trial ended"),
        State.SIGNED: gettext("Signed"),
        State.SCHEDULED: gettext("Scheduled"),
        State.IN_FORCE: gettext("In force"),
        State.SUPERSEDED: gettext("Superseded"),
        State.WITHDRAWN: gettext("Withdrawn by its owner"),
    }[state]


def draft_state(draft: DraftFacts, trial: TrialFacts | None, now: Instant) -> State:
    """As it was last saved; `trial` is its newest one."""
    if draft.is_withdrawn:
        return State.WITHDRAWN
    if draft.scheduled_as is not None:
        return State.SCHEDULED
    if draft.problems:
        return State.DRAFT
    if draft.signed_by == frozenset(Party):
        return State.SIGNED
    if trial is not None and not trial.is_over(now):
        return State.IN_TRIAL
    has_ended = trial is not None and trial.revision == draft.revision
    return State.TRIAL_ENDED if has_ended else State.CHECKED


def version_state(version: VersionFacts, book: Book, now: Instant) -> State:
    """By the day, and whether another version has come since."""
    zone = book.calendar.zone
    if midnight(version.effective_from, zone) > now:
        return State.SCHEDULED
    current = book.at(now)
    is_current = current is not None and current.effective_from == version.effective_from
    return State.IN_FORCE if is_current else State.SUPERSEDED


def made_of(draft: DraftFacts, listed: Iterable[VersionFacts], book: Book | None, now: Instant) -> State:
    """How the version stands that a draft has become; superseded too where a restatement took its place."""
    version = next((one for one in listed if one.latest.revision == draft.scheduled_as), None)
    if book is None or version is None:
        return State.SUPERSEDED
    return version_state(version, book, now)


def way(state: State, trial: TrialFacts | None) -> tuple[StepView, ...]:
    """The steps, as far as they are done. That of the trial is done only where there was one."""
    current = State.IN_TRIAL if state is State.TRIAL_ENDED else state
    reached = WAY.index(current) if current in WAY else -1
    return tuple(
        StepView(
            _step_label(step, state, trial),
            (place < reached or state in (State.IN_FORCE, State.SUPERSEDED))
            and (step is not State.IN_TRIAL or trial is not None),
            step is current,
        )
        for place, step in enumerate(WAY)
    )


def _step_label(step: State, state: State, trial: TrialFacts | None) -> str:
    if step is not State.IN_TRIAL:
        return state_words(step)
    if trial is None:
        return gettext("Trial")
    return state_words(State.IN_TRIAL if state is State.IN_TRIAL else State.TRIAL_ENDED)


def signatures(listed: tuple[Signed, ...]) -> tuple[SignatureView, ...]:
    """One for each party."""
    holding = {one.party: one for one in listed if one.holds}
    return tuple(_signature(party, holding.get(party)) for party in Party)


def _signature(party: Party, one: Signed | None) -> SignatureView:
    if one is None:
        return SignatureView(terms.party(party), False, gettext("not signed yet"), "")
    words = gettext("%(name)s, %(moment)s", name=one.name, moment=moment(one.at))
    return SignatureView(terms.party(party), True, words, one.sha256[:_HASH_SHOWN])


def voided(draft: DraftFacts) -> tuple[str, ...]:
    """Signatures that an edit has made void."""
    return tuple(
        gettext(
            "%(name)s signed for %(party)s on %(moment)s; a later edit made that void.",
            name=one.name,
            party=terms.party(one.party),
            moment=moment(one.at),
        )
        for one in draft.signatures
        if not one.holds
    )


def draft_row(draft: DraftFacts, trial: TrialFacts | None, now: Instant) -> DraftRow:
    """A draft in the list; `trial` is its newest one."""
    state = draft_state(draft, trial, now)
    told = state_words(state)
    if state is State.DRAFT:
        told = ngettext("%(num)s problem", "%(num)s problems", draft.problems)
    elif state is State.CHECKED and draft.signed_by:
        told = gettext("Signed by %(party)s", party=terms.both(terms.party(one) for one in draft.signed_by))
    return DraftRow(draft.id, draft.name, state, told, starts(draft.effective_from), last_saved(draft))


def starts(on: dt.date | None, state: State | None = None) -> str:
    """When a draft is meant to start, or what it has become."""
    if on is None:
        return gettext("It does not say from when.")
    if state is State.IN_FORCE:
        return gettext("In force since %(day)s", day=short_day(on))
    if state is State.SUPERSEDED:
        return gettext("It came into force on %(day)s", day=short_day(on))
    return gettext("To start on %(day)s", day=short_day(on))


def last_saved(draft: DraftFacts) -> str:
    """Who touched it last, and when."""
    return gettext(
        "Last saved by %(name)s, %(moment)s", name=called(draft.updated_by), moment=moment(draft.updated_at)
    )


def hindrance_words(hindrance: Hindrance, draft: DraftFacts) -> str:
    """What must happen before a draft can be scheduled."""
    month = "" if draft.effective_from is None else month_name(draft.effective_from)
    return {
        Hindrance.WITHDRAWN: gettext("It is withdrawn: take it up again first."),
        Hindrance.SCHEDULED: gettext("It is scheduled already."),
        Hindrance.PROBLEMS: gettext("Its problems are still to be mended."),
        Hindrance.UNSIGNED_MARKETING: gettext("Marketing has not signed this text."),
        Hindrance.UNSIGNED_SALES: gettext("Sales has not signed this text."),
        Hindrance.BEGUN: gettext(
            "Its month, %(month)s, has begun: choose a later one. What is booked already is changed by restatements "
            "only.",
            month=month,
        ),
        Hindrance.MONTH_TAKEN: gettext(
            "Another version starts on the same day, in %(month)s: take that back first, or choose another month.",
            month=month,
        ),
    }[hindrance]


def months_to_come(today: dt.date, chosen: dt.date | None = None) -> tuple[tuple[str, str, bool], ...]:
    """First days of months for a choice: value, words, whether it is the one chosen (else the next)."""
    first = dt.date(today.year + today.month // 12, today.month % 12 + 1, 1)
    days = [
        dt.date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        for n in range(_MOST_MONTHS)
    ]
    if chosen is not None and chosen not in days:
        days.insert(0, chosen)
    wanted = first if chosen is None else chosen
    return tuple((day.isoformat(), month_name(day), day == wanted) for day in days)


def lines_of_difference(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The two documents line by line: what the line is (`add`, `cut`, `same`, `gap`), and its text."""
    kinds = {"+": "add", "-": "cut", " ": "same", "@": "gap"}
    listed = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=3)
    told = [line for line in listed if not line.startswith(("---", "+++"))]
    return tuple((kinds.get(line[:1], "same"), "" if line.startswith("@") else line[1:]) for line in told)
