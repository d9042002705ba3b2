"""Settings, Screens: who may open them, what can be said, and what a mistake gets."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from leaderboard.domain.line_ups import LineUp, Slide, SlideKind
from leaderboard.services import clock, screen_lists, screen_orders, screen_pairing, screens
from tests.cast import csrf
from tests.web.house import House, build_house

PAGE = "/settings/screens"


@pytest.fixture
def house(app: Flask) -> House:
    return build_house(app)


def waiting_code(house: House) -> str:
    with house.cast.app.app_context():
        return screen_pairing.begin(clock.now()).code


def pair(house: House, browser: FlaskClient, **more: object) -> tuple[int, str]:
    """Lets a screen in by the form; the answer's status and where it leads."""
    form = {
        "code": waiting_code(house),
        "name": "Entrance",
        "language": "en",
        "theme": "dark",
        "top_places": "10",
    }
    form |= {"csrf_token": csrf(browser, f"{PAGE}/pair")}
    answer = browser.post(f"{PAGE}/pair", data=form | more)
    return answer.status_code, answer.location or answer.text


def screen_in(house: House, browser: FlaskClient) -> int:
    status, leads_to = pair(house, browser)
    assert status == 303, leads_to
    return int(re.findall(r"\d+", leads_to)[0])


def known(house: House, screen_id: int) -> screens.KnownScreen:
    with house.cast.app.app_context():
        found = screens.existing(screen_id)
    assert found is not None
    return found


def test_a_manager_lets_a_screen_in_and_a_rep_or_stranger_finds_nothing(house: House) -> None:
    rui = house.cast.logged_in("rui@example.com")
    assert "No screen on the wall yet" in rui.get(PAGE).text
    screen_id = screen_in(house, rui)
    assert known(house, screen_id).look.name == "Entrance"
    page = rui.get(PAGE).text
    assert "Entrance" in page
    assert "never heard of" in page
    ana = house.cast.logged_in("ana@example.com")
    for path in (PAGE, f"{PAGE}/pair", f"{PAGE}/{screen_id}", f"{PAGE}/{screen_id}/line-up"):
        assert ana.get(path).status_code == 404
        assert house.cast.browser().get(path).status_code == 302
    token = csrf(ana, "/me/on-screens")
    for path in ("revoke", "orders", "line-up", "line-up/preview"):
        assert (
            ana.post(f"{PAGE}/{screen_id}/{path}", data={"csrf_token": token, "do": "reload"}).status_code
            == 404
        )


def test_a_code_that_no_screen_shows_is_said_beside_its_field_and_all_is_kept(house: House) -> None:
    rui = house.cast.logged_in("rui@example.com")
    status, text = pair(house, rui, code="XXXXXX", name="Sales floor")
    assert status == 422
    assert "No screen shows this code now" in text
    assert 'value="Sales floor"' in text
    assert 'value="XXXXXX"' in text


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("name", "", "1 to 60 characters"),
        ("name", "x\x1by", "1 to 60 characters"),
        ("language", "tlh", "choose one of these"),
        ("theme", "pink", "choose one of these"),
        ("teams", "999", "choose one of these"),
        ("top_places", "0", "from 1 to 50"),
        ("top_places", "many", "from 1 to 50"),
        ("night_from", "25:99", "such as 19:30"),
        ("night_from", "19:30", "both times, or none"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(house: House, field: str, value: str, fault: str) -> None:
    rui = house.cast.logged_in("rui@example.com")
    status, text = pair(house, rui, **{field: value})
    assert status == 422
    assert fault in text
    with house.cast.app.app_context():
        assert screen_lists.all_screens() == ()


def line_up_form(browser: FlaskClient, screen_id: int) -> dict[str, object]:
    """The form as the page shows it."""
    page = browser.get(f"{PAGE}/{screen_id}/line-up").text
    form: dict[str, object] = {"csrf_token": csrf(browser, f"{PAGE}/{screen_id}/line-up")}
    form["revision"] = re.findall(r'name="revision" value="(\d+)"', page)[0]
    form["slide"] = re.findall(r'name="slide" value="(\d+)"', page)
    form |= dict(re.findall(r'name="((?:kind|seconds|from|until)-\d+)" value="([^"]*)"', page))
    for name in {f"days-{number}" for number in form["slide"]}:  # type: ignore[attr-defined]
        form[name] = list("1234567")
    return form


def test_a_button_moves_the_slide_that_it_stands_on_also_where_that_was_dragged(house: House) -> None:
    """And the keyboard stays with it."""
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    form = line_up_form(rui, screen_id)
    kinds = [form[f"kind-{number}"] for number in (0, 1, 2)]
    form["slide"] = ["1", "0", *form["slide"][2:]]  # type: ignore[index]
    last = len(form["slide"]) - 1  # type: ignore[arg-type]
    for press, places, focus in (
        ("up-1", (1, 0, 2), "down-0"),
        ("down-1", (0, 1, 2), "down-1"),
        ("up-0", (0, 1, 2), "down-0"),
        ("remove-1", (0, 2), "remove-0"),
        (f"down-{last}", (1, 0, 2), f"up-{last}"),
        ("down-99", (1, 0, 2), None),
    ):
        page = rui.post(f"{PAGE}/{screen_id}/line-up", data=form | {"do": press}).text
        shown = re.findall(r'name="kind-\d+" value="(\w+)"', page)
        assert shown[: len(places)] == [kinds[place] for place in places], press
        assert re.findall(r'value="([\w-]+)"[^>]* autofocus', page) == ([focus] if focus else []), press


def test_a_line_up_is_composed_by_buttons_and_saved(house: House) -> None:
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    address = f"{PAGE}/{screen_id}/line-up"
    form = line_up_form(rui, screen_id)
    page = rui.post(address, data=form | {"do": "down-0"}).text
    kinds = re.findall(r'name="kind-\d+" value="(\w+)"', page)
    assert kinds[:2] == ["reps", "teams"]
    assert known(house, screen_id).revision == 1, "nothing is saved by that"
    more = rui.post(address, data=form | {"do": "add", "new": "note"}).text
    assert "note" in re.findall(r'name="kind-\d+" value="(\w+)"', more)
    form["slide"] = ["1", "0"]
    form |= {"seconds-1": "33", "days-0": ["1", "5"], "from-0": "09:00", "until-0": "17:30"}
    assert rui.post(address, data=form | {"do": "save"}).status_code == 303
    slides = known(house, screen_id).look.line_up.slides
    assert [slide.kind for slide in slides] == [SlideKind.REPS, SlideKind.TEAMS]
    assert slides[0].seconds == 33
    assert (slides[1].days, slides[1].from_minute, slides[1].until_minute) == ({1, 5}, 540, 1050)


def test_two_who_compose_one_screen_never_overwrite_each_other(house: House) -> None:
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    mine, theirs = line_up_form(rui, screen_id), line_up_form(rui, screen_id)
    theirs["slide"] = ["3"]
    assert rui.post(f"{PAGE}/{screen_id}/line-up", data=theirs | {"do": "save"}).status_code == 303
    answer = rui.post(f"{PAGE}/{screen_id}/line-up", data=mine | {"do": "save"})
    assert answer.status_code == 422
    assert "Somebody else changed this screen" in answer.text
    assert len(known(house, screen_id).look.line_up.slides) == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"seconds-0": "1"}, "5 to 600 seconds"),
        ({"seconds-0": "9" * 40}, "5 to 600 seconds"),
        ({"days-0": []}, "at least one day"),
        ({"from-0": "18:00", "until-0": "09:00"}, "two times of one day"),
        ({"slide": []}, "at least one slide"),
        ({"slide": ["0", "x"], "kind-x": "note", "seconds-x": "9", "days-x": ["1"]}, "a headline or a text"),
    ],
)
def test_a_line_up_with_a_mistake_is_not_saved(house: House, changes: dict[str, object], fault: str) -> None:
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    answer = rui.post(
        f"{PAGE}/{screen_id}/line-up", data=line_up_form(rui, screen_id) | changes | {"do": "save"}
    )
    assert answer.status_code == 422
    assert fault in answer.text
    assert known(house, screen_id).revision == 1


def test_the_preview_shows_what_the_form_would(house: House) -> None:
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    form = line_up_form(rui, screen_id) | {
        "slide": ["9"], "kind-9": "note", "seconds-9": "10", "title-9": "<Cake>", "days-9": ["1"], "from-9": "00:00",
        "until-9": "24:00",
    }  # fmt: skip
    part = rui.post(f"{PAGE}/{screen_id}/line-up/preview", data=form).text
    assert re.findall(r'id="(preview-\w+)" hx-swap-oob', part) == ["preview-9"]
    (page,) = previews(part)
    assert "<bdi>&lt;Cake&gt;</bdi>" in page
    assert "<html" not in part


def previews(text: str) -> list[str]:
    """The pages of a wall that stand in a page of the settings."""
    return [html.unescape(page) for page in re.findall(r'srcdoc="([^"]*)"', text)]


def test_a_preview_is_the_walls_own_page_in_its_language_and_stands_still_with_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    rui = house.cast.logged_in("rui@example.com")
    status, leads_to = pair(house, rui, language="pt_BR", theme="light")
    assert status == 303
    live = rui.get(leads_to).text
    teams = previews(live)[0]
    assert '<html lang="pt-BR" data-theme="light">' in teams
    assert 'class="tv-slide is-shown"' in teams
    assert "css/tv.css" in teams
    assert "base.css" not in teams
    assert "trimestre" in teams
    assert 'lang="en"' in live
    assert "Take out: Teams of the quarter" in live, "the form speaks the language of who composes"
    assert "Parada desde" not in teams
    monkeypatch.setattr(screen_lists, "frozen_days", lambda: 92)
    assert "Parada desde" in previews(rui.get(leads_to).text)[0]


def test_orders_are_given_to_one_or_all_and_what_is_none_is_refused(house: House) -> None:
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    token = {"csrf_token": csrf(rui, f"{PAGE}/pair")}
    for path, form in (
        (f"{PAGE}/{screen_id}/orders", {"do": "reload"}),
        (f"{PAGE}/{screen_id}/orders", {"do": "slide", "slide": "teams"}),
        (f"{PAGE}/orders", {"do": "message", "text": "Cake", "minutes": "10"}),
        (f"{PAGE}/orders", {"do": "stop"}),
        (f"{PAGE}/freeze", {"days": "5"}),
    ):
        assert rui.post(path, data=form | token).status_code == 303, form
    with house.cast.app.app_context():
        assert screen_lists.frozen_days() == 5
    for path, form in (
        (f"{PAGE}/orders", {"do": "message", "text": "x" * 201}),
        (f"{PAGE}/orders", {"do": "message", "text": " "}),
        (f"{PAGE}/orders", {"do": "reveal", "period": "2026-Q9"}),
        (f"{PAGE}/freeze", {"days": "99"}),
        (f"{PAGE}/freeze", {"days": "-1"}),
    ):
        assert rui.post(path, data=form | token).status_code == 422, form
    assert rui.post(f"{PAGE}/orders", data={"do": "burn"} | token).status_code == 404
    assert rui.post(f"{PAGE}/4711/orders", data={"do": "reload"} | token).status_code == 404


def show(browser: FlaskClient, screen_id: int, slide: str) -> str:
    """Asks for a slide; what the page says then."""
    form = {"do": "slide", "slide": slide, "csrf_token": csrf(browser, f"{PAGE}/pair")}
    return browser.post(f"{PAGE}/{screen_id}/orders", data=form, follow_redirects=True).text


def test_each_announcement_is_offered_by_its_headline_and_only_what_can_be_shown_is_ordered(
    house: House,
) -> None:
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    notes = [
        Slide(SlideKind.NOTE, 9, title="Cake"),
        Slide(SlideKind.NOTE, 9, text="Tea at five\nin the hall"),
    ]
    look = known(house, screen_id).look.with_line_up(
        LineUp((Slide(SlideKind.TEAMS, 9), Slide(SlideKind.BADGES, 9), *notes, notes[0]))
    )
    with house.cast.app.app_context():
        screens.change(screen_id, look, 1, actor="test", now=clock.now())
    offered = re.findall(r'<option value="([\w-]+)">([^<]+)', rui.get(f"{PAGE}/{screen_id}").text)
    names = ["Teams of the quarter", "Fresh badges", "An announcement: Cake", "An announcement: Tea at five"]
    assert [name for _, name in offered if name in names] == names
    values = {name: value for value, name in offered}
    for slide, words in (
        ("nonsense", "This slide is not in the line-up."),
        ("today", "This slide is not in the line-up."),
        ("note", "This slide is not in the line-up."),
        ("badges", "Fresh badges: there is nothing to show now."),
    ):
        page = show(rui, screen_id, slide)
        assert words in page
        assert "The slide is shown now." not in page
    with house.cast.app.app_context():
        assert screen_orders.latest() == 0
    assert "The slide is shown now." in show(rui, screen_id, values["An announcement: Tea at five"])
    with house.cast.app.app_context():
        (order,) = screen_orders.orders_after(screen_id, 0, clock.now())
    assert order.payload == {"slide": "note", "text": "Tea at five\nin the hall"}


@pytest.mark.parametrize("to_all", [True, False])
@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("one\ntwo\n\nthree\nfour\nfive\n<six>", "room for 5 lines"),
        ("<six>" + "x" * 200, "at most 200 characters"),
    ],
)
def test_a_message_that_has_no_room_is_refused_beside_its_field_and_kept(
    house: House, to_all: bool, text: str, fault: str
) -> None:
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    address = f"{PAGE}/orders" if to_all else f"{PAGE}/{screen_id}/orders"
    form = {
        "do": "message",
        "text": text.replace("\n", "\r\n"),
        "minutes": "30",
        "csrf_token": csrf(rui, PAGE),
    }
    answer = rui.post(address, data=form)
    assert answer.status_code == 422
    assert f">\n{html.escape(text)}</textarea>" in answer.text
    field = re.findall(r'<textarea[^>]*aria-describedby="(\S+) (\S+)"[^>]*aria-invalid="true"', answer.text)
    for place in field[0]:
        assert f'id="{place}"' in answer.text
    assert fault in answer.text
    assert ('<option value="30" selected>' in answer.text) == to_all
    assert f'method="post" action="{PAGE}/{screen_id}" novalidate' in answer.text or to_all
    with house.cast.app.app_context():
        assert screen_orders.latest() == 0
    assert (
        rui.post(address, data=form | {"text": "one\r\ntwo\r\n\r\nthree\r\nfour\r\nfive"}).status_code == 303
    )


def test_an_announcement_of_more_lines_than_have_room_is_refused_at_its_text(house: House) -> None:
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    form = line_up_form(rui, screen_id) | {
        "slide": ["9"], "kind-9": "note", "seconds-9": "10", "days-9": ["1"], "from-9": "00:00", "until-9": "24:00",
        "text-9": "a\r\nb\r\nc\r\nd\r\ne\r\nf", "do": "save",
    }  # fmt: skip
    answer = rui.post(f"{PAGE}/{screen_id}/line-up", data=form)
    assert answer.status_code == 422
    assert ">\na\nb\nc\nd\ne\nf</textarea>" in answer.text
    assert 'aria-describedby="text-0-hint text-0-fault" aria-invalid="true"' in answer.text
    assert "There is room for 5 lines" in answer.text
    form["text-9"] = "a\r\nb\r\nc\r\nd\r\ne"
    assert rui.post(f"{PAGE}/{screen_id}/line-up", data=form).status_code == 303


def test_stop_stands_wherever_there_are_screens(house: House) -> None:
    rui = house.cast.logged_in("rui@example.com")
    assert "Stop message and reveal" not in rui.get(PAGE).text
    screen_in(house, rui)
    page = rui.get(PAGE).text
    assert "As soon as a quarter is sealed" in page
    assert "Stop message and reveal" in page


def test_a_screen_is_shut_out_after_one_more_question_and_who_comes_back_is_led_to_the_list(
    house: House,
) -> None:
    rui = house.cast.logged_in("rui@example.com")
    screen_id = screen_in(house, rui)
    page = rui.get(f"{PAGE}/{screen_id}").text
    asked = re.findall(r'<details class="ask">.*?</details>', page, re.DOTALL)
    assert [f'action="{PAGE}/{screen_id}/revoke"' in part for part in asked] == [True]
    assert page.count("/revoke") == 1
    token = {"csrf_token": csrf(rui, f"{PAGE}/pair")}
    assert rui.post(f"{PAGE}/{screen_id}/revoke", data=token).location == PAGE
    assert "Entrance is shut out, and shows a code again" in rui.get(PAGE).text
    address = f"{PAGE}/{screen_id}"
    for come_back in (
        lambda: rui.get(address),
        lambda: rui.get(f"{address}/line-up"),
        lambda: rui.post(f"{address}/revoke", data=token),
    ):
        answer = come_back()
        assert (answer.status_code, answer.location) == (303, PAGE)
        assert "The code that it shows now lets it in again" in rui.get(PAGE).text
    assert (
        rui.post(f"{address}/line-up/preview", data=token, headers={"HX-Request": "true"}).status_code == 404
    )
    for number in (screen_id + 1, 0, "9" * 18, "9" * 23):
        assert rui.get(f"{PAGE}/{number}").status_code == 404
    assert house.cast.logged_in("ana@example.com").get(address).status_code == 404
