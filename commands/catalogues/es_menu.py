"""What is said in Spanish on the screens of MENU and of USSD sessions.

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
        "\n1 Pagar\n2 Cobrar\n3 Saldo\n4 Movs\n5 Ofertas\n6 Verificar\n7 Mi cuenta"
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
    "menu_screen.charge_who": (
        "Nadie tiene ese codigo, telefono o alias{oops}."
        "\nCobrar: a quien? Responda su codigo o telefono."
        "\n0 Volver\n00 Salir"
    ),
    "menu_screen.charge_amount": (
        "Ese monto no es claro{oops}."
        "\nCobrar a {payee} ({payee_code}): cuanto? Responda asi: {some_thousands}"
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
        "\n1 PIN\n2 Idioma\n3 Robo\n4 Alias\n5 Guardian\n6 Credito\n7 Cierre"
        "\n8 Promociones\n9 Ocultar saldo\n0 Volver\n00 Salir"
    ),
    "menu_screen.language": (
        "Ese numero no esta en el menu{oops}.\nIdioma:"
        "\n1 Español\n2 English\n0 Volver\n00 Salir"
    ),
    "menu_screen.theft": (
        "Ese numero no esta en el menu{oops}."
        "\nRobo: bloquear su cuenta? Nadie podra pagar con ella."
        "\n1 Bloquear\n0 Volver\n00 Salir"
    ),
    "menu_screen.alias": (
        "Eso no puede ser un alias{oops}."
        "\nAlias: cual? Una palabra de 3 a 15 letras o numeros.\n0 Volver\n00 Salir"
    ),
    "menu_screen.guardian": (
        "Nadie tiene ese codigo, telefono o alias{oops}."
        "\nGuardian: quien? Responda su codigo o telefono.\n0 Volver\n00 Salir"
    ),
    "menu_screen.credit": (
        "Ese numero no esta en el menu{oops}.\nCredito:"
        "\n1 Ver mi credito\n2 Pedir mas\n0 Volver\n00 Salir"
    ),
    "menu_screen.more_credit": (
        "Eso no se entiende{oops}."
        "\nPedir credito: para que? Responda unas palabras.\n0 Volver\n00 Salir"
    ),
    "menu_screen.promos": (
        "Ese numero no esta en el menu{oops}.\nPromociones y avisos:"
        "\n1 Recibir todo\n2 Sin promociones\n3 Nada\n0 Volver\n00 Salir"
    ),
    "menu_screen.hidden": (
        "Ese numero no esta en el menu{oops}.\nSaldo en los recibos:"
        "\n1 Ocultar\n2 Mostrar\n0 Volver\n00 Salir"
    ),
    "menu_screen.till": (
        "Ese numero no esta en el menu{oops}.\n{network}, cajero:"
        "\n1 Cierre de hoy\n2 Verificar\n0 Salir"
    ),
    "menu_screen.pay_pin": (
        "Un PIN tiene {digits} numeros."
        "\nNO se pago: PIN incorrecto, intentos: {tries_left}."
        "\nPagar {amount} {unit} a {payee} ({payee_code}). Com {fee}."
        "\nPIN:\n0 Volver\n00 Salir"
    ),
    "menu_screen.pin": (
        "Un PIN tiene {digits} numeros.\nPIN incorrecto, intentos: {tries_left}."
        "\nPara seguir, su PIN:\n0 Volver\n00 Salir"
    ),
    "menu_screen.code": (
        "Un codigo tiene {digits} numeros."
        "\nCodigo incorrecto o vencido, intentos: {tries_left}."
        "\nCrear su PIN. Primero el codigo que le dieron:\n0 Volver\n00 Salir"
    ),
    "menu_screen.old_pin": (
        "Un PIN tiene {digits} numeros.\nPIN incorrecto, intentos: {tries_left}."
        "\nCambiar PIN. Su PIN de ahora:\n0 Volver\n00 Salir"
    ),
    "menu_screen.new_pin": (
        "Un PIN tiene {digits} numeros.\nEse se adivina facil o ya lo tuvo{oops}."
        "\nEl PIN nuevo:\n0 Volver\n00 Salir"
    ),
    "menu_screen.again_pin": (
        "Un PIN tiene {digits} numeros.\nNo es igual al nuevo{oops}."
        "\nEl PIN nuevo otra vez:\n0 Volver\n00 Salir"
    ),
    "menu_screen.resume": (
        "Ese numero no esta en el menu{oops}.\nSu sesion de antes se corto."
        "\n1 Seguir\n2 Empezar de nuevo\n00 Salir"
    ),
    "session_over": "{network}: sesion cerrada. No se hizo nada.",
    "session_over.done": "{network}: sesion cerrada. Gracias.",
    "pin_renewed": (
        "PIN cambiado: el nuevo ya vale. Nadie de {network} se lo va a pedir."
    ),
    "session_page": "{text}\n98 Mas{more}\n97 Antes{before}\n0 Volver\n00 Salir",
    "session_asks": (
        "Todavia NO se hizo. Le mandamos un SMS: siga como dice ahi. Ayuda: {help}"
    ),
    "menu_closed": "Menu cerrado. No se hizo nada. Para abrirlo otra vez: MENU",
    "help_text.menu": (
        "MENU dice los comandos con numeros: responda el numero de lo que quiere."
        " Espera 10 minutos cada respuesta."
    ),
}
