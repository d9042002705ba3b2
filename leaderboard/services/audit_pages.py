"""Who may read what of the audit log: administrators all, who may edit rulebooks what is about those."""

from dataclasses import replace

from leaderboard.domain.instants import DAY, Instant
from leaderboard.queries import audit
from leaderboard.queries.audit import KINDS, RULES, Asked, AuditPage, Names, Pulse
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.services.page_session import page_session

A_WEEK = 7 * DAY


def may_read(who: LoggedIn) -> bool:
    """Whether any of it is theirs to read."""
    return who.role == "admin" or who.may_edit_rules


def kinds_of(who: LoggedIn) -> tuple[str, ...]:
    """The kinds of entries that are."""
    return tuple(KINDS) if who.role == "admin" else (RULES,)


def entries(who: LoggedIn, asked: Asked, most: int) -> AuditPage:
    """The newest that are theirs, of those asked for."""
    return audit.audit_page(page_session(), _theirs(who, asked), most)


def people(who: LoggedIn, asked: Asked) -> Names:
    """Whom one can ask for."""
    return audit.people_of(page_session(), _theirs(who, asked))


def lately(who: LoggedIn, now: Instant) -> Pulse:
    """What was done in the last seven days, and the newest of all."""
    return audit.pulse(page_session(), _theirs(who, Asked()), now - A_WEEK)


def _theirs(who: LoggedIn, asked: Asked) -> Asked:
    return asked if who.role == "admin" else replace(asked, kind=RULES)
