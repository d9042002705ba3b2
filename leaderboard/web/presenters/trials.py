"""Versions in trial, in words: how far each is, what comes next, and its board beside the real one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from leaderboard.domain.instants import DAY, Instant
from leaderboard.domain.periods import PeriodCalendar
from leaderboard.domain.trials import last_day
from leaderboard.queries.trials import TrialFacts
from leaderboard.web.charts import permille
from leaderboard.web.formats import moment, number, short_day
from leaderboard.web.languages import gettext, ngettext

_FRESH = 30 * DAY
"""How long a trial that ended waits for somebody on the overview."""


@dataclass(frozen=True, slots=True)
class TrialRow:
    """A trial in a list, and at the head of its page. `state` is `coming`, `running`, `ended`."""

    id: int
    draft_id: int
    name: str
    revision: int
    state: str
    state_words: str
    words: str
    note: str
    is_outdated: bool
    """Whether the draft was saved since, while it runs."""


@dataclass(frozen=True, slots=True)
class Course:
    """How much of a trial's time has passed."""

    percent: float
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """A row of one of the two boards; `way` and `moves` say how the one in trial differs from the real one."""

    rank: str
    name: str
    points: str
    in_time: str
    way: str = "same"
    moves: str = ""


@dataclass(frozen=True, slots=True)
class TwoBoards:
    """The real board, and the one in trial."""

    real: tuple[Place, ...]
    trial: tuple[Place, ...]
    is_empty: bool
    """Whether nothing has counted on either side so far."""
    places: int
    """How many there are, of whom maybe only the first are shown."""


def present_trial(trial: TrialFacts, calendar: PeriodCalendar, now: Instant) -> TrialRow:
    """A trial in words."""
    state = state_of(trial, calendar, now)
    words = {"coming": gettext("To come"), "running": gettext("In trial"), "ended": gettext("Trial ended")}
    note = gettext(
        "Saving %(number)s of the draft · counts from %(since)s · put in trial by %(name)s, %(moment)s",
        number=trial.revision,
        since=short_day(trial.counts_from),
        name=trial.started_by,
        moment=moment(trial.started_at),
    )
    return TrialRow(
        trial.id,
        trial.draft_id,
        trial.name,
        trial.revision,
        state,
        words[state],
        _ended_words(trial, calendar) if state == "ended" else running_words(trial, calendar, now),
        note,
        state != "ended" and trial.is_outdated,
    )


def state_of(trial: TrialFacts, calendar: PeriodCalendar, now: Instant) -> str:
    """By the clock."""
    if trial.is_over(now):
        return "ended"
    return "coming" if calendar.date_at(now) < trial.counts_from else "running"


def running_words(trial: TrialFacts, calendar: PeriodCalendar, now: Instant) -> str:
    """Until when, and how long that is."""
    last_on = last_day(calendar, trial.end_at)
    left = (last_on - calendar.date_at(now)).days
    if not left:
        return gettext("Until the end of today")
    until = short_day(last_on)
    return ngettext("Until %(day)s, %(num)s day left", "Until %(day)s, %(num)s days left", left, day=until)


def _ended_words(trial: TrialFacts, calendar: PeriodCalendar) -> str:
    day = short_day(last_day(calendar, trial.end_at))
    if trial.ending == "stopped":
        return gettext(
            "Stopped on %(day)s by %(name)s: %(reason)s",
            day=day,
            name=trial.ended_by or "",
            reason=trial.reason or "",
        )
    if trial.ending == "restarted":
        name = trial.ended_by or ""
        return gettext("Begun again with a newer saving on %(day)s by %(name)s", day=day, name=name)
    return gettext("Over since the end of %(day)s", day=day)


def course(trial: TrialFacts, calendar: PeriodCalendar, now: Instant) -> Course:
    """On which of its days it is; days before it counts are none of them."""
    first_on = max(trial.counts_from, calendar.date_at(trial.started_at))
    last_on = last_day(calendar, trial.end_at)
    whole = max(1, (last_on - first_on).days + 1)
    day = min(max((calendar.date_at(min(now, trial.end_at - 1)) - first_on).days + 1, 0), whole)
    words = gettext("Day %(day)s of %(whole)s", day=number(day), whole=number(whole))
    return Course(permille(day, whole), words)


def waits_for_a_word(trial: TrialFacts, now: Instant) -> bool:
    """Whether it ended lately with its draft as it was, so that somebody should sign, edit or discard that."""
    is_left = not (trial.is_withdrawn or trial.is_scheduled or trial.is_outdated)
    return is_left and trial.ending != "restarted" and trial.end_at <= now < trial.end_at + _FRESH


def two_boards(
    document: dict[str, Any], scope: str, in_time: Callable[[dict[str, Any]], str], most: int | None = None
) -> TwoBoards:
    """The standings of a result, each side in its own order; the first places only where `most` is given."""
    rows = document["standings"][scope]
    real, trial = (list(_places(rows, side, in_time)) for side in ("as_is", "would_be"))
    counted = (row[side] for row in rows for side in ("as_is", "would_be") if row[side])
    is_empty = not any(one["points"] or one["compliance"] is not None for one in counted)
    return TwoBoards(tuple(real[:most]), tuple(trial[:most]), is_empty, max(len(real), len(trial)))


def _places(
    rows: Iterable[dict[str, Any]], side: str, in_time: Callable[[dict[str, Any]], str]
) -> Iterable[Place]:
    listed = [row for row in rows if row[side]]
    for row in sorted(listed, key=lambda one: (one[side]["rank"], one["name"], one["id"])):
        found = row[side]
        moves = (row["moves"] or 0) if side == "would_be" else 0
        way = "up" if moves > 0 else "down" if moves < 0 else "same"
        rank, points = number(found["rank"]), number(found["points"])
        yield Place(rank, row["name"], points, in_time(found), way, number(abs(moves)) if moves else "")
