"""Payouts in words."""

import datetime as dt
from dataclasses import dataclass

from leaderboard.domain.periods import Month, PeriodKind
from leaderboard.queries.board_page import PeriodFacts, PeriodState
from leaderboard.queries.payout_page import PayoutFacts
from leaderboard.web.formats import moment, money, ordinal, period_name
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.ladders import month_words
from leaderboard.web.presenters.viewer import initials


@dataclass(frozen=True, slots=True)
class TotalView:
    """What the payouts of a state come to, in one currency."""

    currency: str
    words: str


@dataclass(frozen=True, slots=True)
class PayoutView:
    """A payout."""

    number: int
    state: str
    who: str
    initials: str
    is_team: bool
    what: str
    members: str | None
    amount: str
    story: str | None
    is_own: bool


def present_payout(one: PayoutFacts) -> PayoutView:
    """The view of a payout."""
    parts = [one.name, period_words(one.period)]
    if one.rank is not None:
        parts.append(gettext("%(place)s place", place=ordinal(one.rank)))
    return PayoutView(
        number=one.number,
        state=one.state,
        who=one.who.name,
        initials=initials(one.who.name),
        is_team=one.who.subject == "team",
        what=" · ".join(parts),
        members=gettext("On its last day: %(names)s", names=", ".join(one.members)) if one.members else None,
        amount=money(one.amount, one.currency),
        story=_story(one),
        is_own=one.is_own,
    )


def period_words(name: str) -> str:
    """A month or a quarter, as inside a sentence."""
    if "Q" not in name:
        return month_words(Month.parse(name))
    day = dt.date(int(name[:4]), 1, 1)
    return period_name(PeriodFacts(name, PeriodKind.QUARTER, day, day, PeriodState.SEALED))


def _story(one: PayoutFacts) -> str | None:
    if one.decided_at is None:
        return None
    said = {"by": one.decided_by or "–", "moment": moment(one.decided_at)}
    if one.state == "refused":
        by = gettext("Refused by %(by)s, %(moment)s", **said)
    else:
        by = gettext("Approved by %(by)s, %(moment)s", **said)
    if one.paid_at is not None:
        paid = gettext(
            "paid %(moment)s: %(reference)s", moment=moment(one.paid_at), reference=one.reference or "–"
        )
        return f"{by} · {paid}"
    return f"{by} · “{one.reason}”" if one.reason else by
