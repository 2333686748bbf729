"""Names in a text: the command words, and the ways to name another member.

Used by every command's value and by whoever reads them. Synonyms of the words stand in
`commands.words`; a recipient is looked up by `smsgate.handlers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Keyword(StrEnum):
    """The command words by their Spanish name; synonyms stand in `commands.words`."""

    pagar = "PAGAR"
    saldo = "SALDO"
    movs = "MOVS"
    cobrar = "COBRAR"
    ver = "VER"
    si = "SI"
    no = "NO"
    quien = "QUIEN"
    anular = "ANULAR"
    devolver = "DEVOLVER"
    reclamo = "RECLAMO"
    ultimo = "ULTIMO"
    oferta = "OFERTA"
    necesito = "NECESITO"
    buscar = "BUSCAR"
    quitar = "QUITAR"
    pin = "PIN"
    robo = "ROBO"
    guardian = "GUARDIAN"
    alias = "ALIAS"
    cajero = "CAJERO"
    cierre = "CIERRE"
    vale = "VALE"
    credito = "CREDITO"
    palabra = "PALABRA"
    idioma = "IDIOMA"
    alta = "ALTA"
    baja = "BAJA"
    promos = "PROMOS"
    llamar = "LLAMAR"
    tarjeta = "TARJETA"
    ayuda = "AYUDA"
    menu = "MENU"


@dataclass(frozen=True, slots=True)
class Phone:
    """A recipient named by phone, E.164."""

    e164: str


@dataclass(frozen=True, slots=True)
class Code:
    """A recipient named by a member code of five digits, check digit right."""

    digits: str


@dataclass(frozen=True, slots=True)
class Alias:
    """A recipient named by alias, folded to A-Z and 0-9."""

    word: str


Recipient = Phone | Code | Alias
