"""A disk that forgets: build the power-cut library and start children under it.

What comes in: a live folder. What goes out: the environment in which a child's syncs
go to a twin folder only (late, or failing, if asked), and `cut`, which puts the live
folder back to what had been synced. The model and its limits stand at the head of
`power.c`, which needs a C compiler.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SOURCE = Path(__file__).with_name("power.c")
_FLAGS = ("-O2", "-Wall", "-Wextra", "-fPIC", "-shared")


def build(folder: Path) -> Path:
    """Compile the library into a folder; return its path.

    Raises:
        RuntimeError: there is no C compiler, or it refuses the source.
    """
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        raise RuntimeError("the power-cut tests need a C compiler: apt-get install gcc")
    library = folder / "power.so"
    done = subprocess.run(
        [compiler, *_FLAGS, "-o", str(library), str(_SOURCE), "-ldl"],
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(f"the C compiler refused {_SOURCE.name}: {done.stderr}")
    return library


def slow_disk(library: Path, delay_us: int) -> dict[str, str]:
    """Return the environment of a child whose every sync is real and takes longer."""
    return {
        **os.environ,
        "LD_PRELOAD": str(library),
        "POWER_DELAY_US": str(delay_us),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """One live folder and what a power cut would leave of it."""

    library: Path
    live: Path
    twin: Path

    def begin(self) -> None:
        """Declare all that is in the live folder durable."""
        _replace(self.twin, self.live)

    def cut(self) -> None:
        """Leave in the live folder what was synced; call it when the child is dead."""
        _replace(self.live, self.twin)

    def environment(
        self,
        *,
        delay_us: int = 0,
        fail_after: int | None = None,
        fail_count: int | None = None,
    ) -> dict[str, str]:
        """Return the environment of a child that runs on this power.

        Args:
            delay_us: How long each sync takes, microseconds.
            fail_after: How many syncs succeed before they fail with EIO; None: all.
            fail_count: How many syncs then fail; None: all.
        """
        wanted = {
            **os.environ,
            "LD_PRELOAD": str(self.library),
            # The library compares with the names that the kernel gives open files.
            "POWER_LIVE": str(self.live.resolve()),
            "POWER_TWIN": str(self.twin.resolve()),
            "POWER_DELAY_US": str(delay_us),
        }
        if fail_after is not None:
            wanted["POWER_FAIL_AFTER"] = str(fail_after)
        if fail_count is not None:
            wanted["POWER_FAIL_COUNT"] = str(fail_count)
        return wanted


def _replace(target: Path, source: Path) -> None:
    source.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)
    # Shared memory and sockets do not outlive a machine that is switched off.
    shutil.copytree(source, target, ignore=_not_on_disk)


def _not_on_disk(folder: str, names: list[str]) -> set[str]:
    return {
        name
        for name in names
        if name.endswith("-shm")
        or not ((path := Path(folder, name)).is_file() or path.is_dir())
    }
