"""The stream of a screen: the frame, what changes, what interrupts; and how one that was cut off goes on."""

import dataclasses
import gc
import socket
import time
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Timer
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from leaderboard.domain.instants import MINUTE
from leaderboard.domain.line_ups import LineUp, Slide, SlideKind
from leaderboard.persistence.db import current_session
from leaderboard.persistence.models import Moment
from leaderboard.services import clock, screen_orders, screens, wall
from leaderboard.services.screen_orders import OrderKind
from leaderboard.services.wall_stamp import WallStamp
from leaderboard.web.tv import frames
from leaderboard.web.tv import hub as hubs
from leaderboard.web.tv import stream as streams
from leaderboard.web.tv.marks import LastId, Mark
from tests.web.house import House, build_house
from tests.web.listening import LOOK, Listening, let_in

SHOWN = "0123456789abcdef01"


@pytest.fixture
def house(app: Flask) -> House:
    return build_house(app)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.2)


@pytest.mark.usefixtures("quick")
def test_a_stream_sends_the_frame_then_what_has_changed_and_ends_when_it_is_shut_out(house: House) -> None:
    browser, screen_id = let_in(house)
    listening = Listening(browser)
    first, name = listening.next("frame")
    assert set(first["slides"]) == {"0-teams-1", "1-note-1"}
    assert name.startswith(first["digest"] + ":")
    assert listening.next("beat")[0]["clock"]
    app = house.cast.app
    with app.app_context():
        other = LOOK.with_line_up(
            LineUp((LOOK.line_up.slides[0], Slide(SlideKind.NOTE, 9, title="Tea at five")))
        )
        screens.change(screen_id, other, 1, actor="test", now=clock.now())
    second, _ = listening.next("frame")
    assert set(second["slides"]) == {"1-note-1"}, "the teams are on the glass already"
    with app.app_context():
        screens.revoke(screen_id, actor="test", now=clock.now())
    listening.next("gone")
    listening.close()
    assert app.extensions["hub"].listeners == 0


@pytest.mark.usefixtures("quick")
def test_who_comes_back_with_what_it_has_is_not_sent_it_again(house: House) -> None:
    browser, screen_id = let_in(house)
    first = Listening(browser)
    _, name = first.next("frame")
    first.close()
    with house.cast.app.app_context():
        screen_orders.give(
            OrderKind.MESSAGE, {"text": "Cake <now>"}, 10, screen_id=screen_id, actor="test", now=clock.now()
        )
    again = Listening(browser, name)
    call, _ = again.next("call")
    assert call["call"] == "message"
    assert "Cake &lt;now&gt;" in call["html"]
    again.close()


def celebrate(house: House, *people: int, ago: int = 0) -> list[int]:
    """Each of them takes the lead; the numbers of these moments."""
    with house.cast.app.app_context():
        session = current_session()
        rows = [
            Moment(
                moment_key=f"lead/{uuid4()}", kind="lead", at=clock.now() - ago, person_id=person, about="{}"
            )
            for person in people
        ]
        session.add_all(rows)
        session.commit()
        return [row.id for row in rows]


def calls_until_the_beat(browser: FlaskClient, last_id: str, in_header: bool = False) -> list[str]:
    """What a screen that comes back is called to do, before all is quiet."""
    listening = Listening(browser, last_id, in_header)
    found = listening.all_until("beat")
    listening.close()
    return [str(told["id"]) for name, told, _ in found if name == "call"]


@pytest.mark.usefixtures("quick")
def test_a_moment_is_celebrated_once_and_not_of_who_is_left_out(house: House) -> None:
    browser, _ = let_in(house)
    listening = Listening(browser)
    listening.next("frame")
    celebrate(house, house.ana, house.bia)
    found = [listening.next("call")[0] for _ in range(2)]
    assert [one["call"] for one in found] == ["moment", "moment"]
    assert "Ana Souza" in found[0]["html"]
    listening.close()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("in_header", [False, True])
def test_what_came_while_a_screen_was_cut_off_is_sent_when_it_is_back_and_none_twice(
    house: House, in_header: bool
) -> None:
    browser, screen_id = let_in(house)
    before = Listening(browser)
    _, name = before.next("frame")
    celebrate(house, house.ana)
    heard, name = before.next("call")
    before.close()
    moments_of = celebrate(house, house.bia, house.ana)
    with house.cast.app.app_context():
        order = screen_orders.give(
            OrderKind.MESSAGE, {"text": "x"}, 5, screen_id=screen_id, actor="test", now=clock.now()
        )
    missed = [f"o{order}", *(f"m{number}" for number in moments_of)]
    assert calls_until_the_beat(browser, name, in_header) == missed
    assert heard["id"] not in missed
    back = Listening(browser, name, in_header)
    for place, wanted in enumerate(missed):
        told, name = back.next("call")
        assert told["id"] == wanted
        assert calls_until_the_beat(browser, name, in_header) == missed[place + 1 :], "cut off after this one"
    back.close()


@pytest.mark.usefixtures("quick")
def test_a_screen_that_is_cut_off_between_its_first_frame_and_a_message_is_told_it(house: House) -> None:
    browser, screen_id = let_in(house)
    with house.cast.app.app_context():
        order = screen_orders.give(
            OrderKind.MESSAGE, {"text": "x"}, 5, screen_id=screen_id, actor="test", now=clock.now()
        )
    listening = Listening(browser)
    _, name = listening.next("frame")
    assert calls_until_the_beat(browser, name) == [f"o{order}"]
    _, name = listening.next("call")
    listening.close()
    assert calls_until_the_beat(browser, name) == []


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("mark", ["999999999999999999.0", "0.999999999999999999", "7777.7777"])
def test_whoever_names_what_has_not_been_yet_begins_anew_and_misses_nothing_from_then_on(
    house: House, mark: str
) -> None:
    browser, _ = let_in(house)
    celebrate(house, house.ana)
    listening = Listening(browser, f"{SHOWN}:{mark}")
    _, name = listening.next("frame")
    assert LastId.read(name).mark is not None
    (number,) = celebrate(house, house.bia)
    assert listening.next("call")[0]["id"] == f"m{number}"
    listening.close()
    told = browser.get("/tv/frame", query_string={"last": f"{SHOWN}:{mark}"}).json
    assert told is not None
    assert told["calls"] == []
    assert LastId.read(told["last"]).mark == Mark(number, 0)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("last_id", ["nonsense", "<script>", f"{SHOWN}:{'9' * 40}.1", "x" * 5_000])
def test_whoever_names_nonsense_begins_anew(house: House, last_id: str) -> None:
    browser, _ = let_in(house)
    celebrate(house, house.ana)
    listening = Listening(browser, last_id)
    assert listening.next("frame")[0]["slides"]
    listening.close()
    assert calls_until_the_beat(browser, last_id) == []
    assert browser.get("/tv/frame", query_string={"last": last_id}).status_code == 200


@pytest.mark.usefixtures("quick")
def test_what_was_missed_for_too_long_is_no_moment_any_more(house: House) -> None:
    browser, _ = let_in(house)
    listening = Listening(browser)
    _, name = listening.next("frame")
    listening.close()
    celebrate(house, house.ana, ago=3 * MINUTE)
    (fresh,) = celebrate(house, house.bia, ago=MINUTE)
    assert calls_until_the_beat(browser, name) == [f"m{fresh}"]
    told = browser.get("/tv/frame", query_string={"last": name}).json
    assert told is not None
    assert [call["id"] for call in told["calls"]] == [f"m{fresh}"]
    again = browser.get("/tv/frame", query_string={"last": told["last"]}).json
    assert again is not None
    assert again["calls"] == []


@pytest.mark.usefixtures("quick")
def test_what_is_said_to_one_screen_is_heard_by_no_other(house: House) -> None:
    (one, screen_id), (other, _) = let_in(house), let_in(house, dataclasses.replace(LOOK, name="Kitchen"))
    listening = Barrier(3, timeout=30)

    def calls_until_what_all_hear(browser: FlaskClient) -> list[str]:
        stream, found = Listening(browser), [""]
        stream.next("frame")
        listening.wait()
        while found[-1] != "message":
            found.append(stream.next("call")[0]["call"])
        stream.close()
        return found[1:]

    with ThreadPoolExecutor(2) as pool:
        ears = [pool.submit(calls_until_what_all_hear, browser) for browser in (one, other)]
        listening.wait()
        with house.cast.app.app_context():
            for kind, whom in ((OrderKind.RELOAD, screen_id), (OrderKind.MESSAGE, None)):
                screen_orders.give(kind, {"text": "x"}, 5, screen_id=whom, actor="test", now=clock.now())
        assert [ear.result(30) for ear in ears] == [["reload", "message"], ["message"]]


@pytest.mark.usefixtures("quick")
def test_what_several_screens_show_is_drawn_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens differ in their names, and in looks that change nothing on a slide; facts know no language."""
    night = dataclasses.replace(LOOK, name="Kitchen", theme="light", has_sound=True, night=(0, 1439))
    looks = (LOOK, night, dataclasses.replace(LOOK, name="Hall", language="pt_BR"))
    drawn, looked_up, real = [], [], dict(wall._FACTS)
    monkeypatch.setattr(
        frames, "_part", lambda slide, made=frames._part: drawn.append(slide.key) or made(slide)
    )
    monkeypatch.setattr(
        wall,
        "_FACTS",
        {kind: lambda given, kind=kind: looked_up.append(kind) or real[kind](given) for kind in real},
    )
    app = house.cast.app
    with app.app_context():
        number = app.extensions["hub"].look().number
    share = app.extensions["hub"].sharing(number)
    with app.test_request_context("/tv"):
        made = [frames.frame_of(frames.seen_of(look), share) for look in looks]
    assert sorted(drawn) == ["0-teams-1", "0-teams-1", "1-note-1", "1-note-1"], "once for each language"
    assert sorted(looked_up) == [SlideKind.SIDES, SlideKind.TEAMS, SlideKind.TODAY]
    assert made[0].content is made[1].content
    assert [(one.theme, one.is_dim, one.has_sound) for one in made[:2]] == [
        ("dark", False, False), ("light", True, True),
    ]  # fmt: skip
    assert len({one.digest for one in made}) == 3


def test_requests_are_let_in_beside_the_streams(make_app: Callable[..., Flask]) -> None:
    house = build_house(make_app(web_threads=1))
    browser, _ = let_in(house)
    listening = Listening(browser)
    listening.next("frame")
    assert house.cast.browser().get("/healthz").status_code == 200
    listening.close()


@pytest.mark.usefixtures("quick")
def test_further_screens_than_a_process_may_have_are_told_to_ask(house: House) -> None:
    browser, _ = let_in(house)
    app = house.cast.app
    app.extensions["tv_streams"] = 1
    first = Listening(browser)
    first.next("frame")
    second = Listening(browser)
    assert second.next("full") == ({}, "")
    second.close()
    first.close()
    third = Listening(browser)
    third.next("frame")
    third.close()


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="Linux tells it")
def test_a_screen_whose_plug_is_pulled_is_given_up_within_a_minute(house: House) -> None:
    browser, _ = let_in(house)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        connection, _ = server.accept()
        with connection:
            browser.get("/tv/stream", environ_overrides={"gunicorn.socket": connection}).close()
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
    left, right = socket.socketpair()
    with left, right:
        answer = browser.get("/tv/stream", environ_overrides={"gunicorn.socket": left})
        assert answer.status_code == 200, "behind a socket of the system"
        answer.close()


def test_a_place_is_given_back_where_nobody_waited_for_the_first_event(house: House) -> None:
    browser, _ = let_in(house)
    browser.get("/tv/stream").close()
    assert house.cast.app.extensions["hub"].listeners == 0


@pytest.mark.parametrize(
    "text",
    [
        "", ":", "17.3", f"{SHOWN}", f"{SHOWN}:1", f"{SHOWN}:1.", f"{SHOWN}:a.b", f"{SHOWN}:1.2.3", f"{SHOWN}:-1.2",
        f"{SHOWN}:{'1' * 19}.1", f"{SHOWN}:１.1", f"{SHOWN[1:]}:1.1", f"{SHOWN.upper()}:1.1", f"{SHOWN}:1.1\n",
    ],
)  # fmt: skip
def test_of_an_id_that_is_none_nothing_is_believed(text: str) -> None:
    assert LastId.read(text) == LastId()


@pytest.mark.parametrize("last", [LastId(SHOWN, Mark(17, 3)), LastId(SHOWN)])
def test_an_id_is_read_as_it_was_written(last: LastId) -> None:
    assert LastId.read(str(last)) == last


@pytest.mark.usefixtures("quick")
def test_a_process_that_cannot_look_any_more_lets_its_screens_go_and_looks_again_for_the_next(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that is away, or a watch that broke: a screen is to say so, not to show the old as if it were new."""
    browser, _ = let_in(house)
    monkeypatch.setattr(hubs, "BLIND_AFTER_SECONDS", 1.0)
    listening = Listening(browser)
    listening.next("frame")

    def away(_now: int) -> WallStamp:
        raise OperationalError("select", {}, Exception("gone"))

    with monkeypatch.context() as broken:
        broken.setattr(hubs, "wall_stamp", away)
        with pytest.raises(AssertionError, match="the stream ended"):
            listening.all_until("frame")
    listening.close()
    again = Listening(browser)
    again.next("frame")
    (number,) = celebrate(house, house.ana)
    assert again.next("call")[0]["id"] == f"m{number}"
    again.close()


def test_a_process_that_is_to_end_lets_its_screens_go_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And not with its next sign of life, for which the server would have to wait."""
    monkeypatch.setattr(streams, "BEAT_SECONDS", 60.0)
    hub: hubs.Hub = house.cast.app.extensions["hub"]
    listening = Listening(let_in(house)[0])
    listening.next("frame")
    told = Timer(0.5, setattr, (hub, "is_ending", lambda: True))
    told.start()
    began = time.monotonic()
    assert list(listening.answer.response) == []
    assert time.monotonic() - began < streams.BEAT_SECONDS / 2
    told.join()
    listening.close()


def test_a_stream_that_goes_on_for_long_holds_no_more_than_at_its_beginning(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of changes and beats: neither the stream nor what screens share grows."""
    browser, screen_id = let_in(
        house, dataclasses.replace(LOOK, line_up=LineUp((Slide(SlideKind.NOTE, 9, title="Tea"),)))
    )
    monkeypatch.setattr(streams, "BEAT_SECONDS", 0.0)
    for name in ("LOOK_EVERY_SECONDS", "BLIND_AFTER_SECONDS"):
        monkeypatch.setattr(hubs, name, 300.0)
    hub = house.cast.app.extensions["hub"]
    listening = Listening(browser)
    listening.next("frame")

    def go_on(times: int) -> int:
        """So many changes, each with beats after it; what all of Python holds then, in bytes."""
        for _ in range(times):
            hub._notice(dataclasses.replace(hub._stamp, minute=hub._stamp.minute + 1))
            listening.all_until("beat", 12)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        early, late = go_on(30), go_on(150)
    finally:
        tracemalloc.stop()
    assert hub.look().revisions[screen_id] == 1
    assert len(hub._shared) < 12
    assert late - early < 100_000
    listening.close()
