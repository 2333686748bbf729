"""What operators are told in Spanish when something is wrong with the house.

Data only, as in `commands.catalogues.es`; put together in `commands.catalogues`.
"""

from commands.command import Keyword

WORDS: dict[Keyword, str] = {}
USAGE: dict[Keyword, str] = {}
SAMPLES: dict[Keyword, str] = {}

TEMPLATES = {
    "link_lost": (
        "{network} ALARMA: el enlace {link} no sirve desde hace {minutes} min."
        " Los textos van por otro o esperan. Vea: smsgate link list"
    ),
    "link_found": "{network}: el enlace {link} sirve otra vez.",
    "airtime_low": (
        "{network} ALARMA: al enlace {link} le queda saldo {credit}."
        " Recargue ese chip: sin saldo no envia. Vea: smsgate link list"
    ),
    "budget_used.day_80": (
        "{network} ALARMA: hoy se gastaron {spent} de {budget} en textos."
        " Las promociones paran hasta mañana."
    ),
    "budget_used.day_100": (
        "{network} ALARMA: hoy se gastaron {spent} de {budget} en textos."
        " Promociones y avisos paran hasta mañana; los recibos siguen."
    ),
    "budget_used.month_80": (
        "{network} ALARMA: este mes se gastaron {spent} de {budget} en textos."
        " Las promociones paran hasta el otro mes."
    ),
    "budget_used.month_100": (
        "{network} ALARMA: este mes se gastaron {spent} de {budget} en textos."
        " Promociones y avisos paran; los recibos siguen."
    ),
    "campaign_spent": (
        "{network} ALARMA: la promocion {campaign} paro: gasto su presupuesto."
        " No sigue sola. Vea: smsgate campaign show"
    ),
}
