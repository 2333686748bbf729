"""Durable payments through the house's own writer, from many callers and from one.

What comes in: a folder. What goes out: units a second and latencies. A unit is what a
PAGAR writes: its inbox row, the transfer, and two rows owed. `python -m bench.payments
FOLDER SECONDS CALLERS` prints one JSON line, so that a slow disk can be pretended
around the whole process.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bench import disk
from bench.unit import ACCOUNTS, fill, pairs
from smsgate import ledger
from smsgate.clock import Clock
from smsgate.messages import inbox, outbox
from smsgate.messages.outbox import Class
from smsgate.store import Store, create_ledger

if TYPE_CHECKING:
    from smsgate.store import Tx

_BODY = (
    "PAGO OK 1.00 PT a Rosa Elena Martinez (20417). Ref 481205-7735. Com 0.00. "
    "Saldo -25.50 Disp 74.50. 24/11 21:30"
)


def unit(tx: Tx, payer: int, payee: int, key: bytes) -> None:
    """Write what a PAGAR writes."""
    done = ledger.pay(tx, debit=payer, credit=payee, amount=100)
    if isinstance(done, ledger.Declined):
        raise TypeError("a payment of the benchmark was declined")
    row = inbox.keep(
        tx,
        key=key,
        text_mac=key,
        link="bench",
        sender="+50370000000",
        account=None,
        sent_ms=tx.now_ms,
        command="PAGAR",
        outcome="paid_payer",
        state="answered",
        body="PAGAR 20417 1.00 ****",
        transfer=done.id,
    )
    for _ in range(2):
        outbox.owe(
            tx,
            inbox=row,
            cls=Class.receipt,
            name="paid_payer",
            recipient="+50370000000",
            body=_BODY,
            link="bench",
            expires_ms=tx.now_ms + 86_400_000,
        )


async def closed_loop(
    path: Path, callers: int, seconds: float
) -> tuple[float, list[float]]:
    """Have callers pay one after the other; units a second, and each one's seconds."""
    clock = Clock()
    times: list[float] = []
    async with await Store.open(path, clock) as store:
        draw, end = pairs(), time.perf_counter() + seconds

        async def caller() -> None:
            while (begun := time.perf_counter()) < end:
                payer, payee = draw.sample(range(1, ACCOUNTS + 1), 2)
                key = clock.token_bytes(16)
                await store.write(partial(unit, payer=payer, payee=payee, key=key))
                times.append(time.perf_counter() - begun)

        begun = time.perf_counter()
        await asyncio.gather(*(caller() for _ in range(callers)))
        rate = len(times) / (time.perf_counter() - begun)
    return rate, sorted(times)


def ledger_in(folder: Path, name: str) -> Path:
    """Make a ledger with all accounts in it."""
    path = folder / name
    create_ledger(path)
    fill(path)
    return path


def main() -> None:
    """Measure the disk and the payments in one process, and print both."""
    folder, seconds, callers = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    raw = disk.measure(folder, seconds / 2)
    rate, times = asyncio.run(
        closed_loop(ledger_in(folder, "slow.sqlite"), callers, seconds)
    )
    print(
        json.dumps(
            {
                "syncs_per_s": raw.syncs_per_s,
                "units_per_s": rate,
                "p99_ms": 1000 * times[int(len(times) * 0.99)],
            }
        )
    )


if __name__ == "__main__":
    main()
