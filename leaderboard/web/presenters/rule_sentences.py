"""Carrots and sticks in words: badges, recognition, contests, tasks, ladders of consequences."""

from collections.abc import Iterable

from leaderboard.domain.rulebook import (
    Badge,
    ByHand,
    CleanMonthBadge,
    Consequence,
    Contest,
    ContestScore,
    CountBadge,
    Organization,
    PrizeRule,
    RankBadge,
    Rating,
    Recognition,
    Rulebook,
    StreakBadge,
    Suspension,
    Task,
)
from leaderboard.web.formats import money, number, ordinal
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.presenters import rule_terms as terms
from leaderboard.web.presenters.point_value import value_of_points
from leaderboard.web.presenters.words import rating_word


def level_name(rulebook: Rulebook, level_id: str) -> str:
    """The name of a service level; its id where the rulebook lacks it."""
    level = rulebook.service_levels.get(level_id)
    return level_id if level is None else level.name


def badge_reason(one: Badge, rulebook: Rulebook) -> str:
    """What a badge is given for."""
    match one.rule:
        case CountBadge(service_level=level, count=count, rating=rating):
            or_better = gettext("met or better") if rating is Rating.MET else rating_word(rating)
            return ngettext(
                "For %(num)s outcome %(rating)s on “%(level)s” within a month.",
                "For %(num)s outcomes %(rating)s on “%(level)s” within a month.",
                count,
                rating=or_better,
                level=level_name(rulebook, level),
            )
        case StreakBadge(service_level=level, streak=streak):
            return ngettext(
                "For every %(num)s in time on “%(level)s”.",
                "For every %(num)s in a row in time on “%(level)s”.",
                streak,
                level=level_name(rulebook, level),
            )
        case CleanMonthBadge(outcomes=outcomes):
            return ngettext(
                "For a month with at least %(num)s outcome and none missed.",
                "For a month with at least %(num)s outcomes and none missed.",
                outcomes,
            )
        case RankBadge(rank=rank, period=period, scope=scope):
            return gettext(
                "For the %(place)s place or better among the %(scope)s of a %(period)s.",
                place=ordinal(rank),
                scope=terms.scope(scope),
                period=terms.period(period),
            )
        case _:
            return gettext("Given by recognition, or by a manager’s hand with a reason.")


def prize(one: PrizeRule, who: Organization) -> str:
    """`100 points and € 250`."""
    words = [valued(one.points, who)] if one.points else []
    if one.money is not None:
        words.append(money(one.money, who.currency))
    return terms.both(words) or gettext("nothing")


def points(count: int) -> str:
    """`100 points`."""
    return ngettext("%(points)s point", "%(points)s points", count, points=number(count))


def valued(count: int, who: Organization) -> str:
    """`100 points`; `100 points (€ 50)` where a point is worth money."""
    told, worth = points(count), value_of_points(who).worth(count)
    return f"{told} ({worth})" if worth else told


def recognition_sentence(one: Recognition, rulebook: Rulebook) -> str:
    """Who wins, and what."""
    wins = [money(one.bonus, rulebook.organization.currency)] if one.bonus is not None else []
    if one.badge is not None:
        found = rulebook.badges.get(one.badge)
        wins.append(gettext("the badge “%(badge)s”", badge=one.badge if found is None else found.name))
    return ngettext(
        "The first of the %(scope)s of each %(period)s wins %(prize)s; ties win in full.",
        "The first %(num)s of the %(scope)s of each %(period)s win %(prize)s each; ties win in full.",
        one.places,
        scope=terms.scope(one.scope),
        period=terms.period(one.period),
        prize=terms.both(wins) or gettext("nothing"),
    )


def contest_sentence(one: Contest, rulebook: Rulebook) -> str:
    """When, by what, and for what."""
    told = ngettext(
        "From %(start)s to %(end)s, the first of the %(scope)s by %(score)s on %(levels)s wins %(prize)s.",
        "From %(start)s to %(end)s, the first %(num)s of the %(scope)s by %(score)s on %(levels)s win %(prize)s each.",
        one.places,
        start=terms.day(one.from_on),
        end=terms.day(one.until_on),
        scope=terms.scope(one.scope),
        score=terms.score(one.by),
        levels=terms.both(f"“{level_name(rulebook, level)}”" for level in one.service_levels),
        prize=prize(one.prize, rulebook.organization),
    )
    if one.by is ContestScore.SHARE:
        more = ngettext(
            "Only with at least %(num)s outcome.", "Only with at least %(num)s outcomes.", one.minimum
        )
        told = f"{told} {more}"
    return _with_teams(told, one.teams)


def task_sentence(one: Task, rulebook: Rulebook) -> str:
    """Until when, for what, and on whose word."""
    told = gettext(
        "Done by %(until)s it earns %(prize)s; %(confirmation)s.",
        until=terms.day(one.until_on),
        prize=prize(one.prize, rulebook.organization),
        confirmation=terms.confirmation(one.confirm),
    )
    return _with_teams(told, one.teams)


def _with_teams(told: str, teams: Iterable[str]) -> str:
    listed = list(teams)
    return f"{told} {gettext('For %(teams)s only.', teams=terms.both(listed))}" if listed else told


def ladder_sentences(one: Consequence, rulebook: Rulebook) -> tuple[str, ...]:
    """What moves a ladder up and down."""
    level = level_name(rulebook, one.service_level)
    told = [gettext("Each missed month on “%(level)s” leads one step up.", level=level)]
    if one.clears_after is not None:
        told.append(
            ngettext(
                "%(num)s month that is met leads back to the foot.",
                "%(num)s months in a row that are met lead back to the foot.",
                one.clears_after,
            )
        )
    if one.expires_after is not None:
        told.append(
            ngettext(
                "A missed month counts for %(num)s month.",
                "A missed month counts for %(num)s months.",
                one.expires_after,
            )
        )
    if one.grace_days:
        told.append(
            ngettext(
                "Nothing moves in a rep’s first %(num)s day.",
                "Nothing moves in a rep’s first %(num)s days.",
                one.grace_days,
            )
        )
    return tuple(told)


def ladder_steps(one: Consequence) -> str:
    """All steps on one line: `1. a message about it · 2. a coaching conversation, if a manager approves it`."""
    return " · ".join(f"{number}. {terms.step(step)}" for number, step in enumerate(one.steps, 1))


def suspension_sentence(one: Suspension, rulebook: Rulebook) -> str:
    """When, which, and why."""
    span = {"start": terms.day(one.from_on), "end": terms.day(one.until_on), "reason": one.reason}
    if one.consequences is None:
        return gettext("%(start)s to %(end)s: no ladder moves. %(reason)s", **span)
    ladders = terms.both(f"“{ladder_name(rulebook, ladder)}”" for ladder in one.consequences)
    return gettext("%(start)s to %(end)s: %(ladders)s stand still. %(reason)s", ladders=ladders, **span)


def ladder_name(rulebook: Rulebook, ladder_id: str) -> str:
    """The name of a ladder; its id where it has none."""
    ladder = rulebook.consequences.get(ladder_id)
    return ladder_id if ladder is None or ladder.name is None else ladder.name


def by_hand_sentences(one: ByHand) -> tuple[str, ...]:
    """What managers may give by hand."""
    told = []
    if one.points is not None:
        told.append(
            gettext("With badges, a manager may give up to %(points)s a month.", points=points(one.points))
        )
    if one.badges is not None:
        told.append(
            ngettext(
                "A manager may give %(num)s badge by hand a month.",
                "A manager may give %(num)s badges by hand a month.",
                one.badges,
            )
        )
    told.append(
        gettext(
            "More than %(points)s at once, given or taken, need a second person.", points=points(one.alone)
        )
    )
    return tuple(told)
