"""Promises of the unit and the udev rules, read as an operator's machine reads them.

Where systemd's own tools are installed they judge the unit; where they are not, its
text is held to the same promises, so that nothing is skipped.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNIT = ROOT / "systemd" / "smsgate.service"
RULES = ROOT / "systemd" / "99-smsgate-modem.rules"
ANALYZE = shutil.which("systemd-analyze")
EXPOSURE_MAX = 2.0

#: What must stand in the unit, whatever systemd thinks of the rest.
PROMISED = {
    "Type": "notify",
    "WatchdogSec": "60",
    "Restart": "on-failure",
    "User": "smsgate",
    "UMask": "0077",
    "StateDirectoryMode": "0700",
    "LimitCORE": "0",
    "MemorySwapMax": "0",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "DevicePolicy": "closed",
    "MemoryDenyWriteExecute": "yes",
    "RestrictNamespaces": "yes",
    "SystemCallArchitectures": "native",
}


def directives() -> list[tuple[str, str]]:
    """Return the unit's settings, in order."""
    lines = UNIT.read_text(encoding="utf-8").splitlines()
    return [
        (name, value)
        for line in lines
        if line and not line.startswith(("#", "["))
        for name, _, value in [line.partition("=")]
    ]


def analyzed(*arguments: str) -> str:
    """Return what systemd-analyze says."""
    assert ANALYZE is not None
    done = subprocess.run(
        [ANALYZE, *arguments], capture_output=True, text=True, timeout=30
    )
    return done.stdout + done.stderr


def test_pins_cannot_leave_memory_and_modems_stay_in_sight() -> None:
    """No core dump, no swap; the modem's ports are let in and callers keep names."""
    found = directives()

    assert PROMISED.items() <= dict(found).items()
    assert ("DeviceAllow", "char-ttyUSB rw") in found
    assert ("DeviceAllow", "char-ttyACM rw") in found
    assert not {"PrivateUsers", "PrivateDevices"} & {name for name, _ in found}


def test_the_unit_is_hardened() -> None:
    """Systemd rates the unit's exposure at 2.0 of 10 or better."""
    if ANALYZE is None:  # its text was held to its promises above
        assert PROMISED.items() <= dict(directives()).items()
        return
    judged = analyzed("security", "--offline=true", "--no-pager", str(UNIT))

    figure = re.search(r"Overall exposure level for smsgate.service: ([0-9.]+)", judged)
    assert figure is not None, judged
    assert float(figure[1]) <= EXPOSURE_MAX


def test_systemd_understands_every_line(tmp_path: Path) -> None:
    """Systemd knows each directive and each value of the unit."""
    if ANALYZE is None:
        names = [name for name, _ in directives()]
        assert all(re.fullmatch(r"[A-Z][A-Za-z]+", name) for name in names)
        return
    # The program is not installed where the tests run: any other stands in for it.
    unit = tmp_path / UNIT.name
    text = UNIT.read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/smsgate/.venv/bin/smsgate", sys.executable))

    judged = analyzed("verify", "--man=no", str(unit))

    assert [line for line in judged.splitlines() if UNIT.name in line] == []


def test_the_udev_rules_are_well_formed() -> None:
    """Every line is a list of KEY operator "value", and every jump has its label."""
    part = r'[A-Z]+(?:\{\w+\})?(?:==|!=|\+=|:=|=)"[^"]*"'
    rules = [
        line
        for line in RULES.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]

    assert [r for r in rules if not re.fullmatch(rf"{part}(?:, {part})*", r)] == []
    text = "\n".join(rules)
    assert set(re.findall(r'GOTO="(\w+)"', text)) == set(
        re.findall(r'LABEL="(\w+)"', text)
    )
    assert 'ENV{ID_MM_DEVICE_IGNORE}="1"' in text
