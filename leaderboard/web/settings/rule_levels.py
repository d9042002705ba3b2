"""The service levels of a draft, without YAML: the list, one form for each measure, copying and removing."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.domain.rulebook import Rulebook
from leaderboard.files.rulebook.splicing import NotSpliced, data_of
from leaderboard.files.yaml_nodes import path_of
from leaderboard.queries.rule_versions import DraftFacts
from leaderboard.services import clock
from leaderboard.services.attainment import attainment, last_month, seen_event_types, stored_tallies
from leaderboard.services.draft_entries import Tried, lies_in, try_entry
from leaderboard.services.rule_versions import check_text, reading_session
from leaderboard.web.formats import percent
from leaderboard.web.htmx import page_or_part, render_block
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.form_faults import mistakes
from leaderboard.web.presenters.level_fields import MEASURES, LevelFields, entry_of, fields_of
from leaderboard.web.presenters.level_forms import (
    AttainmentView,
    Beside,
    LevelForm,
    LevelRow,
    LevelsPage,
    event_choices,
    faults_of,
    kind,
    kinds,
    level_fault,
    month_words,
    present_attainment,
)
from leaderboard.web.presenters.level_sentences import present_level
from leaderboard.web.presenters.rule_problems import present_problems
from leaderboard.web.settings.draft_saving import (
    Attempt,
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
from leaderboard.web.settings.level_form import read_fields
from leaderboard.web.settings.rule_drafts import existing
from leaderboard.web.settings.rule_removal import ask_removal, remove_entry
from leaderboard.web.settings.rules import area

blueprint = area.blueprint(__name__, "levels")

SECTION = "service_levels"
_LIST, _FORM = "settings/rules/levels.html", "settings/rules/level.html"
_NEW = "new"
"""Under which key a service level is tried as long as it has none."""


blueprint.before_request(editors_only)


@blueprint.get("/drafts/<int:draft_id>/service-levels")
def home(draft_id: int) -> Response:
    """All of them, each with its sentence and how last month went."""
    found = existing(draft_id)
    try:
        levels, is_readable = section(data_of(found.document), SECTION), True
    except NotSpliced:
        levels, is_readable = {}, False
    session, checked = reading_session(), check_text(found.document)
    month = last_month(session, clock.now())
    tallies = {} if month is None else stored_tallies(session, month)
    rows = []
    for name, entry in levels.items():
        tally = tallies.get(name)
        told = percent(tally.kept, tally.total) if tally is not None and tally.total else ""
        own = [one for one in checked.problems if lies_in(one, SECTION, name)]
        rows.append(_row(name, entry, checked.rulebook, told, len(own)))
    shown = None if month is None else month_words(month)
    page = LevelsPage(found.id, found.name, tuple(rows), kinds(), shown, is_readable)
    return page_or_part(_LIST, "settings", view=page)


def _row(name: str, entry: object, rulebook: Rulebook | None, last: str, faults: int) -> LevelRow:
    level = None if rulebook is None else rulebook.service_levels.get(name)
    title = entry.get("name") if isinstance(entry, Mapping) else None
    shown = title if isinstance(title, str) and title else name
    view = None if level is None or rulebook is None else present_level(level, rulebook)
    return LevelRow(name, shown, view, last, faults)


@blueprint.get("/drafts/<int:draft_id>/service-levels/new")
def new(draft_id: int) -> Response:
    """An empty form of a measure, or one filled as another service level is."""
    found, levels = _open_draft(draft_id)
    copied = request.args.get("copy", "")
    if copied in levels and isinstance(levels[copied], Mapping):
        fields = fields_of(copied, levels[copied])
        fields = replace(
            fields, id=_free_id(copied, levels), name=gettext("Copy of %(name)s", name=fields.name)
        )
        tried = _try(found, fields.id, entry_of(fields, levels[copied]))
        return _show(_page(found, fields, tried, is_new=True, copied=copied))
    measure = request.args.get("measure", "")
    fields = LevelFields(measure=measure if measure in MEASURES else "response")
    return _show(_page(found, fields, None, is_new=True))


def _free_id(wanted: str, levels: Mapping[str, Any]) -> str:
    number = 2
    while f"{wanted}-{number}" in levels:
        number += 1
    return f"{wanted}-{number}"


@blueprint.get("/drafts/<int:draft_id>/service-levels/<level_id>")
def edit(draft_id: int, level_id: str) -> Response:
    """The form as the draft stands."""
    found, levels = _open_draft(draft_id)
    entry = known_entry(levels, level_id)
    fields = fields_of(level_id, entry)
    page = _page(found, fields, _try(found, level_id, entry))
    return _show(replace(page, fields=fields))


@blueprint.post("/drafts/<int:draft_id>/service-levels/new")
def create(draft_id: int) -> AnyResponse:
    """Keeps a new one."""
    found, levels = _open_draft(draft_id)
    measure = request.form.get("measure", "")
    if measure not in MEASURES:
        abort(400)
    fields = read_fields(request.form, measure)
    copied = request.form.get("copy", "")
    before = levels.get(copied)
    entry = entry_of(fields, before if isinstance(before, Mapping) else {})
    wrong = key_fault(fields.id, levels, gettext("Another service level has this name already."))
    if wrong is not None:
        tried = _try(found, fields.id or _NEW, entry)
        page = _page(found, fields, tried, is_new=True, copied=copied)
        return _show(replace(page, faults={**page.faults, "id": (wrong,)}), 400)
    return _save(found, fields, entry, is_new=True, copied=copied)


@blueprint.post("/drafts/<int:draft_id>/service-levels/<level_id>")
def save(draft_id: int, level_id: str) -> AnyResponse:
    """Keeps what was changed."""
    found, levels = _open_draft(draft_id)
    before = known_entry(levels, level_id)
    fields = replace(read_fields(request.form, fields_of(level_id, before).measure), id=level_id)
    return _save(found, fields, entry_of(fields, before), is_new=False)


def _save(
    found: DraftFacts, fields: LevelFields, entry: Mapping[str, Any], is_new: bool, copied: str = ""
) -> AnyResponse:
    tried = _try(found, fields.id, entry)
    return save_or_show(
        Attempt(
            found,
            tried,
            _page(found, fields, tried, is_new, copied),
            lambda page, status: _show(page, status, _last_month(tried, fields.id, fields)),
            lambda newer: _overtaken(newer, fields, entry, is_new, copied),
            gettext("“%(name)s” is saved.", name=fields.name),
            url_for(".home", draft_id=found.id),
        )
    )


def _overtaken(
    newer: DraftFacts, fields: LevelFields, entry: Mapping[str, Any], is_new: bool, copied: str
) -> Response:
    """Nothing was stored: what they changed, and what was typed, to be saved upon it."""
    path, typed = (SECTION, fields.id), partial(entry_of, fields)
    merged = None if is_new else merged_entry(newer, path, typed)
    if merged is not None:
        fields, entry = fields_of(fields.id, merged), merged
    page = _page(newer, fields, _try(newer, fields.id, entry), is_new, copied)
    return _show(with_conflict(page, newer, *path, typed=typed), 409)


@blueprint.post("/drafts/<int:draft_id>/service-levels/sentence")
def sentence(draft_id: int) -> Response:
    """What stands beside the form, as it is typed; asked for by htmx."""
    found, levels = _open_draft(draft_id)
    level_id, measure = named(levels, "level"), request.form.get("measure", "")
    if measure not in MEASURES:
        abort(400)
    fields = read_fields(request.form, measure)
    before = levels.get(level_id or named(levels, "copy"))
    entry = entry_of(fields, before if isinstance(before, Mapping) else {})
    name = level_id or _NEW
    tried = _try(found, name, entry)
    page = _page(found, replace(fields, id=level_id or fields.id), tried, is_new=not level_id)
    answer = Response(render_block(_FORM, "beside", view=page, last=_last_month(tried, name, fields)))
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


def _last_month(tried: Tried, name: str, fields: LevelFields) -> AttainmentView | None:
    """Last month at this setting; None where it cannot be told."""
    level = None if tried.rulebook is None else tried.rulebook.service_levels.get(name)
    if level is None or tried.rulebook is None:
        return None
    found = attainment(reading_session(), tried.rulebook, name, clock.now())
    return None if found is None else present_attainment(found, fields, level.target)


@blueprint.get("/drafts/<int:draft_id>/service-levels/<level_id>/remove")
def ask(draft_id: int, level_id: str) -> Response:
    """What names it still; where nothing does, whether it is to go."""
    return ask_removal(draft_id, SECTION, level_id)


@blueprint.post("/drafts/<int:draft_id>/service-levels/<level_id>/remove")
def remove(draft_id: int, level_id: str) -> AnyResponse:
    """Takes it out of the draft, unless something names it still."""
    return remove_entry(draft_id, SECTION, level_id)


def _open_draft(draft_id: int) -> tuple[DraftFacts, dict[str, Any]]:
    """A draft that can be edited, and its service levels."""
    found, data = open_draft(draft_id)
    return found, section(data, SECTION)


def _try(found: DraftFacts, level_id: str, entry: Mapping[str, Any]) -> Tried:
    return try_entry(found.document, (SECTION, level_id), entry)


def _page(
    found: DraftFacts, fields: LevelFields, tried: Tried | None, is_new: bool = False, copied: str = ""
) -> LevelForm:
    """The form. `tried` is None for one that nobody filled in yet."""
    data = data_of(found.document)
    calendars = data.get("calendars")
    prefix = path_of(SECTION, fields.id or _NEW)
    own = () if tried is None else tried.own
    return LevelForm(
        draft_id=found.id,
        draft_name=found.name,
        revision=found.revision,
        is_new=is_new,
        level_id="" if is_new else fields.id,
        fields=fields,
        kind=kind(fields.measure),
        events=event_choices(seen_event_types(reading_session())),
        calendars=tuple(calendars) if isinstance(calendars, Mapping) else (),
        beside=_beside(tried, fields.id),
        faults=faults_of(own, prefix, fields),
        copied_from=copied,
        is_signed=bool(found.signed_by),
    )


def _beside(tried: Tried | None, level_id: str) -> Beside:
    if tried is None:
        return Beside(None, (), ())
    rulebook = tried.rulebook
    level = None
    if rulebook is not None:
        level = rulebook.service_levels.get(level_id) or next(iter(rulebook.service_levels.values()), None)
    problems = mistakes(tried.own, level_fault)
    others = present_problems(tried.others, tried.spliced.document)
    shown = None if level is None or rulebook is None else present_level(level, rulebook)
    return Beside(shown, problems, others)


def _show(page: LevelForm, status: int = 200, last: AttainmentView | None = None) -> Response:
    answer = page_or_part(_FORM, "settings", view=page, last=last)
    answer.status_code = status
    return answer
