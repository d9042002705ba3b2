"""That there is a browser at all, and that it keeps to itself."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_page_is_rendered(chromium: Browser) -> None:
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_content("<h1>Inbound leads the month</h1>")
        assert page.get_by_role("heading").inner_text() == "Inbound leads the month"
