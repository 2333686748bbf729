"""Who plays: six members, their phones, and the PINs that the page shows for practice.

What comes in: a running house. What goes out: the members as it knows them, with the
codes they were given. They join through the very operation that `smsgate member add`
performs. The PINs are no secrets: whoever plays must be able to read them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from smsgate.operations.requests import MemberAdd
from smsgate.operations.table import perform

if TYPE_CHECKING:
    from collections.abc import Mapping

    from smsgate.operations import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """One of them before joining."""

    #: What everybody calls them.
    who: str
    name: str
    #: What they do, in each language of the page.
    trade: Mapping[str, str]
    phone: str
    alias: str
    kind: str
    language: str
    limit: str
    #: A PIN to practise with.
    pin: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One of them as a member."""

    role: Role
    #: E.164, as texts carry it.
    phone: str
    #: What others pay to.
    code: str


ROLES = (
    Role(
        who="Juan",
        name="Juan Perez",
        trade={"en": "carpenter", "es": "carpintero"},
        phone="72345678",
        alias="JUANPEREZ",
        kind="business",
        language="es",
        limit="100.00",
        pin="7305",
    ),
    Role(
        who="Rosa",
        name="Panaderia Luz",
        trade={"en": "baker", "es": "panadera"},
        phone="71234567",
        alias="PANADERIALUZ",
        kind="business",
        language="es",
        limit="300.00",
        pin="4829",
    ),
    Role(
        who="Oscar",
        name="Oscar Lemus",
        trade={"en": "English teacher", "es": "profesor de inglés"},
        phone="76547890",
        alias="OSCARLEMUS",
        kind="consumer",
        language="en",
        limit="50.00",
        pin="3746",
    ),
    Role(
        who="Don Luis",
        name="Luis Mejia",
        trade={"en": "farmer", "es": "agricultor"},
        phone="73456789",
        alias="DONLUIS",
        kind="business",
        language="es",
        limit="200.00",
        pin="6194",
    ),
    Role(
        who="Marta",
        name="Marta Rivas",
        trade={"en": "dressmaker", "es": "costurera"},
        phone="78901234",
        alias="MARTA",
        kind="business",
        language="en",
        limit="150.00",
        pin="2968",
    ),
    Role(
        who="Ana",
        name="Ana Flores",
        trade={"en": "student", "es": "estudiante"},
        phone="61230000",
        alias="ANAFLORES",
        kind="consumer",
        language="es",
        limit="0.00",
        pin="8537",
    ),
)


async def join(desk: Desk) -> tuple[Player, ...]:
    """Make them members, each with a PIN and some with a credit limit."""
    players = []
    for role in ROLES:
        asked = MemberAdd(
            phone=role.phone,
            name=role.name,
            kind=role.kind,
            limit=role.limit,
            alias=role.alias,
            language=role.language,
            pin=role.pin,
        )
        joined = (await perform(desk, asked)).document
        players.append(Player(role=role, phone=joined["phone"], code=joined["code"]))
    return tuple(players)
