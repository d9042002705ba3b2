"""The calendars of a draft, without YAML: the list, one form with a week that is drawn, copying and removing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.files.rulebook.splicing import NotSpliced, data_of
from leaderboard.files.values import available_timezones_once
from leaderboard.queries.rule_versions import DraftFacts
from leaderboard.services import clock
from leaderboard.services.draft_entries import CALENDARS, Tried, lies_in, try_calendar
from leaderboard.services.rule_versions import check_text
from leaderboard.web.htmx import page_or_part, render_block
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.calendar_fields import NEW, CalendarFields, entry_of, fields_of
from leaderboard.web.presenters.calendar_forms import (
    CalendarForm,
    CalendarRow,
    CalendarsPage,
    calendar_faults,
    closed_rows,
    country_choices,
    day_rows,
    present_beside,
    present_row,
    subdivision_choices,
)
from leaderboard.web.presenters.entry_values import map_of, text_of
from leaderboard.web.settings.calendar_form import read_calendar, rearranged
from leaderboard.web.settings.draft_saving import (
    Attempt,
    as_sent,
    editable,
    editors_only,
    known_entry,
    merged_entry,
    named,
    open_draft,
    save_or_show,
    section,
    with_conflict,
)
from leaderboard.web.settings.entry_keys import key_fault
from leaderboard.web.settings.rule_removal import ask_removal, remove_entry
from leaderboard.web.settings.rules import area

blueprint = area.blueprint(__name__, "calendars")
blueprint.before_request(editors_only)

_LIST, _FORM = "settings/rules/calendars.html", "settings/rules/calendar.html"
_NEW = "new"
"""Under which key a calendar is tried as long as it has none."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form as it came: its fields, the key it is kept under ("" for a new one), and what it began from."""

    fields: CalendarFields
    was: str
    before: Mapping[str, Any]
    copied: str = ""
    key_fault: str | None = None

    @property
    def key(self) -> str:
        """Under which it is tried: its own, unless that may not be."""
        return (self.was or _NEW) if self.key_fault else self.fields.id or self.was or _NEW

    def tried(self, found: DraftFacts) -> Tried:
        """What would be saved."""
        return try_calendar(found.document, self.was, self.key, entry_of(self.fields, self.before))


@blueprint.get("/drafts/<int:draft_id>/calendars")
def home(draft_id: int) -> Response:
    """All of them, each with its week as a picture."""
    found = editable(draft_id)
    try:
        rows, is_readable = _listed(found, data_of(found.document)), True
    except NotSpliced:
        rows, is_readable = (), False
    return page_or_part(_LIST, "settings", view=CalendarsPage(found.id, found.name, rows, is_readable))


def _listed(found: DraftFacts, data: dict[str, Any]) -> tuple[CalendarRow, ...]:
    checked = check_text(found.document)
    rows = []
    for name, entry in section(data, CALENDARS).items():
        own = [one for one in checked.problems if lies_in(one, CALENDARS, name)]
        fields = fields_of(name, map_of(entry))
        rows.append(present_row(name, fields, checked.rulebook, data, len(own)))
    return tuple(rows)


@blueprint.get("/drafts/<int:draft_id>/calendars/new")
def new(draft_id: int) -> Response:
    """Usual office hours to begin with, or another calendar's."""
    found, data = open_draft(draft_id)
    calendars, copied = section(data, CALENDARS), request.args.get("copy", "")
    if copied not in calendars:
        return _show(_page(found, _Sent(NEW, "", {}), None))
    before = map_of(calendars[copied])
    fields = replace(fields_of(copied, before), id=_free_key(copied, calendars))
    return _show(_page(found, _Sent(fields, "", before, copied), None))


def _free_key(wanted: str, calendars: Mapping[str, Any]) -> str:
    number = 2
    while f"{wanted}-{number}" in calendars:
        number += 1
    return f"{wanted}-{number}"


@blueprint.get("/drafts/<int:draft_id>/calendars/<calendar_id>/edit")
def edit(draft_id: int, calendar_id: str) -> Response:
    """The form as the draft stands."""
    found, data = open_draft(draft_id)
    entry = known_entry(section(data, CALENDARS), calendar_id)
    sent = _Sent(fields_of(calendar_id, entry), calendar_id, entry)
    return _show(_page(found, sent, sent.tried(found)))


@blueprint.post("/drafts/<int:draft_id>/calendars/new")
def create(draft_id: int) -> AnyResponse:
    """Keeps a new one, or arranges its form anew."""
    found, data = open_draft(draft_id)
    return _answer(found, _sent(data, "", request.form.get("copy", "")))


@blueprint.post("/drafts/<int:draft_id>/calendars/<calendar_id>/edit")
def save(draft_id: int, calendar_id: str) -> AnyResponse:
    """Keeps what was changed, its key too, or arranges the form anew."""
    found, data = open_draft(draft_id)
    known_entry(section(data, CALENDARS), calendar_id)
    return _answer(found, _sent(data, calendar_id))


def _sent(data: dict[str, Any], was: str, copied: str = "") -> _Sent:
    """The form that came. `was` is the key of a calendar that is there, "" for a new one."""
    calendars, fields = section(data, CALENDARS), read_calendar(request.form)
    before = map_of(calendars.get(was or copied))
    others = [key for key in calendars if key != was]
    fault = key_fault(fields.id, others, gettext("Another calendar has this key already."))
    return _Sent(fields, was, before, copied, fault)


def _answer(found: DraftFacts, sent: _Sent) -> AnyResponse:
    act = request.form.get("act")
    if act is None:
        return _save(found, sent)
    # A press of a button beside a field: the form again, nothing stored, nothing judged yet.
    page = _page(found, replace(sent, fields=rearranged(sent.fields, act)), None)
    beside = present_beside(sent.tried(found), sent.key, data_of(found.document), clock.now())
    return _show(as_sent(replace(page, beside=beside)))


def _save(found: DraftFacts, sent: _Sent) -> AnyResponse:
    tried = sent.tried(found)
    thanks = gettext("“%(name)s” is saved.", name=sent.fields.id)
    again, home = partial(_overtaken, sent=sent), url_for(".home", draft_id=found.id)
    return save_or_show(Attempt(found, tried, _page(found, sent, tried), _show, again, thanks, home))


def _overtaken(newer: DraftFacts, sent: _Sent) -> Response:
    """Nothing was stored: what they changed, and what was typed, to be saved upon it."""
    path = (CALENDARS, sent.was or sent.fields.id)
    if sent.was and sent.was not in section(data_of(newer.document), CALENDARS):
        sent = replace(sent, was="")  # they removed it: it would be saved anew
    typed = partial(entry_of, sent.fields)
    merged = merged_entry(newer, path, typed) if sent.was else None
    if merged is not None:
        sent = replace(sent, fields=replace(fields_of(sent.was, merged), id=sent.fields.id), before=merged)
    page = _page(newer, sent, sent.tried(newer))
    return _show(with_conflict(page, newer, *path, typed=typed), 409)


@blueprint.post("/drafts/<int:draft_id>/calendars/words")
def words(draft_id: int) -> Response:
    """What stands beside the form, as it is typed or drawn; asked for by htmx."""
    return _part(draft_id, "beside", read_calendar(request.form))


@blueprint.post("/drafts/<int:draft_id>/calendars/parts")
def parts(draft_id: int) -> Response:
    """The parts of the country that was chosen; asked for by htmx."""
    return _part(draft_id, "parts", rearranged(read_calendar(request.form), "country"))


def _part(draft_id: int, block: str, fields: CalendarFields) -> Response:
    found, data = open_draft(draft_id)
    calendars = section(data, CALENDARS)
    sent = replace(_sent(data, named(calendars, "calendar"), named(calendars, "copy")), fields=fields)
    answer = Response(render_block(_FORM, block, view=_page(found, sent, sent.tried(found))))
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


@blueprint.get("/drafts/<int:draft_id>/calendars/<calendar_id>/remove")
def ask(draft_id: int, calendar_id: str) -> Response:
    """What names it still; where nothing does, whether it is to go."""
    return ask_removal(draft_id, CALENDARS, calendar_id)


@blueprint.post("/drafts/<int:draft_id>/calendars/<calendar_id>/remove")
def remove(draft_id: int, calendar_id: str) -> AnyResponse:
    """Takes it out of the draft, unless a service level names it still."""
    return remove_entry(draft_id, CALENDARS, calendar_id)


def _page(found: DraftFacts, sent: _Sent, tried: Tried | None) -> CalendarForm:
    """The form. `tried` is None for one that is not to be judged yet."""
    data = data_of(found.document)
    faults = {} if tried is None else calendar_faults(tried.own, sent.key, data)
    if tried is not None and sent.key_fault:
        faults["id"] = (sent.key_fault,)
    organization = map_of(data.get("organization"))
    return CalendarForm(
        draft_id=found.id,
        draft_name=found.name,
        revision=found.revision,
        calendar_id=sent.was,
        fields=sent.fields,
        days=day_rows(sent.fields.week),
        closed=closed_rows(sent.fields.closed),
        countries=country_choices(),
        subdivisions=subdivision_choices(sent.fields.country),
        organization_zone=text_of(organization.get("timezone")),
        zones=tuple(sorted(available_timezones_once())),
        beside=present_beside(tried, sent.key, data, clock.now()),
        is_signed=bool(found.signed_by),
        copied_from=sent.copied,
        faults=faults,
    )


def _show(page: CalendarForm, status: int = 200) -> Response:
    answer = page_or_part(_FORM, "settings", view=page)
    answer.status_code = status
    return answer
