"""YAML that is read as texts, strictly and within bounds."""

import time
from pathlib import Path

import pytest

from leaderboard.files.problems import FileProblems
from leaderboard.files.yaml_nodes import MOST_BYTES, MapNode, Node, Scalar, read_bounded, read_yaml


def text_of(document: str, key: str) -> str:
    root, _ = read_yaml(document, "f.yaml")
    assert isinstance(root, MapNode)
    node = root.entries[key][1]
    assert isinstance(node, Scalar)
    return node.text


def refusal(document: str | bytes) -> tuple[int | None, str]:
    with pytest.raises(FileProblems) as raised:
        read_yaml(document, "f.yaml")
    (problem,) = raised.value.problems
    assert "\n" not in str(raised.value)
    return problem.line, problem.code


@pytest.mark.parametrize(
    "plain", ["NO", "on", "12:30", "2026-07-01", "1_000", "0x10", "1e3", "007", "Null", "<<"]
)
def test_a_plain_scalar_is_its_text(plain: str) -> None:
    assert text_of(f"key: {plain}", "key") == plain
    assert text_of(f"{plain}: value", plain) == "value"


def test_lines_are_kept_for_keys_and_values() -> None:
    root, _ = read_yaml("a: 1\n\n# b\nb:\n  - x\n  - {c: y}\n", "f.yaml")
    assert isinstance(root, MapNode)
    key, value = root.entries["b"]
    assert (key.line, value.line) == (4, 5)


@pytest.mark.parametrize(
    ("document", "line", "code"),
    [
        ("", None, "empty_file"),
        ("# nothing\n", None, "empty_file"),
        ("a: 1\n---\nb: 2\n", 2, "yaml_documents"),
        ("a: &x 1\nb: *x\n", 1, "yaml_alias"),
        ("a: 1\nb: *x\n", 2, "yaml_alias"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 1, "yaml_alias"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "yaml_tag"),
        ("a: 1\nb: !!str 5\n", 2, "yaml_tag"),
        ("? [a]\n: 1\n", 1, "key_not_text"),
        ("a: [1\nb: 2\n", 2, "yaml_syntax"),
        ("a: 'x\n", 2, "yaml_syntax"),
        ("a:\n\t- b\n", 2, "yaml_syntax"),
        ("a: 1\nb: \x07\n", 2, "control_character"),
        ('a: 1\nb: "\\0"\n', 2, "control_character"),
        ("a: \ud800\n", 1, "control_character"),
        ("[" * 100_000, 1, "too_deep"),
        ("- " * 100_000, 1, "too_deep"),
        ("[" + "[]," * 400_000 + "]", 1, "too_many_values"),
        ("a" * (MOST_BYTES + 1), None, "too_large"),
    ],
)
def test_what_is_beyond_plain_values_is_refused_with_its_line(
    document: str, line: int | None, code: str
) -> None:
    assert refusal(document) == (line, code)


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        (b"a: 1\nb: \xff\n", 2, "not_utf8"),
        (b"a: \xed\xa0\x80\n", 1, "not_utf8"),
        (b"PK\x03\x04\x14\x00", None, "not_text"),
        ("a: 1".encode("utf-16"), None, "not_text"),
        (b"a: 1\n\x00", 2, "control_character"),
    ],
)
def test_bytes_that_are_no_text_are_refused(content: bytes, line: int | None, code: str) -> None:
    assert refusal(content) == (line, code)


def test_billions_of_laughs_are_refused_at_once() -> None:
    lines = ['a: &a ["lol","lol"]'] + [
        f"{b}: &{b} [*{a},*{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    started = time.perf_counter()
    assert refusal("\n".join(lines))[1] == "yaml_alias"
    assert time.perf_counter() - started < 1


def test_a_key_given_twice_is_told_with_both_lines_and_the_first_stands() -> None:
    root, problems = read_yaml("a:\n  b: 1\n  c: 2\n  b: 3\n", "f.yaml")
    (problem,) = problems
    assert (problem.line, problem.key, problem.params) == (4, "a.b", {"first": 2})
    assert isinstance(root, MapNode)
    inner: Node = root.entries["a"][1]
    assert isinstance(inner, MapNode)
    assert inner.entries["b"][1] == Scalar("1", 2)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert text_of("a: 1", "a") == "1"
    root, _ = read_yaml(b"\xef\xbb\xbfa: 1", "f.yaml")
    assert isinstance(root, MapNode)
    assert list(root.entries) == ["a"]


def test_an_endless_file_is_not_read_to_its_end() -> None:
    with pytest.raises(FileProblems, match="larger than 5 MB"):
        read_bounded(Path("/dev/zero"))
    with pytest.raises(FileProblems, match=r"/nowhere:1: file: cannot be read: No such file"):
        read_bounded(Path("/nowhere"))
    with pytest.raises(FileProblems, match="cannot be read"):
        read_bounded(Path("/"))
