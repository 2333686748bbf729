"""The list of commands in English, page by page: a line each, the chief ones first.

Data only, beside `commands.catalogues.en` and put together with it in
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
        "PAY code amount PIN\n"
        "CHARGE code amount\n"
        "BAL and your PIN\n"
        "HIST payments\n"
        "VERIFY reference\n"
        "PIN old new new\n"
        "STOLEN blocks\n"
        "More: HELP 2\n"
        "Help: {help}"
    ),
    "help_text.page_2": (
        "YES number PIN agrees\n"
        "NO number refuses\n"
        "WHO code\n"
        "CANCEL number\n"
        "REFUND reference PIN\n"
        "DISPUTE reference reason\n"
        "RECEIPT once more\n"
        "More: HELP 3"
    ),
    "help_text.page_3": (
        "OFFER thing price\n"
        "NEED thing\n"
        "FIND thing\n"
        "DROP ad\n"
        "VOUCHER paper number\n"
        "CREDIT your limit\n"
        "TOTALS sales of the day\n"
        "More: HELP 4"
    ),
    "help_text.page_4": (
        "TILL ADD phone name PIN\n"
        "WORD word PIN\n"
        "ALIAS word PIN\n"
        "GUARD code PIN\n"
        "CARD of codes\n"
        "LANG ES\n"
        "CALL reason\n"
        "More: HELP 5"
    ),
    "help_text.page_5": (
        "JOIN name\n"
        "STOP no promotions\n"
        "PROMOS YES\n"
        "MENU with numbers\n"
        "HELP PAY explains PAY\n"
        "Help: {help}"
    ),
}
