"""A screen on a wall in a real browser: let in by its code, shown, interrupted, cut off and back, and shut out."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import glass
from tests.browser.hall import MANAGER, TEAMS, Hall, celebrate, let_in_by_hand, open_screen, open_wall

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("tv")]
SIZES = ((1280, 720), (1920, 1080), (3840, 2160))


def test_a_screen_is_let_in_told_things_and_shut_out_from_the_settings(
    chromium: Browser, visit: Hall
) -> None:
    page = open_wall(chromium, visit.site)
    desk = let_in_by_hand(chromium, visit.site, page)
    desk.goto(f"{visit.site.url}/settings/screens")
    desk.get_by_role("link", name="Entrance", exact=True).click()
    desk.get_by_label("A message, for ten minutes").fill("Fire drill at noon")
    desk.locator("form", has=desk.locator("#text")).get_by_role("button").click()
    expect(page.locator("#moment")).to_contain_text("Fire drill at noon")
    desk.get_by_role("button", name="Stop the message").click()
    expect(page.locator("#moment")).to_be_hidden()
    desk.get_by_label("A slide", exact=True).select_option("today")
    desk.locator("form", has=desk.locator("#slide")).get_by_role("button").click()
    expect(page.locator(".tv-slide.is-shown h1")).to_contain_text("Today")
    with page.expect_event("load"):
        desk.get_by_role("button", name="Load it anew").click()
    expect(page.locator(".tv-slide.is-shown h1")).to_be_visible(timeout=15_000)
    assert visit.site.complaints == []
    desk.get_by_text("Shut it out…").click()
    desk.get_by_role("button", name="Shut Entrance out").click()
    expect(page.locator(".tv-code")).to_be_visible(timeout=10_000)
    # A frame that it asks for in the same moment is refused, which is how it may learn of it.
    assert all("401 (UNAUTHORIZED)" in complaint for complaint in visit.site.complaints)


def test_slides_are_dragged_by_their_grips_and_moved_by_the_keyboard(chromium: Browser, visit: Hall) -> None:
    """On a phone's width."""
    page = open_wall(chromium, visit.site)
    desk = let_in_by_hand(chromium, visit.site, page)
    slides = desk.locator("[data-sort]")
    titles = slides.locator("h2").all_inner_texts()
    grip, second = _box(slides.nth(0).locator("[data-grip]")), _box(slides.nth(1))
    assert min(grip["width"], grip["height"]) >= 44
    desk.mouse.move(grip["x"] + 20, grip["y"] + 20)
    desk.mouse.down()
    desk.mouse.move(grip["x"] + 20, second["y"] + second["height"] * 0.8, steps=10)
    desk.mouse.up()
    expect(slides.nth(0).locator("h2")).to_have_text(titles[1])
    expect(slides.nth(0).locator("[data-up]")).to_be_disabled()
    expect(slides.nth(1).locator("[data-up]")).to_be_enabled()
    slides.nth(1).locator("[data-down]").focus()
    for place in (2, 3):
        desk.keyboard.press("Enter")
        expect(slides.nth(place).locator("h2")).to_have_text(titles[0])
        expect(slides.nth(place).locator("[data-down]")).to_be_focused()
    assert slides.locator("h2").all_inner_texts()[:4] == [titles[1], titles[2], titles[3], titles[0]]
    desk.get_by_role("button", name="Save the line-up").click()
    expect(desk.get_by_text("Saved. The screen shows it within seconds.")).to_be_visible()
    with visit.site.app.app_context():
        known = max(visit.site.app.extensions["hub"].look().revisions.items())
    assert known[1] == 2, "changed once"


@pytest.mark.parametrize(("width", "is_beside"), [(1400, True), (390, False)])
def test_each_slide_has_its_preview_beside_or_below_it_and_only_what_changes_is_drawn_anew(
    chromium: Browser, visit: Hall, width: int, is_beside: bool
) -> None:
    desk = let_in_by_hand(chromium, visit.site, open_wall(chromium, visit.site))
    desk.set_viewport_size({"width": width, "height": 900})
    desk.get_by_label("One more slide").select_option("note")
    desk.get_by_role("button", name="Add").click()
    slides = desk.locator("[data-sort]")
    for slide in slides.all():
        card, fields = _box(slide), _box(slide.locator(".slide-fields"))
        preview = _box(slide.locator(".preview"))
        assert card["y"] < preview["y"]
        assert preview["y"] + preview["height"] < card["y"] + card["height"]
        assert preview["x"] + preview["width"] < card["x"] + card["width"]
        assert (preview["x"] >= fields["x"] + fields["width"]) == is_beside
        assert (preview["y"] >= fields["y"] + fields["height"]) != is_beside
    note, other = slides.last, slides.nth(3).locator("iframe")
    other.evaluate("(one) => { one.contentDocument.body.dataset.kept = 'yes'; }")
    note.get_by_label("Headline").fill("Cake at four")
    note.get_by_label("Headline").blur()
    drawn = note.frame_locator("iframe").locator("h1")
    expect(drawn).to_have_text("Cake at four")
    assert drawn.evaluate("(one) => getComputedStyle(one.parentElement).opacity") == "1"
    assert other.evaluate("(one) => one.contentDocument.body.dataset.kept") == "yes"
    assert visit.site.complaints == []


def test_the_line_up_goes_on_by_itself_and_the_line_below_tells_what_was_done(
    chromium: Browser, visit: Hall
) -> None:
    page = open_screen(chromium, visit.site)
    ticks = page.locator("#ticker li")
    expect(ticks.first).to_contain_text("First contact")
    end = page.locator("#ticker").evaluate("one => one.parentElement.getBoundingClientRect().right")
    assert all(box["x"] + box["width"] <= end + 1 for box in map(_box, ticks.all()))
    seen = [page.locator(".tv-slide.is-shown h1").inner_text()]
    for _ in range(3):
        page.clock.fast_forward(21_000)
        expect(page.locator(".tv-slide.is-shown h1")).not_to_have_text(seen[-1])
        seen.append(page.locator(".tv-slide.is-shown h1").inner_text())
    assert len(set(seen)) == len(seen)


def _box(one: object) -> dict[str, float]:
    found: dict[str, float] | None = one.bounding_box()  # type: ignore[attr-defined]
    assert found is not None
    return found


def test_the_reveal_begun_by_a_manager_plays_from_the_last_bonus_place_up_to_the_first(
    chromium: Browser, visit: Hall
) -> None:
    page = open_screen(chromium, visit.site)
    desk = visit.site.as_login(chromium, MANAGER, "/settings/screens")
    desk.get_by_label("Quarter").select_option(visit.quarter)
    desk.get_by_role("button", name="Begin the reveal").click()
    places, secret = page.locator("[data-step]"), page.locator("[data-step].is-secret")
    expect(places).to_have_count(3)
    expect(secret).to_have_count(3)
    assert not places.first.locator(".tv-name").is_visible(), "nothing is told before its time"
    for told, wait in ((2, 4_500), (1, 5_000)):
        page.clock.run_for(wait)
        expect(secret).to_have_count(told)
    expect(places.nth(2)).to_contain_text(TEAMS[2])
    page.clock.run_for(5_000)
    expect(secret).to_have_count(1), "the first is waited for a little longer"
    page.clock.run_for(3_500)
    expect(secret).to_have_count(0)
    expect(places.first).to_contain_text(TEAMS[0])
    expect(places.first).to_contain_text("1,500")
    late = open_screen(chromium, visit.site)
    expect(late.locator("[data-step]")).to_have_count(3)
    desk.get_by_role("button", name="Stop message and reveal").click()
    expect(page.locator("#moment")).to_be_hidden()
    expect(late.locator("#moment")).to_be_hidden()


def test_moments_that_come_together_share_the_glass_or_follow_each_other_with_confetti(
    chromium: Browser, visit: Hall
) -> None:
    page = open_screen(chromium, visit.site)
    celebrate(visit, "lead", "lead", "target")
    expect(page.locator("#moment .tv-call")).to_have_count(2)
    assert page.locator("#confetti").evaluate("one => one.width") > 300
    page.clock.fast_forward(7_500)
    expect(page.locator("#moment .tv-call")).to_have_count(1)
    expect(page.locator("#moment")).to_contain_text("Target reached")
    page.clock.fast_forward(7_500)
    expect(page.locator("#moment")).to_be_hidden()


def test_a_server_that_is_away_leaves_the_last_frame_and_is_found_again(
    chromium: Browser, visit: Hall
) -> None:
    page = open_screen(chromium, visit.site)
    hub = visit.site.app.extensions["hub"]
    page.route("**/tv/**", lambda route: route.abort())
    hub.is_ending = lambda: True
    away = page.locator("#away")
    for _ in range(40):
        page.clock.run_for(5_000)
        if away.is_visible():
            break
    expect(away).to_contain_text("No connection since")
    expect(page.locator(".tv-slide.is-shown h1")).to_be_visible()
    hub.is_ending = lambda: False
    page.unroute("**/tv/**")
    for _ in range(40):
        page.clock.run_for(5_000)
        if not away.is_visible():
            break
    expect(away).to_be_hidden()


def test_a_moment_that_comes_while_the_line_is_cut_is_shown_once_when_it_is_back(
    chromium: Browser, visit: Hall
) -> None:
    page = open_screen(chromium, visit.site)
    page.evaluate(_COUNT_MOMENTS)
    celebrate(visit, "lead")
    expect(page.locator("#moment .tv-call")).to_have_count(1)
    page.clock.fast_forward(7_500)
    hub = visit.site.app.extensions["hub"]
    page.route("**/tv/**", lambda route: route.abort())
    hub.is_ending = lambda: True
    expect(page.locator("#moment")).to_be_hidden()
    while hub.listeners:
        page.wait_for_timeout(50)
    celebrate(visit, "target")
    hub.is_ending = lambda: False
    page.unroute("**/tv/**")
    with page.expect_response("**/tv/stream?last=*"):
        page.clock.run_for(8_000)
    expect(page.locator("#moment")).to_contain_text("Target reached")
    page.clock.fast_forward(7_500)
    expect(page.locator("#moment")).to_be_hidden()
    # Cut off once more, with nothing new: nothing of what was shown comes again.
    hub.is_ending = lambda: True
    while hub.listeners:
        page.wait_for_timeout(50)
    hub.is_ending = lambda: False
    with page.expect_response("**/tv/stream?last=*"):
        page.clock.run_for(8_000)
    celebrate(visit, "lead")
    expect(page.locator("#moment")).to_contain_text("Takes the lead")
    assert page.evaluate("window.shown") == 3


_COUNT_MOMENTS = """() => {
  window.shown = 0;
  new MutationObserver(function (changes) {
    changes.forEach(function (change) {
      change.addedNodes.forEach(function (one) { if (one.className === "tv-calls tv-calls-1") window.shown += 1; });
    });
  }).observe(document.getElementById("moment"), { childList: true });
}"""


def test_who_wants_no_motion_gets_none_and_others_see_it_drift_and_rows_glide(
    chromium: Browser, visit: Hall
) -> None:
    page = open_screen(chromium, visit.site)
    page.evaluate(_COUNT_MOTION)
    page.clock.fast_forward(21_000)
    assert page.evaluate("window.moves") > 0
    page.emulate_media(reduced_motion="reduce")
    before = page.evaluate("window.moves")
    celebrate(visit, "lead")
    expect(page.locator("#moment")).to_contain_text("Takes the lead")
    page.clock.fast_forward(21_000)
    expect(page.locator("#moment")).to_be_hidden()
    assert page.evaluate("window.moves") == before
    assert page.locator("#stage").evaluate("one => getComputedStyle(one).transitionDuration") == "0s"
    drifts = set()
    for _ in range(12):
        page.clock.fast_forward(61_000)
        drifts.add(page.locator("#stage").get_attribute("class"))
    assert len(drifts) > 1, "nothing burns in"


_COUNT_MOTION = """() => {
  window.moves = 0;
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...how) { window.moves += 1; return animate.apply(this, how); };
}"""


def test_everything_can_be_read_from_across_the_room_at_any_size(chromium: Browser, visit: Hall) -> None:
    """3, 30 and 300 reps, long names, three languages: nothing is cut off, over something else, or small."""
    page = open_screen(chromium, visit.site)
    page.route("**/tv/**", lambda route: route.abort())
    app = visit.site.app
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        pieces = [one for made in glass.WALLS for one in glass.drawn(app, made)]
        assert glass.faults(page, pieces) == []
    walls = [glass.EMPTY, *(glass.Wall(14, 4, True, code) for code in ("en", "pt_BR", "pt_PT"))]
    pieces = [one for made in walls for one in (*glass.drawn(app, made), *glass.overlays(app, made))]
    assert glass.faults(page, pieces) == []


def test_the_measure_sees_what_cannot_be_read(chromium: Browser, visit: Hall) -> None:
    page = open_screen(chromium, visit.site)
    row = '<div data-row="{0}" class="tv-card">{1}</div>'
    small = '<svg viewBox="0 0 10 10" width="20"><text font-size="5" y="9">tiny</text></svg>'
    bad = (
        row.format(1, "one") + row.format(2, "two") * 30,
        row.format(1, '<p class="tv-level">' + "word " * 90 + '</p><p class="tv-big">' + "W" * 400 + "</p>"),
        row.format(1, small),
    )
    for html in bad:
        assert glass.faults(page, [glass.Drawn("bad", html)]), html[:40]
