"""A service level in words: what it asks, when it is exceeded, what makes a month, and the points."""

from dataclasses import dataclass
from decimal import Decimal

from leaderboard.domain.rulebook import (
    Counted,
    FixedWorth,
    Organization,
    PointsTable,
    Ratio,
    Recorded,
    Response,
    Rulebook,
    ServiceLevel,
    SubjectKind,
    Volume,
)
from leaderboard.web.formats import signed
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters import rule_terms as terms
from leaderboard.web.presenters.point_value import value_of_points


@dataclass(frozen=True, slots=True)
class Worth:
    """Points, and the money that they are where a point is worth any; empty texts for nothing."""

    points: str
    money: str = ""

    def __bool__(self) -> bool:
        return bool(self.points)


@dataclass(frozen=True, slots=True)
class PointsRow:
    """What an outcome, or a month, is worth by how it turned out."""

    label: str
    exceeded: Worth
    met: Worth
    missed: Worth


@dataclass(frozen=True, slots=True)
class LevelView:
    """A service level, ready to be read."""

    id: str
    name: str
    party: str
    is_marketing: bool
    description: str | None
    sentence: str
    """The promise itself."""
    details: tuple[str, ...]
    points: tuple[PointsRow, ...]


def present_level(level: ServiceLevel, rulebook: Rulebook) -> LevelView:
    """The view of a service level of this rulebook."""
    return LevelView(
        id=level.id,
        name=level.name,
        party=terms.party(level.party),
        is_marketing=level.party.value == "marketing",
        description=level.description,
        sentence=promise(level),
        details=tuple(_details(level)),
        points=tuple(_points(level, rulebook.organization)),
    )


def promise(level: ServiceLevel) -> str:
    """`A sales rep meets this when a lead is contacted within 1 working hour of being assigned.`"""
    who = terms.who(level.party, level.subject)
    if isinstance(level, Response):
        return _response(level, who)
    if isinstance(level, Volume):
        return gettext(
            "%(who)s gathers, every time %(events)s in the month, %(worth)s.",
            who=who,
            events=terms.events_happen(level.counted.events),
            worth=terms.worth(level.counted.worth),
        )
    if isinstance(level, Ratio):
        return gettext(
            "%(who)s is measured by a share in the month: of all times that %(denominator)s, those when %(numerator)s.",
            who=who,
            numerator=_counted(level.numerator),
            denominator=_counted(level.denominator),
        )
    return gettext("%(who)s meets this when another system says so, verdict by verdict.", who=who)


def _response(level: Response, who: str) -> str:
    stop, limit = terms.stop(level.stop), terms.limit(level.within, level.calendar is not None)
    if level.within.by_grade:
        return gettext(
            "%(who)s meets this when %(stop)s within the time of its grade, counted from when %(start)s: %(limit)s.",
            who=who,
            stop=stop,
            start=terms.events_happen(level.start),
            limit=limit,
        )
    if terms.is_of_leads(level.start) and terms.is_of_leads(level.stop.events) and level.stop.count == 1:
        return gettext(
            "%(who)s meets this when %(stop)s within %(limit)s of being %(start)s.",
            who=who,
            stop=stop,
            limit=limit,
            start=terms.event_list(level.start),
        )
    return gettext(
        "%(who)s meets this when %(stop)s within %(limit)s, counted from when %(start)s.",
        who=who,
        stop=stop,
        limit=limit,
        start=terms.events_happen(level.start),
    )


def _counted(counted: Counted) -> str:
    """A clause, with what each counts where that is not simply one."""
    told = terms.events_happen(counted.events)
    return told if counted.worth == FixedWorth() else f"{told} ({terms.worth(counted.worth)})"


def _details(level: ServiceLevel) -> list[str]:
    told = _of_response(level) if isinstance(level, Response) else []
    told += [_month(level)] if level.target is not None else [gettext("It has no monthly rating.")]
    if level.minimum > 1 and not isinstance(level, Volume):
        told.append(
            ngettext(
                "A month with fewer than %(num)s outcome is not rated.",
                "A month with fewer than %(num)s outcomes is not rated.",
                level.minimum,
            )
        )
    if isinstance(level, Volume) and not level.counted.once_per_lead:
        told.append(gettext("A lead counts each time anew."))
    if isinstance(level, Volume) and level.prorate is not None:
        told.append(
            gettext(
                "Who was there on some working days only, by the calendar “%(calendar)s”, owes that part of it.",
                calendar=level.prorate,
            )
        )
    if level.subject is SubjectKind.TEAM and isinstance(level, Response | Recorded):
        told.append(gettext("The points go to the team."))
    return told


def _of_response(level: Response) -> list[str]:
    told = []
    if level.exceed_within is not None:
        limit = terms.limit(level.exceed_within, level.calendar is not None)
        told.append(gettext("It is exceeded within %(limit)s.", limit=limit))
    if level.pause:
        told.append(
            gettext(
                "The clock stands still from when %(pause)s until %(resume)s.",
                pause=terms.events_happen(level.pause),
                resume=terms.events_happen(level.resume),
            )
        )
    if level.calendar is not None:
        told.append(gettext("Working time goes by the calendar “%(calendar)s”.", calendar=level.calendar))
    told.append(
        gettext(
            "When the lead is handed to another rep, %(then)s.", then=terms.on_reassign(level.on_reassign)
        )
    )
    return told


def _month(level: ServiceLevel) -> str:
    target = threshold(level, level.target)
    if level.exceed is None:
        return gettext("The month is met from %(target)s on.", target=target)
    return gettext(
        "The month is met from %(target)s on, and exceeded from %(exceed)s on.",
        target=target,
        exceed=threshold(level, level.exceed),
    )


def threshold(level: ServiceLevel, value: Decimal | None) -> str:
    """A target as the measure counts: an amount for a volume, else a share."""
    if value is None:
        return gettext("none")
    return terms.amount(value) if isinstance(level, Volume) else terms.share(value)


def _points(level: ServiceLevel, who: Organization) -> list[PointsRow]:
    rows = []
    if isinstance(level, Response | Recorded) and level.each != PointsTable():
        rows.append(_row(gettext("each outcome"), level.each, who))
    if level.month != PointsTable():
        rows.append(_row(gettext("the month"), level.month, who))
    return rows


def _row(label: str, table: PointsTable, who: Organization) -> PointsRow:
    return PointsRow(label, *(_worth(one, who) for one in (table.exceeded, table.met, table.missed)))


def _worth(points: int, who: Organization) -> Worth:
    return Worth(signed(points), value_of_points(who).worth(points)) if points else Worth("")
