"""Cut the power again and again under a daemon that pays, and look for what is gone.

What comes in: a folder, a seed, how many cuts. What goes out: how much was acknowledged
and what of it is gone. After each cut the disk holds what was synced and nothing else.
The texts come over a pipe (`tests.crash.teller`), so that a life is short.
"""

from __future__ import annotations

import random  # noqa: TID251 - seeded, and the seed is printed
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.crash.house import build
from tests.crash.teller import Payments, Teller
from tests.faults.shim import Power

if TYPE_CHECKING:
    from pathlib import Path

    from tests.crash.house import House

_NAMES = ("Ana", "Beto", "Carla", "Dina", "Elmer", "Fidel", "Guido", "Hugo")
_FRESH = 12
_REPEATED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cuts:
    """What came of it."""

    seed: int
    cuts: int
    acknowledged: int
    lost: tuple[str, ...]

    def __str__(self) -> str:
        """Tell it on one line."""
        return (
            f"seed {self.seed}: {self.cuts} power cuts, {self.acknowledged} payments "
            f"acknowledged; lost or told and forgotten: {len(self.lost)}"
        )


def power_over(house: House, library: Path) -> Power:
    """Put a house on a disk that forgets; what it holds now is durable."""
    twin = house.folder.parent / "twin"
    power = Power(library=library, live=house.folder, twin=twin)
    power.begin()
    return power


def cut(
    folder: Path, library: Path, *, cuts: int, seed: int, careless: bool = False
) -> Cuts:
    """Cut the power so often; stop at the first loss.

    Raises:
        AssertionError: the books contradict themselves, or something was doubled.
    """
    chance = random.Random(seed)
    house = build(folder, _NAMES)
    power = power_over(house, library)
    payments = Payments(house=house)
    lost: list[str] = []
    done = 0
    while done < cuts and not lost:
        _life(payments, power, chance, careless=careless)
        done += 1
        lost = payments.lost()
        assert house.findings() == []
    if not lost:
        _finish(payments, power)
    return Cuts(seed=seed, cuts=done, acknowledged=len(payments.kept), lost=tuple(lost))


def _life(
    payments: Payments, power: Power, chance: random.Random, *, careless: bool
) -> None:
    """Live until a random moment while payments are made, and lose the power."""
    house = payments.house
    old = chance.sample(payments.sent, min(_REPEATED, len(payments.sent)))
    fresh = payments.more(_FRESH)
    teller = Teller(house, careless=careless, environment=power.environment())
    try:
        for payment in fresh + old:
            teller.send(payment)
        # The cut falls somewhere among the first acknowledgements, or just before.
        until, kept = chance.randint(0, _FRESH), -1
        while kept < until:
            said = teller.hear()
            assert said["event"] != "over", teller.log
            kept += said["event"] in ("ready", "kept")
            payments.heard(said)
        threading.Event().wait(chance.uniform(0, 0.010))
    finally:
        rest = teller.kill()
    for said in rest:
        payments.heard(said)
    power.cut()


def _finish(payments: Payments, power: Power) -> None:
    """Deliver all again to a daemon that lives, and hold it to exactly once."""
    teller = Teller(payments.house, environment=power.environment())
    try:
        payments.all_kept(teller, payments.sent)
    finally:
        rest = teller.kill()
    for said in rest:
        payments.heard(said)
    payments.right()
