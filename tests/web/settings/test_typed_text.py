"""What is kept of what a browser sends of a field."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from leaderboard.web.formats import in_field
from leaderboard.web.settings.typed_text import typed_line, typed_number, typed_share, typed_text
from tests.web.sample_app import create_sample_app


@pytest.fixture(scope="module")
def samples() -> Flask:
    return create_sample_app()


@contextmanager
def reading_in(samples: Flask, language: str) -> Iterator[None]:
    with samples.test_request_context(headers={"Accept-Language": language}):
        yield


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  a\r\nb  ", "a\nb"),
        ("\x00a\x1b[31m\ud800", "a[31m"),
        ("São Paulo\t– 9h", "São Paulo\t– 9h"),
        ("\x00\x00", ""),
        ("x" * 50_000, "x" * 10_000),
    ],
)
def test_a_text_is_kept_without_what_nobody_types(written: str, kept: str) -> None:
    assert typed_text(written) == kept


def test_a_line_is_one_line() -> None:
    assert typed_line(" two\r\n  words\t\x00") == "two words"


@pytest.mark.parametrize(
    ("language", "written", "kept"),
    [
        ("en", "0.50", "0.50"),
        ("en", "0,5", "0.5"),
        ("en", "18,000", "18000"),
        ("en", "18,000.5", "18000.5"),
        ("en", "18.000", "18.000"),
        ("pt-BR", "0,50", "0.50"),
        ("pt-BR", "0.5", "0.5"),
        ("pt-BR", "18.000", "18000"),
        ("pt-BR", "0.500", "0.500"),
        ("pt-BR", "1.018.000,50", "1018000.50"),
        ("pt-PT", "18 000", "18000"),
        ("pt-PT", "18\N{NO-BREAK SPACE}000,5", "18000.5"),
        ("pt-BR", "−5", "-5"),
        ("pt-BR", "1,2,3", "1,2,3"),
        ("pt-BR", "18.00.000", "18.00.000"),
        ("en", " half ", "half"),
        ("en", "", ""),
    ],
)
def test_a_number_is_typed_as_its_reader_writes_numbers(
    samples: Flask, language: str, written: str, kept: str
) -> None:
    with reading_in(samples, language):
        assert typed_number(written) == kept


def test_a_share_is_typed_with_its_sign_or_without(samples: Flask) -> None:
    with reading_in(samples, "pt-BR"):
        assert typed_share("97,5 %") == typed_share("97.5") == "97.5"
        assert typed_share("most") == "most"


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [("en", "0.50", "0.50"), ("pt-BR", "0.50", "0,50"), ("pt-PT", "12000", "12000"), ("pt-BR", "a.b", "a.b")],
)
def test_a_number_stands_in_its_field_as_its_reader_writes_it(
    samples: Flask, language: str, text: str, shown: str
) -> None:
    with reading_in(samples, language):
        assert in_field(text) == shown
