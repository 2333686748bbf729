"""Promises of the pages on links: what they say to write is a configuration.

What comes in: the pages, the settings in them in order. What goes out: a new network
with exactly these, its secrets in files, of which `smsgate check` finds all is right.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from smsgate import config
from tests.smsgate.shell import shell

PAGES = Path(__file__).parents[1] / "docs" / "howto"
#: As long as a vendor's own, and drawn by nobody.
SECRET = "a-signing-secret-of-enough-length"


def written(page: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the sections and the links of a page; bare keys are the link's above."""
    sections: dict[str, Any] = {}
    links: list[dict[str, Any]] = []
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    for block in re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for name, value in tomllib.loads(block).items():
            match value:
                case list() if name == "link":
                    links += value
                case dict():
                    sections.setdefault(name, {}).update(value)
                case _:
                    links[-1][name] = value
    return sections, links


@pytest.mark.parametrize("page", ["modem", "android-phone", "twilio", "two-ways"])
def test_what_a_page_says_to_write_is_right(tmp_path: Path, page: str) -> None:
    """Copied as it stands, with its secrets in files, nothing is wrong with it."""
    folder = tmp_path / "net"
    assert shell("init", str(folder)).code == 0
    file = folder / "config.toml"
    sections, links = written(page)
    text = config.initial_text(country="SV", sections=sections)
    for link in links:
        lines = [f"{key} = {json.dumps(value)}" for key, value in link.items()]
        text += "\n".join(["", "[[link]]", *lines, ""])
    file.write_text(text, encoding="utf-8")

    assert links
    for link in links:
        for key, value in link.items():
            if key == "hook_secret":
                drawn = shell("-c", str(file), "link", "hook", link["name"])
                assert drawn.code == 0, drawn.err
            elif isinstance(value, str) and value.startswith("file:"):
                path = folder / value.removeprefix("file:")
                path.write_text("1234" if key == "sim_pin" else SECRET)
                path.chmod(0o600)
    assert shell("-c", str(file), "check") == (0, "All is right.\n", "")
