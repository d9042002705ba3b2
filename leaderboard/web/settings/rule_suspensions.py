"""When the ladders of a draft stand still: all its suspensions in one form."""

from dataclasses import replace
from functools import partial
from typing import Any

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.files.rulebook.splicing import data_of
from leaderboard.queries.rule_versions import DraftFacts
from leaderboard.services.draft_entries import Tried, try_list
from leaderboard.web.htmx import page_or_part, render_block
from leaderboard.web.languages import gettext
from leaderboard.web.presenters.form_faults import mistakes
from leaderboard.web.presenters.ladder_fields import SuspensionFields, list_of, rows_of
from leaderboard.web.presenters.ladder_forms import (
    SuspensionsForm,
    ladder_choices,
    suspension_faults,
    suspension_words,
)
from leaderboard.web.presenters.rule_problems import present_problems
from leaderboard.web.settings.draft_saving import (
    Attempt,
    as_sent,
    editors_only,
    open_draft,
    save_or_show,
    with_conflict,
)
from leaderboard.web.settings.ladder_form import read_suspensions
from leaderboard.web.settings.rules import area

blueprint = area.blueprint(__name__, "suspensions")
blueprint.before_request(editors_only)

SECTION = "suspensions"
_FORM = "settings/rules/suspensions.html"


@blueprint.get("/drafts/<int:draft_id>/suspensions")
def edit(draft_id: int) -> Response:
    """All of them, and an empty row where there are none."""
    found, data = _draft(draft_id)
    rows = rows_of(data.get(SECTION))
    return _show(_page(found, rows or (SuspensionFields(),), _try(found, rows)))


@blueprint.post("/drafts/<int:draft_id>/suspensions")
def save(draft_id: int) -> AnyResponse:
    """Keeps them, or adds or takes away a row of the form."""
    found, _ = _draft(draft_id)
    rows = read_suspensions(request.form)
    act = request.form.get("act")
    if act is None:
        return _save(found, tuple(one for one in rows if not one.is_blank))
    rows = _rearranged(rows, act)
    tried = _try(found, tuple(one for one in rows if not one.is_blank))
    return _show(replace(as_sent(_page(found, rows, tried)), faults={}))


def _rearranged(rows: tuple[SuspensionFields, ...], act: str) -> tuple[SuspensionFields, ...]:
    """`add`, or `cut.2`."""
    if act == "add":
        return (*rows, SuspensionFields())
    return tuple(row for number, row in enumerate(rows, 1) if act != f"cut.{number}")


def _save(found: DraftFacts, rows: tuple[SuspensionFields, ...]) -> AnyResponse:
    tried, thanks = _try(found, rows), gettext("The suspensions are saved.")
    again, home = partial(_overtaken, rows=rows), url_for("settings_rules_ladders.home", draft_id=found.id)
    return save_or_show(Attempt(found, tried, _page(found, rows, tried), _show, again, thanks, home))


def _overtaken(newer: DraftFacts, rows: tuple[SuspensionFields, ...]) -> Response:
    """Nothing was stored: what they changed, and what was typed, to be saved upon it."""
    return _show(with_conflict(_page(newer, rows, _try(newer, rows)), newer, SECTION), 409)


@blueprint.post("/drafts/<int:draft_id>/suspensions/words")
def words(draft_id: int) -> Response:
    """What stands beside the form, as it is typed; asked for by htmx."""
    found, _ = _draft(draft_id)
    rows = tuple(one for one in read_suspensions(request.form) if not one.is_blank)
    answer = Response(render_block(_FORM, "beside", view=_page(found, rows, _try(found, rows))))
    answer.headers["Vary"] = "HX-Request, Cookie"
    return answer


def _draft(draft_id: int) -> tuple[DraftFacts, dict[str, Any]]:
    """A draft whose suspensions are a list; another is mended as text."""
    found, data = open_draft(draft_id, "settings_rules_ladders.home")
    if not isinstance(data.get(SECTION), list | None):
        abort(redirect(url_for("settings_rules_editor.edit", draft_id=draft_id)))
    return found, data


def _try(found: DraftFacts, rows: tuple[SuspensionFields, ...]) -> Tried:
    return try_list(found.document, SECTION, list_of(rows, data_of(found.document).get(SECTION)))


def _page(found: DraftFacts, rows: tuple[SuspensionFields, ...], tried: Tried) -> SuspensionsForm:
    told = () if tried.rulebook is None else suspension_words(tried.rulebook, ())
    return SuspensionsForm(
        draft_id=found.id,
        draft_name=found.name,
        revision=found.revision,
        rows=rows,
        ladders=ladder_choices(data_of(found.document)),
        sentences=told,
        problems=mistakes(tried.own),
        others=present_problems(tried.others, tried.spliced.document),
        is_signed=bool(found.signed_by),
        faults=suspension_faults(tried.own),
    )


def _show(page: SuspensionsForm, status: int = 200) -> Response:
    answer = page_or_part(_FORM, "settings", view=page)
    answer.status_code = status
    return answer
