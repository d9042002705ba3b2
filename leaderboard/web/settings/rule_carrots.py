"""What a draft gives to win, without YAML: badges, recognition, contests and tasks, one form for each."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Response, abort, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.files.rulebook.splicing import NotSpliced, data_of
from leaderboard.files.yaml_nodes import path_of
from leaderboard.queries.rule_versions import DraftFacts
from leaderboard.queries.team_names import team_names
from leaderboard.services.draft_entries import Tried, try_entry
from leaderboard.services.rule_versions import check_text, reading_session
from leaderboard.web.htmx import page_or_part, render_block
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.carrot_fields import SECTIONS, CarrotFields, begun, entry_of, fields_of
from leaderboard.web.presenters.carrot_forms import (
    CarrotBeside,
    CarrotForm,
    CarrotsPage,
    badge_choices,
    faults_of,
    groups,
    kind_is_known,
    level_choices,
    offer,
    offers,
    signs_for,
    thing_of,
)
from leaderboard.web.presenters.entry_values import map_of, text_of
from leaderboard.web.presenters.form_faults import mistakes
from leaderboard.web.presenters.rule_problems import present_problems
from leaderboard.web.settings.carrot_form import read_fields
from leaderboard.web.settings.draft_saving import (
    Attempt,
    editors_only,
    known_entry,
    merged_entry,
    named,
    open_draft,
    save_or_show,
    with_conflict,
)
from leaderboard.web.settings.entry_keys import key_fault
from leaderboard.web.settings.rule_drafts import existing
from leaderboard.web.settings.rule_removal import ask_removal, remove_entry
from leaderboard.web.settings.rules import area

blueprint = area.blueprint(__name__, "carrots")

_LIST, _FORM = "settings/rules/carrots.html", "settings/rules/carrot.html"
_BASE = "/drafts/<int:draft_id>/carrots"
_SECTION = f"{_BASE}/<any({', '.join(SECTIONS)}):section>"


blueprint.before_request(editors_only)


@blueprint.get(_BASE)
def home(draft_id: int) -> Response:
    """All of it in words, and what can be added."""
    found = existing(draft_id)
    try:
        data, is_readable = data_of(found.document), True
    except NotSpliced:
        data, is_readable = {}, False
    checked = check_text(found.document)
    shown = groups(data, checked.rulebook, checked.problems)
    page = CarrotsPage(found.id, found.name, shown, offers(), is_readable)
    return page_or_part(_LIST, "settings", view=page)


@blueprint.get(f"{_SECTION}/new")
def new(draft_id: int, section: str) -> Response:
    """An empty form, or one filled as another entry is."""
    found, entries = _open_draft(draft_id, section)
    copied = request.args.get("copy", "")
    if isinstance(entries.get(copied), Mapping):
        fields = fields_of(section, copied, entries[copied])
        name = gettext("Copy of %(name)s", name=fields.name or copied)
        fields = replace(fields, id=_free_id(copied, entries), typed={**fields.typed, "name": name})
        tried = _try(found, fields, entry_of(fields, map_of(entries[copied])))
        return _show(_page(found, fields, tried, is_new=True, copied=copied))
    fields = begun(section, _kind(section, request.args.get("kind", "")))
    return _show(_page(found, fields, None, is_new=True))


def _kind(section: str, kind: str) -> str:
    if not kind_is_known(section, kind):
        abort(404)
    return kind


def _free_id(wanted: str, entries: Mapping[str, Any]) -> str:
    number = 2
    while f"{wanted}-{number}" in entries:
        number += 1
    return f"{wanted}-{number}"


@blueprint.get(f"{_SECTION}/edit/<entry_id>")
def edit(draft_id: int, section: str, entry_id: str) -> Response:
    """The form as the draft stands."""
    found, entries = _open_draft(draft_id, section)
    entry = known_entry(entries, entry_id)
    fields = fields_of(section, entry_id, entry)
    return _show(_page(found, fields, _try(found, fields, entry)))


@blueprint.post(f"{_SECTION}/new")
def create(draft_id: int, section: str) -> AnyResponse:
    """Keeps a new one."""
    found, entries = _open_draft(draft_id, section)
    fields = read_fields(request.form, section, _kind(section, request.form.get("kind", "")))
    copied = request.form.get("copy", "")
    entry = entry_of(fields, map_of(entries.get(copied)))
    wrong = key_fault(fields.id, entries, gettext("Another one has this key already."))
    if wrong is not None:
        page = _page(found, fields, _try(found, fields, entry), is_new=True, copied=copied)
        return _show(replace(page, faults={**page.faults, "id": (wrong,)}), 400)
    return _save(found, fields, entry, is_new=True, copied=copied)


@blueprint.post(f"{_SECTION}/edit/<entry_id>")
def save(draft_id: int, section: str, entry_id: str) -> AnyResponse:
    """Keeps what was changed."""
    found, entries = _open_draft(draft_id, section)
    before = known_entry(entries, entry_id)
    kind = fields_of(section, entry_id, before).kind
    fields = replace(read_fields(request.form, section, kind), id=entry_id)
    return _save(found, fields, entry_of(fields, before), is_new=False)


def _save(
    found: DraftFacts, fields: CarrotFields, entry: Mapping[str, Any], is_new: bool, copied: str = ""
) -> AnyResponse:
    tried = _try(found, fields, entry)
    return save_or_show(
        Attempt(
            found,
            tried,
            _page(found, fields, tried, is_new, copied),
            _show,
            lambda newer: _overtaken(newer, fields, entry, is_new, copied),
            gettext("“%(name)s” is saved.", name=fields.name or fields.id),
            url_for(".home", draft_id=found.id),
        )
    )


def _overtaken(
    newer: DraftFacts, fields: CarrotFields, entry: Mapping[str, Any], is_new: bool, copied: str
) -> Response:
    """Nothing was stored: what they changed, and what was typed, to be saved upon it."""
    path, typed = (fields.section, fields.id), partial(entry_of, fields)
    merged = None if is_new else merged_entry(newer, path, typed)
    if merged is not None:
        fields, entry = replace(fields_of(*path, merged), kind=fields.kind), merged
    page = _page(newer, fields, _try(newer, fields, entry), is_new, copied)
    return _show(with_conflict(page, newer, *path, typed=typed), 409)


@blueprint.post(f"{_SECTION}/sentence")
def sentence(draft_id: int, section: str) -> Response:
    """What stands beside the form, as it is typed; asked for by htmx."""
    found, entries = _open_draft(draft_id, section)
    entry_id = named(entries, "entry")
    fields = read_fields(request.form, section, _kind(section, request.form.get("kind", "")))
    entry = entry_of(fields, map_of(entries.get(entry_id or named(entries, "copy"))))
    fields = replace(fields, id=entry_id)
    page = _page(found, fields, _try(found, fields, entry), is_new=not entry_id)
    answer = Response(render_block(_FORM, "beside", view=page))
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


@blueprint.get(f"{_SECTION}/remove/<entry_id>")
def ask(draft_id: int, section: str, entry_id: str) -> Response:
    """What names it still; where nothing does, whether it is to go."""
    return ask_removal(draft_id, section, entry_id)


@blueprint.post(f"{_SECTION}/remove/<entry_id>")
def remove(draft_id: int, section: str, entry_id: str) -> AnyResponse:
    """Takes it out of the draft, unless something names it still."""
    return remove_entry(draft_id, section, entry_id)


def _open_draft(draft_id: int, section: str) -> tuple[DraftFacts, Mapping[str, Any]]:
    """A draft that can be edited, and its entries."""
    found, data = open_draft(draft_id)
    return found, map_of(data.get(section))


def _try(found: DraftFacts, fields: CarrotFields, entry: Mapping[str, Any]) -> Tried:
    return try_entry(found.document, (fields.section, fields.id or "new"), entry)


def _page(
    found: DraftFacts, fields: CarrotFields, tried: Tried | None, is_new: bool = False, copied: str = ""
) -> CarrotForm:
    """The form. `tried` is None for one that nobody filled in yet."""
    data, section = data_of(found.document), fields.section
    own = () if tried is None else tried.own
    return CarrotForm(
        draft_id=found.id,
        draft_name=found.name,
        revision=found.revision,
        is_new=is_new,
        entry_id="" if is_new else fields.id,
        fields=fields,
        offer=offer(section, fields.kind),
        levels=level_choices(data, section),
        badges=badge_choices(data),
        teams=_teams(fields),
        currency=text_of(map_of(data.get("organization")).get("currency")),
        signs=signs_for(section, fields.kind),
        beside=_beside(tried, fields),
        faults=faults_of(own, path_of(section, fields.id or "new"), section),
        copied_from=copied,
        is_signed=bool(found.signed_by),
    )


def _teams(fields: CarrotFields) -> tuple[tuple[str, str], ...]:
    """Those of the roster, and any other that the entry names; asked for only where the form has them."""
    if fields.section not in ("contests", "tasks"):
        return ()
    known = dict(team_names(reading_session()))
    others = {one: one for one in fields.chosen.get("teams", ()) if one not in known}
    return tuple((known | others).items())


def _beside(tried: Tried | None, fields: CarrotFields) -> CarrotBeside:
    if tried is None:
        return CarrotBeside(None, (), ())
    rulebook = tried.rulebook
    thing = None if rulebook is None else thing_of(rulebook, fields.section, fields.id or "new")
    return CarrotBeside(thing, mistakes(tried.own), present_problems(tried.others, tried.spliced.document))


def _show(page: CarrotForm, status: int = 200) -> Response:
    answer = page_or_part(_FORM, "settings", view=page)
    answer.status_code = status
    return answer
