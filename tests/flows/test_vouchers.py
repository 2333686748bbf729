"""Vouchers: paper that is worth units once, for whoever brings it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.flows.reading import read
from tests.flows.town import CANARY

if TYPE_CHECKING:
    from tests.flows.town import Town

ANA = "+50361230000"


def _issued(town: Town, amount: str = "25.00", *options: str) -> str:
    """Issue a voucher of Juan's; return its number as it stands on the paper."""
    place = town.folder.parent / f"{len(town.pins)}.txt"
    told = town.told(
        "voucher", "issue", town.people["Juan"].phone, amount,
        "--out", str(place), *options,
    )  # fmt: skip
    assert place.stat().st_mode & 0o777 == 0o600
    found = re.search(r"\d{5}-\d{5}", place.read_text())
    assert found
    number = found[0]
    assert number.replace("-", "") not in str(told)
    # Nor may it be in any file of the house.
    town.pins |= {number, number.replace("-", "")}
    assert town.hears("Juan").startswith(f"VALE de {amount} PT hecho de su cuenta")
    return number


def test_whoever_brings_it_is_paid_once(town: Town) -> None:
    """Rosa sends the number and is paid; a second time it is worth nothing."""
    number = _issued(town)
    assert town.told("member", "show", town.people["Juan"].phone)["held"] == "25.00"
    read(
        "Red: RECIBIO 25.00 PT de Juan ({any}). Ref {ref}. Saldo 25.00. {time}."
        " Verifique: VER {any2}",
        town.asks("Rosa", f"VALE {number}"),
    )
    read(
        "VALE COBRADO: 25.00 PT de su cuenta a Rosa ({any}). Ref {ref}."
        " Saldo -25.00 Disp 75.00. {time}.",
        town.hears("Juan"),
    )
    assert town.asks("Rosa", f"VALE {number}").startswith("Ya hecho: 25.00 PT a Rosa")
    read(
        "NO se pago: ese vale ya se cobro el {time} y no vale otra vez."
        " Ayuda: 2222-0000",
        town.asks("Luis", f"VALE {number}"),
    )
    assert town.balance("Rosa") == "25.00"
    assert town.balance("Luis") == "0.00"
    (listed,) = town.told("voucher", "list")["vouchers"]
    assert (listed["state"], listed["cashed_by"]) == (
        "cashed",
        town.people["Rosa"].code,
    )


def test_what_a_voucher_is_worth_cannot_be_spent(town: Town) -> None:
    """The units are set aside until it is cashed, called back or expired."""
    first, second = _issued(town, "60.00"), _issued(town, "40.00", "--days", "1")
    code = town.people["Rosa"].code
    assert town.asks("Juan", f"PAGAR {code} 1.00 {CANARY}").startswith(
        "NO se pago 1.00"
    )
    code_, out = town.shell(
        "voucher", "issue", town.people["Juan"].phone, "1", "--out",
        str(town.folder.parent / "none.txt"),
    )  # fmt: skip
    assert code_ == 1, out
    assert not (town.folder.parent / "none.txt").exists()
    number = town.told("voucher", "list")["vouchers"][1]["id"]
    assert town.told("voucher", "void", str(number))["state"] == "voided"
    assert town.asks("Rosa", f"VALE {first}").startswith("NO se pago: ese vale ya venc")
    assert town.asks("Juan", f"PAGAR {code} 60.00 {CANARY}").startswith("PAGO OK 60.00")
    town.hears("Rosa")
    town.clock.forward(minutes=60 * 25)
    assert town.asks("Rosa", f"VALE {second}").startswith("NO se pago: ese vale ya ven")
    assert town.shell("voucher", "void", "99")[0] == 1


def test_five_wrong_numbers_a_day(town: Town) -> None:
    """Guessing ends at five; a slip that shows is no guess; another phone may go on."""
    number = _issued(town)
    slip = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert town.asks("Rosa", f"VALE {slip}").startswith("NO se pago: vale mal escrito.")
    for left in (4, 3, 2, 1):
        assert f"Le quedan {left} intentos" in town.asks("Rosa", "VALE 4812057735")
    assert "No le quedan intentos hoy" in town.asks("Rosa", "VALE 4812057735")
    assert town.asks("Rosa", f"VALE {number}").startswith(
        "NO se pago: hoy escribio muc"
    )
    assert town.asks("Luis", f"VALE {number}").startswith("Red: RECIBIO 25.00")


def test_who_cannot_cash_it(town: Town) -> None:
    """Not the issuer, nobody frozen, no stranger, and not in a text that came late."""
    number = _issued(town)
    assert town.asks("Juan", f"VALE {number}").startswith(
        "NO se pago: esa es su propia"
    )
    assert town.asks("+50374567890", f"VALE {number}").startswith("Este numero no est")
    sent = town.clock.now()
    town.clock.forward(minutes=40)
    town.says("Rosa", f"VALE {number}", sent)
    assert town.hears("Rosa").startswith("NO se pago: su mensaje llego tarde.")
    town.asks("Rosa", "ROBO")
    assert town.asks("Rosa", f"VALE {number}").startswith(
        "NO se pago: su cuenta esta b"
    )
    assert town.balance("Rosa") == "0.00"


def test_a_frozen_issuer_s_voucher_is_still_good(town: Town) -> None:
    """It was promised, and whoever holds it cannot know."""
    number = _issued(town)
    town.asks("Juan", "ROBO")
    assert town.asks("Rosa", f"VALE {number}").startswith("Red: RECIBIO 25.00")


def test_a_till_takes_a_voucher(town: Town) -> None:
    """Ana receives it for Rosa: the till is told without the balance, Rosa with it."""
    town.asks("Rosa", f"CAJERO ALTA {ANA} Ana {CANARY}")
    town.hears(ANA)
    number = _issued(town)
    told = town.asks(ANA, f"VALE {number}")
    assert told.startswith("Red: RECIBIO 25.00 PT de Juan")
    assert "Saldo" not in told
    assert "Saldo 25.00" in town.hears("Rosa")
    assert (
        town.asks(ANA, "CIERRE").split(": ")[1].startswith("total 25.00 PT, pagos 1.")
    )
    assert town.asks(ANA, f"VALE {number}").startswith("NO se pago: ese vale ya se cob")


def test_a_voucher_in_english(town: Town) -> None:
    """The same, said in English."""
    number = _issued(town)
    town.asks("Rosa", "LANG EN")
    assert town.asks("Rosa", "VOUCHER 123").startswith(
        "NOT paid: not understood. Write"
    )
    assert town.asks("Rosa", "VOUCHER 4812057735").startswith("NOT paid: FALSE, no vou")
    assert town.asks("Rosa", f"VOUCHER {number}").startswith(
        "Red: RECEIVED 25.00 PT fr"
    )
