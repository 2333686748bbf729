"""Flows 38 to 40: offers, needs, searches, and members who are told of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flows.reading import read

if TYPE_CHECKING:
    from tests.flows.town import Town

_DAY = 24 * 60
_THINGS = (
    "pan",
    "queso",
    "crema",
    "leche",
    "miel",
    "sal",
    "arroz",
    "maiz",
    "te",
    "pita",
)


def test_offers_with_and_without_a_price(town: Town) -> None:
    """OFERTA tells number, day and price; QUITAR takes it off; in both languages.

    Flow 38.
    """
    with_price = town.asks("Rosa", "OFERTA queso fresco libra 3.00")
    told = read(
        "Oferta {ad} publicada hasta {day}: queso fresco libra 3.00 PT."
        " Quitar: QUITAR {ad}",
        with_price,
    )
    without = town.asks("Rosa", "vendo crema")
    assert "crema. Quitar: QUITAR" in without
    assert town.asks("Rosa", f"QUITAR {told['ad']}") == (
        f"Anuncio {told['ad']} quitado: queso fresco libra."
    )
    assert town.asks("Rosa", f"QUITAR {told['ad']}").startswith("Nada quitado:")
    assert "queso" not in town.asks("Rosa", "QUITAR")
    town.asks("Luis", "LANG EN")
    english = town.asks("Luis", "OFFER fresh bread 0.50")
    read(
        "Offer {ad} is published until {day}: fresh bread 0.50 PT."
        " To take it off: DROP {ad}",
        english,
    )
    assert town.asks("Luis", "DROP").startswith("To take one off: DROP and its number.")


def test_nobody_takes_off_what_is_not_theirs(town: Town) -> None:
    """Flow 38: QUITAR with another's number does nothing, and repeats no number."""
    told = read("Oferta {ad} {any}", town.asks("Rosa", "OFERTA queso 3.00"))
    refused = town.asks("Juan", f"QUITAR {told['ad']}")
    assert refused.startswith("Nada quitado: usted no tiene")
    assert told["ad"] not in refused
    assert "queso 3.00 Rosa" in town.asks("Juan", "BUSCAR queso")


def test_a_pin_is_never_published(town: Town) -> None:
    """A number that could be a PIN is no price; elsewhere in the text it is hidden.

    Flow 38.
    """
    refused = town.asks("Rosa", "OFERTA queso 4821")
    assert refused.startswith("NO publicado: precio no claro.")
    hidden = town.asks("Rosa", "OFERTA queso 4821 de cabra 3.00")
    assert "queso **** de cabra 3.00 PT" in hidden
    assert "4821" not in town.asks("Juan", "BUSCAR queso")


def test_ten_ads_and_no_more(town: Town) -> None:
    """Flow 38: The eleventh ad is refused; the same words again only keep one open."""
    for thing in _THINGS:
        assert "publicada" in town.asks("Rosa", f"OFERTA {thing} 1.00")
    assert town.asks("Rosa", "NECESITO plomero").startswith(
        "NO publicado: ya tiene 10 anuncios"
    )
    again = town.asks("Rosa", "OFERTA quesos 2.00")
    assert "publicada hasta" in again
    assert "2.00 PT" in again
    assert "queso" in town.asks("Rosa", "QUITAR 102")
    assert "publicado" in town.asks("Rosa", "NECESITO plomero")


def test_an_offer_is_reminded_of_and_ends(town: Town) -> None:
    """Two days before its end a member is told; after it nobody finds the offer.

    Flow 38.
    """
    told = read(
        "Oferta {ad} publicada hasta {day}: {any}",
        town.asks("Rosa", "OFERTA queso 3.00"),
    )
    town.clock.forward(minutes=28 * _DAY)
    read(
        f"Su anuncio {told['ad']} se cierra el {told['day']}: queso."
        f" Para seguir escribalo otra vez. Quitar: QUITAR {told['ad']}",
        town.hears("Rosa"),
    )
    assert "queso" in town.asks("Juan", "BUSCAR queso")
    town.clock.forward(minutes=2 * _DAY)
    assert town.asks("Juan", "BUSCAR queso").startswith("Nadie ofrece queso")
    assert town.nothing_for("Rosa")


def test_searching(town: Town) -> None:
    """BUSCAR knows plurals and accents, tells two a text, and offers to note a need.

    Flow 39.
    """
    town.asks("Rosa", "OFERTA jabón de olor 1.25")
    town.asks("Luis", "OFERTA jabones de coco 2.00")
    town.asks("Luis", "OFERTA jabon para ropa")
    first = town.asks("Juan", "buscar Jabón")
    assert first == (
        "Jabon 1/2:\njabon para ropa Luis {0} 7345xx89\n"
        "jabones de coco 2.00 Luis {0} 7345xx89\nMas: BUSCAR Jabon 2"
    ).format(town.people["Luis"].code).replace("7345xx89", "7345-xx89")
    rosa = town.people["Rosa"].code
    assert town.asks("Juan", "BUSCAR Jabon 2") == (
        f"Jabon 2/2:\njabon de olor 1.25 Rosa {rosa} 7123-xx67"
    )
    assert town.asks("Juan", "BUSCAR jabon 3").startswith("No hay mas ofertas de jabon")
    assert town.asks("Juan", "BUSCAR plomeros") == (
        "Nadie ofrece plomeros por ahora."
        " Para que le avisemos escriba: NECESITO plomeros"
    )
    town.asks("Juan", "LANG EN")
    assert town.asks("Juan", "FIND plumber") == (
        "Nobody offers plumber for now. To be told when somebody does: NEED plumber"
    )


def test_members_are_shown_as_they_chose(town: Town) -> None:
    """The whole phone only of who shows it; who is not listed is found by nobody.

    Flow 39.
    """
    town.asks("Rosa", "OFERTA queso 3.00")
    rosa = town.people["Rosa"].phone
    shown = town.told("member", "consent", rosa, "--listed", "phone")
    assert shown["listed"] == "phone"
    assert "queso 3.00 Rosa 7123-4567" in town.asks("Juan", "BUSCAR queso")
    town.told("member", "consent", rosa, "--listed", "no")
    assert town.asks("Juan", "BUSCAR queso").startswith("Nadie ofrece queso")
    assert town.asks("Rosa", "OFERTA pan 1.00").startswith(
        "NO publicado: usted pidio que otros no vean sus anuncios."
    )


def test_a_new_offer_meets_a_need_and_both_are_told_once(town: Town) -> None:
    """Who needs hears who offers and the other way round, each with one notice.

    Flow 40.
    """
    need = read(
        "Anuncio {ad} publicado hasta {day}: busca plomero en Soyapango."
        " Quitar: QUITAR {ad}",
        town.asks("Juan", "NECESITO plomero en Soyapango"),
    )
    offer = read(
        "Oferta {ad} publicada hasta {day}: plomeros a domicilio 15.00 PT."
        " Personas que la buscan: 1. Quitar: QUITAR {ad}",
        town.asks("Luis", "OFERTA plomeros a domicilio 15.00"),
    )
    juan, luis = town.people["Juan"].code, town.people["Luis"].code
    assert town.hears("Juan").startswith(
        f"Hay oferta de lo que busca ({need['ad']}): plomeros a domicilio 15.00 PT."
        f" Luis {luis} 7345-xx89."
    )
    assert town.hears("Luis").startswith(
        f"Buscan lo que usted ofrece ({offer['ad']}): plomero en Soyapango."
        f" Juan {juan} 7234-xx78."
    )
    # The same words again are the same ad: nobody is told again.
    town.asks("Luis", "OFERTA plomeros a domicilio 14.00")
    town.clock.forward(minutes=2 * _DAY)
    assert "14.00 PT" in town.asks("Luis", "OFERTA plomeros a domicilio 14.00")
    rows = town.told("outbox", "list")["outbox"]
    assert [row["class"] for row in rows if row["name"] == "offer_met"] == ["notice"]


def test_a_new_need_meets_offers(town: Town) -> None:
    """Who publishes a need hears how many offers there are; sellers are told of it.

    Flow 40.
    """
    town.asks("Rosa", "OFERTA queso fresco 3.00")
    town.asks("Luis", "LANG EN")
    need = town.asks("Luis", "NEED cheese or queso")
    assert "you need cheese or queso. To take" in need
    need = town.asks("Luis", "WANT quesos")
    assert "Offers now: 1, see FIND quesos." in need
    assert town.hears("Rosa").startswith("Buscan lo que usted ofrece")
    assert town.hears("Luis").startswith("Somebody offers what you need")


def test_one_notice_a_day(town: Town) -> None:
    """A second meeting waits for the next day; who wants no notices hears none.

    Flow 40.
    """
    luis = town.people["Luis"].phone
    town.told("member", "consent", luis, "--notices", "no")
    town.asks("Juan", "NECESITO queso")
    town.asks("Juan", "NECESITO plomero")
    town.asks("Luis", "NECESITO queso")
    assert "buscan: 2." in town.asks("Rosa", "OFERTA queso 3.00")
    assert "queso 3.00 PT" in town.hears("Juan")
    assert "queso" in town.hears("Rosa")
    town.asks("Luis", "OFERTA plomero 20.00")
    town.asks("Rosa", "SALDO")
    assert town.nothing_for("Juan")
    town.clock.forward(minutes=_DAY + 1)
    assert "plomero 20.00 PT" in town.hears("Juan")
    assert town.nothing_for("Luis")
