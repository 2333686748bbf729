"""The demo in a process of its own, and a page of it in Debian's Chromium.

Started as a newcomer starts it, on a free port, and ended with Ctrl-C. Whatever the
browser complains of is kept, so that a test can hold the page to silence.
"""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CHROMIUM = "/usr/bin/chromium"
#: Without a sandbox, as root in a container; and with no word to anybody outside.
_SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_ENDS_S = 15
_PATIENCE_MS = 15_000


def demo(*words: str) -> list[str]:
    """Return the command that starts the demo."""
    return [sys.executable, "-u", "-m", "smsgate", "demo", *words]


@contextmanager
def showing(*words: str) -> Iterator[str]:
    """Run the demo while the block runs; give its address; stop it with Ctrl-C."""
    process = subprocess.Popen(
        demo("--port", "0", *words), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        try:
            found = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert found is not None, "the demo did not print its address"
            yield found[0]
            process.send_signal(signal.SIGINT)
            assert process.wait(_ENDS_S) == 0, "Ctrl-C did not end the demo with 0"
        finally:
            process.kill()
            process.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; a missing one is said in a sentence."""
    assert shutil.which(CHROMIUM), (
        "chromium is missing: apt-get install chromium, then run this again"
    )
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=[*_SWITCHES])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, url: str, *, scale: float = 1
) -> Iterator[tuple[Page, list[str]]]:
    """Open the page; give it and the list of what the browser complains of."""
    page = browser.new_page(
        viewport={"width": 1280, "height": 900}, device_scale_factor=scale
    )
    complaints: list[str] = []
    page.on(
        "console",
        lambda said: (
            complaints.append(said.text) if said.type in {"error", "warning"} else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        page.goto(url)
        page.wait_for_selector("body[data-ready]")
        yield page, complaints
    finally:
        page.close()
