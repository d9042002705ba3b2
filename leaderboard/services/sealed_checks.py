"""A sealed period against what follows from the events, rules and roster that were known at its sealing."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from leaderboard.domain.decisions import hand_award
from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.domain.replay import World
from leaderboard.domain.rulebook import SubjectKind
from leaderboard.persistence.models import Award, LedgerEntry, Seal
from leaderboard.services.awards import standing_awards
from leaderboard.services.directory import Directory
from leaderboard.services.ended_months import ranks_of
from leaderboard.services.entry_checks import compare_awards, compare_entries
from leaderboard.services.ledger import standing_where
from leaderboard.services.replaying import Progress, untold, world_as_known
from leaderboard.services.sealed_past import sealed_past
from leaderboard.services.seals import rules_of, seal_row, sealed_rows
from leaderboard.services.timelines import Horizon


def compare_sealed(
    session: Session, seal: Seal, directory: Directory, progress: Progress = untold
) -> Iterable[str]:
    """A line for each row of the seal, each entry and each award of the period that does not follow."""
    rules = rules_of(session, seal)
    if rules is None:
        yield f"{seal.period}: the rulebook that it was sealed by is gone"
        return
    past = sealed_past(session, rules.book, seal.closing_at, before_position=seal.position)
    horizon = Horizon(seal.closing_at, seal.horizon_seq)
    world = world_as_known(session, rules, seal.closing_at, horizon, past, progress)
    period = rules.book.calendar.parse(seal.period)
    for scope in SubjectKind:
        wanted = [seal_row(row, scope, directory) for row in world.standing(period, scope)]
        for line in _differing_rows(scope, sealed_rows(seal, scope), wanted):
            yield f"seal of {period.name}: {line}"
    yield from _compare_ranks(session, world, period, directory)
    if period.kind is PeriodKind.MONTH:
        before = {award.key for sealed in past.months.values() for award in sealed.awards}
        yield from _compare_month(session, world, period, before, directory)


def _differing_rows(
    scope: SubjectKind, sealed: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> Iterable[str]:
    have, want = ({row["key"]: row for row in rows} for rows in (sealed, wanted))
    for key in sorted(have.keys() | want.keys()):
        if have.get(key) != want.get(key):
            yield f"{scope} {key}: sealed {have.get(key)}, recomputed {want.get(key)}"


def _compare_month(
    session: Session, world: World, month: Period, before: set[str], directory: Directory
) -> Iterable[str]:
    """What is booked in the month, and the badges that were earned in it; `before` are those that were sealed then."""
    entry = LedgerEntry
    booked = standing_where(session, entry.month == month.name, entry.corrects.is_(None))
    yield from compare_entries(booked, (e for e in world.entries if e.booked_at in month), directory)
    others = before | {award.key for ranked in world.ranked.values() for award in ranked.awards}
    # Badges by hand follow from decisions alone, and may be taken away after the sealing.
    others |= {award.key for made in world.decisions.ordered if (award := hand_award(made, world.book))}
    earned = {key for key, award in world.awards.items() if award.awarded_at in month} - others
    settled = Award.settles.in_([month.name, f"{month.name}/live"])
    yield from compare_awards(standing_awards(session, settled), earned, directory)


def _compare_ranks(session: Session, world: World, period: Period, directory: Directory) -> Iterable[str]:
    """The period's rank badges and prizes with their points, unless the month after it was sealed before."""
    settles, ranked = ranks_of(period), world.ranked.get(period.name)
    if ranked is not None:
        booked = standing_where(session, LedgerEntry.settles == settles)
        yield from compare_entries(booked, ranked.entries, directory)
        awards = {award.key for award in ranked.awards}
        yield from compare_awards(standing_awards(session, Award.settles == settles), awards, directory)
