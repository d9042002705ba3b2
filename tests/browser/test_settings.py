"""Settings as people use them: an invitation from hand to hand, with and without script, on a desk and on a phone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import SOON, Site
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.browser

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


def as_admin(site: Site, chromium: Browser, path: str, **options: object) -> Page:
    held = Cast(site.app).logged_in("ada@example.com").get_cookie("session")
    assert held is not None
    page = site.come(chromium, **options)
    page.context.add_cookies([{"name": "session", "value": held.value, "url": site.url}])
    page.goto(site.url + path)
    return page


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("size", SIZES)
def test_somebody_is_invited_and_comes_in(site: Site, chromium: Browser, size: str, script: bool) -> None:
    page = as_admin(site, chromium, "/settings", viewport=SIZES[size], java_script_enabled=script)
    page.get_by_role("link", name="People and roles").click()
    page.get_by_role("link", name="New login").click()
    page.get_by_label("Email").fill("zoe@example.com")
    page.get_by_label("Manager").check()
    page.get_by_label("Signs the agreement for").select_option("sales")
    page.get_by_role("button", name="Make the login").click()
    link = page.get_by_label("The link", exact=True).input_value()
    page.reload()
    expect(page.get_by_label("The link", exact=True)).to_have_count(0)
    expect(page.get_by_label("Signs the agreement for")).to_have_value("sales")

    guest = site.come(chromium, viewport=SIZES[size], java_script_enabled=script)
    guest.goto(link.replace(link.partition("/password")[0], site.url))
    for field in ("A password", "The password again"):
        guest.get_by_label(field).fill(PASSWORD)
    guest.locator(".door-box form button").click()
    expect(guest.get_by_role("link", name="Settings")).to_be_visible(timeout=SOON)
    assert site.complaints == []


def test_the_list_follows_what_is_typed(site: Site, chromium: Browser) -> None:
    page = as_admin(site, chromium, "/settings/people")
    expect(page.locator(".person")).to_have_count(4)
    page.get_by_label("Find by name or email").press_sequentially("souza")
    expect(page.locator(".person")).to_have_count(1, timeout=SOON)
    expect(page.get_by_role("link", name="Ana Souza")).to_be_visible()
    assert site.complaints == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path", ["/settings", "/settings/people", "/settings/people/new", "/settings/people/1", "/settings/audit"]
)
def test_no_page_is_wider_than_a_phone(site: Site, chromium: Browser, path: str, theme: str) -> None:
    page = as_admin(site, chromium, path, viewport=SIZES["phone"], color_scheme=theme)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"]["width"]
    expect(page.locator(".ways [aria-current=page]")).to_be_in_viewport()
    assert site.complaints == []


@pytest.mark.parametrize("language", ["en", "pt_BR", "pt_PT"])
def test_all_ways_fit_in_the_bar_of_any_screen(site: Site, chromium: Browser, language: str) -> None:
    held = Cast(site.app).logged_in("rui@example.com").get_cookie("session")
    assert held is not None
    page = site.come(chromium)
    cookies = {"session": held.value, "language": language}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site.url} for name, value in cookies.items()]
    )
    page.goto(f"{site.url}/settings")
    for width in (360, 390, 761, 900, 1061, 1181, 1241, 1440):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        for entry in page.locator(".nav a").all():
            expect(entry).to_be_in_viewport(ratio=1)
