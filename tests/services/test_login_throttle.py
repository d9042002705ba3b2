"""Guessing gets slow, and nobody is locked out for good."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import DAY, HOUR, MINUTE, SECOND, Instant
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import LoginAttempt
from leaderboard.services import login_throttle
from leaderboard.services.login_throttle import Attempt, TooManyAttempts

NOW = 1_800_000_000 * SECOND
ANA = "ana@example.com"
HOME, OFFICE = "192.0.2.1", "198.51.100.7"


def attempt(email: str = ANA, address: str = HOME, at: Instant = NOW) -> int:
    """0 where the try may go on; else the seconds it has to wait."""
    try:
        login_throttle.begin(email, address, at)
    except TooManyAttempts as error:
        return error.wait_seconds
    return 0


def succeed(email: str = ANA, address: str = HOME, at: Instant = NOW) -> Attempt:
    made, session = login_throttle.begin(email, address, at), current_session()
    login_throttle.succeed(session, made)
    session.commit()
    return made


def test_after_five_failures_each_further_one_waits_twice_as_long(session: Session) -> None:
    at, waits = NOW, []
    for _ in range(15):
        wait = attempt(at=at)
        waits.append(wait)
        at += wait * SECOND
        if wait:
            assert attempt(at=at) == 0
    assert waits[:5] == [0] * 5
    assert waits[5:] == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300]


def test_a_try_that_comes_too_soon_counts_for_nothing(session: Session) -> None:
    for _ in range(8):
        attempt()
    waits = {attempt(at=NOW + SECOND // 2) for _ in range(50)}
    assert waits == {1}
    assert attempt(at=NOW + SECOND) == 0


def test_success_lets_its_owner_start_afresh_from_there(session: Session) -> None:
    for _ in range(4):
        attempt()
    succeed()
    assert [attempt() for _ in range(6)] == [0] * 5 + [1]


def test_who_was_here_before_is_not_kept_out_by_what_strangers_try(session: Session) -> None:
    succeed(address=OFFICE, at=NOW - 30 * DAY)
    tries = [attempt(address=f"203.0.113.{number}") for number in range(30)]
    assert tries[:20] == [0] * 20
    assert all(tries[20:])
    assert attempt(address=OFFICE) == 0
    assert attempt(address=HOME) > 0
    assert attempt(address=HOME, at=NOW + MINUTE) == 0


def test_an_address_that_tries_many_accounts_is_slowed_for_all_of_them(session: Session) -> None:
    tries = [attempt(f"rep{number}@example.com") for number in range(60)]
    assert tries[:50] == [0] * 50
    assert all(tries[50:])
    assert attempt(address=OFFICE) == 0
    assert attempt(at=NOW + HOUR + MINUTE) == 0


def test_an_ipv6_household_is_one_address_and_ipv4_within_ipv6_is_ipv4(session: Session) -> None:
    for number in range(5):
        attempt(address=f"2001:db8:1:2::{number}")
    assert attempt(address="2001:db8:1:2:ffff::1") == 1
    assert attempt(address="2001:db8:1:3::1") == 0
    for _ in range(5):
        attempt(address=HOME)
    assert attempt(address=f"::ffff:{HOME}") == 1


def test_one_that_was_counted_a_moment_later_by_another_process_makes_nobody_wait(session: Session) -> None:
    assert [attempt(at=NOW + SECOND - number) for number in range(5)] == [0] * 5


@pytest.mark.parametrize("address", ["", "no address", "\ud800", "1.2.3.4.5"])
def test_what_is_no_address_is_counted_all_the_same(session: Session, address: str) -> None:
    for _ in range(5):
        assert attempt(address=address) == 0
    assert attempt(address=address) == 1


def test_a_clock_that_was_ahead_keeps_nobody_out(session: Session) -> None:
    for _ in range(9):
        attempt(at=NOW + DAY)
    assert attempt() == 0


def test_what_is_kept_names_nobody_and_goes_in_time(session: Session) -> None:
    succeed(address=OFFICE)
    for _ in range(3):
        attempt()
    session.rollback()
    keys = session.scalars(select(LoginAttempt.key)).all()
    session.rollback()
    assert all(len(key) == 64 and ANA not in key for key in keys)

    def rows() -> int | None:
        found = session.scalar(select(func.count()).select_from(LoginAttempt))
        session.rollback()
        return found

    assert rows() == 10
    login_throttle.forget_old(NOW + DAY)
    assert rows() == 1
    login_throttle.forget_old(NOW + 60 * DAY)
    assert rows() == 0


def test_a_hundred_tries_at_once_do_not_slip_through_together(app: Flask) -> None:
    outcomes: list[int] = []

    def guess() -> None:
        with app.app_context():
            outcomes.append(attempt())

    threads = [threading.Thread(target=guess) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(0) == 5
    assert len(outcomes) == 24
