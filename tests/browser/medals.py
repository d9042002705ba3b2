"""The badges' pictures as PNG, drawn anew from their SVG: `python -m tests.browser.medals`.

Each bears in its text `drawn-from` the SHA-256 of the SVG, by which a test sees that none was forgotten.
"""

import hashlib

from playwright.sync_api import sync_playwright

from leaderboard.files.credential_carriers import with_text
from leaderboard.web.badge_images import ICONS, PICTURES, badge_image
from tests.browser.chromium import launch

SIZE = 320


def main() -> None:
    """Draws them all."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": SIZE, "height": SIZE})
        for icon in sorted(ICONS):
            svg = badge_image(icon)
            page.set_content(
                f"<style>*{{margin:0}}svg{{width:{SIZE}px;height:{SIZE}px;display:block}}</style>{svg}"
            )
            shot = page.screenshot(omit_background=True, type="png")
            mark = hashlib.sha256(svg.encode()).hexdigest()
            picture = with_text(shot, "drawn-from", mark)
            (PICTURES / f"{icon}.png").write_bytes(picture)
            print(f"{icon}.png  {len(picture):,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
