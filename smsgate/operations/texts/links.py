"""The ways to reach phones, and how each is right now.

What comes in: the configuration, the ledger, and the running daemon where there is one.
What goes out: a row a link, with what waits for it and what it cost; without a daemon
nobody holds the port, and the state is `stopped`. Money is that of `[sms] currency`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from smsgate.messages import alarms, budget, outbox
from smsgate.messages.budget import DECIMALS, Budget
from smsgate.money import plain

if TYPE_CHECKING:
    from modem.link import LinkState
    from smsgate.operations.desk import Desk, Document
    from smsgate.operations.requests import LinkList

STOPPED = "the daemon is not running: start it with `smsgate run`"


async def list_all(desk: Desk, _: LinkList) -> Document:
    """Return every link, what was spent, and the alarms that stand."""
    states = {} if desk.live is None else desk.live.link_states()
    health = {} if desk.live is None else desk.live.link_health()
    peek, config = desk.store.peek, desk.config
    today = Budget(timezone=ZoneInfo(config.network.timezone)).today(
        desk.clock.now_ms()
    )
    links = [
        {
            "name": link.name,
            "driver": link.driver,
            "trusted": link.trusted,
            **_described(states.get(link.name)),
            "health": _rounded(health.get(link.name)),
            "queued": _queued(desk, link.name),
            "spent": _spent(budget.spent(peek, today, link.name)),
        }
        for link in config.links
    ]
    return {
        "links": links,
        "queued": _queued(desk, ""),
        "spent": {
            **_spent(budget.spent(peek, today)),
            "budget_today": _money(config.sms.budget_day),
            "budget_month": _money(config.sms.budget_month),
            "currency": config.sms.currency,
        },
        "alarms": [
            {"key": key, "since": desk.time(raised_ms), "sentence": sentence}
            for key, sentence, raised_ms in alarms.standing(peek)
        ],
    }


def _queued(desk: Desk, link: str) -> Document:
    """Count what waits for a link, '' for what has none yet."""
    counted = outbox.waiting(desk.store.peek, link)
    return {cls.name: counted.get(cls, 0) for cls in outbox.Class}


def _spent(spent: budget.Spent) -> Document:
    return {"today": _money(spent.day), "month": _money(spent.month)}


def _money(cost: int | None) -> str | None:
    return None if cost is None else plain(cost, DECIMALS)


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 2)


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
