"""What the pages' views share: the reading of a request, and the organization of its shell."""

from flask import abort, g, request

from leaderboard.domain.periods import Period, PeriodKind
from leaderboard.queries.board_page import PeriodFacts, PeriodState
from leaderboard.queries.ground import Reading
from leaderboard.services import clock, visibility
from leaderboard.services.reading import open_reading
from leaderboard.web.access import logged_in
from leaderboard.web.formats import period_title
from leaderboard.web.shell import OrganizationFacts

_READING = "page_reading"
_LONGEST_PAGE = 6


def reading() -> Reading | None:
    """What this request reads from, opened once; None as long as no rulebook was applied."""
    if _READING not in g:
        g.page_reading = open_reading(clock.now())
    found: Reading | None = g.page_reading
    return found


def read_again() -> Reading | None:
    """After a service refused to write: the session that it left reads again, and sees what is there now."""
    g.pop(_READING, None)
    return reading()


def rep_for(person_id: int) -> int:
    """The person's key, where the one who asks may look into their points; else 404, as if there were nobody."""
    if not visibility.may_see(logged_in(), person_id, reading()):
        abort(404)
    return person_id


def asked_page() -> int:
    """Which page of a list is asked for; the first one, where the address says nothing or nonsense."""
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < _LONGEST_PAGE else 1


def organization_facts() -> OrganizationFacts:
    """Whose board it is, by the version in force, or the latest one where none is yet."""
    now = reading()
    if now is None:
        return OrganizationFacts()
    version = now.ground.book.at(now.now) or now.ground.book.versions[0]
    organization = version.rulebook.organization
    return OrganizationFacts(organization.name, organization.zone.key, organization.locale)


def period_of(now: Reading, name: str | None, kind: PeriodKind | None = None) -> Period:
    """The period of that name, the present month for none; 404 for none such, one to come, or another kind."""
    calendar = now.ground.book.calendar
    if name is None:
        return calendar.at(kind or PeriodKind.MONTH, now.now)
    try:
        period = calendar.parse(name)
    except (ValueError, OverflowError):
        abort(404)
    if period.start_at > now.now or (kind is not None and period.kind is not kind):
        abort(404)
    return period


def title_of(now: Reading, name: str) -> str:
    """`2nd quarter 2026`; the name itself where it is no period any more."""
    try:
        period = now.ground.book.calendar.parse(name)
    except ValueError:
        return name
    state = PeriodState.OPEN  # no part of a title
    return period_title(PeriodFacts(period.name, period.kind, period.first_on, period.last_on, state))
