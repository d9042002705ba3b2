"""Periods in words: how final each is, what closing it would seal and bring, and what is still open."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import url_for

from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.domain.standings import Standing
from leaderboard.queries.board_page import PeriodFacts, PeriodState
from leaderboard.queries.ground import Reading
from leaderboard.queries.period_page import Notice, PeriodRow, Proof
from leaderboard.services.closing_order import ClosingRefused
from leaderboard.services.closing_outcome import ToSeal
from leaderboard.services.closing_preview import ClosingPreview, Step
from leaderboard.services.open_things import OpenThings
from leaderboard.web.formats import (
    ago,
    clock_time,
    machine_time,
    moment,
    money,
    number,
    ordinal,
    period_name,
    period_title,
    short_day,
    weekday_date,
)
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.audit_words import called
from leaderboard.web.presenters.ladders import step_words

_MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class SealView:
    """A seal: when, by whom, its place in the chain, and whether that holds."""

    sealed: str
    counted: str
    sha256: str
    place: str
    is_intact: bool
    proof: str | None
    proof_href: str | None
    is_proved: bool


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A month or a quarter in the list."""

    name: str
    title: str
    inside: str
    """The same within a sentence."""
    kind: str
    state: str
    state_words: str
    closes: str | None
    machine_time: str | None
    rule: str | None
    may_close: bool
    seal: SealView | None


@dataclass(frozen=True, slots=True)
class QuarterView:
    """A quarter with its months, the newest first."""

    quarter: PeriodView
    months: tuple[PeriodView, ...]


@dataclass(frozen=True, slots=True)
class OpenView:
    """Something that is still open, and where it is done; `href` is None for what only time does."""

    words: str
    href: str | None


@dataclass(frozen=True, slots=True)
class RankView:
    """A row of a standing, in short."""

    place: str
    name: str
    points: str


@dataclass(frozen=True, slots=True)
class SealedView:
    """A period as it would be sealed."""

    title: str
    boards: tuple[tuple[str, tuple[RankView, ...], str | None], ...]
    money: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class PreviewView:
    """All that closing would do. With `refused` nothing else is told."""

    name: str
    title: str
    also: str | None
    refused: str | None
    earlier: str | None
    """The period that is to be closed first."""
    parts: tuple[SealedView, ...] = ()
    badges: tuple[tuple[str, str], ...] = ()
    steps: tuple[tuple[str, str, str], ...] = ()
    open: tuple[OpenView, ...] = ()
    digest: str = ""


def present_periods(rows: Sequence[PeriodRow], reading: Reading, may_close: bool) -> tuple[QuarterView, ...]:
    """The quarters with their months."""
    book = reading.ground.book
    months = [row for row in rows if row.facts.kind is PeriodKind.MONTH]
    views = []
    for row in rows:
        if row.facts.kind is PeriodKind.QUARTER:
            names = {str(month) for month in book.calendar.parse(row.facts.name).months}
            mine = (one for one in months if one.facts.name in names)
            views.append(
                QuarterView(
                    _period(row, reading, may_close), tuple(_period(one, reading, may_close) for one in mine)
                )
            )
    return tuple(view for view in views if view.months)


def _period(row: PeriodRow, reading: Reading, may_close: bool) -> PeriodView:
    words = {
        PeriodState.OPEN: gettext("goes on"),
        PeriodState.ENDED: gettext("over, being counted"),
        PeriodState.SEALED: gettext("sealed"),
    }
    return PeriodView(
        name=row.facts.name,
        title=period_title(row.facts),
        inside=period_name(row.facts),
        kind=row.facts.kind.value,
        state=row.facts.state.value,
        state_words=words.get(row.facts.state, ""),
        closes=_closes(row),
        machine_time=None if row.closes_at is None else machine_time(row.closes_at),
        rule=_rule(row),
        may_close=may_close and row.facts.state is PeriodState.ENDED,
        seal=_seal(row, reading),
    )


def _closes(row: PeriodRow) -> str | None:
    if row.facts.state is PeriodState.SEALED:
        return None
    if row.closes_at is None:
        return gettext("does not close by itself: it ended before the first event came in")
    return gettext("closes by itself on %(moment)s", moment=moment(row.closes_at))


def _rule(row: PeriodRow) -> str | None:
    if row.facts.state is PeriodState.SEALED or row.closes_at is None or row.rules_on is None:
        return None
    return ngettext(
        "%(num)s day after its end, by the rules of %(day)s",
        "%(num)s days after its end, by the rules of %(day)s",
        row.after_days,
        day=short_day(row.rules_on),
    )


def _seal(row: PeriodRow, reading: Reading) -> SealView | None:
    seal = row.seal
    if seal is None:
        return None
    who = called(seal.by)
    return SealView(
        sealed=gettext("Sealed %(moment)s by %(name)s", moment=moment(seal.at), name=who),
        counted=gettext("with all that was received by %(moment)s", moment=moment(seal.closing_at)),
        sha256=seal.sha256,
        place=gettext("Link %(number)s of the chain", number=number(seal.position)),
        is_intact=seal.is_intact,
        proof=_proof(row.proof, reading),
        proof_href=None if row.proof is None else url_for("settings_periods.order", order_id=row.proof.order),
        is_proved=row.proof is not None and row.proof.differences == 0,
    )


def _proof(proof: Proof | None, reading: Reading) -> str | None:
    if proof is None:
        return None
    time = ago(max(0, reading.now - proof.asked_at))
    if not proof.is_over:
        return gettext("Is being recomputed, asked for %(time)s ago", time=time)
    if proof.differences is None:
        return gettext("Could not be recomputed %(time)s ago", time=time)
    if not proof.differences:
        return gettext("Recomputed %(time)s ago: equal", time=time)
    return ngettext(
        "Recomputed %(time)s ago: %(num)s difference",
        "Recomputed %(time)s ago: %(num)s differences",
        proof.differences,
        time=time,
    )


def title_of(period: Period, inside: bool = False) -> str:
    """`August 2026`; inside a sentence as it is written there."""
    facts = PeriodFacts(period.name, period.kind, period.first_on, period.last_on, PeriodState.OPEN)
    return period_name(facts) if inside else period_title(facts)


def refusal_words(refused: ClosingRefused, reading: Reading) -> str:
    """Why a period cannot be closed."""
    calendar = reading.ground.book.calendar
    named = refused.params.get("period")
    period = "" if named is None else title_of(calendar.parse(named), inside=True)
    words = {
        "no_rulebook": gettext("There are no rules yet, so there is nothing to close."),
        "closed": gettext("It is closed already."),
        "not_ended": gettext("It has not ended yet: a period is closed after its end."),
        "before_rules": gettext("It lies before the first rules: nothing counts in it."),
        "order": gettext("Please close %(period)s first: periods are closed in their order.", period=period),
        "months_first": gettext(
            "Please close %(period)s first: a quarter is closed after its months.", period=period
        ),
        "changed": gettext("Something has come in since you looked, and would be sealed otherwise."),
    }
    return words[refused.code]


def notice_words(notice: Notice, things: OpenThings | None = None) -> str:
    """`August 2026 closes by itself on Thursday, 3 September, 00:00: 4 measures wait, 2 names are unplaced`."""
    facts = notice.facts
    at = notice.closes_at
    words = gettext(
        "%(period)s closes by itself on %(day)s, %(time)s",
        period=period_title(facts),
        day=weekday_date(at),
        time=clock_time(at),
    )
    if notice.also is not None:
        words = gettext(
            "%(period)s and the %(quarter)s close by themselves on %(day)s, %(time)s",
            period=period_title(facts),
            quarter=period_name(notice.also),
            day=weekday_date(at),
            time=clock_time(at),
        )
    told = [] if things is None else [one.words for one in open_views(things) if one.href is not None]
    return f"{words}: {', '.join(told)}" if told else words


def open_views(things: OpenThings) -> tuple[OpenView, ...]:
    """Those of which there are any."""
    return tuple(_open(things))


def _open(things: OpenThings) -> Iterator[OpenView]:
    health = url_for("data_health.overview") if things.to_do else ""
    if things.measures:
        words = ngettext("%(num)s measure waits", "%(num)s measures wait", things.measures)
        yield OpenView(words, url_for("settings_consequences.home"))
    if things.proposals:
        words = ngettext("%(num)s proposal is undecided", "%(num)s proposals are undecided", things.proposals)
        yield OpenView(words, url_for("settings_by-hand.home"))
    if things.unplaced:
        words = ngettext("%(num)s name is unplaced", "%(num)s names are unplaced", things.unplaced)
        yield OpenView(words, health)
    if things.conflicts:
        words = ngettext("%(num)s event is in conflict", "%(num)s events are in conflict", things.conflicts)
        yield OpenView(words, health)
    if things.rejected:
        words = ngettext("%(num)s event was refused", "%(num)s events were refused", things.rejected)
        yield OpenView(words, health)
    if things.clocks:
        words = ngettext("%(num)s clock is running", "%(num)s clocks are running", things.clocks)
        yield OpenView(words, None)


def present_preview(found: ClosingPreview, reading: Reading) -> PreviewView:
    """The preview in words."""
    title = title_of(found.period)
    if found.refusal is not None:
        earlier = (
            found.refusal.params.get("period") if found.refusal.code in ("order", "months_first") else None
        )
        return PreviewView(found.period.name, title, None, refusal_words(found.refusal, reading), earlier)
    also = found.to_seal[1].period if len(found.to_seal) > 1 else None
    return PreviewView(
        found.period.name,
        title,
        None if also is None else title_of(also, inside=True),
        None,
        None,
        tuple(_sealed(one, found.currency, reading) for one in found.to_seal),
        tuple((one.name, ", ".join(one.who)) for one in found.badges),
        tuple(_step(one) for one in found.steps),
        () if found.open is None else open_views(found.open),
        found.digest,
    )


def _sealed(one: ToSeal, currency: str, reading: Reading) -> SealedView:
    roster = reading.ground.placement.roster
    titles = {SubjectKind.REP: gettext("Reps"), SubjectKind.TEAM: gettext("Teams")}
    boards = tuple(_board(titles[scope], one.standings[scope]) for scope in SubjectKind)
    won = tuple(
        (
            roster.rep_name(won.subject_id)
            if won.subject is SubjectKind.REP
            else roster.team_name(won.subject_id),
            won.name if won.rank is None else f"{won.name} · {_place(won.rank)}",
            money(won.amount, currency),
        )
        for won in one.money
    )
    return SealedView(title_of(one.period), boards, won)


def _place(rank: int) -> str:
    return gettext("%(place)s place", place=ordinal(rank))


def _board(title: str, standing: Sequence[Standing]) -> tuple[str, tuple[RankView, ...], str | None]:
    rows = tuple(
        RankView(number(row.rank), row.score.name, number(row.score.points)) for row in standing[:_MOST_ROWS]
    )
    more = len(standing) - len(rows)
    words = ngettext("and %(num)s more", "and %(num)s more", more) if more > 0 else None
    return title, rows, words


def _step(step: Step) -> tuple[str, str, str]:
    words = gettext(
        "step %(number)s: %(measures)s",
        number=number(step.taken.step),
        measures=step_words(step.taken.measures),
    )
    return step.name, step.ladder, words


def headline(views: Iterable[QuarterView], notice: str | None) -> str:
    """What the page says first."""
    if notice is not None:
        return notice
    months = (month for view in views for month in view.months)
    sealed = [month.inside for month in months if month.state == PeriodState.SEALED.value]
    if not sealed:
        return gettext("Nothing is sealed yet")
    return gettext("Sealed up to %(month)s", month=sealed[0])
