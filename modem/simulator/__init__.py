"""A GSM modem that exists in software only, on a real pseudo-terminal.

What comes in: AT commands from any driver, texts from imagined phones. What goes out:
what a modem would answer, status reports, and faults on demand. Shipped, because
training and the demo need it as much as the tests. Begin reading at
`modem.simulator.emulated`; `python -m modem.simulator` runs one by hand.
"""

from modem.simulator.emulated import DELIVERED, EmulatedModem
from modem.simulator.faults import Faults
from modem.simulator.happenings import Happening, What
from modem.simulator.network import Submitted
from modem.simulator.phone import Text
from modem.simulator.ussd import Codes, Shown

__all__ = [
    "DELIVERED",
    "Codes",
    "EmulatedModem",
    "Faults",
    "Happening",
    "Shown",
    "Submitted",
    "Text",
    "What",
]
