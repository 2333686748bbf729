"""Tell systemd how the daemon is: ready, stopping, alive, and one line of status.

What comes in: words such as `READY=1`, from `smsgate.daemon`. What goes out: one
datagram to the socket that systemd names in `$NOTIFY_SOCKET` (sd_notify(3)); nothing
where there is none, so that `smsgate run` in a terminal is the same program. Ready
means that the ledger was written and the ports are bound, not that a modem answers: a
modem may be plugged in later.
"""

from __future__ import annotations

import os
import socket


def notify(*words: str) -> bool:
    """Send systemd some `NAME=value` words; say whether it took them.

    A supervisor that went away is no reason to stop paying, so errors are only told.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):  # a name in the abstract space begins with NUL
        address = "\0" + address[1:]
    message = "\n".join(word.replace("\n", " ") for word in words)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        # A full queue must not hold up the event loop: the next word comes soon.
        sender.settimeout(0)
        try:
            sender.sendto(message.encode(), address)
        except OSError:
            return False
    return True


def watchdog_interval_s() -> float | None:
    """Return how often systemd wants `WATCHDOG=1`, in seconds; None: it does not.

    Half of what it waits for, as sd_watchdog_enabled(3) advises; and only where the
    watchdog means this process and no parent of it.
    """
    usec = os.environ.get("WATCHDOG_USEC", "")
    pid = os.environ.get("WATCHDOG_PID", "")
    if not usec.isdecimal() or int(usec) == 0 or pid not in {"", str(os.getpid())}:
        return None
    return int(usec) / 2_000_000
