"""A rep's own page: the place, what runs now, the month's promises, and every point's receipt."""

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from leaderboard.domain.rulebook import SubjectKind
from leaderboard.queries.board_page import PeriodState
from leaderboard.queries.by_hand_page import TaskStand
from leaderboard.queries.ladder_page import LadderStand
from leaderboard.queries.rep_page import RepPage, RunningClock
from leaderboard.web.charts import permille
from leaderboard.web.formats import clock_time, duration, number, ordinal, period_name, signed, weekday_time
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.board import (
    LIVE,
    BadgeView,
    Choice,
    RowView,
    headline,
    present_badge,
    present_row,
    waiting_words,
)
from leaderboard.web.presenters.by_hand import TaskView, present_task
from leaderboard.web.presenters.digest import digest
from leaderboard.web.presenters.ladders import StandView, present_stand
from leaderboard.web.presenters.point_value import PointValue
from leaderboard.web.presenters.promises import PromiseView, present_promise
from leaderboard.web.presenters.receipts import ReceiptDayView, present_day
from leaderboard.web.presenters.viewer import Viewer, initials
from leaderboard.web.presenters.words import rich, strong

_URGENT_SHARE = 3
"""A clock is urgent from its last third on."""
_STEPS_NAMED = 3


@dataclass(frozen=True, slots=True)
class ClockView:
    """A running clock."""

    lead: str
    facts: str
    left: str
    left_words: str
    prize: str
    used: float
    tone: str
    exceed_mark: float | None


@dataclass(frozen=True, slots=True)
class RepView:
    """A rep's page for one viewer."""

    page: RepPage
    initials: str
    headline: str
    place: RowView | None
    subline: tuple[str, ...]
    move_words: str | None
    next_step: Markup | None
    clocks: tuple[ClockView, ...]
    clocks_more: int
    promises: tuple[PromiseView, ...]
    around: tuple[RowView, ...]
    badges: tuple[BadgeView, ...]
    days: tuple[ReceiptDayView, ...]
    periods: tuple[Choice, ...]
    waiting: str | None
    more_href: str | None
    csv_href: str
    digest: str
    live_href: str | None
    board_href: str
    badges_href: str
    ladders: tuple[StandView, ...] = ()
    tasks: tuple[TaskView, ...] = ()


def present_rep(
    page: RepPage,
    viewer: Viewer,
    ladders: tuple[LadderStand, ...] = (),
    tasks: tuple[TaskStand, ...] = (),
) -> RepView:
    """The view of a rep's page; `ladders` are those that apply to them, `tasks` those that they may do."""
    # Time that runs is no change: it is shown anew by the minute.
    clocks = [(clock.lead, clock.due_at, clock.is_paused, clock.is_shut) for clock in page.clocks]
    seen = digest(
        page.freshness, page.place, page.ahead, page.around, clocks, page.promises, page.days, ladders
    )
    is_live = page.period.state in LIVE
    place = present_row(page.place, SubjectKind.REP, viewer, page.place) if page.place else None
    return RepView(
        page=page,
        initials=initials(page.person.name),
        headline=_headline(page),
        place=place,
        subline=tuple(_subline(page)),
        move_words=place.move.words if place and place.move and place.move.places else None,
        next_step=next_step(page),
        clocks=tuple(present_clock(clock, page) for clock in page.clocks),
        clocks_more=max(0, page.clocks_running - len(page.clocks)),
        promises=tuple(
            present_promise(promise, page.period.state is not PeriodState.OPEN) for promise in page.promises
        ),
        around=tuple(present_row(row, SubjectKind.REP, viewer, page.place, "near") for row in page.around),
        badges=tuple(present_badge(badge) for badge in page.badges),
        days=tuple(
            present_day(day, PointValue(page.money_per_point, page.currency or "")) for day in page.days
        ),
        periods=tuple(
            Choice("", _address(page, choice.name), choice.name == page.period.name, choice)
            for choice in page.choices
        ),
        waiting=waiting_words(page.freshness.waiting, page.freshness.oldest_waiting_at, page.freshness.as_of),
        more_href=_address(page, page.period.name, before=page.more_before) if page.more_before else None,
        csv_href=_address(page, page.period.name, format="csv"),
        digest=seen,
        live_href=_address(page, page.period.name, seen=seen) if is_live else None,
        board_href=url_for("board.standing", scope="reps", period=page.period.name),
        badges_href=url_for("awards.mine")
        if page.is_own
        else url_for("awards.of_rep", person_key=page.person.key),
        ladders=tuple(present_stand(stand) for stand in ladders),
        tasks=tuple(present_task(task) for task in tasks),
    )


def _headline(page: RepPage) -> str:
    if page.place is not None:
        return headline(page.place.rank, page.of)
    return gettext("No place yet") if page.period.state is PeriodState.OPEN else gettext("No place")


def present_clock(clock: RunningClock, page: RepPage) -> ClockView:
    """The view of a clock as it stands."""
    can_exceed = clock.exceed_within_us is not None and clock.elapsed_us <= clock.exceed_within_us
    mark = permille(clock.exceed_within_us or 0, clock.within_us) if can_exceed else None
    urgent = clock.left_us * _URGENT_SHARE <= clock.within_us
    return ClockView(
        lead=clock.lead,
        facts=" · ".join(_clock_facts(clock, page)),
        left=duration(clock.left_us),
        left_words=gettext("%(time)s of working time left", time=duration(clock.left_us))
        if clock.in_working_time
        else gettext("%(time)s left", time=duration(clock.left_us)),
        prize=_prize(clock, can_exceed),
        used=permille(clock.elapsed_us, clock.within_us),
        tone="gold" if can_exceed else "care" if urgent else "",
        exceed_mark=mark,
    )


def next_step(page: RepPage) -> Markup | None:
    """Which of the running clocks, done in time, would pass the next one ahead; None where there is nothing to say."""
    if page.place is None or not page.is_own:
        return None
    running = [clock for clock in page.clocks if clock.due_at is not None and clock.points_met > 0]
    if not running:
        return None
    if page.ahead is not None:
        gap, chosen, won = page.ahead.points - page.place.points, [], 0
        for clock in running[:_STEPS_NAMED]:
            chosen.append(clock)
            won += clock.points_met
            if won > gap:
                return _passing(chosen, page, page.ahead.name, ordinal(page.ahead.rank))
    first = running[0]
    return rich(
        gettext("Next is %(lead)s by %(time)s: in time it brings %(points)s."),
        lead=strong(first.lead),
        time=_due(first, page),
        points=strong(signed(first.points_met)),
    )


def _passing(chosen: list[RunningClock], page: RepPage, name: str, rank: str) -> Markup:
    steps = [
        rich(gettext("%(lead)s by %(time)s"), lead=strong(clock.lead), time=_due(clock, page))
        for clock in chosen
    ]
    listed = (
        steps[0]
        if len(steps) == 1
        else rich(gettext("%(first)s and %(last)s"), first=Markup(", ").join(steps[:-1]), last=steps[-1])
    )
    return rich(
        ngettext(
            "%(leads)s: in time, that takes you past %(name)s to %(rank)s as things stand.",
            "%(leads)s: all in time, that takes you past %(name)s to %(rank)s as things stand.",
            len(chosen),
            leads="%(leads)s",
            name="%(name)s",
            rank="%(rank)s",
        ),
        leads=listed,
        name=name,
        rank=strong(rank),
    )


def _due(clock: RunningClock, page: RepPage) -> str:
    assert clock.due_at is not None
    is_soon = clock.due_at - page.freshness.as_of < 12 * 3600 * 1_000_000
    return clock_time(clock.due_at) if is_soon else weekday_time(clock.due_at)


def _clock_facts(clock: RunningClock, page: RepPage) -> list[str]:
    facts = [clock.service_level]
    if clock.grade:
        facts.append(gettext("grade %(grade)s", grade=clock.grade))
    if clock.due_at is not None:
        facts.append(gettext("due %(time)s", time=_due(clock, page)))
    if clock.is_paused:
        facts.append(gettext("paused, waiting for the customer"))
    elif clock.is_shut:
        facts.append(gettext("stands still outside working hours"))
    return facts


def _prize(clock: RunningClock, can_exceed: bool) -> str:
    met = signed(clock.points_met)
    if can_exceed and clock.points_exceeded != clock.points_met:
        assert clock.exceed_within_us is not None
        left = duration(clock.exceed_within_us - clock.elapsed_us)
        return gettext(
            "%(best)s within %(time)s, then %(met)s", best=signed(clock.points_exceeded), time=left, met=met
        )
    return met


def _subline(page: RepPage) -> list[str]:
    if page.place is None:
        return [gettext("Nothing has been counted for %(name)s in this period.", name=page.person.name)]
    month = period_name(page.period, with_year=page.period.first_on.year != page.today.year)
    text = ngettext(
        "%(points)s point in %(month)s",
        "%(points)s points in %(month)s",
        page.place.points,
        points=number(page.place.points),
        month=month,
    )
    facts = [text]
    if page.ahead is not None:
        behind = page.ahead.points - page.place.points
        facts.append(gettext("%(points)s behind %(name)s", points=number(behind), name=page.ahead.name))
    return facts


def _address(
    page: RepPage,
    period: str,
    before: str | None = None,
    seen: str | None = None,
    format: str | None = None,  # noqa: A002 -- the name in the address
) -> str:
    if page.is_own:
        return url_for("me.mine", period=period, before=before, seen=seen, format=format)
    return url_for(
        "me.rep", person_key=page.person.key, period=period, before=before, seen=seen, format=format
    )
