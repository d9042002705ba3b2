"""A month's promise in words: `21 of 24 in time. 6 more in a row and the month is met: +100.`"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from markupsafe import Markup, escape

from leaderboard.domain.rulebook import Rating
from leaderboard.queries.rep_page import Promise, PromiseMeasure
from leaderboard.web.charts import permille
from leaderboard.web.formats import number, percent, signed
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters.words import rating_word, rich, strong


@dataclass(frozen=True, slots=True)
class PromiseView:
    """A ring and the sentences beside it."""

    title: str
    ring: float
    mark: float | None
    """Where on the ring the target is; None where the whole ring is the target."""
    figure: str
    label: str
    tone: str
    sentences: tuple[Markup, ...]


def present_promise(promise: Promise, is_over: bool = False) -> PromiseView:
    """The view of a promise, in a month that is under way or over."""
    is_volume = promise.measure is PromiseMeasure.VOLUME
    whole = promise.target if is_volume else promise.of
    figure = percent(promise.value, whole) if whole else "–"
    sentences = (_so_far(promise, is_over), _next(promise, is_over))
    return PromiseView(
        title=_title(promise),
        ring=permille(float(promise.value), float(whole)),
        mark=None if is_volume or promise.target >= 1 else float(promise.target * 100),
        figure=figure,
        label=gettext("%(name)s: %(figure)s", name=promise.name, figure=figure),
        tone=_tone(promise),
        sentences=tuple(sentence for sentence in sentences if sentence),
    )


def more_in_a_row(kept: Decimal, outcomes: Decimal, target: Decimal) -> int | None:
    """How many more in time, without a miss, bring the share up to the target; None where none can."""
    if outcomes and kept >= target * outcomes:
        return 0
    if not outcomes:
        return 1
    if target >= 1:
        return None
    return int(((target * outcomes - kept) / (1 - target)).to_integral_value(ROUND_CEILING))


def misses_to_spare(kept: Decimal, outcomes: Decimal, target: Decimal) -> int:
    """How many misses the share can bear before it falls below the target."""
    return max(0, int((kept / target - outcomes).to_integral_value(ROUND_FLOOR))) if target > 0 else 0


def _title(promise: Promise) -> str:
    if promise.measure is PromiseMeasure.VOLUME:
        return gettext("%(name)s: %(target)s in the month", name=promise.name, target=number(promise.target))
    target = percent(promise.target, 1)
    if promise.measure is PromiseMeasure.RATIO:
        return gettext("%(name)s: %(target)s", name=promise.name, target=target)
    return gettext("%(name)s: %(target)s in time", name=promise.name, target=target)


def _so_far(promise: Promise, is_over: bool) -> Markup | None:
    if promise.measure is PromiseMeasure.VOLUME:
        count = strong(
            gettext("%(count)s of %(all)s", count=number(promise.value), all=number(promise.target))
        )
        return _counted(count, is_over)
    if not promise.of:
        return escape(gettext("Nothing came due.") if is_over else gettext("Nothing has come due yet."))
    count = strong(gettext("%(count)s of %(all)s", count=number(promise.value), all=number(promise.of)))
    return rich(gettext("%(count)s in time."), count=count) if _in_time(promise) else _counted(count, is_over)


def _counted(count: Markup, is_over: bool) -> Markup:
    """`30 of 12 so far`, and once the month is over without `so far`."""
    return Markup("%s.") % count if is_over else rich(gettext("%(count)s so far."), count=count)


def _next(promise: Promise, is_over: bool) -> Markup | None:
    """What the month comes to, or the next thing that changes it."""
    if promise.rating is not None:
        return rich(
            gettext("The month is %(rating)s: %(points)s."),
            rating=strong(rating_word(promise.rating)),
            points=strong(signed(_points(promise, promise.rating))),
        )
    if is_over:
        return escape(gettext("Too few for a rating."))
    if promise.of < promise.minimum and promise.measure is not PromiseMeasure.VOLUME:
        missing = int(promise.minimum - promise.of)
        return escape(
            ngettext(
                "%(num)s more outcome, and the month is rated.",
                "%(num)s more outcomes, and the month is rated.",
                missing,
            )
        )
    return _standing_above(promise) if _reaches(promise, promise.target) else _standing_below(promise)


def _standing_below(promise: Promise) -> Markup | None:
    points = strong(signed(promise.points_met))
    if promise.measure is PromiseMeasure.VOLUME:
        more = strong(number(promise.target - promise.value))
        return rich(gettext("%(more)s more and the month is met: %(points)s."), more=more, points=points)
    if promise.measure is PromiseMeasure.RATIO:
        return rich(
            gettext("The month is met from %(target)s on: %(points)s."),
            target=strong(percent(promise.target, 1)),
            points=points,
        )
    missing = more_in_a_row(promise.value, promise.of, promise.target)
    if missing is None:
        return escape(gettext("The month can no longer be met; each one in time still counts."))
    return rich(
        gettext("%(more)s in a row and the month is met: %(points)s."),
        more=strong(ngettext("%(num)s more", "%(num)s more", missing)),
        points=points,
    )


def _standing_above(promise: Promise) -> Markup:
    if promise.exceed is None or _reaches(promise, promise.exceed):
        top = Rating.MET if promise.exceed is None else Rating.EXCEEDED
        return rich(
            gettext("As it stands the month is %(rating)s: %(points)s."),
            rating=strong(rating_word(top)),
            points=strong(signed(_points(promise, top))),
        )
    held = rich(
        gettext("As it stands the month is %(rating)s: %(points)s."),
        rating=strong(rating_word(Rating.MET)),
        points=strong(signed(promise.points_met)),
    )
    further = _towards_exceeding(promise, promise.exceed)
    return held if further is None else held + " " + further


def _towards_exceeding(promise: Promise, exceed: Decimal) -> Markup | None:
    points = strong(signed(promise.points_exceeded))
    if promise.measure is PromiseMeasure.VOLUME:
        return rich(
            gettext("%(more)s more and it is exceeded: %(points)s."),
            more=strong(number(exceed - promise.value)),
            points=points,
        )
    if promise.measure is PromiseMeasure.RATIO:
        return rich(
            gettext("From %(target)s on it is exceeded: %(points)s."),
            target=strong(percent(exceed, 1)),
            points=points,
        )
    missing = more_in_a_row(promise.value, promise.of, exceed)
    if missing is None:
        return None
    return rich(
        gettext("%(more)s in a row and it is exceeded: %(points)s."),
        more=strong(ngettext("%(num)s more", "%(num)s more", missing)),
        points=points,
    )


def _reaches(promise: Promise, target: Decimal) -> bool:
    if promise.measure is PromiseMeasure.VOLUME:
        return promise.value >= target
    return bool(promise.of) and promise.value >= target * promise.of


def _in_time(promise: Promise) -> bool:
    return promise.measure is PromiseMeasure.IN_TIME


def _points(promise: Promise, rating: Rating) -> int:
    return {
        Rating.EXCEEDED: promise.points_exceeded,
        Rating.MET: promise.points_met,
        Rating.MISSED: promise.points_missed,
    }[rating]


def _tone(promise: Promise) -> str:
    if promise.exceed is not None and _reaches(promise, promise.exceed):
        return "gold"
    return "" if _reaches(promise, promise.target) or not promise.of else "care"
