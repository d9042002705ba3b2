"""Names that events bear and the roster does not know: placed in a team as somebody new, or as a name of somebody."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Response, make_response, render_template, request, url_for
from wtforms import Field

from leaderboard.domain.instants import to_datetime
from leaderboard.domain.roster import Roster
from leaderboard.queries.roster_lists import Unplaced
from leaderboard.services import roster_edits, roster_saving
from leaderboard.services.roster_edits import Edit, EditRefused, NewRep
from leaderboard.web.incoming import key_of
from leaderboard.web.languages import gettext
from leaderboard.web.settings.roster.area import part
from leaderboard.web.settings.roster.forms import PlaceForm, team_choices
from leaderboard.web.settings.roster.reps import rep_names
from leaderboard.web.settings.roster.saving import answer
from leaderboard.web.settings.roster.scene import Scene, scene

blueprint = part(__name__, "unplaced")
_A_PAGE = 25
_FIELD = re.compile(r"r(\d{1,18})-(\w+)")


@dataclass(frozen=True, slots=True)
class Row:
    """A name with its form."""

    person: Unplaced
    form: PlaceForm


class Rows:
    """The forms of a page, sent together. A field's name is `r<key>-<field>`."""

    def __init__(self, here: Scene, waiting: Iterable[Unplaced]) -> None:
        self.form_errors: list[str] = []
        teams = team_choices(here, only_own=True, empty=gettext("Not now"))
        self.rows = [Row(person, _form(here, person, teams)) for person in waiting]
        self._by_key = {row.person.key: row for row in self.rows}

    def validate(self) -> bool:
        """Whether all of them are valid."""
        found = [
            row.form.validate() for row in self.rows
        ]  # each of them, so that all that is wrong is told at once
        return all(found)

    def __contains__(self, name: str) -> bool:
        found = _FIELD.fullmatch(name)
        return (
            found is not None
            and int(found[1]) in self._by_key
            and found[2] in self._by_key[int(found[1])].form
        )

    def __getitem__(self, name: str) -> Field:
        found = _FIELD.fullmatch(name)
        assert found is not None
        return self._by_key[int(found[1])].form[found[2]]


def _form(here: Scene, person: Unplaced, teams: list[tuple[str, str]]) -> PlaceForm:
    since = to_datetime(person.first_at or person.noted_at, here.zone).date()
    form = PlaceForm(
        prefix=f"r{person.key}-", data={"name": person.rep_id, "from_on": since.isoformat(), "team": ""}
    )
    form.team.choices = teams
    return form


@blueprint.route("/unplaced", methods=["GET", "POST"])
def unplaced() -> Response:
    """The list, the latest first; several are placed at once."""
    here = scene()
    total = roster_saving.names_waiting()
    pages = max(1, -(-total // _A_PAGE))
    number = min(max(1, request.args.get("page", 1, type=key_of)), pages)
    rows = Rows(here, _asked_for(number))

    def page() -> Response:
        return make_response(
            render_template(
                "settings/roster/unplaced.html",
                rows=rows,
                total=total,
                page=number,
                pages=pages,
                names=rep_names(here),
            )
        )

    if request.method == "GET":
        return page()
    return answer(here, rows, lambda: _edit(here, rows), page, url_for("settings_roster_unplaced.unplaced"))


def _asked_for(page: int) -> tuple[Unplaced, ...]:
    """Those of a page, or those whose forms were sent: the list may have moved meanwhile."""
    if request.method == "GET":
        return roster_saving.names_to_place((page - 1) * _A_PAGE, _A_PAGE)
    sent = {int(found[1]) for name in request.form if (found := _FIELD.fullmatch(name))}
    return roster_saving.names_to_place_by_key(sorted(sent)[: _A_PAGE * 2])


def _edit(here: Scene, rows: Rows) -> Edit:
    return roster_edits.all_of(*(edit for row in rows.rows for edit in _placed(here, row)))


def _placed(here: Scene, row: Row) -> Iterable[Edit]:
    form, prefix, text = row.form, f"r{row.person.key}-", row.person.rep_id
    if form.rep.data and form.team.data:
        raise EditRefused(f"{prefix}rep", "either_or")
    if form.team.data:
        name = form.name.data or text
        yield roster_edits.add_rep(NewRep(text, name, "", form.team.data, form.from_on.day), prefix)
    if form.rep.data:
        yield _alias(here, text, form.rep.data, f"{prefix}rep")


def _alias(here: Scene, text: str, written: str, field: str) -> Edit:
    def edit(roster: Roster) -> Roster:
        owner = roster_edits.named_rep(roster, written, field)
        if not here.reach.has_rep(roster.reps[owner], here.today):
            raise EditRefused(field, "unknown_rep", written=written)
        return roster_edits.add_alias(owner, text, field)(roster)

    return edit
