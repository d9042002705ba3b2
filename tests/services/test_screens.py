"""A screen is let in once by its code, holds a token of its own, and is shut out again."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaderboard.domain.instants import MINUTE
from leaderboard.domain.line_ups import STANDARD, LineUp, Slide, SlideKind
from leaderboard.persistence.models import AuditEntry, Screen, ScreenPairing
from leaderboard.services import clock, screen_lists, screen_orders, screen_pairing, screens
from leaderboard.services.screen_orders import OrderKind
from leaderboard.services.screen_pairing import PairingProblem, code_of
from leaderboard.services.screens import Look, ScreenProblem, Sign

LOOK = Look("Entrance", "en", STANDARD)


def paired() -> tuple[int, str]:
    """A screen that was let in: its key and its token."""
    waiting = screen_pairing.begin(clock.now())
    return screen_pairing.let_in(waiting.code, LOOK, actor="test", now=clock.now()), waiting.device


@pytest.mark.usefixtures("session")
def test_a_code_lets_one_screen_in_once() -> None:
    waiting = screen_pairing.begin(clock.now())
    assert screens.find(waiting.device) is None
    typed = f" {waiting.code[:3].lower()} - {waiting.code[3:]}"
    made = screen_pairing.let_in(typed, LOOK, actor="test", now=clock.now())
    found = screens.find(waiting.device)
    assert found is not None
    assert (found.screen_id, found.look) == (made, LOOK)
    with pytest.raises(PairingProblem, match="code"):
        screen_pairing.let_in(waiting.code, LOOK, actor="test", now=clock.now())


@pytest.mark.usefixtures("session")
def test_a_code_is_good_for_ten_minutes_and_the_same_after_a_reload() -> None:
    now = clock.now()
    waiting = screen_pairing.begin(now)
    again = screen_pairing.waiting(waiting.device, now + 10 * MINUTE - 1)
    assert again is not None
    assert again.code == waiting.code
    assert screen_pairing.waiting(waiting.device, now + 10 * MINUTE) is None
    with pytest.raises(PairingProblem, match="code"):
        screen_pairing.let_in(waiting.code, LOOK, actor="test", now=now + 10 * MINUTE)


def test_the_database_holds_neither_code_nor_token(session: Session) -> None:
    waiting = screen_pairing.begin(clock.now())
    row = session.scalars(select(ScreenPairing)).one()
    assert waiting.code not in (row.code_hash, row.device_hash)
    assert waiting.device not in (row.code_hash, row.device_hash)
    assert code_of(waiting.device) == waiting.code
    assert set(waiting.code) <= set(screen_pairing.SIGNS)


def test_who_floods_the_door_finds_it_shut_and_old_codes_go(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen_pairing, "MOST_WAITING", 2)
    now = clock.now()
    for _ in range(2):
        screen_pairing.begin(now)
    with pytest.raises(PairingProblem, match="crowded"):
        screen_pairing.begin(now)
    screen_pairing.begin(now + 10 * MINUTE)
    assert session.scalar(select(func.count()).select_from(ScreenPairing)) == 1


def test_a_screen_that_is_shut_out_opens_nothing_any_more(session: Session) -> None:
    made, token = paired()
    screens.revoke(made, actor="test", now=clock.now())
    assert screens.find(token) is None
    assert screens.existing(made) is None
    with pytest.raises(ScreenProblem, match="gone"):
        screens.revoke(made, actor="test", now=clock.now())
    row = session.scalars(select(Screen)).one()
    assert (row.token_hash, row.revoked_by) == (None, "test")
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["screen.paired", "screen.revoked"]


@pytest.mark.usefixtures("session")
def test_two_who_change_a_screen_never_overwrite_each_other() -> None:
    made, token = paired()
    other = LOOK.with_line_up(LineUp((Slide(SlideKind.REPS, 30),)))
    screens.change(made, other, 1, actor="test", now=clock.now())
    with pytest.raises(ScreenProblem, match="changed"):
        screens.change(made, LOOK, 1, actor="test", now=clock.now())
    found = screens.find(token)
    assert found is not None
    assert (found.look, found.revision) == (other, 2)


@pytest.mark.usefixtures("session")
def test_a_sign_of_life_is_the_last_one() -> None:
    made, _ = paired()
    now = clock.now()
    assert screen_lists.screen_counts(now) == (1, 1)
    screens.sign_of_life(made, Sign("0-teams-1", "Chrome/79", 1280, 720, False), now)
    screens.sign_of_life(made, Sign("1-reps-1", "Chrome/79", 1920, 1080, True), now + MINUTE)
    row = screen_lists.all_screens()[0]
    assert (row.seen_at, row.slide, row.width, row.is_muted) == (now + MINUTE, "1-reps-1", 1920, True)
    assert screen_lists.screen_counts(now + 2 * MINUTE) == (1, 0)
    assert screen_lists.screen_counts(now + 9 * MINUTE) == (1, 1)


@pytest.mark.usefixtures("session")
def test_a_screen_hears_what_it_was_told_and_a_late_one_only_what_lasts() -> None:
    mine, _ = paired()
    other, _ = paired()
    now = clock.now()

    def give(kind: OrderKind, payload: dict[str, str], to: int | None) -> int:
        return screen_orders.give(kind, payload, 10, screen_id=to, actor="test", now=now)

    first = give(OrderKind.RELOAD, {}, mine)
    give(OrderKind.MESSAGE, {"text": "Cake"}, None)
    give(OrderKind.RELOAD, {}, other)
    heard = screen_orders.orders_after(mine, 0, now)
    assert [one.kind for one in heard] == [OrderKind.RELOAD, OrderKind.MESSAGE]
    assert [one.kind for one in screen_orders.orders_after(mine, first, now)] == [OrderKind.MESSAGE]
    assert [one.payload for one in screen_orders.standing_orders(mine, now)] == [{"text": "Cake"}]
    assert screen_orders.standing_orders(mine, now + 10 * MINUTE) == ()
    give(OrderKind.STOP, {}, None)
    assert screen_orders.standing_orders(mine, now) == ()


@pytest.mark.usefixtures("session")
def test_a_message_that_another_replaced_is_over_however_long_it_was_to_stay() -> None:
    mine, _ = paired()
    other, _ = paired()
    now = clock.now()

    def say(text: str, minutes: int, to: int | None) -> int:
        return screen_orders.give(
            OrderKind.MESSAGE, {"text": text}, minutes, screen_id=to, actor="test", now=now
        )

    def heard(screen_id: int, at: int) -> list[str]:
        found = screen_orders.orders_after(screen_id, 0, at)
        assert found == screen_orders.standing_orders(screen_id, at)
        return [one.payload["text"] for one in found]

    say("Cake", 30, None)
    say("Fire drill", 2, mine)
    assert (heard(mine, now), heard(other, now)) == (["Fire drill"], ["Cake"])
    assert (heard(mine, now + 2 * MINUTE), heard(other, now + 2 * MINUTE)) == ([], ["Cake"])


@pytest.mark.usefixtures("session")
def test_nothing_is_revealed_that_is_not_sealed() -> None:
    with pytest.raises(ScreenProblem, match="unsealed"):
        screen_orders.give(
            OrderKind.REVEAL, {"period": "2026-Q3"}, 30, screen_id=None, actor="test", now=clock.now()
        )
    with pytest.raises(ScreenProblem, match="gone"):
        screen_orders.give(OrderKind.RELOAD, {}, 1, screen_id=77, actor="test", now=clock.now())
