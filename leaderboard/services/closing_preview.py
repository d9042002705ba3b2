"""What closing a period would seal and bring, before anybody confirms it. It writes nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leaderboard.domain.consequences import StepTaken
from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.domain.standings import name_of
from leaderboard.domain.versions import Version
from leaderboard.persistence.models import Award
from leaderboard.queries.ground import Reading
from leaderboard.services import clock
from leaderboard.services.awards import award_of, standing_awards
from leaderboard.services.closing_order import ClosingRefused, closes_with, refuse_unless_closable
from leaderboard.services.closing_outcome import ToSeal, digest_of, what_follows
from leaderboard.services.directory import Directory
from leaderboard.services.ended_months import ranks_of, steps_taken
from leaderboard.services.evaluation import bring_up_to_date
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.open_things import OpenThings, open_things
from leaderboard.services.rules import Rules, current_rules

_CATCH_UP_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Given:
    """A badge, and who has earned it in the period, by name."""

    badge: str
    name: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step that a rating of the month brings to somebody."""

    name: str
    ladder: str
    taken: StepTaken
    waits: bool


@dataclass(frozen=True, slots=True)
class ClosingPreview:
    """What would be sealed together, and what it brings. With a `refusal` nothing else is told."""

    period: Period
    refusal: ClosingRefused | None
    to_seal: tuple[ToSeal, ...] = ()
    badges: tuple[Given, ...] = ()
    steps: tuple[Step, ...] = ()
    open: OpenThings | None = None
    currency: str = ""
    digest: str = ""


def catch_up() -> bool:
    """Counts what waits to be counted, for two seconds at most; whether nothing is left."""
    return bring_up_to_date(clock.now(), seconds=_CATCH_UP_SECONDS)


def preview_closing(reading: Reading, who: LoggedIn, period: Period) -> ClosingPreview:
    """A fixed number of statements, whatever the number of reps."""
    session = reading.session
    rules = current_rules(session)
    if rules is None:
        return ClosingPreview(period, ClosingRefused("there is no rulebook yet", "no_rulebook"))
    try:
        refuse_unless_closable(session, rules, period, reading.now)
    except ClosingRefused as refused:
        return ClosingPreview(period, refused)
    also = closes_with(session, rules.book, period)
    together = [period] if also is None else [period, also]
    found = what_follows(session, rules, together, reading.now)
    version = rules.book.in_month(period.months[-1])
    directory = Directory(session)
    return ClosingPreview(
        period,
        None,
        found,
        badges=tuple(_badges(reading, rules, together, directory)),
        steps=tuple(_steps(reading, rules, period, directory)),
        open=open_things(reading, who, period),
        currency="" if version is None else version.rulebook.organization.currency,
        digest=digest_of(found, directory),
    )


def _badges(
    reading: Reading, rules: Rules, periods: Sequence[Period], directory: Directory
) -> Iterable[Given]:
    months = {str(month) for period in periods for month in period.months[-1:]}
    settles = [*months, *(f"{month}/live" for month in months), *map(ranks_of, periods)]
    rows = standing_awards(reading.session, Award.settles.in_(sorted(settles)))
    directory.learn_keys(row.person_id for row in rows if row.person_id is not None)
    by_badge: dict[str, list[str]] = {}
    for row in rows:
        award = award_of(row, directory)
        by_badge.setdefault(award.badge, []).append(name_of(rules.roster, award.subject, award.id))
    version = rules.book.in_month(periods[0].months[-1])
    for badge, who in sorted(by_badge.items()):
        yield Given(badge, _badge_name(version, badge), tuple(sorted(who)))


def _badge_name(version: Version | None, badge: str) -> str:
    known = None if version is None else version.rulebook.badges.get(badge)
    return badge if known is None else known.name


def _steps(reading: Reading, rules: Rules, period: Period, directory: Directory) -> Iterable[Step]:
    if period.kind is not PeriodKind.MONTH:
        return
    version = rules.book.in_month(period.first_month)
    for taken in steps_taken(reading.session, rules.book, period.first_month, directory):
        rule = None if version is None else version.rulebook.consequences.get(taken.consequence)
        yield Step(
            name_of(rules.roster, taken.subject, taken.id),
            taken.consequence if rule is None else rule.name or rule.id,
            taken,
            any(measure.needs_approval for measure in taken.measures),
        )
