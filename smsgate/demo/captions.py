"""What is told between the texts of the scripted conversation, in both languages.

Data only: a title for each scene, and the few sentences around them. What members and
the gateway write to each other stands in `smsgate.demo.scenes` and in the catalogues.
"""

from __future__ import annotations

EN = {
    "opening": (
        "Six members with phones, the daemon, a ledger, and an emulated modem on a "
        "pseudo-terminal. PINs are shown as ****."
    ),
    "help": "Ana asks what she can write",
    "one_step": "Juan pays Rosa with one text",
    "verify": "Rosa trusts nobody's screen: is this receipt genuine?",
    "false": "… and one that somebody made up?",
    "redelivered": "The network delivers Juan's text a second time",
    "seen": "Seen before: nothing was paid and nothing was sent.",
    "repeat": "Juan writes the same payment again: asked about, not made",
    "two_steps": "Oscar pays by alias, in English, and looks before he pays",
    "wrong_pin": "Somebody tries Marta's phone with a wrong PIN",
    "right_pin": "Marta knows hers",
    "no_funds": "Ana has nothing and no credit",
    "earned": "Rosa pays Ana for a day's help, with a note",
    "unclear": "Money is never guessed: 1.50 or 1500?",
    "balance": "What is left, and what happened",
    "dialled": "Don Luis dials *123# and reads his balance on the screen: no SMS",
    "language": "Rosa's niece reads English",
    "check": "The books",
    "member": "member",
    "balance_head": "balance",
    "limit_head": "credit limit",
    "sum": "sum",
    "right": ("The books are right: {count} transfers, sum {sum}, chain {seq} {hash}."),
    "wrong": "The books are WRONG, {where}: {what}",
    "stuck": (
        "no answer for {who} came within {seconds} s: play it again with --keep DIR "
        "and look into DIR/smsgate.log"
    ),
    "unexpected": (
        "a text came that nobody expected ({who}): play it again with --keep DIR "
        "and look into DIR/smsgate.log"
    ),
}

ES = {
    "opening": (
        "Seis miembros con teléfono, el servicio, un libro de cuentas y un modem "
        "emulado. Los PIN se muestran como ****."
    ),
    "help": "Ana pregunta qué puede escribir",
    "one_step": "Juan le paga a Rosa con un solo mensaje",
    "verify": "Rosa no confía en pantallas ajenas: ¿es real este recibo?",
    "false": "… ¿y uno inventado?",
    "redelivered": "La red entrega por segunda vez el mensaje de Juan",
    "seen": "Ya visto: no se pagó ni se mandó nada.",
    "repeat": "Juan escribe otra vez el mismo pago: se pregunta, no se hace",
    "two_steps": "Oscar paga por alias, en inglés, y mira antes de pagar",
    "wrong_pin": "Alguien prueba el telefono de Marta con un PIN equivocado",
    "right_pin": "Marta sabe el suyo",
    "no_funds": "Ana no tiene nada, ni crédito",
    "earned": "Rosa le paga a Ana un día de ayuda, con motivo",
    "unclear": "El dinero no se adivina: ¿1.50 o 1500?",
    "balance": "Cuánto queda y qué pasó",
    "dialled": "Don Luis marca *123# y lee su saldo en la pantalla: sin SMS",
    "language": "La sobrina de Rosa lee inglés",
    "check": "Las cuentas",
    "member": "miembro",
    "balance_head": "saldo",
    "limit_head": "límite",
    "sum": "suma",
    "right": ("Las cuentas cuadran: {count} pagos, suma {sum}, cadena {seq} {hash}."),
    "wrong": "Las cuentas están MAL, {where}: {what}",
    "stuck": (
        "no llegó respuesta para {who} en {seconds} s: repita con --keep DIR "
        "y vea DIR/smsgate.log"
    ),
    "unexpected": (
        "llegó un mensaje que nadie esperaba ({who}): repita con --keep DIR "
        "y vea DIR/smsgate.log"
    ),
}

CAPTIONS = {"en": EN, "es": ES}

#: Of the phone in the terminal.
PHONE = {
    "en": {
        "opening": (
            "Write a text and press Enter. /phone WHO takes another phone (a name, a "
            "code, an alias or any number), /phones lists them, /history, /costs, "
            "/quit. Write {dialled} to dial it, then answer its screens; /cancel hangs "
            "up."
        ),
        "over": "The session is over.",
        "taken": "You hold the phone of {name}: {phone}, code {code}, PIN {pin}.",
        "taken_stranger": "You hold {phone}, the phone of no member.",
        "no_phone": "there is no such phone: take a name from /phones, or a number",
        "member": "{who}: {name}, {phone}, code {code}, alias {alias}, PIN {pin}",
        "one": "1 SMS, {units} of {room}, {price}",
        "several": "{count} SMS, {units} characters, {price}",
        "empty": "This phone has no texts yet.",
        "spent": "{who}: {count} SMS, {price}",
        "network": "the network",
        "silence": "      no answer",
        "ended": "The demo has ended.",
    },
    "es": {
        "opening": (
            "Escriba un mensaje y Enter. /telefono QUIEN toma otro telefono (nombre, "
            "codigo, alias o cualquier numero), /telefonos los dice, /historia, "
            "/costos, /salir. Escriba {dialled} para marcarlo y responda sus "
            "pantallas; /cancelar cuelga."
        ),
        "over": "La sesion termino.",
        "taken": "Tiene el telefono de {name}: {phone}, codigo {code}, PIN {pin}.",
        "taken_stranger": "Tiene el {phone}, que no es de ningun miembro.",
        "no_phone": "no hay tal telefono: tome un nombre de /telefonos, o un numero",
        "member": "{who}: {name}, {phone}, codigo {code}, alias {alias}, PIN {pin}",
        "one": "1 SMS, {units} de {room}, {price}",
        "several": "{count} SMS, {units} caracteres, {price}",
        "empty": "Este telefono no tiene mensajes todavia.",
        "spent": "{who}: {count} SMS, {price}",
        "network": "la red",
        "silence": "      sin respuesta",
        "ended": "El demo ha terminado.",
    },
}
