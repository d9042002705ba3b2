"""Ladders in words: what was agreed, where somebody stands, what waits. The same words for all who may read them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from leaderboard.domain.decisions import MeasureState
from leaderboard.domain.periods import Month, PeriodKind
from leaderboard.domain.rulebook import Consequence, MeasureKind, StepMeasure, SubjectKind
from leaderboard.queries.board_page import PeriodFacts, PeriodState
from leaderboard.queries.ladder_page import (
    Case,
    Decided,
    LadderStand,
    MeasureFacts,
    Miss,
    Party,
    Strike,
    Word,
)
from leaderboard.queries.rep_page import Promise, PromiseMeasure
from leaderboard.web.formats import date_span, moment, number, percent, period_name, short_day
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters import rule_terms as terms
from leaderboard.web.presenters.viewer import initials
from leaderboard.web.presenters.words import limit_words, rich, strong

_SAID = (MeasureKind.NOTIFY_REP, MeasureKind.NOTIFY_MANAGER)
_GRACE_TELLS = 92
"""Days for which it matters that somebody was new until recently."""
_TONES = {MeasureState.WAITING: "gold", MeasureState.IN_FORCE: "plain", MeasureState.WAIVED: "met"}


@dataclass(frozen=True, slots=True)
class RungView:
    """A step of a ladder: its measures, and whether somebody stands on it."""

    number: int
    words: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure of a step that was taken."""

    key: str
    words: str
    state: str
    tone: str
    said: str | None
    may_approve: bool
    may_waive: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case, with the facts beside it."""

    id: str
    month: str
    who: Party
    initials: str
    href: str | None
    ladder: str
    step: str
    rungs: tuple[RungView, ...]
    figures: Markup
    misses: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    measures: tuple[MeasureView, ...]


@dataclass(frozen=True, slots=True)
class DecidedView:
    """A decision of late."""

    number: int
    who: str
    what: str
    story: str
    reason: str | None
    undone: str | None


@dataclass(frozen=True, slots=True)
class StandView:
    """Where a person stands on a ladder."""

    ladder: str
    whose: str | None
    is_up: bool
    headline: str
    sentences: tuple[str, ...]
    rungs: tuple[RungView, ...]
    cases: tuple[CaseView, ...]


def month_words(month: Month) -> str:
    """`October 2026`, as inside a sentence."""
    facts = PeriodFacts(str(month), PeriodKind.MONTH, month.first_on, month.last_on, PeriodState.OPEN)
    return period_name(facts)


def step_words(measures: Sequence[StepMeasure]) -> str:
    """All that a step does, as a sentence."""
    words = terms.step(measures)
    return words[:1].upper() + words[1:]


def ladder_name(rule: Consequence, service_level: str) -> str:
    """Its own name, else the service level's."""
    return rule.name or service_level


def present_case(case: Case) -> CaseView:
    """The view of a case."""
    who = case.who
    is_rep = who.subject is SubjectKind.REP
    return CaseView(
        id=f"{case.month}-{case.rule.id}-{who.subject}-{who.key}",
        month=month_words(case.month),
        who=who,
        initials=initials(who.name),
        href=url_for("me.rep", person_key=who.key, period=str(case.month)) if is_rep else None,
        ladder=ladder_name(case.rule, case.service_level),
        step=gettext("step %(step)s of %(all)s", step=case.step, all=len(case.rule.steps)),
        rungs=_rungs(case.rule, case.step),
        figures=_figures(case),
        misses=tuple(_miss(one) for one in case.misses),
        facts=tuple(_facts(case)),
        measures=tuple(_measure(case, one) for one in case.measures),
    )


def _rungs(rule: Consequence, step: int) -> tuple[RungView, ...]:
    return tuple(
        RungView(place, step_words(measures), place == step)
        for place, measures in enumerate(rule.steps, start=1)
    )


def _figures(case: Case) -> Markup:
    if case.promise is None:
        return Markup()
    return rich(
        gettext("%(level)s: %(figure)s; agreed is %(target)s."),
        level=case.service_level,
        figure=strong(_figure(case.promise)),
        target=_target(case.promise),
    )


def _figure(promise: Promise) -> str:
    if promise.measure is PromiseMeasure.VOLUME:
        return number(promise.value)
    text = gettext("%(count)s of %(all)s", count=number(promise.value), all=number(promise.of))
    return gettext("%(count)s in time", count=text) if promise.measure is PromiseMeasure.IN_TIME else text


def _target(promise: Promise) -> str:
    is_volume = promise.measure is PromiseMeasure.VOLUME
    return number(promise.target) if is_volume else percent(promise.target, 1)


def _miss(miss: Miss) -> str:
    lead = miss.lead or gettext("without a lead")
    if miss.within_us is None:
        return gettext("%(lead)s, %(moment)s", lead=lead, moment=moment(miss.at))
    limit = limit_words(miss.within_us, miss.in_working_time)
    return gettext("%(lead)s: %(limit)s were over %(moment)s", lead=lead, limit=limit, moment=moment(miss.at))


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    earlier = [month_words(month) for month in case.strikes if month != case.month]
    yield gettext("Missed before"), ", ".join(earlier) or gettext("not in the months that count")
    off = [date_span(one.from_on, one.until_on) for one in case.time_off]
    yield gettext("Time off that month"), ", ".join(off) or gettext("none")
    for one in case.suspensions:
        span = date_span(one.from_on, one.until_on)
        yield gettext("Ladders suspended"), gettext("%(span)s: %(reason)s", span=span, reason=one.reason)
    if case.grace_until is not None and (case.month.first_on - case.grace_until).days < _GRACE_TELLS:
        yield gettext("Grace for new people"), gettext("until %(day)s", day=short_day(case.grace_until))


def _measure(case: Case, facts: MeasureFacts) -> MeasureView:
    words = terms.step_measure(facts.measure, with_approval=False)
    who = case.who
    is_done = facts.measure.do in _SAID and facts.state is MeasureState.IN_FORCE
    return MeasureView(
        key=f"{case.month}/{case.rule.id}/{who.subject}/{who.key}/{facts.place}",
        words=words[:1].upper() + words[1:],
        # What was only to be said has been said: it goes on applying to nobody.
        state=gettext("told") if is_done else state_words(facts.state),
        tone=_TONES[facts.state],
        said=None if facts.word is None else said_words(facts.word),
        may_approve=facts.state is MeasureState.WAITING,
        may_waive=facts.state is not MeasureState.WAIVED and not is_done,
    )


def state_words(state: MeasureState) -> str:
    """Where a measure stands."""
    return {
        MeasureState.WAITING: gettext("waits for a manager"),
        MeasureState.IN_FORCE: gettext("applies"),
        MeasureState.WAIVED: gettext("waived"),
    }[state]


def said_words(word: Word) -> str:
    """Who decided, when and why."""
    if word.reason:
        return gettext(
            "%(by)s, %(moment)s: %(reason)s", by=word.by, moment=moment(word.at), reason=word.reason
        )
    return gettext("%(by)s, %(moment)s", by=word.by, moment=moment(word.at))


def present_decided(one: Decided) -> DecidedView:
    """The view of a decision of late."""
    words = "–" if one.measure is None else terms.step_measure(one.measure, with_approval=False)
    text = gettext("Approved: %(measure)s") if one.kind == "approved" else gettext("Waived: %(measure)s")
    return DecidedView(
        number=one.number,
        who=one.who.name,
        what=text % {"measure": words},
        story=gettext(
            "%(ladder)s, %(month)s · %(by)s, %(moment)s",
            ladder=one.ladder, month=month_words(one.month), by=one.by, moment=moment(one.at),
        ),
        reason=one.reason,
        undone=None if one.undone is None else gettext("Undone: %(said)s", said=said_words(one.undone)),
    )  # fmt: skip


def present_stand(stand: LadderStand) -> StandView:
    """Where somebody stands on a ladder, before anything happens and after."""
    steps = len(stand.rule.steps)
    return StandView(
        ladder=ladder_name(stand.rule, stand.service_level),
        whose=gettext("your team’s") if stand.subject is SubjectKind.TEAM else None,
        is_up=stand.step > 0,
        headline=gettext("At the foot: nothing counts")
        if not stand.step
        else gettext("On step %(step)s of %(all)s", step=stand.step, all=steps),
        sentences=tuple(_stand_sentences(stand)),
        rungs=_rungs(stand.rule, stand.step),
        cases=tuple(present_case(case) for case in stand.cases),
    )


def _stand_sentences(stand: LadderStand) -> Iterator[str]:
    rule = stand.rule
    yield gettext(
        "Each month in which “%(level)s” is missed leads one step up; the last step repeats.",
        level=stand.service_level,
    )
    if rule.clears_after is not None:
        yield ngettext(
            "%(num)s month that is met leads back to the foot.",
            "%(num)s months in a row that are met lead back to the foot.",
            rule.clears_after,
        )
        if stand.step and stand.clean:
            yield ngettext("%(num)s is done.", "%(num)s are done.", stand.clean)
    yield from (strike_words(strike) for strike in stand.strikes)
    if stand.grace_until is not None:
        yield gettext(
            "New here: months that begin before %(day)s do not count here.",
            day=short_day(stand.grace_until),
        )
    if stand.suspension is not None:
        yield gettext("Suspended this month: %(reason)s", reason=stand.suspension.reason)


def strike_words(strike: Strike) -> str:
    """A month that counts, and how long."""
    month = month_words(strike.month)
    if strike.until is None:
        return gettext("%(month)s counts.", month=month)
    return gettext(
        "%(month)s counts until the end of %(until)s.", month=month, until=month_words(strike.until)
    )
