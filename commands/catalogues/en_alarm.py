"""What operators are told in English when something is wrong with the house.

Data only, as in `commands.catalogues.en`; put together in `commands.catalogues`.
"""

from commands.command import Keyword

WORDS: dict[Keyword, str] = {}
USAGE: dict[Keyword, str] = {}
SAMPLES: dict[Keyword, str] = {}

TEMPLATES = {
    "link_lost": (
        "{network} ALARM: link {link} has not worked for {minutes} min."
        " Texts take another link or wait. See: smsgate link list"
    ),
    "link_found": "{network}: link {link} works again.",
    "airtime_low": (
        "{network} ALARM: link {link} has credit {credit} left."
        " Top that SIM up or it will stop sending. See: smsgate link list"
    ),
    "budget_used.day_80": (
        "{network} ALARM: {spent} of {budget} were spent on texts today."
        " Campaigns stop until tomorrow."
    ),
    "budget_used.day_100": (
        "{network} ALARM: {spent} of {budget} were spent on texts today."
        " Campaigns and notices stop until tomorrow; receipts go on."
    ),
    "budget_used.month_80": (
        "{network} ALARM: {spent} of {budget} were spent on texts this month."
        " Campaigns stop until next month."
    ),
    "budget_used.month_100": (
        "{network} ALARM: {spent} of {budget} were spent on texts this month."
        " Campaigns and notices stop; receipts go on."
    ),
    "campaign_spent": (
        "{network} ALARM: campaign {campaign} stopped: its budget is used up."
        " It does not go on by itself. See: smsgate campaign show"
    ),
}
