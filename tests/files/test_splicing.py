"""One entry changed in a YAML text: it says what was asked for, and nothing else moves."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st

from leaderboard.files.plain import write_yaml
from leaderboard.files.rulebook.splicing import (
    NotSpliced,
    chained,
    comments,
    data_of,
    put,
    taken_out,
    with_entry,
    with_key,
    without_entry,
)
from leaderboard.files.rulebook.writer import write_rulebook
from tests.files.rulebooks import rulebooks

DOCUMENT = """\
# The rules of Acme
rulebook: 1
effective_from: 2026-01-01   # a first of month
organization: {name: Acme, timezone: UTC, currency: EUR}

service_levels:
  # what sales promises
  first-contact:
    name: First contact
    within: 1h        # agreed in March
    target: 90%
    points:
      each: {met: 2, missed: -1}
      month: {met: 100}

  # what marketing promises
  volume:
    name: |
      Many
      lines

    events: [lead.created, lead.graded]  # both

badges:
  spark: {name: Spark, points: 5}   # for those who try
# the end
"""


def changed_lines(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(), after.splitlines()
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    return old, new


def entry(name: str) -> dict[str, Any]:
    return dict(data_of(DOCUMENT)["service_levels"][name])


def test_one_value_changes_one_line_and_keeps_what_is_said_beside_it() -> None:
    found = with_entry(
        DOCUMENT, ["service_levels", "first-contact"], entry("first-contact") | {"within": "30m"}
    )
    assert changed_lines(DOCUMENT, found.document) == (
        ["    within: 1h        # agreed in March"],
        ["    within: 30m        # agreed in March"],
    )
    assert not found.lost_comments
    assert not found.was_rewritten


def test_a_key_is_added_and_taken_out_inside_an_entry() -> None:
    level = entry("first-contact") | {"exceed": Decimal("0.97")}
    del level["target"]
    found = with_entry(DOCUMENT, ["service_levels", "first-contact"], level)
    assert "      month: {met: 100}\n    exceed: 0.97\n\n  # what marketing" in found.document
    assert "90%" not in found.document
    assert "# agreed in March" in found.document


def test_an_entry_is_added_at_the_end_of_its_section_or_with_it() -> None:
    badge = {"name": "Rocket", "icon": "rocket"}
    found = with_entry(DOCUMENT, ["badges", "rocket"], badge)
    assert changed_lines(DOCUMENT, found.document) == (
        [],
        ["  rocket:", "    name: Rocket", "    icon: rocket"],
    )
    fresh = with_entry(DOCUMENT, ["tasks", "training"], {"name": "T", "until": dt.date(2026, 5, 31)})
    assert "    until: 2026-05-31\n# the end" in fresh.document


def test_an_entry_is_taken_out_with_its_lines_only() -> None:
    found = without_entry(DOCUMENT, ["service_levels", "volume"])
    assert found.lost_comments == ("# both",)
    assert "# what marketing promises\n\nbadges:" in found.document
    assert data_of(found.document) == taken_out(data_of(DOCUMENT), ["service_levels", "volume"])


def test_a_section_goes_with_its_last_entry_but_for_the_one_that_must_be_there() -> None:
    assert "badges" not in data_of(without_entry(DOCUMENT, ["badges", "spark"]).document)
    one = without_entry(DOCUMENT, ["service_levels", "volume"]).document
    none = without_entry(one, ["service_levels", "first-contact"]).document
    assert data_of(none)["service_levels"] == {}
    assert (
        "first"
        in data_of(with_entry(none, ["service_levels", "first"], {"name": "F"}).document)["service_levels"]
    )


def test_inside_a_line_the_whole_line_s_value_is_written_as_a_block() -> None:
    found = with_entry(DOCUMENT, ["organization", "currency"], "BRL")
    assert not found.was_rewritten
    assert "organization:\n  name: Acme\n  timezone: UTC\n  currency: BRL\n\nservice_levels" in found.document


def test_a_document_in_braces_is_written_anew_and_says_what_is_lost() -> None:
    found = with_entry('{rulebook: 1, badges: {a: {name: "1"}}} # all of it\n', ["badges", "a", "name"], "2")
    assert found.was_rewritten
    assert found.lost_comments == ("# all of it",)
    assert data_of(found.document)["badges"] == {"a": {"name": "2"}}


@pytest.mark.parametrize(
    "document", ["", "- a\n", "a: 1\na: 2\n", "a: &b 1\nc: *b\n", "a: [\n", "a: !!int 1\n"]
)
def test_what_is_no_tree_is_refused(document: str) -> None:
    with pytest.raises(NotSpliced):
        with_entry(document, ["a"], "2")


def test_what_is_not_there_cannot_be_taken_out() -> None:
    for path in (["badges", "x"], ["x"], ["rulebook", "x"]):
        with pytest.raises(KeyError):
            without_entry(DOCUMENT, path)


DOCUMENT_END = "...\n"
KEYS = st.text("abcxyz-0", min_size=1, max_size=4)
SCALARS = st.one_of(
    st.sampled_from(
        ["NO", "12:30", "90%", "1", "", "~", "null", "# none", "a: b", "- a", "é 💡", "x\ny", " a ", "'", '"']
    ),
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), max_size=12),
    st.integers(-5, 5),
    st.decimals(-5, 5, places=2),
    st.dates(),
    st.booleans(),
    st.none(),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=5)


@st.composite
def commented(draw: st.DrawFn) -> str:
    """A document in blocks, some of it in braces, with remarks and blank lines anywhere between its top entries."""
    data = draw(DOCUMENTS)
    parts = []
    for key, value in data.items():
        text = write_yaml({key: value})
        if draw(st.booleans()):
            braces = yaml.safe_dump(_texts(value), default_flow_style=True, allow_unicode=True, width=10**6)
            text = f"{key!r}: {braces.removesuffix(DOCUMENT_END)}".rstrip() + "\n"
        parts.append(draw(st.sampled_from(["", "# a remark\n", "\n", "\n# one: two\n\n"])) + text)
    return "".join(parts) + draw(st.sampled_from(["", "# the end\n", "\n\n", "# no line end"]))


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_texts(one) for one in value]
    return value if value is None else str(value)


def paths_of(data: Any, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = [prefix] if prefix else []
    if isinstance(data, dict):
        for key, value in data.items():
            found += paths_of(value, (*prefix, key))
    return found


@settings(max_examples=150, deadline=None)
@given(commented(), VALUES, st.data())
def test_reading_gives_the_document_with_that_entry_replaced(
    document: str, value: Any, data: st.DataObject
) -> None:
    before = data_of(document)
    path = list(data.draw(st.sampled_from(paths_of(before))))
    if data.draw(st.booleans()):
        path[-1] = data.draw(KEYS)
    found = with_entry(document, path, value)
    event(f"written anew: {found.was_rewritten}")
    assert data_of(found.document) == data_of(write_yaml(put(before, path, value)))
    if not found.was_rewritten:
        outside = [one for one in before if one != path[0]]
        assert {key: data_of(found.document)[key] for key in outside} == {key: before[key] for key in outside}
        assert set(found.lost_comments) <= set(comments(document))


@settings(max_examples=150, deadline=None)
@given(commented(), st.data())
def test_reading_gives_the_document_less_the_entry(document: str, data: st.DataObject) -> None:
    before = data_of(document)
    path = data.draw(st.sampled_from(paths_of(before)))
    if len(before) == 1 and len(path) == 1:
        return
    try:
        wanted = taken_out(before, path)
    except KeyError:
        return
    if wanted:
        assert data_of(without_entry(document, path).document) == wanted


@settings(max_examples=150, deadline=None)
@given(commented(), VALUES, st.data())
def test_lines_of_the_other_entries_stay_as_they_are(document: str, value: Any, data: st.DataObject) -> None:
    before = data_of(document)
    key = data.draw(st.sampled_from(sorted(before)))
    found = with_entry(document, [key], value)
    if found.was_rewritten:
        return
    old, new = changed_lines(document.rstrip("\n"), found.document.rstrip("\n"))
    gone = [line for line in old if line.startswith(tuple(f"{other}:" for other in before if other != key))]
    assert [line for line in new if line in gone] == gone


@settings(max_examples=25, deadline=None)
@given(rulebooks(), st.data())
def test_a_level_of_any_rulebook_is_replaced_in_its_lines(document: Any, data: st.DataObject) -> None:
    text = write_rulebook(document)
    levels = data_of(text)["service_levels"]
    if not levels:
        return
    name = data.draw(st.sampled_from(sorted(levels)))
    found = with_entry(text, ["service_levels", name, "name"], "Another")
    assert not found.was_rewritten
    assert len(found.document.splitlines()) <= len(text.splitlines())
    assert data_of(found.document)["service_levels"][name]["name"] == "Another"


RENAMED = """\
a:
  # first
  one: {x: 1}  # beside it
  two:
    x: 2
"""


@pytest.mark.parametrize(
    ("path", "key", "line"),
    [(["a", "one"], "uno", "  uno: {x: 1}  # beside it\n"), (["a", "two"], "dos", "  dos:\n")],
)
def test_an_entry_gets_another_key_where_it_stands(path: list[str], key: str, line: str) -> None:
    spliced = with_key(RENAMED, path, key)
    assert line in spliced.document
    assert spliced.lost_comments == ()
    assert len(spliced.document) == len(RENAMED)


def test_a_key_that_is_not_there_cannot_be_renamed() -> None:
    with pytest.raises(KeyError):
        with_key(RENAMED, ["a", "three"], "tres")


def test_a_key_inside_braces_is_renamed_too() -> None:
    assert (
        with_key("a: {one: 1, two: 2}  # b\n", ["a", "two"], "dos").document == "a: {one: 1, dos: 2}  # b\n"
    )


def test_several_changes_are_told_as_one() -> None:
    spliced = chained(
        RENAMED,
        [lambda text: with_key(text, ["a", "one"], "uno"), lambda text: with_entry(text, ["a", "uno"], "-")],
    )
    assert data_of(spliced.document) == {"a": {"uno": "-", "two": {"x": "2"}}}
    assert not spliced.was_rewritten


def test_a_text_that_no_document_can_hold_raises_nothing() -> None:
    assert with_entry(RENAMED, ["a", "two"], {"x": "\x00"}).was_rewritten
