"""The ways to reach phones, and how each is right now.

What comes in: the configuration, and the running daemon where there is one. What goes
out: a row a link; without a daemon nobody holds the port, and the state is `stopped`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modem.link import LinkState
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import LinkList

STOPPED = "the daemon is not running: start it with `smsgate run`"


async def list_all(desk: Desk, _: LinkList) -> Document:
    """Return every link."""
    states = {} if desk.live is None else desk.live.link_states()
    return {
        "links": [
            {
                "name": link.name,
                "driver": link.driver,
                "trusted": link.trusted,
                **_described(states.get(link.name)),
            }
            for link in desk.config.links
        ]
    }


def _described(state: LinkState | None) -> Document:
    if state is None:
        return {
            "status": "stopped",
            "reason": STOPPED,
            "signal_dbm": None,
            "imei": None,
            "slots": None,
            "port": None,
            "smsc": None,
            "airtime": None,
        }
    slots = state.slots
    return {
        "status": str(state.status),
        "reason": state.reason,
        "signal_dbm": state.signal_dbm,
        "imei": state.imei or None,
        "slots": None if slots is None else {"used": slots[0], "total": slots[1]},
        "port": state.port or None,
        "smsc": state.smsc or None,
        "airtime": state.airtime or None,
    }
