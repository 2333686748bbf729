"""What is said in English on the screens of MENU; see `commands.catalogues.es_menu`.

Data only. `{oops}` stands in the sentence that is told only when the answer before
could not be used.
"""

from commands.command import Keyword

WORDS = {Keyword.menu: "MENU"}

USAGE = {Keyword.menu: "MENU"}

SAMPLES = {Keyword.menu: "MENU"}

TEMPLATES = {
    "menu_screen.root": (
        "That number is not in the menu{oops}.\nMENU {network}. Reply a number:"
        "\n1 Pay\n3 Balance\n4 Movements\n5 Offers\n6 Check\n7 My account"
        "\n8 Help\n0 Leave"
    ),
    "menu_screen.pay_who": (
        "Nobody has that code, phone or alias{oops}."
        "\nPay: whom? Reply their code or phone."
        "\n0 Back\n00 Leave"
    ),
    "menu_screen.pay_amount": (
        "That amount is not clear{oops}."
        "\nPay {payee} ({payee_code}): how much? Reply like this: {some_thousands}"
        "\n0 Back\n00 Leave"
    ),
    "menu_screen.market": (
        "That number is not in the menu{oops}.\nOffers:"
        "\n1 Find\n2 Offer\n3 I need something\n4 My ads\n0 Back\n00 Leave"
    ),
    "menu_screen.search": (
        "Write what you look for{oops}."
        "\nFind: what? Reply a few words, like: fresh cheese\n0 Back\n00 Leave"
    ),
    "menu_screen.offer": (
        "That was not understood{oops}."
        "\nOffer: what? Reply what it is and the price at the end, like: cheese"
        " {some_small}\n0 Back\n00 Leave"
    ),
    "menu_screen.need": (
        "Write what you need{oops}."
        "\nNeed: what? Reply a few words, like: plumber\n0 Back\n00 Leave"
    ),
    "menu_screen.verify": (
        "A reference has 10 digits{oops}."
        "\nCheck: reply the 10 digits of the reference.\n0 Back\n00 Leave"
    ),
    "menu_screen.account": (
        "That number is not in the menu{oops}.\nMy account:"
        "\n1 Change PIN\n2 Language\n3 My phone was stolen\n0 Back\n00 Leave"
    ),
    "menu_screen.language": (
        "That number is not in the menu{oops}.\nLanguage:"
        "\n1 Español\n2 English\n0 Back\n00 Leave"
    ),
    "menu_closed": "Menu closed. Nothing was done. To open it again: MENU",
    "help_text.menu": (
        "MENU shows the commands with numbers: reply the number of what you want."
        " It waits 10 minutes for each reply."
    ),
}
