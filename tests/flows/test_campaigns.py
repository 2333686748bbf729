"""Flows 41, 50 and 51: staff promote, members read, answer, leave and buy.

Everything is done with the commands of a shell, and seen on the phones. The clock is
moved to the hours of the network (San Salvador, promotions 08:00-18:00, not Sunday).
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from smsgate.store import open_for_check
from tests.flows.reading import read
from tests.flows.test_joining import joins_staff
from tests.flows.town import CANARY, Town

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ZONE = ZoneInfo("America/El_Salvador")
SUNDAY, MONDAY = 6, 0
PATIENCE_S = 10.0
#: On a list, and nobody's number.
EVA = "+50376543210"
FAST: dict[str, dict[str, object]] = {
    "sms": {"per_minute": 600, "per_hour": 6000},
    "staff": {"approve_people": 2},
    "campaigns": {"most": 20},
}


@pytest.fixture
def fair(tmp_path: Path) -> Iterator[Town]:
    """Rosa promotes; Juan, Luis and Ana (who reads English) want promotions.

    It is Monday, some minutes before nine. Every campaign for more than two needs
    another of the staff.
    """
    costs: dict[str, dict[str, object]] = {"gsm": {"cost": "0.03"}}
    town = Town(folder=tmp_path / "house", settings=FAST, links=costs)
    try:
        town.start()
        town.joins("Rosa", "71234567", "--kind", "business", "--alias", "PANADERIALUZ")
        for name, phone, *more in (
            ("Juan", "72345678", "--area", "Santa Tecla", "--category", "carpintero"),
            ("Luis", "73456789", "--area", "Santa Tecla", "--category", "costurera"),
            ("Ana", "61230000", "--language", "en"),
        ):
            wants = ("--promos", "yes", "--limit", "100", "--kind", "business")
            town.joins(name, phone, *wants, *more)
        morning(town, MONDAY, 8, 50)
        yield town
    finally:
        town.close()


def morning(town: Town, weekday: int, hour: int, minute: int = 0) -> None:
    """Let time pass until such a moment of the network's week."""
    now = town.clock.now().astimezone(ZONE)
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    while then.weekday() != weekday or then <= now:
        then += timedelta(days=1)
    town.clock.forward(seconds=(then - now).total_seconds())


def until(true: Callable[[], bool]) -> None:
    """Wait for something that the house does by itself."""
    last = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < last, "it did not happen in time"
        time.sleep(0.02)


def shown(town: Town, name: str = "pan") -> Any:
    """Look at a campaign."""
    return town.told("campaign", "show", name)


def ends(town: Town, name: str = "pan", state: str = "finished") -> None:
    """Wait until a campaign stands still."""
    until(lambda: shown(town, name)["state"] == state)


def got(town: Town, words: str) -> list[str]:
    """Return who was sent texts with these words, in order."""
    names = {person.phone: name for name, person in town.people.items()}
    return [names.get(t.to, t.to) for t in town.modem.texts if words in t.text]


def passes(town: Town, seconds: float) -> None:
    """Let time pass; a text makes the house look what is due by now."""
    town.clock.forward(seconds=seconds)
    town.asks("Rosa", "AYUDA")


def sends(town: Town, *options: str, name: str = "pan") -> None:
    """Have a campaign for at most two people written, approved and started."""
    town.told("campaign", "new", name, *options)
    town.told("campaign", "approve", name)
    town.told("campaign", "start", name)


def test_a_campaign_from_the_first_draft_to_its_report(fair: Town) -> None:
    """Flow 50: segment, preview, test, second approver, 09:00, answers, report."""
    joins_staff(fair, "Marta", "74567890")
    joins_staff(fair, "Oscar", "75678901")
    fair.hears("Marta")
    fair.asks("Juan", f"PAGAR {fair.people['Rosa'].code} 5.00 {CANARY}")
    fair.hears("Rosa")
    # Juan bought today; Luis and Ana have never done anything.
    segment = 'kind = business and (area = "Santa Tecla" or language = en)'
    fair.told("audience", "save", "quietos", f"{segment} and idle > 30")
    fair.told("audience", "save", "todos", f"{segment} or bought_from = panaderialuz")
    assert fair.told("audience", "show", "quietos")["people"] == 2
    fair.told(
        "--as", "Marta", "campaign", "new", "pan", "--audience", "todos",
        "--text", "Hola {nombre}, queso fresco hoy.",
        "--text-en", "Hi {name}, fresh cheese today.",
        "--fallback", "nombre=vecino", "--fallback", "name=neighbour",
        "--promote", "panaderialuz", "--word", "QUESO",
        "--answer", "Abrimos a las 9.", "--answer-en", "Open at 9.",
    )  # fmt: skip
    preview = fair.told("campaign", "preview", "pan", "--at", "2037-11-29 09:00")
    assert (preview["people"], preview["segments"]["all"]) == (3, 3)
    assert preview["left_out"] == {"not_opted_in": 0, "not_active": 0}
    assert preview["begins"].startswith("2037-11-30T08:00:00")
    # Three at 0.03 each, at once; that day is a Sunday.
    assert (preview["cost"], preview["minutes"]) == ("0.0900", 0)
    assert (preview["blockers"], preview["warnings"]) == ([], [])
    fair.told("campaign", "test", "pan", "--to", "Marta")
    assert fair.hears("Marta").endswith(", queso fresco hoy. Para no recibir: BAJA")

    oscar_agrees(fair)
    # Luis leaves before it begins.
    assert "ya no le mandamos promociones" in fair.asks("Luis", "BAJA")
    fair.told("campaign", "start", "pan", "--at", f"{today(fair)} 09:00")
    assert shown(fair)["state"] == "scheduled"
    assert got(fair, "queso fresco hoy. Para")[1:] == []
    morning(fair, MONDAY, 9)
    ends(fair)
    assert (
        fair.hears("Juan") == "Red: Hola Juan, queso fresco hoy. Para no recibir: BAJA"
    )
    assert fair.hears("Ana") == "Red: Hi Ana, fresh cheese today. To stop: STOP"
    assert fair.nothing_for("Luis")

    assert fair.asks("Ana", "queso") == "Open at 9."
    paid = fair.asks("Juan", f"PAGAR {fair.people['Rosa'].code} 12.00 {CANARY}")
    assert paid.startswith("PAGO OK")
    assert "no more promotions" in fair.asks("Ana", "STOP")
    until(lambda: shown(fair)["recipients"]["delivered"] == 2)
    (half,) = fair.told("campaign", "report", "pan")["variants"]
    assert (half["recipients"]["delivered"], half["recipients"]["skipped"]) == (2, 1)
    assert (half["replied"], half["opted_out"]) == (1, 1)
    assert (half["segments"], half["cost"]) == (2, "0.0600")
    assert (half["buyers"], half["purchases"], half["redeemed"]) == (1, 1, "12.00")
    said = fair.shell("campaign", "report", "pan")[1]
    assert "1: want no promotions any more" in said


def oscar_agrees(town: Town) -> None:
    """Have Marta ask for the approval, and Oscar give it with his PIN."""
    told = town.told("--as", "Marta", "campaign", "approve", "pan")
    assert (told["state"], told["approval"]["asked"]) == ("review", ["Oscar"])
    asked = read(
        "Enviar la campaña pan a 3 personas? Si la aprueba: SI {tk} y su PIN. "
        "Si no: NO {tk}. Vence {time}",
        town.hears("Oscar"),
    )
    assert "falta su PIN" in town.asks("Oscar", f"SI {asked['tk']}")
    done = town.asks("Oscar", f"SI {asked['tk']} {CANARY}")
    assert done.startswith("Aprobado y hecho.")
    assert shown(town)["approved_by"] == "Oscar"


def today(town: Town) -> str:
    """Return the network's day."""
    return town.clock.now().astimezone(ZONE).date().isoformat()


def test_the_second_person_can_refuse_and_an_edit_voids(fair: Town) -> None:
    """NO makes a draft of it; after an edit a SI to the earlier text agrees to none."""
    joins_staff(fair, "Marta", "74567890")
    joins_staff(fair, "Oscar", "75678901")
    fair.hears("Marta")
    fair.told(
        "--as", "Marta", "campaign", "new", "pan", "--text", "Pan hoy.",
        "--where", "everybody",
    )  # fmt: skip
    fair.told("campaign", "approve", "pan")
    first = read("Enviar {any} SI {tk} y su PIN. {any2}", fair.hears("Oscar"))["tk"]
    assert fair.asks("Oscar", f"NO {first}").startswith("Negado: no se hizo.")
    assert shown(fair)["state"] == "draft"
    fair.told("campaign", "approve", "pan")
    second = read("Enviar {any} SI {tk} y su PIN. {any2}", fair.hears("Oscar"))["tk"]
    fair.told("--as", "Marta", "campaign", "edit", "pan", "--text", "Pan gratis.")
    over = fair.asks("Oscar", f"SI {second} {CANARY}")
    assert not over.startswith("Aprobado")
    assert shown(fair)["state"] == "draft"
    code, out = fair.shell("campaign", "start", "pan")
    assert (code, "approve it first" in out) == (1, True)
    # Marta's own phone is never asked.
    assert fair.nothing_for("Marta")


def test_quiet_hours_hold_a_campaign_over_night(fair: Town) -> None:
    """What 18:00 cut off goes on at 08:00, nobody twice; Sunday is left out."""
    for number in range(3):
        fair.joins(f"M{number}", f"7777000{number}", "--promos", "yes", pin=None)
    morning(fair, 5, 17, 58)
    fair.told(
        "campaign", "new", "pan", "--text", "Pan hoy.", "--where", "everybody",
        "--per-hour", "60",
    )  # fmt: skip
    fair.told("campaign", "approve", "pan")
    fair.told("campaign", "start", "pan")
    until(lambda: len(got(fair, "Pan hoy.")) == 1)
    passes(fair, 61)
    until(lambda: len(got(fair, "Pan hoy.")) == 2)
    passes(fair, 61)
    until(lambda: shown(fair)["recipients"]["queued"] == 0)
    morning(fair, SUNDAY, 9)
    passes(fair, 1)
    assert shown(fair)["recipients"]["waiting"] == 4
    assert len(got(fair, "Pan hoy.")) == 2
    morning(fair, MONDAY, 8)
    for more in range(3, 7):
        until(lambda: len(got(fair, "Pan hoy.")) >= more)  # noqa: B023
        passes(fair, 61)
    ends(fair)
    assert sorted(got(fair, "Pan hoy.")) == sorted(set(got(fair, "Pan hoy.")))
    assert len(got(fair, "Pan hoy.")) == 6


def test_pause_cancel_and_who_is_left_out(fair: Town) -> None:
    """Half-way it stops at once; frozen members and repeats are not written to."""
    fair.told("member", "freeze", fair.people["Luis"].phone)
    fair.told(
        "campaign", "new", "pan", "--text", "Pan hoy.", "--where", "everybody",
        "--per-hour", "60",
    )  # fmt: skip
    assert fair.told("campaign", "approve", "pan")["people"] == 2
    fair.told("campaign", "start", "pan")
    until(lambda: len(got(fair, "Pan hoy.")) == 1)
    paused = fair.told("campaign", "pause", "pan", "--why", "llueve")
    assert (paused["state"], paused["why"]) == ("paused", "llueve")
    fair.clock.forward(minutes=5)
    fair.asks("Juan", "AYUDA")
    assert shown(fair)["recipients"]["waiting"] == 1
    fair.told("campaign", "cancel", "pan")
    fair.clock.forward(minutes=5)
    until(lambda: shown(fair)["recipients"]["cancelled"] == 1)
    assert len(got(fair, "Pan hoy.")) == 1


def test_what_failed_for_a_moment_is_sent_once(fair: Town) -> None:
    """No network is tried again; what can never be, and who is frozen, is told."""
    where = "kind = business and balance = 0"
    fair.told("campaign", "new", "pan", "--text", "Pan hoy.", "--where", where)
    assert fair.told("campaign", "approve", "pan")["people"] == 3
    fair.told("member", "freeze", fair.people["Luis"].phone)
    # Of the two that are left, one is tried again and one is not.
    fair.modem.faults.fail("AT+CMGS", "+CMS ERROR: 331")
    fair.modem.faults.fail("AT+CMGS", "+CMS ERROR: 1")
    fair.told("campaign", "start", "pan")
    until(lambda: shown(fair)["recipients"]["failed"] == 1)
    fair.clock.forward(seconds=10)
    fair.asks("Rosa", "AYUDA")
    ends(fair)
    (told,) = got(fair, "Pan hoy.")
    assert told in {"Ana", "Juan"}
    until(lambda: shown(fair)["recipients"]["delivered"] == 1)
    (half,) = fair.told("campaign", "report", "pan")["variants"]
    counted = half["recipients"]
    assert (counted["delivered"], counted["failed"], counted["skipped"]) == (1, 1, 1)
    said = fair.shell("campaign", "report", "pan")[1]
    assert "1: account is frozen or closed" in said
    assert "1: the network will never take this text (CMS error 1)" in said


def test_a_list_from_a_spreadsheet_answers_and_leaves(
    fair: Town, tmp_path: Path
) -> None:
    """People who are no members: written to, heard, and gone when they say so."""
    file = tmp_path / "feria.csv"
    file.write_bytes("telefono;nombre\n7654-3210;Eva\n7234 5678;\n".encode("cp1252"))
    fair.told("audience", "import", "feria", str(file))
    options = ("--audience", "feria", "--fallback", "nombre=vecino")
    sends(
        fair, "--text", "Hola {nombre}, feria el sabado. Responda FERIA", *options,
        "--word", "FERIA", "--answer", "El sabado a las 9 en el parque.",
    )  # fmt: skip
    assert fair.hears(EVA).startswith("Red: Hola Eva, feria el sabado.")
    assert fair.hears("Juan").startswith("Red: Hola Juan, feria")
    assert fair.asks(EVA, "Feria") == "El sabado a las 9 en el parque."
    assert fair.asks(EVA, "salir").startswith("Listo: Red ya no le manda promociones")
    ends(fair)
    (half,) = fair.told("campaign", "report", "pan")["variants"]
    assert (half["replied"], half["opted_out"]) == (1, 1)
    sends(fair, "--text", "Otra vez.", "--audience", "feria", name="otra")
    ends(fair, "otra")
    assert got(fair, "Otra vez.") == ["Juan"]
    assert fair.nothing_for(EVA)


def test_who_has_much_is_told_to_spend_and_who_owes_to_sell(fair: Town) -> None:
    """Flow 41: two campaigns by rule; each text says what its reader has."""
    fair.asks("Juan", f"PAGAR {fair.people['Rosa'].code} 60.00 {CANARY}")
    assert fair.asks("Ana", f"PAY {fair.people['Rosa'].code} 15.00 {CANARY}")
    fair.hears("Rosa")
    fair.asks("Rosa", "PROMOS SI")
    fair.hears("Rosa")
    sends(
        fair, "--text", "Tiene {saldo} PT para gastar. BUSCAR dice en que.",
        "--where", "balance > 50.00", "--fallback", "saldo=saldo", name="gaste",
    )  # fmt: skip
    sends(
        fair, "--text", "Debe {saldo} PT: publique lo que vende con OFERTA.",
        "--text-en", "You owe {balance} PT: list what you sell with OFFER.",
        "--where", "balance < 0", "--fallback", "saldo=saldo",
        "--fallback", "balance=some", name="venda",
    )  # fmt: skip
    ends(fair, "gaste")
    ends(fair, "venda")
    assert fair.hears("Rosa").startswith("Red: Tiene 75.00 PT para gastar.")
    assert fair.hears("Ana").startswith("Red: You owe -15.00 PT: list what you sell")
    texts = [text.text for text in fair.modem.texts]
    assert any(one.startswith("Red: Debe -60.00 PT: publique lo") for one in texts)
    assert got(fair, "publique lo que vende") == ["Juan"]
    assert got(fair, "para gastar") == ["Rosa"]


def test_the_hints_are_read_in_english_too(fair: Town) -> None:
    """Flow 41: whoever reads English is told in English what to do with it."""
    fair.asks("Ana", f"PAY {fair.people['Juan'].code} 60.00 {CANARY}")
    fair.hears("Juan")
    sends(
        fair, "--text", "Debe {saldo} PT: publique lo que vende con OFERTA.",
        "--text-en", "You owe {saldo} PT: publish what you sell with OFFER.",
        "--where", "balance < 0", "--fallback", "saldo=saldo", name="venda",
    )  # fmt: skip
    ends(fair, "venda")
    hint = fair.hears("Ana")
    assert hint.startswith("Red: You owe -60.00 PT: publish what you sell with OFFER.")
    assert got(fair, "publique lo que vende") == []


def test_what_it_brought_is_told_against_those_held_out(fair: Town) -> None:
    """By the offer's code or to the promoted member; what is given back is not."""
    for number in range(6):
        fair.joins(f"C{number}", f"7777000{number}", "--promos", "yes", "--limit", "50")
    fair.told(
        "campaign", "new", "pan", "--text", "Pan hoy.", "--where", "everybody",
        "--promote", "panaderialuz", "--code", "PAN1", "--hold-out", "50",
    )  # fmt: skip
    fair.told("campaign", "approve", "pan")
    fair.told("campaign", "start", "pan")
    ends(fair)
    written = [name for name in got(fair, "Pan hoy.") if name != "Rosa"]
    held_out = [
        name
        for name in ("Juan", "Luis", "Ana", *(f"C{number}" for number in range(6)))
        if name not in written
    ]
    assert len(written) >= 2
    assert len(held_out) >= 1
    rosa = fair.people["Rosa"].code
    buys(fair, written[0], f"PAGAR {rosa} 10.00 {CANARY}")
    buys(
        fair,
        written[1],
        f"PAGAR {fair.people[held_out[0]].code} 4.00 {CANARY} POR pan1",
    )
    buys(fair, held_out[0], f"PAGAR {rosa} 3.00 {CANARY}")
    halves = {
        half["variant"]: half
        for half in fair.told("campaign", "report", "pan")["variants"]
    }
    assert (halves["a"]["buyers"], halves["a"]["redeemed"]) == (2, "14.00")
    assert (halves["none"]["people"], halves["none"]["redeemed"]) == (
        len(held_out),
        "3.00",
    )
    assert halves["none"]["recipients"]["held_out"] == len(held_out)
    assert halves["a"]["more_than_held_out"] is not None
    out = fair.folder.parent / "out.csv"
    assert fair.shell("campaign", "export", "pan", str(out))[0] == 0
    assert out.read_text(encoding="utf-8-sig").count("held_out") == len(held_out)


def buys(town: Town, name: str, text: str) -> None:
    """Pay, and wait until it is in the books."""
    town.says(name, text)
    phone = town.people[name].phone

    def paid() -> bool:
        return any(
            one.text.startswith(("PAGO OK", "PAID"))
            for one in town.modem.texts
            if one.to == phone
        )

    until(paid)


def test_a_receipt_waits_for_one_campaign_text_at_most(
    fair: Town, tmp_path: Path
) -> None:
    """Flow 51, measured in sends: both receipts of a payment go before the next one."""
    file = tmp_path / "crowd.csv"
    phones = "\n".join(f"7{number:07}" for number in range(6_000_000, 6_005_750))
    file.write_text(f"phone\n{phones}\n", encoding="utf-8")
    assert fair.told("audience", "import", "crowd", str(file))["new"] == 5_750
    fair.modem.set_speed(radio_s=0.05)
    fair.told("campaign", "new", "pan", "--text", "Pan hoy.", "--audience", "crowd")
    # Nobody is on the staff, so nobody is asked.
    assert fair.told("campaign", "approve", "pan")["people"] == 5_750
    fair.told("campaign", "start", "pan")
    rosa = fair.people["Rosa"].code
    for paid in range(1, 4):
        until(lambda: len(got(fair, "Pan hoy.")) >= 8 * paid)  # noqa: B023
        fair.says("Juan", f"PAGAR {rosa} {paid}.00 {CANARY}")
        until(lambda: len(got(fair, "RECIBIO")) >= paid)  # noqa: B023
    # Many more were waiting all the time, and none of them goes on after this.
    assert shown(fair)["recipients"]["waiting"] > 5_000
    fair.told("campaign", "cancel", "pan")
    under_way = ("waiting", "queued", "sending")
    until(lambda: not any(shown(fair)["recipients"][one] for one in under_way))
    texts = [text.text for text in fair.modem.texts]
    for place, text in enumerate(texts):
        if text.startswith("PAGO OK"):
            assert "RECIBIO" in texts[place + 1]
    with open_for_check(fair.folder / "ledger.sqlite") as query:
        rows = query.all(
            "SELECT r.id, (SELECT count(*) FROM outbox c WHERE c.class = 2"
            " AND c.sent_ms > r.at_ms AND c.sent_ms < r.sent_ms) AS between_n"
            " FROM outbox r WHERE r.class = 0 AND r.name LIKE 'paid_%'"
        )
    assert len(rows) == 6
    assert max(row["between_n"] for row in rows) <= 1
    counted = shown(fair)["recipients"]
    went = counted["sent"] + counted["delivered"]
    assert len(set(got(fair, "Pan hoy."))) == len(got(fair, "Pan hoy.")) == went
