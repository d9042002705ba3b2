"""What people read, word by word: what other people's data asks of it, and the demo's never did."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask

from leaderboard.domain.instants import DAY, HOUR, MINUTE
from leaderboard.domain.points import EntryKind
from leaderboard.domain.rulebook import Rating
from leaderboard.queries.rep_page import Clockwork, Happening, Promise, PromiseMeasure, Receipt, Wording
from leaderboard.web.formats import exact_moment, moment, number, signed
from leaderboard.web.presenters.promises import present_promise
from leaderboard.web.presenters.receipts import clock_story, present_receipt
from leaderboard.web.presenters.viewer import initials
from tests.web.sample_app import create_sample_app
from tests.web.sample_pages import NOW

YEAR = 365 * DAY


@pytest.fixture(scope="module")
def samples() -> Flask:
    return create_sample_app()


@pytest.fixture(autouse=True)
def english(samples: Flask) -> Iterator[None]:
    with samples.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize(
    ("name", "shown"),
    [("Ana Souza", "AS"), ("Ana", "AN"), ("Resolver 249", "249"), ("Group 24", "24"), ("Agent 100234", "234"),
     ("R2 D2", "RD"), ("=Bia", "="), ("7", "7")],
)  # fmt: skip
def test_a_face_bears_initials_or_the_number_that_tells_it_from_the_next(name: str, shown: str) -> None:
    assert initials(name) == shown


def test_an_instant_of_another_year_says_which() -> None:
    assert moment(NOW) == "20 November, 14:32"
    assert moment(NOW - YEAR) == "20 November 2025, 14:32"
    assert exact_moment(NOW - YEAR).startswith("20 November 2025, 14:32:")


def test_a_figure_below_nothing_bears_a_true_minus_sign() -> None:
    assert (number(-1047), signed(-3), number(Decimal("-0.5"))) == ("−1,047", "−3", "−0.5")


def clock(opened_ago: int, closed_ago: int | None, within: int) -> Clockwork:
    opened = Happening("opportunity.created", NOW - opened_ago, "crm", "1")
    closed = None if closed_ago is None else Happening("opportunity.won", NOW - closed_ago, "crm", "2")
    elapsed = within if closed_ago is None else opened_ago - closed_ago
    return Clockwork(opened, closed, NOW - opened_ago + within, elapsed, within, None, False)


def test_a_clock_of_days_is_told_in_days_and_with_dates() -> None:
    met = clock_story(clock(30 * DAY, 2 * DAY, 90 * DAY), Rating.MET)
    assert met.replace("\N{NO-BREAK SPACE}", " ") == (
        "opportunity created 21 October, 14:32, won 18 November, 14:32: 28 d of 90 days"
    )
    missed = clock_story(clock(100 * DAY, None, 90 * DAY), Rating.MISSED)
    assert missed == (
        "opportunity created 12 August, 14:32, not done when due 10 November, 14:32: 90 days were over"
    )


def test_a_clock_of_hours_is_told_with_weekdays() -> None:
    met = clock_story(clock(5 * HOUR, 3 * HOUR, 24 * HOUR), Rating.MET)
    assert met.replace("\N{NO-BREAK SPACE}", " ") == (
        "opportunity created Fri 09:32, won Fri 11:32: 2 h of 24 hours"
    )
    assert "of 30 minutes" in clock_story(clock(9 * MINUTE, 4 * MINUTE, 30 * MINUTE), Rating.MET)


def test_a_receipt_says_by_which_text_of_the_rules(samples: Flask) -> None:
    version = dt.date(2026, 1, 1)
    receipt = Receipt(1, EntryKind.EACH, 2, NOW, NOW, rulebook_on=version)
    assert dict(present_receipt(receipt).facts)["Rulebook"] == "in force from 1 Jan 2026"
    applied = replace(receipt, wording=Wording(1, NOW, None))
    assert dict(present_receipt(applied).facts)["Rulebook"] == (
        "in force from 1 Jan 2026; revision 1, applied 20 November, 14:32"
    )
    restated = replace(receipt, wording=Wording(2, NOW, "a clerk's mistake"))
    assert dict(present_receipt(restated).facts)["Rulebook"] == (
        "in force from 1 Jan 2026; revision 2, restated 20 November, 14:32: a clerk's mistake"
    )


def promise(measure: PromiseMeasure, value: int, of: int, rating: Rating | None) -> Promise:
    return Promise(
        "deals", "Deals won", measure, Decimal(value), Decimal(of), Decimal(12 if of == value else 1), None, 5, 40, 60,
        0, rating,
    )  # fmt: skip


def test_of_a_month_that_is_over_nothing_is_so_far() -> None:
    volume = promise(PromiseMeasure.VOLUME, 30, 30, Rating.MET)
    assert "30 of 12. The month is met" in said(volume, is_over=True)
    assert "30 of 12 so far." in said(replace(volume, rating=None), is_over=False)


def test_of_a_month_that_is_over_and_not_rated_nothing_more_is_asked() -> None:
    few = promise(PromiseMeasure.IN_TIME, 2, 3, None)
    assert "2 more outcomes, and the month is rated." in said(few, is_over=False)
    assert said(few, is_over=True) == "2 of 3 in time. Too few for a rating."
    nothing = promise(PromiseMeasure.IN_TIME, 0, 0, None)
    assert said(nothing, is_over=True) == "Nothing came due. Too few for a rating."


def said(one: Promise, is_over: bool) -> str:
    sentences = present_promise(one, is_over).sentences
    return " ".join(sentence.striptags() for sentence in sentences)
