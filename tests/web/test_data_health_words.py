"""Data health names things as people do."""

import json
from collections.abc import Iterator

import pytest

from leaderboard.queries.data_health_page import DataHealthPage, Example, Trouble, TroubleFacts
from leaderboard.web.presenters.data_health import present_data_health
from tests.web.sample_app import create_sample_app
from tests.web.sample_health_pages import calm
from tests.web.sample_pages import NOW


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with create_sample_app().test_request_context(headers={"Accept-Language": "en"}):
        yield


def health(trouble: Trouble, example: Example) -> str:
    page = calm()
    facts = TroubleFacts(trouble, 1, NOW, (example,))
    view = present_data_health(
        DataHealthPage(page.freshness, (facts,), page.sources, {"handover": "Hand-over"})
    )
    return view.troubled[0].examples[0].reason


@pytest.mark.parametrize(("level", "shown"), [("handover", "Hand-over"), ("dropped", "dropped")])
def test_data_health_calls_a_service_level_by_its_name(level: str, shown: str) -> None:
    assert health(Trouble.OWNERLESS_LEAD, Example("L1", None, level, NOW)) == shown
    said = f'{{"service_level": "{level}", "rating": "met"}}'
    verdict = health(Trouble.UNPLACED_VERDICT, Example("v", "help", said, NOW))
    assert verdict == f"service level {shown}, rating met"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "data is text; expected an object"), ("pt-PT", "data é texto; o esperado é um objeto"),
     ("pt-BR", "data é texto; o esperado é um objeto")],
)  # fmt: skip
def test_data_health_translates_what_was_given_too(language: str, words: str) -> None:
    said = json.dumps([{"code": "cloudevent_data", "params": {"kind": "text"}}])
    with create_sample_app().test_request_context(headers={"Accept-Language": language}):
        assert health(Trouble.REJECTED, Example("e1", "crm", "?", NOW, params=said)) == words


def test_data_health_says_of_a_verdict_that_it_names_nobody() -> None:
    said = '{"service_level": "handover", "rating": "met"}'
    verdict = health(Trouble.UNPLACED_VERDICT, Example("v", "help", said, NOW, params="rep"))
    assert verdict == "names no rep: service level Hand-over, rating met"
