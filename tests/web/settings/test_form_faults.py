"""What the forms of a draft say is wrong: at the one field that it is about, in its words."""

import html
import re

import pytest
from flask import Flask

from tests.web.settings.draft_room import DraftRoom, build_room, fields

DOCUMENT = """\
rulebook: 1
effective_from: 2030-01-01
organization: {name: Acme, timezone: UTC, currency: EUR}
calendars:
  desk: {hours: {monday: ["09:00-18:00"]}}
service_levels:
  quiet: {name: Quiet, party: sales, measure: recorded, target: 0.9}
  fast:
    name: Fast
    party: sales
    measure: response
    start: lead.assigned
    stop: lead.contacted
    within: 1h
  revenue:
    name: Revenue
    party: sales
    measure: volume
    events: opportunity.won
    target: 5
    value: {grade: {A: 2, otherwise: 1}}
  wins:
    name: Wins
    party: sales
    measure: ratio
    target: 0.5
    numerator: {events: lead.accepted, value: 2}
    denominator: {events: lead.assigned, value: {attribute: size}}
consequences:
  slow: {service_level: quiet, steps: [{do: notify_rep}, {do: deduct, points: 10}], clears_after: 2}
contests:
  race: {name: Race, from: 2030-02-01, until: 2030-02-10, service_level: quiet, prize: {points: 10}}
suspensions:
  - {from: 2030-03-10, until: 2030-03-12, reason: Audit}
"""
NUMBER = "Expected a number such as 12 or 0.5, found"
LEVEL, LADDER, SUSPENSIONS = "service-levels/quiet", "ladders/slow/edit", "suspensions"
CELLS = [f"points.{row}.{rating}" for row in ("each", "month") for rating in ("exceeded", "met", "missed")]


@pytest.fixture
def room(app: Flask) -> DraftRoom:
    return build_room(app, DOCUMENT)


def sent(room: DraftRoom, path: str, **changes: str) -> str:
    answer = room.send(
        f"{room.root}/{path}", {name.replace("__", "."): text for name, text in changes.items()}
    )
    assert answer.status_code == 400
    assert room.document() == DOCUMENT
    return html.unescape(answer.text)


def beside(room: DraftRoom, path: str, asked: str, **changes: str) -> str:
    """What stands beside the form, as it is typed."""
    form = fields(room.browser().get(f"{room.root}/{path}").text)
    for name, text in changes.items():
        form.setlist(name.replace("__", "."), [text])
    told = html.unescape(room.browser().post(f"{room.root}/{asked}", data=form).text)
    assert not re.search("`|“(do|points|from|until|exceed|target|pause|resume|service_levels?)", told)
    return told


def said(page: str) -> dict[str, str]:
    """The faults by their field, each of which a field that is marked points to."""
    found = dict(re.findall(r'<p class="fault" id="([^"]+)-fault">.*?<span>(.*?)</span></p>', page))
    marked = re.findall(r'aria-invalid="true" aria-describedby="([^"]+)-fault"', page)
    assert sorted(found) == sorted(marked)
    return found


@pytest.mark.parametrize("cell", CELLS)
def test_a_wrong_cell_of_the_points_is_marked_alone(room: DraftRoom, cell: str) -> None:
    page = sent(room, LEVEL, **{cell: "abc"})
    row, rating = cell.split(".")[1:]
    label = {"each": "each outcome", "month": "the month"}[row]
    assert said(page) == {cell: f"{label}, {rating}: Expected a whole number, found “abc”"}
    assert page.count('aria-invalid="true"') == 1
    assert f'name="{cell}" value="abc"' in page


def test_each_wrong_cell_says_its_own(room: DraftRoom) -> None:
    page = sent(room, LEVEL, points__each__met="1,5", points__month__missed="9999999999")
    assert said(page) == {
        "points.each.met": "each outcome, met: Expected a whole number, found “1.5”",
        "points.month.missed": "the month, missed: Must be at most 1,000,000,000",
    }


def test_a_number_is_quoted_as_its_reader_writes_it(room: DraftRoom) -> None:
    room.browser().set_cookie("language", "pt_PT")
    page = sent(room, LEVEL, points__each__met="1,5")
    assert "“1,5”" in said(page)["points.each.met"]
    assert 'name="points.each.met" value="1,5"' in page
    assert "“1.5”" not in page


def test_a_ladder_without_a_number_is_not_complete_yet(room: DraftRoom) -> None:
    told = beside(room, LADDER, "ladders/words", **{"step.2.1.points": ""})
    assert "The words stand here as soon as the form says enough." in told
    assert "to be mended" not in told
    assert said(sent(room, LADDER, **{"step.2.1.points": ""})) == {
        "step.2.1.points": "Please write how many points, a whole number above 0."
    }


def test_beside_a_ladder_stand_the_words_that_stand_at_its_fields(room: DraftRoom) -> None:
    wrong = {"step.2.1.points": "1,5", "grace_days": "many"}
    told = beside(room, LADDER, "ladders/words", **wrong)
    faults = said(sent(room, LADDER, **wrong))
    assert sorted(faults) == ["grace_days", "step.2.1.points"]
    assert all(f"<span>{words}</span>" in told for words in faults.values())


def test_beside_suspensions_stands_what_is_to_be_mended(room: DraftRoom) -> None:
    path = "suspensions/words"
    told = beside(room, SUSPENSIONS, path, **{"row.1.until": "2030-03-01"})
    assert "<span>The last day must not be before the first one, 10 Mar 2030.</span>" in told
    assert "soon as the form says enough" in beside(room, SUSPENSIONS, path, **{"row.1.reason": ""})


def test_beside_the_organization_stands_that_something_is_missing(room: DraftRoom) -> None:
    path = "organization/words"
    told = beside(room, "organization", path, name="")
    assert "It is told here as soon as the form says enough." in told
    assert "to be mended" not in told
    assert "found “a lot”" in beside(room, "organization", path, name="", point_value="a lot")


def test_beside_a_calendar_stand_the_words_that_stand_at_its_fields(room: DraftRoom) -> None:
    told = beside(room, "calendars/desk/edit", "calendars/words", hours__monday="noon")
    assert "<span>Please write opening hours such as 09:00–12:00, 13:00–18:00.</span>" in told


def test_a_service_level_says_in_its_own_words_what_does_not_fit(room: DraftRoom) -> None:
    wrong = {"target": "90", "exceed": "80", "pause.other": "lead.paused"}
    told = beside(room, "service-levels/fast", "service-levels/sentence", **wrong)
    faults = said(sent(room, "service-levels/fast", **wrong))
    assert faults == {
        "exceed": "Exceeded must not begin below met.",
        "pause": "Please say what lets the clock run again, too: else it would stand still for good.",
    }
    assert all(f"<span>{words}</span>" in told for words in faults.values())


def test_a_contest_of_nothing_asks_for_what_counts(room: DraftRoom) -> None:
    form = fields(room.browser().get(f"{room.root}/carrots/contests/edit/race").text)
    form.poplist("service_levels")
    page = html.unescape(room.browser().post(f"{room.root}/carrots/contests/edit/race", data=form).text)
    assert re.findall(r'id="service_levels-fault">.*?<span>(.*?)</span>', page) == [
        "Please choose at least one."
    ]
    assert "“service_level" not in page
    assert room.document() == DOCUMENT


@pytest.mark.parametrize(
    ("path", "name", "place", "value", "fault", "words"),
    [
        ("revenue", "counted.worth_of_grade", 1, "many", "counted.row.2", f"{NUMBER} “many”"),
        ("revenue", "counted.worth_of_grade", 0, "", "counted.row.1", "Please fill this in."),
        ("revenue", "counted.grade", 2, "B", "counted.row.3", "Please fill this in."),
        ("wins", "numerator.amount", 0, "x", "numerator.amount", f"{NUMBER} “x”"),
        ("wins", "denominator.attribute", 0, "", "denominator.attribute", "Please fill this in."),
        ("fast", "within.amount", 0, "x", "within", "Please write a whole number here."),
        ("fast", "within.grade", 1, "B", "within.row.1", "Please fill this in."),
    ],
)  # fmt: skip
def test_a_row_that_is_wrong_is_marked_alone_and_kept(
    room: DraftRoom, path: str, name: str, place: int, value: str, fault: str, words: str
) -> None:
    page = f"{room.root}/service-levels/{path}"
    form = fields(room.browser().get(page).text)
    values = form.getlist(name)
    values[place] = value
    form.setlist(name, values)
    answer = room.browser().post(page, data=form)
    assert answer.status_code == 400
    assert said(html.unescape(answer.text)) == {fault: words}
    assert fields(answer.text).getlist(name)[place] == value
    assert room.document() == DOCUMENT
