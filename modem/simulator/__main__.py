"""Run an emulated modem by hand: `python -m modem.simulator`.

What comes in: lines `NUMBER TEXT` typed by a person, each a text from that phone. What
goes out: the port to give to a driver, and every text that driver sends. For training
and for trying a configuration without a SIM.
"""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from modem.errors import LinkError
from modem.simulator.emulated import EmulatedModem

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: What a text takes of the airtime.
_PRICE = Decimal("0.05")
_HELP = "Type NUMBER TEXT to send a text from that phone; end with Ctrl-D."


def main(
    arguments: Sequence[str] | None = None,
    lines: Iterable[str] | None = None,
    out: TextIO | None = None,
) -> int:
    """Run one until the input ends."""
    options = _parser().parse_args(arguments)
    out = out or sys.stdout
    modem = EmulatedModem(
        imei=options.imei,
        sim_pin=options.sim_pin,
        number=options.number,
        radio_s=options.radio_s,
        link=options.link,
    )
    shown = 0

    def show(_: object) -> None:
        nonlocal shown
        for text in modem.texts[shown:]:
            print(f"{text.to} < {text.text}", file=out, flush=True)
            shown += 1

    modem.top_up(options.airtime, price=_PRICE)
    modem.on_submit(show)
    with modem:
        print(f"port = {modem.path}\n{_HELP}", file=out, flush=True)
        for line in lines or sys.stdin:
            _type(modem, line.strip(), out)
    return 0


def _type(modem: EmulatedModem, line: str, out: TextIO) -> None:
    number, _, text = line.partition(" ")
    if not text:
        print(_HELP, file=out, flush=True)
        return
    try:
        modem.deliver(number, text)
    except LinkError as error:
        print(f"Not sent: {error}", file=out, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m modem.simulator", epilog=_HELP)
    parser.add_argument("--link", type=Path, help="symbolic link that names the port")
    parser.add_argument("--sim-pin", help="PIN the SIM asks for")
    parser.add_argument(
        "--imei", default="490154203237518", help="number of the modem itself"
    )
    parser.add_argument(
        "--airtime", type=Decimal, help="credit of the SIM, told to *567#; 0.05 a text"
    )
    parser.add_argument("--number", default="+50370009999", help="number of the SIM")
    parser.add_argument(
        "--radio-s", type=float, default=0.0, help="seconds for each message sent"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
