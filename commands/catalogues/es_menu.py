"""What is said in Spanish on the screens of MENU.

Data only, as in `commands.catalogues.es`, whose rules hold here too. `{oops}` stands in
the sentence that is told only when the answer before could not be used.
"""

from commands.command import Keyword

WORDS = {Keyword.menu: "MENU"}

USAGE = {Keyword.menu: "MENU"}

SAMPLES = {Keyword.menu: "MENU"}

TEMPLATES = {
    "menu_screen.root": (
        "Ese numero no esta en el menu{oops}.\nMENU {network}. Responda un numero:"
        "\n1 Pagar\n3 Saldo\n4 Movimientos\n5 Ofertas\n6 Verificar\n7 Mi cuenta"
        "\n8 Ayuda\n0 Salir"
    ),
    "menu_screen.pay_who": (
        "Nadie tiene ese codigo, telefono o alias{oops}."
        "\nPagar: a quien? Responda su codigo o telefono."
        "\n0 Volver\n00 Salir"
    ),
    "menu_screen.pay_amount": (
        "Ese monto no es claro{oops}."
        "\nPagar a {payee} ({payee_code}): cuanto? Responda asi: {some_thousands}"
        "\n0 Volver\n00 Salir"
    ),
    "menu_screen.market": (
        "Ese numero no esta en el menu{oops}.\nOfertas:"
        "\n1 Buscar\n2 Ofrecer\n3 Necesito algo\n4 Mis anuncios\n0 Volver\n00 Salir"
    ),
    "menu_screen.search": (
        "Escriba que busca{oops}."
        "\nBuscar: que? Responda unas palabras, como: queso fresco\n0 Volver\n00 Salir"
    ),
    "menu_screen.offer": (
        "Eso no se entiende{oops}."
        "\nOfrecer: que? Responda que es y al final el precio, como: queso {some_small}"
        "\n0 Volver\n00 Salir"
    ),
    "menu_screen.need": (
        "Escriba que necesita{oops}."
        "\nNecesito: que? Responda unas palabras, como: plomero\n0 Volver\n00 Salir"
    ),
    "menu_screen.verify": (
        "Una referencia tiene 10 numeros{oops}."
        "\nVerificar: responda los 10 numeros de la referencia.\n0 Volver\n00 Salir"
    ),
    "menu_screen.account": (
        "Ese numero no esta en el menu{oops}.\nMi cuenta:"
        "\n1 Cambiar PIN\n2 Idioma\n3 Me robaron el telefono\n0 Volver\n00 Salir"
    ),
    "menu_screen.language": (
        "Ese numero no esta en el menu{oops}.\nIdioma:"
        "\n1 Español\n2 English\n0 Volver\n00 Salir"
    ),
    "menu_closed": "Menu cerrado. No se hizo nada. Para abrirlo otra vez: MENU",
    "help_text.menu": (
        "MENU dice los comandos con numeros: responda el numero de lo que quiere."
        " Espera 10 minutos cada respuesta."
    ),
}
