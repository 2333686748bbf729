"""Thousands of texts from Debian's own load program: each is answered, and once."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

from tests.flows.town import Town

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = shutil.which("fakesmsc", path="/usr/lib/kannel/test:/usr/bin")
TEXTS = 3_000
PEOPLE = 20
_HEARD = re.compile(r"<2222 (\+503720\d{5}) text (.*)>")


class WireTown(Town):
    """A town that is reached over Kannel's test wire."""

    def _config(self) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        before, _, _ = super()._config().partition("\n[[link]]\n")
        return before + "\n".join(
            [
                "",
                "[[link]]",
                'name = "load"',
                'driver = "fakesmsc"',
                f'listen = "127.0.0.1:{self.port}"',
                "window = 64",
                "max_delay_minutes = 1",
                "",
            ]
        )


def test_a_flood_over_the_test_wire_is_answered_to_the_last_text(
    tmp_path: Path,
) -> None:
    """Three thousand texts, as fast as they are written; none is lost or done twice."""
    assert PROGRAM is not None, "install kannel-extras"
    town = WireTown(folder=tmp_path / "house")
    try:
        town.start()
        phones = [f"7200{number:04}" for number in range(PEOPLE)]
        for number, phone in enumerate(phones):
            town.joins(f"N{number}", phone, pin=None)
        heard = _flood(town.port, [f"{phone} 2222 text AYUDA" for phone in phones])
        kept = town.told("inbox", "list", "--limit", "5000")["inbox"]
        owed = town.told("outbox", "list", "--limit", "5000")["outbox"]
    finally:
        town.close()

    assert len(kept) == TEXTS
    assert Counter(row["sender"] for row in kept) == heard
    assert Counter(row["recipient"] for row in owed) == heard
    assert {row["state"] for row in owed} == {"sent"}
    assert set(heard) <= {f"+503{phone}" for phone in phones}


def _flood(port: int, messages: list[str]) -> Counter[str]:
    """Run the program until it has heard as many answers as it wrote texts."""
    assert PROGRAM is not None
    options = ["-H", "127.0.0.1", "-r", str(port), "-i", "0", "-m", str(TEXTS)]
    heard: Counter[str] = Counter()
    with subprocess.Popen(
        [PROGRAM, *options, *messages],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as program:
        assert program.stdout is not None
        for line in program.stdout:
            found = _HEARD.search(line)
            if found:
                heard[found[1]] += 1
            if heard.total() == TEXTS:
                break
        program.terminate()
    return heard
