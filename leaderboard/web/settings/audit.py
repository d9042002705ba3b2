"""The audit log: who did what, when, and what was before and after."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from flask import Response, request

from leaderboard.domain.instants import midnight, midnight_after
from leaderboard.queries.audit import Asked, AuditPage, Names
from leaderboard.services import audit_pages, clock
from leaderboard.services.login_sessions import LoggedIn
from leaderboard.web.access import logged_in
from leaderboard.web.csv_files import csv_answer
from leaderboard.web.formats import ago
from leaderboard.web.htmx import page_or_part
from leaderboard.web.incoming import key_of
from leaderboard.web.languages import N_, gettext, ngettext
from leaderboard.web.pages import organization_facts, reading
from leaderboard.web.presenters.audit import Filter, actor_name, present_audit, sentence, table_rows
from leaderboard.web.presenters.audit_values import rule_names
from leaderboard.web.settings.areas import RECORD, Area, Stand

_AT_ONCE = 50
_ALL = 100_000
"""Of a table to take away."""
_LONGEST_WHO = 100
# Of what anybody can mean; the calendar has no day after its last one.
_FIRST, _LAST = dt.date(1970, 1, 1), dt.date(2999, 12, 31)


def _stand(who: LoggedIn) -> Stand:
    now = clock.now()
    found = audit_pages.lately(who, now)
    count = ngettext("%(num)s entry in the last 7 days.", "%(num)s entries in the last 7 days.", found.since)
    if not found.since:
        count = gettext("Nothing was changed in the last 7 days.")
    if not found.page.entries:
        return Stand((count,))
    newest, names = found.page.entries[0], found.page.names
    latest = gettext(
        "The latest, %(time)s ago, by %(who)s: %(what)s.",
        time=ago(now - newest.at),
        who=actor_name(newest.actor, names),
        what=sentence(newest, names),
    )
    return Stand((count, latest))


AREA = Area(
    key="audit",
    group=RECORD,
    label=N_("Audit log"),
    title=N_("Audit log"),
    icon="audit",
    order=90,
    is_open_to=audit_pages.may_read,
    stand=_stand,
)
blueprint = AREA.blueprint(__name__)


@blueprint.get("")
def home() -> Response:
    """A page of it; with `format=csv` all that was asked for, as a table."""
    who = logged_in()
    shown, asked = _asked(who)
    if request.args.get("format") == "csv":
        return csv_answer("audit-log.csv", table_rows(_with_rules(audit_pages.entries(who, asked, _ALL))))
    before = request.args.get("before", type=key_of)
    page = audit_pages.entries(who, replace(asked, before_id=before) if before else asked, _AT_ONCE)
    view = present_audit(
        _with_rules(page), shown, audit_pages.kinds_of(who), audit_pages.people(who, asked), not before
    )
    return page_or_part("settings/audit.html", "settings", view=view)


def _with_rules(page: AuditPage) -> AuditPage:
    """With what parts of the rules are called: in the version in force, else in any other."""
    now = reading()
    if now is None:
        return page
    book = now.ground.book
    listed = [one.rulebook for one in (*book.versions, book.at(now.now)) if one is not None]
    return replace(page, names=Names({**rule_names(listed), **page.names.by_key}))


def _asked(who: LoggedIn) -> tuple[Filter, Asked]:
    """What the form says; what cannot be understood is told beside its field, and asked for nothing."""
    given = {name: request.args.get(name, "").strip() for name in ("kind", "who", "since", "until")}
    kind = given["kind"] if given["kind"] in audit_pages.kinds_of(who) else ""
    key = given["who"][:_LONGEST_WHO]
    faults: dict[str, str] = {}
    zone = ZoneInfo(organization_facts().zone)
    since, until = _day("since", given, faults), _day("until", given, faults)
    if since is not None and until is not None and until < since:
        faults["until"] = gettext("This is before the day from which you ask.")
        until = None
    asked = Asked(
        kind=kind or None,
        who=key or None,
        from_at=None if since is None else midnight(since, zone),
        until_at=None if until is None else midnight_after(until, zone),
    )
    return Filter(kind, key, given["since"], given["until"], faults), asked


def _day(name: str, given: dict[str, str], faults: dict[str, str]) -> dt.date | None:
    if not given[name]:
        return None
    try:
        found = dt.date.fromisoformat(given[name])
    except ValueError:
        found = dt.date.min
    if not _FIRST <= found <= _LAST:
        faults[name] = gettext("This is not a date, such as 2026-03-31.")
        return None
    return found
