"""The list of commands in Spanish, page by page: a line each, the chief ones first.

Data only, beside `commands.catalogues.es` and put together with it in
`commands.catalogues`. Every command stands on one page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from commands.command import Keyword

WORDS: dict[Keyword, str] = {}
USAGE: dict[Keyword, str] = {}
SAMPLES: dict[Keyword, str] = {}

TEMPLATES = {
    "help_text": (
        "PAGAR codigo monto PIN\n"
        "COBRAR codigo monto\n"
        "SALDO y su PIN\n"
        "MOVS sus pagos\n"
        "VER referencia\n"
        "PIN actual nuevo nuevo\n"
        "ROBO bloquea\n"
        "Mas: AYUDA 2\n"
        "Ayuda: {help}"
    ),
    "help_text.page_2": (
        "SI numero PIN acepta\n"
        "NO numero niega\n"
        "QUIEN codigo\n"
        "ANULAR numero\n"
        "DEVOLVER referencia PIN\n"
        "RECLAMO referencia motivo\n"
        "ULTIMO recibo otra vez\n"
        "Mas: AYUDA 3"
    ),
    "help_text.page_3": (
        "OFERTA cosa precio\n"
        "NECESITO cosa\n"
        "BUSCAR cosa\n"
        "QUITAR anuncio\n"
        "VALE numero del papel\n"
        "CREDITO su limite\n"
        "CIERRE ventas del dia\n"
        "Mas: AYUDA 4"
    ),
    "help_text.page_4": (
        "CAJERO ALTA telefono nombre PIN\n"
        "PALABRA palabra PIN\n"
        "ALIAS palabra PIN\n"
        "GUARDIAN codigo PIN\n"
        "TARJETA de codigos\n"
        "IDIOMA EN\n"
        "LLAMAR motivo\n"
        "Mas: AYUDA 5"
    ),
    "help_text.page_5": (
        "ALTA nombre\n"
        "BAJA sin promociones\n"
        "PROMOS SI\n"
        "MENU con numeros\n"
        "AYUDA PAGAR explica PAGAR\n"
        "Ayuda: {help}"
    ),
}
