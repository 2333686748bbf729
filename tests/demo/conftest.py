"""A browser and a demo of its own for each test of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.demo.browsing import chromium, opened, showing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The page of a fresh demo; the browser must have had nothing to complain of."""
    with showing() as url, opened(browser, url) as (page, complaints):
        yield page
        assert complaints == []
