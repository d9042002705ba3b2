"""Drafts are begun and written: the forms, what is wrong beside each field, and what was typed always kept."""

import datetime as dt
from dataclasses import dataclass, field, replace

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from leaderboard.files.merging import merged
from leaderboard.files.problems import FileProblems
from leaderboard.queries.rule_versions import DraftFacts, drafts, history, saved_text, versions
from leaderboard.services import clock
from leaderboard.services import drafts as making
from leaderboard.services.audit_log import actor_of
from leaderboard.services.drafts import DraftRefused, NoSuchDraft, Origin, Overtaken
from leaderboard.services.rule_starters import starter
from leaderboard.services.rule_versions import check_text, reading_session
from leaderboard.web.access import logged_in
from leaderboard.web.formats import moment, short_day
from leaderboard.web.htmx import page_or_part
from leaderboard.web.languages import gettext, ngettext
from leaderboard.web.pages import reading
from leaderboard.web.presenters.rule_changes import SectionOfChanges
from leaderboard.web.presenters.rule_pages import months_to_come
from leaderboard.web.presenters.rule_problems import ProblemView, present_problems
from leaderboard.web.presenters.rule_refusals import refusal_words
from leaderboard.web.presenters.rule_terms import both
from leaderboard.web.settings.rule_drafts import existing, today, told_changes
from leaderboard.web.settings.rules import area

blueprint = area.blueprint(__name__, "editor")

_FILE, _STARTER = "file", "starter"


@dataclass(frozen=True, slots=True)
class Source:
    """What a draft can be begun from."""

    value: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form that begins a draft: what can be chosen, what was, and what is wrong with it."""

    sources: tuple[Source, ...]
    chosen: str
    name: str
    why: str
    months: tuple[tuple[str, str, bool], ...]
    faults: dict[str, str] = field(default_factory=dict)
    problems: tuple[ProblemView, ...] = ()


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What somebody else saved while this was typed."""

    who: str
    moment: str
    why: str | None
    changes: tuple[SectionOfChanges, ...] | None
    text: str
    merged: str | None
    """Both texts in one, where neither touched the other's lines."""


@dataclass(frozen=True, slots=True)
class EditorPage:
    """The document as text. `problems` is None where nobody asked."""

    id: int
    name: str
    revision: int
    text: str
    why: str
    problems: tuple[ProblemView, ...] | None = None
    fault: str | None = None
    meanwhile: Meanwhile | None = None
    is_signed: bool = False


@blueprint.before_request
def _editors_only() -> None:
    if not logged_in().may_edit_rules:
        abort(404)


@blueprint.get("/drafts/new")
def new() -> Response:
    """Where a draft begins."""
    chosen = request.args.get("from", "")
    return page_or_part("settings/rules/new.html", "settings", view=_new_page(chosen, "", ""))


def _new_page(chosen: str, name: str, why: str, month: str = "") -> NewPage:
    sources = _sources()
    known = {source.value for source in sources}
    months = months_to_come(today(), _day(month))
    return NewPage(sources, chosen if chosen in known else sources[0].value, name, why, months)


def _sources() -> tuple[Source, ...]:
    session = reading_session()
    now = reading()
    at = None if now is None else now.ground.book.at(now.now)
    listed = list(versions(session))
    # The one in force first: it is what most drafts begin with.
    listed.sort(
        key=lambda one: (
            at is None or one.effective_from != at.effective_from,
            -one.effective_from.toordinal(),
        )
    )
    found = [
        Source(
            f"version-{one.latest.revision}",
            gettext("The version of %(day)s", day=short_day(one.effective_from)),
            "",
        )
        for one in listed
    ]
    if found and at is not None:
        found[0] = replace(found[0], hint=gettext("in force now"))
    found += [
        Source(f"draft-{one.id}", gettext("The draft “%(name)s”", name=one.name), "")
        for one in drafts(session)
        if not one.is_withdrawn
    ]
    return (
        *found,
        Source(
            _STARTER,
            gettext("A short example"),
            gettext("two service levels, a badge and a ladder, to be changed"),
        ),
        Source(_FILE, gettext("A file of yours"), gettext("a rulebook as YAML")),
    )


@blueprint.post("/drafts/new")
def create() -> AnyResponse:
    """Begins it, or says beside the field why not."""
    form = request.form
    chosen, name, why, month = (form.get(key, "") for key in ("from", "name", "why", "month"))
    page = _new_page(chosen, name, why, month)
    try:
        draft_id = _begin(chosen, name, why, _day(month))
    except DraftRefused as refused:
        where = "name" if refused.code in ("no_name", "long_name") else "from"
        return _again(replace(page, faults={where: refusal_words(refused.code)}))
    except FileProblems as found:
        told = gettext("This file cannot be read. Nothing was stored.")
        return _again(replace(page, faults={"file": told}, problems=present_problems(found.problems, "")))
    except NoSuchDraft:
        return _again(replace(page, faults={"from": gettext("Please choose what to begin with.")}))
    flash(
        gettext("The draft is begun. Nothing changes for anybody until it is signed and its day has come."),
        "success",
    )
    return redirect(url_for("settings_rules_drafts.show", draft_id=draft_id))


def _begin(chosen: str, name: str, why: str, first_on: dt.date | None) -> int:
    actor, now = actor_of(logged_in().user_id), clock.now()
    kind, _, number = chosen.partition("-")
    if chosen == _FILE:
        given = request.files.get("file")
        content = b"" if given is None else given.stream.read(making.MOST_CHARACTERS + 1)
        return making.import_file(content, name, actor, now, why)
    if chosen == _STARTER:
        return making.create(starter(first_on or today().replace(day=1)), name, actor, now, why)
    if kind not in ("version", "draft") or not number.isdecimal() or len(number) > 18:
        raise NoSuchDraft
    origin = Origin(revision=int(number)) if kind == "version" else Origin(draft=int(number))
    copied = making.copy_of(origin, name, first_on, actor, now, why)
    if copied.ended:
        names = both(f"“{name}”" for name in copied.ended)
        told = gettext("Left out, because they end before it begins: %(names)s.", names=names)
        flash(told, "warning")
    return copied.draft_id


def _again(page: NewPage) -> Response:
    answer = page_or_part("settings/rules/new.html", "settings", view=page)
    answer.status_code = 400
    return answer


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@blueprint.get("/drafts/<int:draft_id>/edit")
def edit(draft_id: int) -> Response:
    """Its text, with what is wrong with it."""
    found = existing(draft_id)
    problems = (
        present_problems(check_text(found.document).problems, found.document) if found.problems else None
    )
    return _show(_editor(found, found.document, "", problems))


@blueprint.post("/drafts/<int:draft_id>/edit")
def save(draft_id: int) -> AnyResponse:
    """Keeps it; with `check` it is only looked at. What was typed is never lost."""
    found = existing(draft_id)
    text, why = request.form.get("text", "").replace("\r\n", "\n"), request.form.get("why", "")
    revision = request.form.get("revision", "")
    if not revision.isdecimal() or len(revision) > 18:
        abort(400)
    try:
        if "check" in request.form:
            page = replace(_editor(found, text, why, _problems(text)), revision=int(revision))
            return _show(page)
        making.save(draft_id, int(revision), text, why, actor_of(logged_in().user_id), clock.now())
    except Overtaken as overtaken:
        newer = existing(draft_id)
        page = _editor(newer, text, why, None)
        meanwhile = _meanwhile(newer, int(revision), overtaken.revision, text)
        return _show(replace(page, meanwhile=meanwhile), 409)
    except DraftRefused as refused:
        return _show(replace(_editor(found, text, why, None), fault=refusal_words(refused.code)), 400)
    return _saved(draft_id)


def _saved(draft_id: int) -> AnyResponse:
    found = existing(draft_id)
    if not found.problems:
        flash(gettext("Saved, and checked: nothing is wrong with it."), "success")
        return redirect(url_for("settings_rules_drafts.show", draft_id=draft_id))
    flash(
        ngettext("Saved. %(num)s problem is left.", "Saved. %(num)s problems are left.", found.problems),
        "warning",
    )
    return redirect(url_for(".edit", draft_id=draft_id))


def _problems(text: str) -> tuple[ProblemView, ...]:
    return present_problems(check_text(text).problems, text)


def _editor(found: DraftFacts, text: str, why: str, problems: tuple[ProblemView, ...] | None) -> EditorPage:
    return EditorPage(
        found.id, found.name, found.revision, text, why, problems, is_signed=bool(found.signed_by)
    )


def _meanwhile(newer: DraftFacts, began_with: int, revision: int, typed: str) -> Meanwhile:
    session = reading_session()
    base = saved_text(session, newer.id, began_with) or ""
    last = next(one for one in history(session, newer.id) if one.revision == revision)
    return Meanwhile(
        last.name,
        moment(last.at),
        last.why,
        told_changes(base, newer.document),
        newer.document,
        merged(base, typed, newer.document),
    )


def _show(page: EditorPage, status: int = 200) -> Response:
    answer = page_or_part("settings/rules/edit.html", "settings", view=page)
    answer.status_code = status
    return answer
