"""An emulated modem and the driver for real ones, in one link.

What comes in: what any link is given. What goes out: what the GSM driver makes of the
emulated modem, which is plugged in as long as the link runs; its phones are reached
through `modem`. For the demo, for training, and to try a configuration without a SIM.
Built by `modem.drivers`; the driver is `modem.gsm`.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from modem.gsm import GsmLink, GsmSettings
from modem.simulator.emulated import DELIVERED, EmulatedModem

if TYPE_CHECKING:
    from modem.gsm import Clock
    from modem.link import House

#: An emulated modem costs nothing to be asked.
_POLL_S = 0.5


class SimulatorLink(GsmLink):
    """A link whose modem exists in software only."""

    def __init__(
        self,
        *,
        name: str,
        clock: Clock,
        number: str = "+50370009999",
        link: Path | None = None,
        slots: int = 100,
        radio_s: float = 0.0,
        reports: bool = True,
        trusted: bool = True,
        time_offset_minutes: int = 0,
    ) -> None:
        """Build it unplugged; `link` is a symbolic link that names its port."""
        #: The modem, with its phones, its faults and its SIM.
        self.modem = EmulatedModem(
            number=number,
            slots=slots,
            radio_s=radio_s,
            report_status=DELIVERED if reports else None,
            clock=clock.now,
        )
        self._link = link
        settings = GsmSettings(
            port="",
            poll_s=_POLL_S,
            reports=reports,
            trusted=trusted,
            time_offset_minutes=time_offset_minutes,
        )
        super().__init__(name=name, settings=settings, clock=clock)

    async def run(self, house: House) -> None:
        """Plug it in and receive until cancelled."""
        with tempfile.TemporaryDirectory(prefix="smsgate-") as folder:
            # Always a link, so that the modem may be pulled out and put back.
            link = self._link or Path(folder) / "modem"
            self._settings = replace(self._settings, port=str(link))
            self.modem.replug(link)
            try:
                await super().run(house)
            finally:
                self.modem.close()
