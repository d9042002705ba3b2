"""Whose rulebook a draft is, what the agreement says, and what one manager may give by hand: one form."""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import Response, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.files.rulebook.splicing import NotSpliced, data_of
from leaderboard.files.values import available_timezones_once
from leaderboard.queries.rule_versions import DraftFacts, saved_text
from leaderboard.services import clock
from leaderboard.services.draft_entries import Tried, try_sections
from leaderboard.services.rule_versions import in_force, reading_session
from leaderboard.web.htmx import page_or_part, render_block
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.organization_fields import (
    SECTIONS,
    SINGLE,
    TYPED_NUMBERS,
    OrganizationFields,
    fields_of,
    is_apart,
    merged,
    sections_of,
)
from leaderboard.web.presenters.organization_forms import (
    OrganizationForm,
    currency_choices,
    locale_choices,
    month_choices,
    organization_faults,
    present_beside,
    settled_by,
)
from leaderboard.web.settings.draft_saving import (
    Attempt,
    editors_only,
    open_draft,
    revision,
    save_or_show,
    with_conflict,
)
from leaderboard.web.settings.rules import area
from leaderboard.web.settings.typed_text import typed_line, typed_number, typed_text

blueprint = area.blueprint(__name__, "organization")
blueprint.before_request(editors_only)

_FORM = "settings/rules/organization.html"
_AS_TEXT = "settings_rules_editor.edit"
"""Where a draft that cannot be read is mended."""
_MOST_ROWS = 100


@blueprint.get("/drafts/<int:draft_id>/organization")
def home(draft_id: int) -> Response:
    """The form as the draft stands."""
    found, data = open_draft(draft_id, _AS_TEXT)
    fields = fields_of(data)
    return _show(_page(found, fields, _try(found, data, fields)))


@blueprint.post("/drafts/<int:draft_id>/organization")
def save(draft_id: int) -> AnyResponse:
    """Keeps what was changed."""
    found, data = open_draft(draft_id, _AS_TEXT)
    fields = _read(request.form)
    tried, thanks = _try(found, data, fields), gettext("Organization and agreement are saved.")
    again, home = partial(_overtaken, fields=fields), url_for("settings_rules_drafts.show", draft_id=found.id)
    return save_or_show(Attempt(found, tried, _page(found, fields, tried), _show, again, thanks, home))


def _overtaken(newer: DraftFacts, fields: OrganizationFields) -> Response:
    """Nothing was stored: what they changed, and what was typed, to be saved upon it."""
    base, data = saved_text(reading_session(), newer.id, revision()), data_of(newer.document)
    sides = (fields, fields_of(_data_or_nothing(base)), fields_of(data))
    fields = merged(*sides)
    pages = [
        with_conflict(_page(newer, fields, _try(newer, data, fields)), newer, section) for section in SECTIONS
    ]
    told = [page for page in pages if page.conflict is not None and page.conflict.touches_this]
    page = (told or pages)[0]
    if page.conflict is not None:
        page = replace(page, conflict=replace(page.conflict, is_apart=is_apart(*sides)))
    return _show(page, 409)


@blueprint.post("/drafts/<int:draft_id>/organization/words")
def words(draft_id: int) -> Response:
    """What stands beside the form, as it is typed; asked for by htmx."""
    found, data = open_draft(draft_id, _AS_TEXT)
    fields = _read(request.form)
    answer = Response(render_block(_FORM, "beside", view=_page(found, fields, _try(found, data, fields))))
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


def _data_or_nothing(text: str | None) -> dict[str, Any]:
    try:
        return data_of(text or "")
    except NotSpliced:
        return {}


def _read(form: MultiDict[str, str]) -> OrganizationFields:
    """The fields as they were typed."""
    single = {name: typed_line(form.get(name, "")) for name in SINGLE}
    single |= {name: typed_number(single[name]) for name in TYPED_NUMBERS}
    single["currency"] = single["currency"].upper()
    rows = zip(form.getlist("term")[:_MOST_ROWS], form.getlist("meaning")[:_MOST_ROWS], strict=False)
    told = [(typed_line(term), typed_text(meaning)) for term, meaning in rows]
    terms = {term: meaning for term, meaning in told if term}
    nameless = next((meaning for term, meaning in told if not term and meaning.strip()), "")
    lines = typed_text(form.get("handover", "")).split("\n")[:_MOST_ROWS]
    return OrganizationFields(
        single, tuple(terms.items()), tuple(one.strip() for one in lines if one.strip()), nameless
    )


def _try(found: DraftFacts, data: dict[str, Any], fields: OrganizationFields) -> Tried:
    return try_sections(found.document, sections_of(fields, data))


def _page(found: DraftFacts, fields: OrganizationFields, tried: Tried) -> OrganizationForm:
    return OrganizationForm(
        draft_id=found.id,
        draft_name=found.name,
        revision=found.revision,
        fields=fields,
        settled=settled_by(in_force(reading_session(), clock.now())),
        months=month_choices(),
        locales=locale_choices(),
        currencies=currency_choices(),
        zones=tuple(sorted(available_timezones_once())),
        beside=present_beside(tried),
        is_signed=bool(found.signed_by),
        faults=organization_faults(tried.own, fields),
    )


def _show(page: OrganizationForm, status: int = 200) -> Response:
    answer = page_or_part(_FORM, "settings", view=page)
    answer.status_code = status
    return answer
