"""A fresh network for each test that asks for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.smsgate.shell import Net, shell

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def net(tmp_path: Path) -> Net:
    """Return a network as `smsgate init` makes it."""
    folder = tmp_path / "net"
    assert shell("init", str(folder)).code == 0
    return Net(folder)
