"""What is said in English on the screens of MENU and of USSD sessions.

Data only; see `commands.catalogues.es_menu`. `{oops}` stands in the sentence that is
told only when the answer before could not be used.
"""

from commands.command import Keyword

WORDS = {Keyword.menu: "MENU"}

USAGE = {Keyword.menu: "MENU"}

SAMPLES = {Keyword.menu: "MENU"}

TEMPLATES = {
    "menu_screen.root": (
        "That number is not in the menu{oops}.\nMENU {network}. Reply a number:"
        "\n1 Pay\n2 Charge\n3 Balance\n4 History\n5 Offers\n6 Check\n7 My account"
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
    "menu_screen.charge_who": (
        "Nobody has that code, phone or alias{oops}."
        "\nCharge: whom? Reply their code or phone."
        "\n0 Back\n00 Leave"
    ),
    "menu_screen.charge_amount": (
        "That amount is not clear{oops}."
        "\nCharge {payee} ({payee_code}): how much? Reply like this: {some_thousands}"
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
        "\n1 PIN\n2 Language\n3 Theft\n4 Alias\n5 Guardian\n6 Credit\n7 Totals"
        "\n8 Promotions\n9 Hide balance\n0 Back\n00 Leave"
    ),
    "menu_screen.language": (
        "That number is not in the menu{oops}.\nLanguage:"
        "\n1 Español\n2 English\n0 Back\n00 Leave"
    ),
    "menu_screen.theft": (
        "That number is not in the menu{oops}."
        "\nTheft: block your account? Nobody will be able to pay with it."
        "\n1 Block\n0 Back\n00 Leave"
    ),
    "menu_screen.alias": (
        "That cannot be an alias{oops}."
        "\nAlias: which? One word of 3 to 15 letters or digits.\n0 Back\n00 Leave"
    ),
    "menu_screen.guardian": (
        "Nobody has that code, phone or alias{oops}."
        "\nGuardian: who? Reply their code or phone.\n0 Back\n00 Leave"
    ),
    "menu_screen.credit": (
        "That number is not in the menu{oops}.\nCredit:"
        "\n1 See my credit\n2 Ask for more\n0 Back\n00 Leave"
    ),
    "menu_screen.more_credit": (
        "That was not understood{oops}."
        "\nAsk for credit: what for? Reply a few words.\n0 Back\n00 Leave"
    ),
    "menu_screen.promos": (
        "That number is not in the menu{oops}.\nPromotions and notices:"
        "\n1 Get all\n2 No promotions\n3 Nothing\n0 Back\n00 Leave"
    ),
    "menu_screen.hidden": (
        "That number is not in the menu{oops}.\nBalance in receipts:"
        "\n1 Hide\n2 Show\n0 Back\n00 Leave"
    ),
    "menu_screen.till": (
        "That number is not in the menu{oops}.\n{network}, till:"
        "\n1 Sales of today\n2 Check\n0 Leave"
    ),
    "menu_screen.pay_pin": (
        "A PIN has {digits} digits.\nNOT paid: wrong PIN, tries left: {tries_left}."
        "\nPay {amount} {unit} to {payee} ({payee_code}). Fee {fee}."
        "\nPIN:\n0 Back\n00 Leave"
    ),
    "menu_screen.pin": (
        "A PIN has {digits} digits.\nWrong PIN, tries left: {tries_left}."
        "\nTo go on, your PIN:\n0 Back\n00 Leave"
    ),
    "menu_screen.code": (
        "A code has {digits} digits.\nWrong or old code, tries left: {tries_left}."
        "\nMake your PIN. First the code that you were given:\n0 Back\n00 Leave"
    ),
    "menu_screen.old_pin": (
        "A PIN has {digits} digits.\nWrong PIN, tries left: {tries_left}."
        "\nChange PIN. Your PIN of now:\n0 Back\n00 Leave"
    ),
    "menu_screen.new_pin": (
        "A PIN has {digits} digits.\nThat one is easily guessed or was yours{oops}."
        "\nThe new PIN:\n0 Back\n00 Leave"
    ),
    "menu_screen.again_pin": (
        "A PIN has {digits} digits.\nIt is not the same as the new one{oops}."
        "\nThe new PIN again:\n0 Back\n00 Leave"
    ),
    "menu_screen.resume": (
        "That number is not in the menu{oops}.\nYour session before was cut off."
        "\n1 Go on\n2 Begin anew\n00 Leave"
    ),
    "session_over": "{network}: session closed. Nothing was done.",
    "session_over.done": "{network}: session closed. Thank you.",
    "pin_renewed": (
        "PIN changed: the new one works now. Nobody of {network} will ask you for it."
    ),
    "session_page": "{text}\n98 More{more}\n97 Before{before}\n0 Back\n00 Leave",
    "session_asks": (
        "NOT done yet. We send you an SMS: go on as it says. Help: {help}"
    ),
    "menu_closed": "Menu closed. Nothing was done. To open it again: MENU",
    "help_text.menu": (
        "MENU shows the commands with numbers: reply the number of what you want."
        " It waits 10 minutes for each reply."
    ),
}
