"""The page on which people choose how public screens name them."""

from flask import Flask

from leaderboard.services import display_choices
from leaderboard.services.display_choices import Appearance
from tests.cast import csrf
from tests.web.house import build_house

PAGE = "/me/on-screens"


def test_a_rep_chooses_an_alias_and_finds_it_kept(app: Flask) -> None:
    house = build_house(app)
    ana = house.cast.logged_in("ana@example.com")
    form = {"how": "alias", "alias": "Silver Fox", "csrf_token": csrf(ana, PAGE)}
    assert ana.post(PAGE, data=form).location == PAGE
    page = ana.get(PAGE).text
    assert 'value="Silver Fox"' in page
    assert "Screens show it within seconds" in page
    with app.app_context():
        assert display_choices.appearance_of(house.ana) == Appearance("Silver Fox")
        assert display_choices.appearance_of(house.bia) == Appearance()


def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_is_kept(app: Flask) -> None:
    house = build_house(app)
    ana = house.cast.logged_in("ana@example.com")
    form = {"how": "alias", "alias": "rui-faria", "csrf_token": csrf(ana, PAGE)}
    answer = ana.post(PAGE, data=form)
    assert answer.status_code == 422
    assert 'value="rui-faria"' in answer.text
    assert "Somebody else goes by that name" in answer.text
    nonsense = ana.post(PAGE, data={"how": "by magic", "csrf_token": csrf(ana, PAGE)})
    assert nonsense.status_code == 422


def test_who_stands_for_nobody_has_nothing_to_choose(app: Flask) -> None:
    house = build_house(app)
    assert house.cast.logged_in("ada@example.com").get(PAGE).status_code == 404
    assert house.cast.browser().get(PAGE).status_code == 302


def test_the_menu_leads_there_for_who_is_a_rep(app: Flask) -> None:
    house = build_house(app)
    assert PAGE in house.cast.logged_in("ana@example.com").get("/").text
    assert PAGE not in house.cast.logged_in("ada@example.com").get("/").text
