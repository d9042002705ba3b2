"""The ladders of a draft, without YAML: the list, one form that is built step by step, copying and removing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import Response, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.files.rulebook.splicing import NotSpliced, data_of
from leaderboard.files.yaml_nodes import path_of
from leaderboard.queries.rule_versions import DraftFacts
from leaderboard.services.draft_entries import Tried, lies_in, try_entry
from leaderboard.services.rule_versions import check_text
from leaderboard.web.htmx import page_or_part, render_block
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.entry_values import map_of
from leaderboard.web.presenters.ladder_fields import (
    LadderFields,
    MeasureFields,
    arranged,
    entry_of,
    fields_of,
    rows_of,
)
from leaderboard.web.presenters.ladder_forms import (
    LadderForm,
    LadderRow,
    LaddersPage,
    ladder_faults,
    level_choices,
    measure_choices,
    present_beside,
    present_row,
    suspension_words,
    title_of,
)
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
from leaderboard.web.settings.ladder_form import read_ladder
from leaderboard.web.settings.rule_removal import ask_removal, remove_entry
from leaderboard.web.settings.rules import area

blueprint = area.blueprint(__name__, "ladders")
blueprint.before_request(editors_only)

SECTION = "consequences"
_LIST, _FORM = "settings/rules/ladders.html", "settings/rules/ladder.html"
_NEW = "new"
"""Under which key a ladder is tried as long as it has none."""


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form as it came: its fields, what it began from, and whether it is of a new ladder."""

    fields: LadderFields
    before: Mapping[str, Any]
    is_new: bool
    copied: str = ""

    @property
    def key(self) -> str:
        """Under which it is tried."""
        return self.fields.id or _NEW

    def tried(self, found: DraftFacts) -> Tried:
        """What would be saved."""
        return try_entry(found.document, (SECTION, self.key), entry_of(self.fields, self.before))


@blueprint.get("/drafts/<int:draft_id>/ladders")
def home(draft_id: int) -> Response:
    """All of them, each in the words that the person concerned reads, and when they stand still."""
    found = editable(draft_id)
    try:
        rows, suspensions, is_readable = *_listed(found, data_of(found.document)), True
    except NotSpliced:
        rows, suspensions, is_readable = (), (), False
    page = LaddersPage(found.id, found.name, rows, suspensions, is_readable)
    return page_or_part(_LIST, "settings", view=page)


def _listed(found: DraftFacts, data: dict[str, Any]) -> tuple[tuple[LadderRow, ...], tuple[str, ...]]:
    checked, levels = check_text(found.document), dict(level_choices(data))
    rows = []
    for name, entry in section(data, SECTION).items():
        own = [one for one in checked.problems if lies_in(one, SECTION, name)]
        fields = fields_of(name, map_of(entry))
        rows.append(present_row(name, fields, levels, checked.rulebook, len(own)))
    return tuple(rows), suspension_words(checked.rulebook, rows_of(data.get("suspensions")))


@blueprint.get("/drafts/<int:draft_id>/ladders/new")
def new(draft_id: int) -> Response:
    """A form with one step, or one filled as another ladder is."""
    found, data = open_draft(draft_id)
    ladders, copied = section(data, SECTION), request.args.get("copy", "")
    if copied not in ladders:
        levels = level_choices(data)
        level = levels[0][0] if levels else ""
        fields = LadderFields(service_level=level, steps=((MeasureFields(),),), clears_after="2")
        return _show(_page(found, _Sent(fields, {}, True), None))
    before = map_of(ladders[copied])
    fields = fields_of(_free_key(copied, ladders), before)
    fields = replace(fields, name=gettext("Copy of %(name)s", name=title_of(copied, before)))
    sent = _Sent(fields, before, True, copied)
    return _show(_page(found, sent, sent.tried(found)))


def _free_key(wanted: str, ladders: Mapping[str, Any]) -> str:
    number = 2
    while f"{wanted}-{number}" in ladders:
        number += 1
    return f"{wanted}-{number}"


@blueprint.get("/drafts/<int:draft_id>/ladders/<ladder_id>/edit")
def edit(draft_id: int, ladder_id: str) -> Response:
    """The form as the draft stands."""
    found, data = open_draft(draft_id)
    entry = known_entry(section(data, SECTION), ladder_id)
    sent = _Sent(fields_of(ladder_id, entry), entry, False)
    return _show(_page(found, sent, sent.tried(found)))


@blueprint.post("/drafts/<int:draft_id>/ladders/new")
def create(draft_id: int) -> AnyResponse:
    """Keeps a new one, or moves a step of its form."""
    found, data = open_draft(draft_id)
    ladders, copied = section(data, SECTION), request.form.get("copy", "")
    sent = _Sent(read_ladder(request.form), map_of(ladders.get(copied)), True, copied)
    wrong = key_fault(sent.fields.id, ladders, gettext("Another ladder has this key already."))
    if wrong is not None and "act" not in request.form:
        page = _page(found, sent, sent.tried(found))
        return _show(replace(as_sent(page), faults={**page.faults, "id": (wrong,)}), 400)
    return _answer(found, sent)


@blueprint.post("/drafts/<int:draft_id>/ladders/<ladder_id>/edit")
def save(draft_id: int, ladder_id: str) -> AnyResponse:
    """Keeps what was changed, or moves a step of the form."""
    found, data = open_draft(draft_id)
    fields = replace(read_ladder(request.form), id=ladder_id)
    return _answer(found, _Sent(fields, known_entry(section(data, SECTION), ladder_id), False))


def _answer(found: DraftFacts, sent: _Sent) -> AnyResponse:
    act = request.form.get("act")
    if act is None:
        return _save(found, sent)
    # A press of a button beside a step: the form again, nothing stored, nothing judged yet.
    sent = replace(sent, fields=replace(sent.fields, steps=arranged(sent.fields.steps, act)))
    return _show(replace(as_sent(_page(found, sent, sent.tried(found))), faults={}))


def _save(found: DraftFacts, sent: _Sent) -> AnyResponse:
    tried = sent.tried(found)
    thanks = gettext("“%(name)s” is saved.", name=sent.fields.name or sent.fields.id)
    again, home = partial(_overtaken, sent=sent), url_for(".home", draft_id=found.id)
    return save_or_show(Attempt(found, tried, _page(found, sent, tried), _show, again, thanks, home))


def _overtaken(newer: DraftFacts, sent: _Sent) -> Response:
    """Nothing was stored: what they changed, and what was typed, to be saved upon it."""
    path, typed = (SECTION, sent.fields.id), partial(entry_of, sent.fields)
    merged = None if sent.is_new else merged_entry(newer, path, typed)
    if merged is not None:
        sent = replace(sent, fields=fields_of(sent.fields.id, merged), before=merged)
    page = _page(newer, sent, sent.tried(newer))
    return _show(with_conflict(page, newer, *path, typed=typed), 409)


@blueprint.post("/drafts/<int:draft_id>/ladders/words")
def words(draft_id: int) -> Response:
    """What stands beside the form, as it is typed; asked for by htmx."""
    found, data = open_draft(draft_id)
    ladders = section(data, SECTION)
    ladder_id = named(ladders, "ladder")
    before = map_of(ladders.get(ladder_id or named(ladders, "copy")))
    fields = read_ladder(request.form)
    sent = _Sent(replace(fields, id=ladder_id or fields.id), before, not ladder_id)
    page = _page(found, sent, sent.tried(found))
    answer = Response(render_block(_FORM, "beside", view=page, is_live=True))
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


@blueprint.get("/drafts/<int:draft_id>/ladders/<ladder_id>/remove")
def ask(draft_id: int, ladder_id: str) -> Response:
    """What names it still; where nothing does, whether it is to go."""
    return ask_removal(draft_id, SECTION, ladder_id)


@blueprint.post("/drafts/<int:draft_id>/ladders/<ladder_id>/remove")
def remove(draft_id: int, ladder_id: str) -> AnyResponse:
    """Takes it out of the draft, unless a suspension names it still."""
    return remove_entry(draft_id, SECTION, ladder_id)


def _page(found: DraftFacts, sent: _Sent, tried: Tried | None) -> LadderForm:
    """The form. `tried` is None for one that nobody filled in yet."""
    own = () if tried is None else tried.own
    return LadderForm(
        draft_id=found.id,
        draft_name=found.name,
        revision=found.revision,
        is_new=sent.is_new,
        ladder_id="" if sent.is_new else sent.fields.id,
        fields=sent.fields,
        levels=level_choices(data_of(found.document)),
        measures=measure_choices(),
        beside=present_beside(tried, sent.key, sent.fields),
        is_signed=bool(found.signed_by),
        copied_from=sent.copied,
        faults=ladder_faults(own, path_of(SECTION, sent.key)),
    )


def _show(page: LadderForm, status: int = 200) -> Response:
    answer = page_or_part(_FORM, "settings", view=page)
    answer.status_code = status
    return answer
