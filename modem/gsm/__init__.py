"""A GSM modem on a serial port, with its SIM.

What comes in: AT answers from a modem of any make. What goes out: texts and reports to
the house, which are deleted from the SIM only after the house has kept them; texts to
phones. Begin reading at `modem.gsm.link`; the thread behind it is `modem.gsm.owner`.
"""

from modem.gsm.link import GsmLink
from modem.gsm.settings import Clock, GsmSettings

__all__ = ["Clock", "GsmLink", "GsmSettings"]
