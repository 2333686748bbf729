"""Code cards, flow 31 in part: where a PIN is too little, a code confirms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.flows.reading import read
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Of a network whose PINs are shorter than codes.
SHORT = "4827"


class Card(dict[int, str]):
    """The codes on a member's card, by position."""


def _card(town: Town, name: str = "Juan") -> Card:
    """Make a member's card, and look at the paper."""
    place = town.folder.parent / f"card-{len(town.modem.texts)}.txt"
    told = town.told("card", "issue", town.people[name].phone, "--out", str(place))
    assert place.stat().st_mode & 0o777 == 0o600
    card = Card(
        (int(position), code)
        for position, code in re.findall(r"(\d+)  (\d{6})", place.read_text())
    )
    assert sorted(card) == list(range(1, 31))
    assert not any(code in str(told) for code in card.values())
    assert town.hears(name).startswith(("Su tarjeta", "Your code card"))
    return card


def _asked(text: str) -> tuple[str, int]:
    """Return token and position of a question."""
    found = re.search(r"Responda (\d\d) y el codigo (\d+) de su tarjeta", text)
    assert found, text
    return found[1], int(found[2])


@pytest.fixture
def rich(town: Town) -> Town:
    """Juan may spend 900.00."""
    town.limit("Juan", "900")
    return town


def test_above_the_limit_with_a_card(rich: Town) -> None:
    """Without a card 600.00 is refused; with one, its code pays, and only that code.

    Flow 31.
    """
    code = rich.people["Rosa"].code
    assert rich.asks("Juan", f"PAGAR {code} 600.00 {CANARY}").startswith(
        "NO se pago. Limite por pago 500.00 PT"
    )
    card = _card(rich)
    read(
        "Pagar 600.00 PT a Rosa ({any})?"
        " Responda {tk} y el codigo {any2} de su tarjeta. Vence en 60 min."
        " No pagar: NO {tk}",
        asked := rich.asks("Juan", f"PAGAR {code} 600.00 {CANARY}"),
    )
    token, position = _asked(asked)
    wrong = next(one for at, one in card.items() if at != position)
    assert rich.asks("Juan", f"{token} {wrong}").startswith(
        f"NO se pago: ese no es el codigo {position} de su tarjeta. Le quedan 2 intent"
    )
    assert rich.asks("Juan", f"SI {token}").startswith(
        f"NO se pago todavia: falta el codigo {position} de su tarjeta."
    )
    assert rich.asks("Juan", f"{token} {card[position]}").startswith("PAGO OK 600.00")
    assert rich.asks("Juan", f"{token} {card[position]}").startswith("Ya hecho: 600.00")
    assert rich.balance("Rosa") == "600.00"
    assert rich.told("card", "list")["cards"][0]["left"] == 29
    rich.pins |= {wrong, card[position]}


def test_the_bare_code_is_enough_and_the_day_has_its_limit(rich: Town) -> None:
    """One open question needs no token; above the day's limit no card helps.

    Flow 31.
    """
    code, card = rich.people["Rosa"].code, _card(rich)
    _, position = _asked(rich.asks("Juan", f"PAGAR {code} 600.00"))
    assert rich.asks("Juan", card[position]).startswith("PAGO OK 600.00")
    assert rich.asks("Juan", f"PAGAR {code} 501.00 {CANARY}").startswith(
        "NO se pago. Limite por pago 1,000.00 PT, por dia 1,000.00 (usado 600.00)"
    )
    assert rich.asks("Juan", f"PAGAR {code} 5.00 {CANARY}").startswith("PAGO OK 5.00")


def test_the_same_again_is_asked_first(rich: Town) -> None:
    """A repeated payment is confirmed by PIN as one, then by code, and paid.

    Flow 31.
    """
    code, card = rich.people["Rosa"].code, _card(rich)
    rich.told("member", "limit", rich.people["Juan"].phone, "2000")
    rich.stop()
    text = rich.config_path.read_text().replace('day = "1000.00"', 'day = "2000.00"')
    rich.config_path.write_text(text)
    rich.start()
    _, position = _asked(rich.asks("Juan", f"PAGAR {code} 600.00"))
    assert rich.asks("Juan", card[position]).startswith("PAGO OK 600.00")
    doubt = rich.asks("Juan", f"PAGAR {code} 600.00")
    found = re.search(r"SI (\d\d) y su PIN", doubt)
    assert found, doubt
    assert rich.balance("Rosa") == "600.00"
    token, position = _asked(rich.asks("Juan", f"SI {found[1]} {CANARY}"))
    assert rich.asks("Juan", f"{token} {card[position]}").startswith("PAGO OK 600.00")
    assert rich.balance("Rosa") == "1200.00"


def test_wrong_codes_lock_as_wrong_pins_do(rich: Town) -> None:
    """Flow 31: Codes and PINs climb one ladder: the third wrong one locks both."""
    code, card = rich.people["Rosa"].code, _card(rich)
    token, position = _asked(rich.asks("Juan", f"PAGAR {code} 600.00"))
    wrong = next(one for at, one in card.items() if at != position)
    rich.asks("Juan", f"PAGAR {code} 5.00 111222")
    assert "Le queda 1 intento" in rich.asks("Juan", f"{token} {wrong}")
    assert rich.asks("Juan", f"{token} {wrong}").startswith("NO se pago: cuenta bloq")
    for answer in (f"{token} {card[position]}", f"PAGAR {code} 5.00 {CANARY}"):
        assert rich.asks("Juan", answer).startswith("NO se pago: cuenta bloqueada")
    rich.clock.forward(minutes=31)
    assert rich.asks("Juan", f"{token} {card[position]}").startswith("PAGO OK 600.00")


def test_a_new_card_voids_the_old_one(rich: Town) -> None:
    """A question of the old card is over; a lost card that is void asks for nothing.

    Flow 31.
    """
    code, old = rich.people["Rosa"].code, _card(rich)
    token, position = _asked(rich.asks("Juan", f"PAGAR {code} 600.00"))
    new = _card(rich)
    assert rich.asks("Juan", f"{token} {old[position]}").startswith(
        "NO se pago: esa pregunta ya vencio"
    )
    assert old != new
    rich.told("card", "void", rich.people["Juan"].phone)
    assert rich.asks("Juan", f"PAGAR {code} 600.00").startswith("NO se pago. Limite")
    assert rich.shell("card", "void", rich.people["Juan"].phone)[0] == 1


def test_over_a_loose_link_the_code_is_asked(rich: Town) -> None:
    """Where senders are easily forged, the right PIN pays nothing without the card.

    Flow 31.
    """
    code, card = rich.people["Rosa"].code, _card(rich)
    rich.stop()
    rich.config_path.write_text(rich.config_path.read_text() + "trusted = false\n")
    rich.start()
    token, position = _asked(rich.asks("Juan", f"PAGAR {code} 5.00 {CANARY}"))
    assert rich.asks("Juan", f"{token} {CANARY}").startswith("NO se pago: ese no es")
    assert rich.balance("Rosa") == "0.00"
    assert rich.asks("Juan", f"{token} {card[position]}").startswith("PAGO OK 5.00")
    asked = rich.asks("Luis", f"PAGAR {code} 5.00 {CANARY}")
    assert re.search(r"Responda \d\d y su PIN\.", asked), asked


def test_after_a_reset_the_code_is_asked_for_three_days(rich: Town) -> None:
    """Whoever had the PIN reset may be a thief: the card shows that it is the owner.

    Flow 31.
    """
    code, new, card = rich.people["Rosa"].code, "850263", _card(rich)
    rich.pins.add(new)
    issued = rich.told("member", "pin", rich.people["Juan"].phone)["one_time_code"]
    rich.says("Juan", f"PIN {issued} {new} {new}")
    rich.hears("Juan")
    rich.hears("Juan")
    rich.clock.forward(minutes=25 * 60)
    token, position = _asked(rich.asks("Juan", f"PAGAR {code} 5.00 {new}"))
    assert rich.asks("Juan", f"{token} {card[position]}").startswith("PAGO OK 5.00")
    rich.clock.forward(minutes=73 * 60)
    assert rich.asks("Juan", f"PAGAR {code} 6.00 {new}").startswith("PAGO OK 6.00")


def test_a_card_is_asked_for(rich: Town) -> None:
    """Flow 31: TARJETA puts a member on the list, once; a card takes them off it."""
    assert rich.asks("Juan", "TARJETA").startswith("Tarjeta pedida: el personal")
    assert rich.asks("Juan", "CARD").startswith("Ya habia pedido tarjeta")
    assert [one["name"] for one in rich.told("card", "list")["asked"]] == ["Juan"]
    _card(rich)
    assert rich.told("card", "list")["asked"] == []
    assert rich.asks("Juan", "TARJETA").startswith(
        "Tarjeta nueva pedida. A la que tiene le quedan 30 codigos"
    )


@pytest.fixture
def short(tmp_path: Path) -> Iterator[Town]:
    """A network whose PINs have four digits, so that no code looks like one."""
    town = Town(
        folder=tmp_path / "house",
        settings={"security": {"pin_length": 4}},
        pins=set(),
    )
    try:
        town.start()
        town.joins("Rosa", "71234567", pin=None)
        town.joins("Juan", "72345678", "--limit", "900", pin=None)
        issued = town.told("member", "pin", town.people["Juan"].phone)["one_time_code"]
        town.asks("Juan", f"PIN {issued} {SHORT} {SHORT}")
        yield town
    finally:
        town.close()


def test_pin_and_code_are_told_apart(short: Town) -> None:
    """Each question says which of the two it waits for; the wrong one costs no try.

    Flow 31.
    """
    short.asks("Juan", "LANG EN")
    code, card = short.people["Rosa"].code, _card(short)
    asked = short.asks("Juan", f"PAY {code} 600.00")
    found = re.search(r"Reply (\d\d) and code (\d+) of your card", asked)
    assert found, asked
    token, position = found[1], int(found[2])
    assert short.asks("Juan", f"{token} {SHORT}").startswith(
        f"NOT paid yet: code {position} of your card is missing."
    )
    short.asks("Juan", f"NO {token}")
    assert short.asks("Juan", f"PAY {code} 6.00").startswith("Pay 6.00 PT to Rosa")
    told = short.asks("Juan", card[position])
    assert "and your PIN, which has 4 digits." in told
    assert told.startswith("NOT paid yet.")
    assert short.asks("Juan", SHORT).startswith("PAID 6.00 PT to Rosa")
    assert short.asks("Juan", card[position]).startswith("Already done: 6.00")


def test_a_request_above_the_limit_needs_a_card(rich: Town) -> None:
    """Nobody can be asked for more than they can pay; a card's code pays it.

    Flow 31.
    """
    request = "COBRAR 7234-5678 600.00"
    assert rich.asks("Rosa", request).startswith("Cobro NO enviado: ")
    card = _card(rich)
    assert rich.asks("Rosa", request).startswith("Cobro enviado: 600.00 PT a Juan")
    found = re.search(r"SI (\d\d) y su PIN", rich.hears("Juan"))
    assert found
    token, position = _asked(rich.asks("Juan", f"SI {found[1]} {CANARY}"))
    assert rich.nothing_for("Rosa")
    paid = rich.asks("Juan", f"{token} {card[position]}")
    assert paid.startswith("PAGO OK 600.00 PT a Rosa")
    assert rich.hears("Rosa").startswith("Red: RECIBIO 600.00 PT de Juan")
    assert rich.asks("Rosa", "ANULAR").startswith("No hay nada")
    rich.pins |= {card[position]}


def test_a_request_whose_code_was_used_in_vain_is_over(rich: Town) -> None:
    """Flow 31: Where the units are short after all, nobody is left waiting for them."""
    card = _card(rich)
    rich.asks("Rosa", "COBRAR 7234-5678 600.00")
    found = re.search(r"SI (\d\d) y su PIN", rich.hears("Juan"))
    assert found
    token, position = _asked(rich.asks("Juan", f"SI {found[1]} {CANARY}"))
    rich.told("member", "limit", rich.people["Juan"].phone, "100")
    answer = rich.asks("Juan", f"{token} {card[position]}")
    assert answer.startswith("NO se pago"), answer
    assert rich.hears("Rosa").startswith("COBRO NEGADO")
    assert rich.balance("Rosa") == "0.00"
    rich.pins |= {card[position]}
