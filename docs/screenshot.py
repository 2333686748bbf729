"""Take the picture of the demo that README shows: `python -m docs.screenshot`.

What comes in: nothing; the demo is started as in its tests, a few texts are sent with
its buttons, and one phone dials. What goes out: `docs/images/demo.png`. To be run from
the project's folder when the page looks different from its picture.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.demo.browsing import chromium, opened, showing

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURE = Path(__file__).parent / "images" / "demo.png"
#: As wide as a README is shown.
SCALE = 0.75
#: Phone, button with a ready text, and what the answer on that phone must hold.
_TEXTS = (
    ("Juan", "Pay Rosa 25.50", "PAGO OK"),
    ("Rosa", "Is my receipt genuine?", "REAL"),
    ("Oscar", "Pay 3, ask first", "Reply"),
    ("Oscar", "Answer", "PAID"),
)
#: Who dials the menu then.
_DIALS = "Oscar"


def main() -> int:
    """Write the picture."""
    with (
        showing() as url,
        chromium() as browser,
        opened(browser, url, scale=SCALE) as (page, _),
    ):
        for who, button, answer in _TEXTS:
            _send(page, who, button, answer)
        expect(page.get_by_role("log", name="Texts of Juan")).to_contain_text("RECIBIO")
        _dial(page, _DIALS)
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        PICTURE.parent.mkdir(exist_ok=True)
        page.screenshot(path=PICTURE, full_page=True, animations="disabled")
    return 0


def _send(page: Page, who: str, button: str, answer: str) -> None:
    region = page.get_by_role("region", name=f"Phone of {who}")
    phone = page.locator("article.set").filter(has=region)
    phone.locator(".ready").get_by_role("button", name=button).click()
    phone.get_by_role("button", name="Send").click()
    log = page.get_by_role("log", name=f"Texts of {who}")
    expect(log.locator("li.in").last).to_contain_text(answer)


def _dial(page: Page, who: str) -> None:
    region = page.get_by_role("region", name=f"Phone of {who}")
    phone = page.locator("article.set").filter(has=region)
    phone.locator(".ready").get_by_role("button", name="Dial").click()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("dialog")).to_contain_text("1 Pay")
    phone.get_by_role("button", name="Key 1", exact=True).click()


if __name__ == "__main__":
    sys.exit(main())
