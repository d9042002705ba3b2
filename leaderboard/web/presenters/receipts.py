"""The receipt of a point in words: `assigned Fri 16:52, contacted Mon 09:08: 16 of 30 working minutes`."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from leaderboard.domain.points import EntryKind
from leaderboard.domain.rulebook import Rating
from leaderboard.queries.rep_page import Changed, Clockwork, Happening, Receipt, ReceiptDay, Wording
from leaderboard.web.formats import (
    exact_duration,
    exact_moment,
    far_or_near,
    moment,
    short_day,
    signed,
    weekday_time,
)
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.point_value import PointValue
from leaderboard.web.presenters.words import event_word, limit_words, rating_word, used_of_limit

_ICONS = {
    EntryKind.EACH: "clock",
    EntryKind.MONTH: "calendar",
    EntryKind.DEDUCTION: "minus",
    EntryKind.BADGE: "rosette",
    EntryKind.PRIZE: "prize",
    EntryKind.ADJUSTMENT: "adjust",
}


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """One entry of the ledger as a person reads it."""

    id: str
    icon: str
    tone: str
    title: str
    story: str
    points: str
    value: int
    money: str
    """What the points are worth; empty where that is nothing."""
    facts: tuple[tuple[str, str], ...]
    taken_back: str | None


@dataclass(frozen=True, slots=True)
class ReceiptDayView:
    """A day of receipts."""

    day: dt.date
    points: str
    money: str
    receipts: tuple[ReceiptView, ...]


_NO_MONEY = PointValue(None, "")
_MOST_CHANGES = 8


def present_day(day: ReceiptDay, value: PointValue = _NO_MONEY) -> ReceiptDayView:
    """The view of a day; `value` is what a point is worth."""
    receipts = tuple(present_receipt(one, value) for one in day.receipts)
    return ReceiptDayView(day.day, signed(day.points), value.worth(day.points), receipts)


def present_receipt(receipt: Receipt, value: PointValue = _NO_MONEY) -> ReceiptView:
    """The view of an entry."""
    worth = value.worth(receipt.points)
    return ReceiptView(
        id=f"e-{receipt.entry}",
        icon=_ICONS[receipt.kind],
        tone=receipt.rating.value
        if receipt.rating and receipt.kind in (EntryKind.EACH, EntryKind.MONTH)
        else "",
        title=_title(receipt),
        story=story(receipt),
        points=signed(receipt.points),
        value=receipt.points,
        money=worth,
        facts=tuple(_facts(receipt)),
        taken_back=_taken_back(receipt),
    )


def story(receipt: Receipt) -> str:
    """What the entry rests on, in a sentence."""
    if receipt.kind is EntryKind.ADJUSTMENT:
        return _correction(receipt)
    if receipt.clock is not None and receipt.rating is not None:
        return clock_story(receipt.clock, receipt.rating)
    if receipt.recorded_by is not None and receipt.rating is not None:
        return gettext(
            "recorded by %(source)s %(when)s as %(rating)s",
            source=receipt.recorded_by.source,
            when=weekday_time(receipt.recorded_by.at),
            rating=rating_word(receipt.rating),
        )
    if receipt.kind is EntryKind.MONTH and receipt.rating is not None:
        return gettext("the whole month’s rating: %(rating)s", rating=rating_word(receipt.rating))
    if receipt.kind is EntryKind.DEDUCTION:
        return receipt.reason or gettext("by the agreed ladder, for a month that was missed")
    if receipt.kind is EntryKind.BADGE:
        return receipt.reason or gettext("points that come with the badge")
    return receipt.reason or ""


def clock_story(clock: Clockwork, rating: Rating) -> str:
    """From opening to closing, and the open time in between."""
    ended_at = clock.closed.at if clock.closed is not None else clock.due_at or clock.opened.at
    opened = _happened(clock.opened, ended_at)
    if rating is Rating.MISSED:
        return _missed(clock, opened)
    if clock.closed is None or clock.elapsed_us is None or clock.within_us is None:
        return opened
    closed = _happened(clock.closed, clock.opened.at)
    used = used_of_limit(clock.elapsed_us, clock.within_us, clock.in_working_time)
    return gettext("%(opened)s, %(closed)s: %(used)s", opened=opened, closed=closed, used=used)


def _missed(clock: Clockwork, opened: str) -> str:
    limit = limit_words(clock.within_us or 0, clock.in_working_time)
    due = far_or_near(clock.due_at, clock.opened.at) if clock.due_at is not None else "–"
    if clock.closed is None:
        return gettext(
            "%(opened)s, not done when due %(due)s: %(limit)s were over", opened=opened, due=due, limit=limit
        )
    closed = _happened(clock.closed, clock.opened.at)
    return gettext(
        "%(opened)s, due %(due)s, %(closed)s: %(limit)s were over",
        opened=opened,
        due=due,
        closed=closed,
        limit=limit,
    )


def _happened(event: Happening, other_at: int) -> str:
    return gettext("%(what)s %(when)s", what=event_word(event.type), when=far_or_near(event.at, other_at))


def _correction(receipt: Receipt) -> str:
    period = receipt.corrects
    if period is None:
        return receipt.reason or ""
    if receipt.reason:
        return gettext(
            "corrects %(period)s, which was sealed: %(reason)s", period=period, reason=receipt.reason
        )
    return gettext("corrects %(period)s, which was sealed when this came in", period=period)


def _title(receipt: Receipt) -> str:
    if receipt.kind is EntryKind.BADGE and receipt.badge:
        return gettext("Badge: %(badge)s", badge=receipt.badge)
    level = receipt.service_level or gettext("Points")
    if receipt.kind is EntryKind.ADJUSTMENT:
        by_hand = receipt.corrects is None
        return gettext("Adjusted by hand") if by_hand else gettext("Correction: %(level)s", level=level)
    if receipt.kind is EntryKind.PRIZE:
        return gettext("Prize")
    if receipt.kind is EntryKind.DEDUCTION:
        return gettext("Deduction: %(level)s", level=level)
    return f"{receipt.lead} · {level}" if receipt.lead else level


def _facts(receipt: Receipt) -> list[tuple[str, str]]:
    facts = [*_clock_facts(receipt.clock)] if receipt.clock else []
    if receipt.recorded_by:
        facts.append((gettext("Recorded"), _event(receipt.recorded_by)))
    if receipt.rating:
        facts.append((gettext("Rating"), rating_word(receipt.rating)))
    if receipt.service_level:
        facts.append((gettext("Rule"), receipt.service_level))
    if receipt.rulebook_on:
        facts.append((gettext("Rulebook"), _rulebook(receipt.rulebook_on, receipt.wording)))
    if receipt.corrects:
        facts.append((gettext("Corrects"), receipt.corrects))
    if receipt.changed:
        facts.append((gettext("Since it was sealed"), _changes(receipt.changed)))
    facts.append((gettext("Booked"), moment(receipt.booked_at)))
    facts.append((gettext("Entry"), f"e-{receipt.entry}"))
    return facts


def _changes(changed: Sequence[Changed]) -> str:
    """What the correction rests on; where it is much, the first of it."""
    told = [_change(one) for one in changed[:_MOST_CHANGES]]
    more = len(changed) - len(told)
    if more:
        told.append(ngettext("and %(num)s more", "and %(num)s more", more))
    return "; ".join(told)


def _change(one: Changed) -> str:
    lead, rating, points = one.lead or gettext("a verdict"), rating_word(one.rating), signed(one.points)
    if one.counts:
        return gettext(
            "%(lead)s: %(rating)s, %(points)s, counts now", lead=lead, rating=rating, points=points
        )
    return gettext(
        "%(lead)s: %(rating)s, %(points)s, counts no more", lead=lead, rating=rating, points=points
    )


def _rulebook(effective_from: dt.date, wording: Wording | None) -> str:
    """The version, and where it has had several texts, by which of them this was booked."""
    version = gettext("in force from %(day)s", day=short_day(effective_from))
    if wording is None:
        return version
    number, when = str(wording.number), moment(wording.applied_at)
    if wording.reason is None:
        return gettext(
            "%(version)s; revision %(number)s, applied %(when)s", version=version, number=number, when=when
        )
    return gettext(
        "%(version)s; revision %(number)s, restated %(when)s: %(reason)s",
        version=version,
        number=number,
        when=when,
        reason=wording.reason,
    )


def _clock_facts(clock: Clockwork) -> list[tuple[str, str]]:
    facts = [(gettext("Opened by"), _event(clock.opened))]
    if clock.closed:
        facts.append((gettext("Closed by"), _event(clock.closed)))
    if clock.elapsed_us is not None:
        counted = gettext("Working time counted") if clock.in_working_time else gettext("Time counted")
        facts.append((counted, exact_duration(clock.elapsed_us)))
    if clock.within_us is not None:
        facts.append((gettext("Limit"), limit_words(clock.within_us, clock.in_working_time)))
    if clock.exceed_within_us is not None:
        facts.append((gettext("Exceeded within"), limit_words(clock.exceed_within_us, clock.in_working_time)))
    if clock.due_at is not None:
        facts.append((gettext("Due"), exact_moment(clock.due_at)))
    return facts


def _event(event: Happening) -> str:
    return gettext(
        "%(what)s, %(when)s (%(source)s, %(id)s)",
        what=event_word(event.type),
        when=exact_moment(event.at),
        source=event.source,
        id=event.id,
    )


def _taken_back(receipt: Receipt) -> str | None:
    if receipt.taken_back_at is None:
        return None
    when = moment(receipt.taken_back_at)
    if receipt.taken_back_because:
        return gettext("Taken back %(when)s: %(reason)s", when=when, reason=receipt.taken_back_because)
    return gettext("Taken back %(when)s: what it rested on has changed.", when=when)


def receipt_rows(days: tuple[ReceiptDay, ...]) -> list[tuple[str | int, ...]]:
    """The receipts as rows of a table, with a head; points are numbers, and 0 where they were taken back."""
    head: list[tuple[str | int, ...]] = [
        (
            gettext("Day"),
            gettext("What"),
            gettext("Why"),
            gettext("Points"),
            gettext("Taken back"),
            gettext("Entry"),
        )
    ]
    views = [
        (day.day.isoformat(), receipt, present_receipt(receipt)) for day in days for receipt in day.receipts
    ]
    return head + [
        (
            on,
            view.title,
            view.story,
            0 if receipt.taken_back_at is not None else receipt.points,
            view.taken_back or "",
            view.id,
        )
        for on, receipt, view in views
    ]


def told_day(day: ReceiptDay) -> Iterator[str]:
    """A day's receipts as lines of text, in the order in which they were booked; taken-back ones say so."""
    yield f"{day.day.isoformat()}  {signed(day.points)}"
    for receipt in reversed(day.receipts):
        view = present_receipt(receipt)
        yield f"  {view.points:>5}  {view.title}: {view.story}"
        for label, value in view.facts:
            yield f"         {label}: {value}"
        if view.taken_back is not None:
            yield f"         {view.taken_back}"
